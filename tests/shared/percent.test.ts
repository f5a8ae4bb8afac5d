import { describe, expect, it } from 'vitest';
import { changeOf, isClear, percentText, wholePercent, wilson95 } from '../../shared/percent.ts';

describe('percent text', () => {
  it.each([
    [0, 0, '—', '—'],
    [0, 7, '0%', '0.0%'],
    [1, 1, '100%', '100.0%'],
    [999, 1_000, '99%', '99.9%'],
    [9_999, 10_000, '99%', '99.9%'],
    [1, 1_000, '<1%', '0.1%'],
    [1, 10_000, '<1%', '<0.1%'],
    [1, 200, '1%', '0.5%'],
    [1, 8, '13%', '12.5%'],
  ])('of %i in %i', (n, d, whole, fine) => {
    expect(percentText({ n, d })).toBe(whole);
    expect(percentText({ n, d }, { decimals: 1 })).toBe(fine);
  });

  it('never reaches a target that was not reached', () => {
    expect(percentText({ n: 699, d: 1_000 }, { target: 70 })).toBe('69%');
    expect(percentText({ n: 70, d: 100 }, { target: 70 })).toBe('70%');
    expect(percentText({ n: 51, d: 1_000 }, { target: 5, kind: 'max' })).toBe('6%');
    expect(percentText({ n: 501, d: 10_000 }, { target: 5, kind: 'max', decimals: 1 })).toBe('5.1%');
  });

  it('is the same as the whole percent beside it', () => {
    expect(wholePercent({ n: 199, d: 250 }, { target: 80 })).toBe(79);
    expect(wholePercent({ n: 199, d: 250 })).toBe(80);
    expect(wholePercent({ n: 1, d: 1_000 })).toBe(0);
    expect(wholePercent({ n: 0, d: 0 })).toBeNull();
  });
});

describe("Wilson's interval", () => {
  it.each([
    [8, 10, 49.0, 94.3],
    [0, 10, 0, 27.8],
    [10, 10, 72.2, 100],
  ])('of %i in %i', (n, d, low, high) => {
    const interval = wilson95({ n, d });
    expect((interval?.low ?? -1) * 100).toBeCloseTo(low, 1);
    expect((interval?.high ?? -1) * 100).toBeCloseTo(high, 1);
  });

  it('is none without data', () => {
    expect(wilson95({ n: 0, d: 0 })).toBeNull();
  });
});

describe('change', () => {
  it.each([
    ['up when it is clear', { n: 90, d: 100 }, { n: 70, d: 100 }, { kind: 'up', points: 20 }],
    ['down when it is clear', { n: 70, d: 100 }, { n: 90, d: 100 }, { kind: 'down', points: 20 }],
    ['about the same when it is not clear', { n: 8, d: 10 }, { n: 6, d: 10 }, { kind: 'about' }],
    ['level when the same percent is shown', { n: 7, d: 10 }, { n: 140, d: 200 }, { kind: 'level' }],
    [
      'level when a clear change does not show',
      { n: 804_000, d: 1_000_000 },
      { n: 796_000, d: 1_000_000 },
      { kind: 'level' },
    ],
    ['nothing without data today', { n: 0, d: 0 }, { n: 7, d: 10 }, null],
    ['nothing without data then', { n: 7, d: 10 }, { n: 0, d: 0 }, null],
  ])('is %s', (_, today, before, change) => {
    expect(changeOf(today, before)).toEqual(change);
  });

  it('counts the points that are on the screen, held back by the target', () => {
    expect(changeOf({ n: 799, d: 1_000 }, { n: 600, d: 1_000 }, { target: 80 })).toEqual({
      kind: 'up',
      points: 19,
    });
  });

  it('is clear only beyond 1.96 standard errors', () => {
    expect(isClear({ n: 0, d: 0 }, { n: 1, d: 1 })).toBe(false);
    expect(isClear({ n: 60, d: 100 }, { n: 46, d: 100 })).toBe(true);
    expect(isClear({ n: 60, d: 100 }, { n: 47, d: 100 })).toBe(false);
  });
});
