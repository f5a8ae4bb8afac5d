import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportWeek } from '../../server/report/report-week.ts';

const NEW_YORK = 'America/New_York';
const mondayAtSeven = { weekday: 0, minute: 420 };
const at = (iso: string): number => Date.parse(iso);

describe('the week that is told of', () => {
  it('is the one before, from the minute at which it is due', () => {
    expect(reportWeek(at('2026-11-16T07:00:00-05:00'), NEW_YORK, mondayAtSeven)).toEqual({
      from: '2026-11-09',
      to: '2026-11-15',
      dueAt: at('2026-11-16T07:00:00-05:00'),
      nextDueAt: at('2026-11-23T07:00:00-05:00'),
    });
  });

  it('is still the one before that a millisecond earlier', () => {
    expect(reportWeek(at('2026-11-16T07:00:00-05:00') - 1, NEW_YORK, mondayAtSeven)).toMatchObject({
      from: '2026-11-02',
      to: '2026-11-08',
      dueAt: at('2026-11-09T07:00:00-05:00'),
    });
  });

  it('is due by the clock on the wall, in the weeks in which it changes too', () => {
    // New York goes back on 1 November 2026 and forward on 14 March 2027.
    expect(reportWeek(at('2026-11-02T12:00:00Z'), NEW_YORK, mondayAtSeven)).toMatchObject({
      from: '2026-10-26',
      to: '2026-11-01',
      dueAt: at('2026-11-02T07:00:00-05:00'),
    });
    expect(reportWeek(at('2027-03-14T12:00:00-04:00'), NEW_YORK, { weekday: 6, minute: 150 }).dueAt).toBe(
      at('2027-03-14T03:30:00-04:00'),
    );
    expect(reportWeek(at('2026-11-01T12:00:00-05:00'), NEW_YORK, { weekday: 6, minute: 90 }).dueAt).toBe(
      at('2026-11-01T01:30:00-04:00'),
    );
  });

  it('is whole even when the summary is due later in the week', () => {
    const friday = { weekday: 4, minute: 16 * 60 + 30 };
    expect(reportWeek(at('2026-11-20T16:30:00Z'), 'UTC', friday)).toMatchObject({
      from: '2026-11-09',
      to: '2026-11-15',
    });
    expect(reportWeek(at('2026-11-20T16:29:59Z'), 'UTC', friday)).toMatchObject({
      from: '2026-11-02',
      to: '2026-11-08',
    });
  });

  it('follows without a gap, wherever and whenever', () => {
    const zones = [
      'UTC',
      NEW_YORK,
      'Pacific/Apia',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') }),
        fc.constantFrom(...zones),
        fc.record({ weekday: fc.integer({ min: 0, max: 6 }), minute: fc.integer({ min: 0, max: 1439 }) }),
        (now, zone, due) => {
          const week = reportWeek(now, zone, due);
          expect(week.dueAt).toBeLessThanOrEqual(now);
          expect(week.nextDueAt).toBeGreaterThan(now);
          const next = reportWeek(week.nextDueAt, zone, due);
          expect(next.dueAt).toBe(week.nextDueAt);
          expect(Date.parse(next.from) - Date.parse(week.to)).toBe(86_400_000);
        },
      ),
    );
  });
});
