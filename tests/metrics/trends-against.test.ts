import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOf, epochDayOf } from '../../server/judge/local-days.ts';
import { type Against, againstOf, daysAgainst, fold } from '../../server/metrics/trends-against.ts';
import { createZoneDays } from '../../server/metrics/trends-days.ts';
import { createSteps, type Days, type Steps } from '../../server/metrics/trends-steps.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';

const MOST = Number.POSITIVE_INFINITY;

function compare(
  zone: string,
  [from, to]: readonly [string, string],
  by: Steps['by'],
  kind: Against['kind'],
): { steps: Steps; against: Against } {
  const days = createZoneDays(zone);
  const stepsOf = createSteps(days);
  const period = { from: epochDayOf(from), to: epochDayOf(to) };
  const steps = stepsOf({ ...period, by, most: MOST });
  const against = againstOf(days, kind, period, steps, (other: Days, own) =>
    stepsOf({ ...other, by: own, most: MOST }),
  );
  return { steps, against };
}

const dates = ({ from, to }: Days): [string, string] => [dateOf(from), dateOf(to)];
const ones = (against: Against): number[] => Array<number>(against.ofStep.length).fill(1);

describe('the period compared with', () => {
  it('is as many days directly before', () => {
    expect(
      dates(daysAgainst({ from: epochDayOf('2026-11-01'), to: epochDayOf('2026-11-30') }, 'before').days),
    ).toEqual(['2026-10-02', '2026-10-31']);
  });

  it.each([
    ['2026-11-20', '2026-11-20', '2026-11-13', '2026-11-13'],
    ['2026-11-14', '2026-11-20', '2026-11-07', '2026-11-13'],
    ['2026-11-13', '2026-11-20', '2026-10-30', '2026-11-06'],
  ])(
    'by weekday from %s to %s begins so many whole weeks before that they do not overlap',
    (from, to, ...other) => {
      expect(dates(daysAgainst({ from: epochDayOf(from), to: epochDayOf(to) }, 'weekday').days)).toEqual(
        other,
      );
    },
  );

  it('compares each step of days with as many days, also where weeks and months begin elsewhere', () => {
    const { steps, against } = compare('UTC', ['2026-10-28', '2026-12-02'], 'month', 'before');
    const lengths = (edges: readonly number[]) =>
      edges.slice(1).map((at, i) => (at - (edges[i] ?? 0)) / (24 * HOUR));
    expect(lengths(steps.edges)).toEqual([4, 30, 2]);
    expect(lengths(against.mapped)).toEqual([4, 30, 2]);
    expect(fold(against, [5, 6, 7], 0, 3)).toEqual([5, 6, 7]);
  });

  it('has nothing for the hour that its day skipped, and leaves no gap in its edges', () => {
    // London skips 01:00 on 29 March; a week later it is there.
    const { steps, against } = compare('Europe/London', ['2026-04-05', '2026-04-05'], 'hour', 'weekday');
    expect(fold(against, ones(against), 0, steps.starts.length).slice(0, 4)).toEqual([1, 0, 1, 1]);
    expect((against.mapped[2] ?? 0) - (against.mapped[1] ?? 0)).toBe(0);
    expect(against.mapped).toHaveLength(steps.edges.length);
  });

  it('has both hours of the same name where its day had it twice', () => {
    const { steps, against } = compare('Europe/London', ['2026-11-01', '2026-11-01'], 'hour', 'weekday');
    expect(fold(against, ones(against), 0, steps.starts.length).slice(0, 4)).toEqual([1, 2, 1, 1]);
  });

  it('has nothing for the hour that comes again, so that nothing is compared twice', () => {
    const { steps, against } = compare('Europe/London', ['2026-10-25', '2026-10-25'], 'hour', 'weekday');
    expect(steps.starts).toHaveLength(25);
    expect(fold(against, ones(against), 0, 25).slice(0, 4)).toEqual([1, 1, 0, 1]);
  });

  it("pairs Lord Howe's local hours, half an hour shorter or longer as they are", () => {
    const { against } = compare('Australia/Lord_Howe', ['2026-10-11', '2026-10-11'], 'hour', 'weekday');
    expect((against.mapped[3] ?? 0) - (against.mapped[2] ?? 0)).toBe(30 * MINUTE);
    expect(fold(against, ones(against), 0, 24).every((count) => count === 1)).toBe(true);
  });

  it('never counts a step twice, in any zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Beirut'),
        fc.integer({ min: epochDayOf('2024-01-01'), max: epochDayOf('2027-12-31') }),
        fc.integer({ min: 0, max: 20 }),
        fc.constantFrom('quarter' as const, 'hour' as const, 'day' as const, 'week' as const),
        fc.constantFrom('before' as const, 'weekday' as const),
        (zone, from, length, by, kind) => {
          const { steps, against } = compare(zone, [dateOf(from), dateOf(from + length)], by, kind);
          const folded = fold(against, ones(against), 0, steps.starts.length);
          const paired = [...against.ofStep].filter((step) => step >= 0).length;
          expect(folded.reduce((a, b) => a + b, 0)).toBe(paired);
          expect(against.mapped.every((at, i) => i === 0 || at >= (against.mapped[i - 1] ?? 0))).toBe(true);
          // An hour more or less at each of a few changes of the clocks.
          expect(steps.starts.length - paired).toBeLessThanOrEqual(8);
        },
      ),
      { numRuns: 150 },
    );
  });
});
