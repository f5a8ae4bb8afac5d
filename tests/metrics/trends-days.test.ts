import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { epochDayOf } from '../../server/judge/local-days.ts';
import { createZoneDays } from '../../server/metrics/trends-days.ts';
import { createSteps, dayEdges, type Steps } from '../../server/metrics/trends-steps.ts';
import { HOUR, MINUTE, QUARTER_HOUR } from '../../shared/time.ts';
import { STEPS_MAX } from '../../shared/wire-trends.ts';

const zones = [
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/New_York',
  'Europe/London',
  'America/Sao_Paulo',
  'Asia/Beirut',
  'Africa/Casablanca',
  'Pacific/Apia',
  'America/St_Johns',
  'UTC',
];
const aZone = fc.constantFrom(...zones);
const aDay = fc.integer({ min: epochDayOf('2000-01-01'), max: epochDayOf('2040-12-31') });

function stepsIn(zone: string, from: string, to: string, by: Steps['by'], most = STEPS_MAX): Steps {
  return createSteps(createZoneDays(zone))({ from: epochDayOf(from), to: epochDayOf(to), by, most });
}

function localStarts(zone: string, steps: Steps): string[] {
  return steps.edges.map((at) =>
    Temporal.Instant.fromEpochMilliseconds(at)
      .toZonedDateTimeISO(zone)
      .toString({ timeZoneName: 'never', smallestUnit: 'minute' }),
  );
}

describe('local days', () => {
  it('begin where the calendar of the zone says, clocks changing at midnight and days left out included', () => {
    fc.assert(
      fc.property(aZone, aDay, (zone, day) => {
        const date = Temporal.PlainDate.from('1970-01-01').add({ days: day });
        const expected = date.toZonedDateTime(zone).epochMilliseconds;
        expect(createZoneDays(zone).startOf(day)).toBe(expected);
      }),
      { numRuns: 400 },
    );
  });

  it('hold each instant in its local date', () => {
    fc.assert(
      fc.property(aZone, aDay, fc.integer({ min: 0, max: 24 * 60 - 1 }), (zone, day, minutes) => {
        const at = day * 24 * HOUR + minutes * MINUTE;
        const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
        expect(createZoneDays(zone).dayOf(at)).toBe(epochDayOf(date.toString()));
      }),
      { numRuns: 400 },
    );
  });
});

describe('steps', () => {
  it('are whole quarter-hours without gap or overlap, from the first midnight to the last', () => {
    fc.assert(
      fc.property(
        aZone,
        aDay,
        fc.integer({ min: 0, max: 60 }),
        fc.constantFrom(
          'quarter' as const,
          'hour' as const,
          'day' as const,
          'week' as const,
          'month' as const,
        ),
        (zone, from, length, by) => {
          const days = createZoneDays(zone);
          const { edges, starts } = createSteps(days)({ from, to: from + length, by, most: STEPS_MAX });
          expect(edges).toHaveLength(starts.length + 1);
          expect(starts.length).toBeLessThanOrEqual(STEPS_MAX);
          expect(edges.every((at) => at % QUARTER_HOUR === 0)).toBe(true);
          expect(edges.every((at, i) => i === 0 || at > (edges[i - 1] ?? 0))).toBe(true);
          expect(Math.abs((edges[0] ?? 0) - days.startOf(from))).toBeLessThan(QUARTER_HOUR);
          expect(Math.abs((edges.at(-1) ?? 0) - days.startOf(from + length + 1))).toBeLessThan(QUARTER_HOUR);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('of an hour are local hours in a zone at :45', () => {
    const steps = stepsIn('Asia/Kathmandu', '2026-11-16', '2026-11-16', 'hour');
    expect(steps.starts).toHaveLength(24);
    expect(localStarts('Asia/Kathmandu', steps).every((text) => text.slice(14, 16) === '00')).toBe(true);
  });

  it('of a day with 23 or 25 hours are as many', () => {
    expect(stepsIn('Europe/London', '2026-03-29', '2026-03-29', 'hour').starts).toHaveLength(23);
    expect(stepsIn('Europe/London', '2026-10-25', '2026-10-25', 'hour').starts).toHaveLength(25);
    expect(stepsIn('America/New_York', '2026-11-01', '2026-11-01', 'quarter').starts).toHaveLength(100);
    expect(stepsIn('America/New_York', '2026-03-08', '2026-03-08', 'quarter').starts).toHaveLength(92);
  });

  it("keep Lord Howe's half hour in the local hour that it belongs to", () => {
    const forward = stepsIn('Australia/Lord_Howe', '2026-10-04', '2026-10-04', 'hour');
    expect(localStarts('Australia/Lord_Howe', forward).slice(1, 5)).toEqual([
      '2026-10-04T01:00+10:30',
      '2026-10-04T02:30+11:00',
      '2026-10-04T03:00+11:00',
      '2026-10-04T04:00+11:00',
    ]);
    const back = stepsIn('Australia/Lord_Howe', '2026-04-05', '2026-04-05', 'hour');
    expect(localStarts('Australia/Lord_Howe', back).slice(1, 4)).toEqual([
      '2026-04-05T01:00+11:00',
      '2026-04-05T02:00+10:30',
      '2026-04-05T03:00+10:30',
    ]);
    expect((back.edges[2] ?? 0) - (back.edges[1] ?? 0)).toBe(90 * MINUTE);
  });

  it('of a week begin on Monday, of a month on its first, the ends cut to the period', () => {
    const days = { from: epochDayOf('2026-10-28'), to: epochDayOf('2026-12-02') };
    const dates = (edges: number[]) =>
      edges.map((day) => new Date(day * 24 * HOUR).toISOString().slice(0, 10));
    expect(dates(dayEdges(days, 'week'))).toEqual([
      '2026-10-28',
      '2026-11-02',
      '2026-11-09',
      '2026-11-16',
      '2026-11-23',
      '2026-11-30',
      '2026-12-03',
    ]);
    expect(dates(dayEdges(days, 'month'))).toEqual(['2026-10-28', '2026-11-01', '2026-12-01', '2026-12-03']);
  });

  it('are made longer where there would be too many, and say so', () => {
    expect(stepsIn('UTC', '2026-01-01', '2026-12-31', 'quarter').by).toBe('day');
    expect(stepsIn('UTC', '2026-01-01', '2026-01-30', 'quarter').by).toBe('hour');
    expect(stepsIn('UTC', '2026-01-01', '2026-01-20', 'quarter').by).toBe('quarter');
    expect(stepsIn('UTC', '2020-01-01', '2029-12-31', 'day').by).toBe('week');
    expect(stepsIn('UTC', '2020-01-01', '2029-12-31', 'day', 100).by).toBe('month');
  });

  it('of ten years of hours take a few milliseconds, even the first time', () => {
    const days = createZoneDays('America/New_York');
    days.startOf(epochDayOf('2016-01-01'));
    const begun = performance.now();
    const steps = createSteps(days)({
      from: epochDayOf('2016-01-01'),
      to: epochDayOf('2025-12-31'),
      by: 'hour',
      most: Number.POSITIVE_INFINITY,
    });
    expect(steps.starts).toHaveLength(3_653 * 24);
    expect(performance.now() - begun).toBeLessThan(60);
  });
});
