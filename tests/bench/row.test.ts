import { describe, expect, it } from 'vitest';
import { broken, notMeasured, rowFrom, rowOf } from '../../bench/row.ts';
import { median, quantile } from '../../bench/statistics.ts';

const rate = { name: 'facts a second', unit: 'facts/s', note: 'floor: inserts' };
const least = { of: 'ratio', least: 0.2 } as const;

describe('a row of the benchmark', () => {
  it('has the medians of its rounds, and the median of their own ratios', () => {
    // The machine was half as fast in the second round: the ratio does not know.
    const rounds = [
      { value: 50, floor: 100 },
      { value: 25, floor: 50 },
      { value: 60, floor: 100 },
    ];
    expect(rowOf({ ...rate, bar: least }, rounds)).toEqual({
      ...rate,
      value: 50,
      floor: 100,
      ratio: 0.5,
      bar: least,
      goal: null,
      holds: true,
      reached: null,
    });
  });

  it.each([
    [19.9, false],
    [20, true],
  ])('at a ratio of %d to 100 says %s of a bar of at least 0.2', (value, holds) => {
    expect(rowOf({ ...rate, bar: least }, [{ value, floor: 100 }]).holds).toBe(holds);
  });

  it.each([
    [50, true],
    [50.1, false],
  ])('at a value of %d says %s of a bar of at most 50', (value, holds) => {
    expect(rowFrom({ ...rate, bar: { of: 'value', most: 50 } }, value, null).holds).toBe(holds);
  });

  it('judges the goal apart from the bar', () => {
    const row = rowOf({ ...rate, bar: least, goal: { of: 'ratio', least: 0.5 } }, [
      { value: 30, floor: 100 },
    ]);
    expect(row).toMatchObject({ holds: true, reached: false });
  });

  it('that was not measured neither holds nor breaks its bar', () => {
    const row = notMeasured({ ...rate, bar: least }, 'the database is absent');
    expect(row).toMatchObject({ value: null, ratio: null, holds: null, note: 'the database is absent' });
    expect(broken([row])).toEqual([]);
  });

  it('without a floor has no ratio, so that a bar on the ratio says nothing', () => {
    expect(rowOf({ ...rate, bar: least }, [{ value: 5 }])).toMatchObject({
      floor: null,
      ratio: null,
      holds: null,
    });
  });

  it('is found when its bar does not hold', () => {
    const row = rowOf({ ...rate, bar: least }, [{ value: 1, floor: 100 }]);
    expect(broken([row])).toEqual([row]);
  });
});

describe('statistics', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
  ])('finds the median of %j', (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])('finds the quantile %d by nearest rank', (share, found) => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(quantile(values, share)).toBe(found);
  });

  it('has no median or quantile of nothing', () => {
    expect(() => median([])).toThrow('no median');
    expect(() => quantile([], 0.5)).toThrow('no quantile');
  });
});
