import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellSpans } from '../../server/drill/cell-spans.ts';
import { localDay, localDayOf } from '../../server/judge/local-day.ts';
import { HOUR, QUARTER_HOUR } from '../../shared/time.ts';

const DAY_MS = 24 * HOUR;
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
const at = (from: number, to: number) => ({ from, to });

describe('a cell of the heatmap', () => {
  it('is an hour of every such weekday in the period', () => {
    const cell = { weekday: 0, hour: 9, fromDate: '2026-11-03', toDate: '2026-11-16' };
    expect(cellSpans(cell, 'Europe/London')).toEqual([
      at(Date.parse('2026-11-09T09:00:00Z'), Date.parse('2026-11-09T10:00:00Z')),
      at(Date.parse('2026-11-16T09:00:00Z'), Date.parse('2026-11-16T10:00:00Z')),
    ]);
  });

  it('is two hours where the clock goes back, and none where it goes forward', () => {
    const sunday = (hour: number, date: string) =>
      cellSpans({ weekday: 6, hour, fromDate: date, toDate: date }, 'Europe/London');
    const back = Date.parse('2026-10-25T00:00:00Z');
    expect(sunday(1, '2026-10-25')).toEqual([at(back, back + 2 * HOUR)]);
    expect(sunday(1, '2026-03-29')).toEqual([]);
    expect(sunday(2, '2026-03-29')).toHaveLength(1);
  });

  it('holds each quarter-hour of the period in the one cell of its local weekday and hour, in any zone', () => {
    const zones = [
      'Europe/London',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Pacific/Apia',
    ];
    const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 14_500, max: 21_000 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 0, max: 23 }),
        (zone, first, days, weekday, hour) => {
          const [fromDate, toDate] = [dateOf(first), dateOf(first + days)];
          const spans = cellSpans({ weekday, hour, fromDate, toDate }, zone);
          const clock = new Intl.DateTimeFormat('en-GB', {
            hour: '2-digit',
            hourCycle: 'h23',
            timeZone: zone,
          });
          const [start, end] = [localDayOf(fromDate, zone).from, localDayOf(toDate, zone).to];
          for (let quarter = start; quarter < end; quarter += QUARTER_HOUR) {
            const isIn = spans.some(({ from, to }) => quarter >= from && quarter < to);
            const isOfCell =
              Number(clock.format(quarter)) === hour && localDay(quarter, zone).weekday === weekdays[weekday];
            expect(isIn, `${zone} ${new Date(quarter).toISOString()}`).toBe(isOfCell);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
