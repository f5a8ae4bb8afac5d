import { HOUR, type Instant } from '../../shared/time.ts';
import type { Calendar } from '../judge/hours.ts';

/** Further ahead than a local day can last; the turn of the day is looked at on its own. */
const AHEAD_MS = 26 * HOUR;

/** Tells when any of these calendars next opens or closes, a day ahead at the most. */
export interface HoursWatch {
  /** The next opening or closing after `now`; Infinity when there is none within a day. */
  nextChangeAt(now: Instant): Instant;
}

/** The answer is worked out once and kept until it has passed, or the clock went back. */
export function createHoursWatch(calendars: readonly Calendar[]): HoursWatch {
  const distinct = [...new Set(calendars)].filter((calendar) => !calendar.always);
  let known = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY, at: 0 };
  return {
    nextChangeAt(now) {
      if (now >= known.from && now < known.to) return known.at;
      const at = Math.min(
        Number.POSITIVE_INFINITY,
        ...distinct.map((calendar) => changeAfter(calendar, now)),
      );
      known = { from: now, to: Math.min(at, now + HOUR), at };
      return at;
    },
  };
}

function changeAfter(calendar: Calendar, now: Instant): Instant {
  const [first] = calendar.spans({ from: now, to: now + AHEAD_MS });
  if (!first) return Number.POSITIVE_INFINITY;
  return first.from > now ? first.from : first.to;
}
