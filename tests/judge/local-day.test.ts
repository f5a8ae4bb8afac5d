import { describe, expect, it } from 'vitest';
import {
  baselineSpan,
  halfHours,
  localDay,
  localDayOf,
  sameHalfHours,
} from '../../server/judge/local-day.ts';

const HOUR = 3_600_000;
const at = (iso: string) => Date.parse(iso);
const iso = (instant: number) => new Date(instant).toISOString();

describe('a local day', () => {
  it.each([
    ['Europe/London', '2026-03-29T12:00:00Z', '2026-03-29', 'sun', 23],
    ['Europe/London', '2026-10-25T12:00:00Z', '2026-10-25', 'sun', 25],
    ['Australia/Lord_Howe', '2026-04-05T00:00:00Z', '2026-04-05', 'sun', 24.5],
    ['Asia/Kathmandu', '2026-03-10T18:15:00Z', '2026-03-11', 'wed', 24],
    ['America/New_York', '2026-03-10T03:59:59.999Z', '2026-03-09', 'mon', 24],
  ])('in %s holds %s', (zone, instant, date, weekday, hours) => {
    const day = localDay(at(instant), zone);
    expect(day).toMatchObject({ date, weekday, zone });
    expect(day.to - day.from).toBe(hours * HOUR);
    expect(at(instant) >= day.from && at(instant) < day.to).toBe(true);
    expect(localDayOf(date, zone)).toEqual(day);
  });

  it('begins at 01:00 where the clock skips midnight', () => {
    const day = localDayOf('2026-04-24', 'Africa/Cairo');
    expect(day.to - day.from).toBe(23 * HOUR);
    expect(halfHours(day)[0]?.time).toBe('01:00');
  });
});

describe('the comparison day', () => {
  const none = () => false;

  it('ends at the same local time, not the same number of hours ago', () => {
    const span = baselineSpan(at('2026-03-30T09:00:00Z'), 'Europe/London', none);
    expect(span).toEqual({ date: '2026-03-23', from: at('2026-03-23T00:00Z'), to: at('2026-03-23T10:00Z') });
  });

  it('steps over holidays a week at a time, and gives up after four', () => {
    const now = at('2026-04-20T09:00:00Z');
    const holidays = ['2026-04-13', '2026-04-06', '2026-03-30'];
    expect(baselineSpan(now, 'UTC', (date) => holidays.includes(date))?.date).toBe('2026-03-23');
    expect(baselineSpan(now, 'UTC', () => true)).toBeNull();
  });

  it('takes the first of two equal local times', () => {
    const span = baselineSpan(at('2026-11-01T01:30:00Z'), 'Europe/London', none);
    expect(iso(span?.to ?? 0)).toBe('2026-10-25T00:30:00.000Z');
  });
});

describe('half-hours', () => {
  const ordinary = halfHours(localDayOf('2026-10-18', 'Europe/London'));
  const long = halfHours(localDayOf('2026-10-25', 'Europe/London'));
  const short = halfHours(localDayOf('2026-03-29', 'Europe/London'));
  const stepAt = (steps: typeof ordinary, time: string, again = false) =>
    steps.find((step) => step.time === time && step.again === again);

  it('cover the day without a gap', () => {
    for (const steps of [ordinary, long, short]) {
      expect(steps.slice(1).map(({ from }) => from)).toEqual(steps.slice(0, -1).map(({ to }) => to));
    }
    expect([ordinary.length, long.length, short.length]).toEqual([48, 50, 46]);
  });

  it('skip what the day skips, and have twice what it has twice', () => {
    expect(stepAt(short, '01:00')).toBeUndefined();
    expect(long.filter(({ time }) => time === '01:30')).toHaveLength(2);
  });

  it('are compared with the same local time', () => {
    const ten = stepAt(short, '10:00');
    expect(ten && sameHalfHours(ten, ordinary)).toEqual([stepAt(ordinary, '10:00')]);
  });

  it('have no counterpart where the other day skipped them, and two where it had them twice', () => {
    const one = stepAt(ordinary, '01:00');
    expect(one && sameHalfHours(one, short)).toEqual([]);
    expect(one && sameHalfHours(one, long)).toHaveLength(2);
  });

  it('are compared once only, the second time round with nothing', () => {
    const again = stepAt(long, '01:00', true);
    expect(again && sameHalfHours(again, ordinary)).toEqual([]);
  });

  it('keep to the local half-hour where the step is half an hour, and at an odd offset', () => {
    expect(
      halfHours(localDayOf('2026-04-05', 'Australia/Lord_Howe')).filter(({ again }) => again),
    ).toHaveLength(1);
    expect(halfHours(localDayOf('2026-03-10', 'Asia/Kathmandu'))[1]?.time).toBe('00:30');
  });
});
