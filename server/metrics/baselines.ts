import { type Instant, quarterOf, type Span } from '../../shared/time.ts';
import { baselineSpan } from '../judge/local-day.ts';
import type { Board } from './board.ts';
import type { DayShape } from './board-day.ts';

/** The day a board's day so far is compared with, up to the same local time. */
export interface Baseline extends Span {
  /** ISO local date. */
  date: string;
  day: DayShape;
}

/** Enough for every board of a site, now and as of a lost source's last sign of life. */
const REMEMBERED_MAX = 1_000;

/**
 * Finds what a board compares an instant of today with; null where there is nothing. Within a quarter-hour both days
 * run on side by side (zones change their clocks at full quarter-hours), so that it is worked out once in each.
 */
export function createBaselines(
  zone: string,
  dayOf: (at: Instant) => DayShape,
): (board: Board, at: Instant) => Baseline | null {
  const remembered = new Map<string, Baseline | null>();
  return (board, at) => {
    const quarter = quarterOf(at);
    const key = `${quarter} ${board.id}`;
    let atStart = remembered.get(key);
    if (atStart === undefined) {
      const span = baselineSpan(quarter, zone, (date) => board.calendar.isHoliday(date));
      atStart = span && { ...span, day: dayOf(span.from) };
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      remembered.set(key, atStart);
    }
    return atStart && { ...atStart, to: atStart.to + at - quarter };
  };
}
