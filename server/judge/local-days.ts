import type { Instant, Span } from '../../shared/time.ts';
import { type LocalDay, localDay } from './local-day.ts';
import type { Rules } from './rules.ts';

/** A local day, and its date as the number of days since 1970-01-01. */
export interface NumberedDay extends Span {
  day: number;
}

const DAY_MS = 86_400_000;
/** UTC days kept in memory, about five years. */
const KNOWN_MAX = 2_000;

export type FindDay = (at: Instant) => NumberedDay;

const known = new WeakMap<Rules, FindDay>();

/** The local days of the site's zone. */
export function localDaysOf(rules: Rules): FindDay {
  let find = known.get(rules);
  if (find === undefined) {
    find = createLocalDays(rules.zone);
    known.set(rules, find);
  }
  return find;
}

/** Finds the local day of an instant fast: each is worked out once and remembered. */
export function createLocalDays(zone: string): FindDay {
  const known = new Map<number, NumberedDay[]>();
  let last: NumberedDay = { from: 0, to: 0, day: 0 };
  return (at) => {
    if (at >= last.from && at < last.to) return last;
    const index = Math.floor(at / DAY_MS);
    const days = known.get(index) ?? [];
    last = days.find(({ from, to }) => at >= from && at < to) ?? numbered(localDay(at, zone));
    if (!days.includes(last)) {
      if (known.size >= KNOWN_MAX) known.clear();
      known.set(index, [...days, last]);
    }
    return last;
  };
}

/** An ISO date as the number of days since 1970-01-01. */
export function epochDayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** The ISO date of that number of days. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function numbered({ from, to, date }: LocalDay): NumberedDay {
  return { from, to, day: epochDayOf(date) };
}
