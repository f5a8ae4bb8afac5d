import { Temporal } from 'temporal-polyfill';
import type { Instant, Span } from '../../shared/time.ts';
import type { EpochDay } from '../store/trends.ts';

/** A stretch of time in which a zone's clocks keep one distance from UTC: local time is UTC plus `offsetMs`. */
export interface Offset extends Span {
  offsetMs: number;
}

/** Local time of one zone, worked out from its few changes of the clocks instead of day by day. */
export interface ZoneDays {
  /** The first instant of a local date. */
  startOf(day: EpochDay): Instant;
  /** The stretches that touch a span, in order, cut to it. */
  offsets(span: Span): Offset[];
  /** The local date of an instant. */
  dayOf(at: Instant): EpochDay;
  /** The instant with the same local time so many days earlier; pushed forward where the clocks skip it. */
  sameTimeBefore(at: Instant, days: number): Instant;
}

const DAY_MS = 86_400_000;
/** No zone is further than this from UTC. */
const REACH_MS = 2 * DAY_MS;
/** Years kept in memory. */
const YEARS_MAX = 200;

/** @throws RangeError for an unknown zone, when it is asked. */
export function createZoneDays(zone: string): ZoneDays {
  const known = new Map<number, Offset[]>();
  const ofYear = (year: number): Offset[] => {
    let found = known.get(year);
    if (found === undefined) {
      found = offsetsOf(year, zone);
      if (known.size >= YEARS_MAX) known.clear();
      known.set(year, found);
    }
    return found;
  };
  const startOf = (day: EpochDay): Instant => {
    const local = day * DAY_MS;
    // A midnight that the clocks skip is the instant at which they do; of two it is the first.
    for (const { from, to, offsetMs } of ofYear(yearOf(local))) {
      const at = Math.max(from, local - offsetMs);
      if (at < to) return at;
    }
    throw new RangeError(`no local midnight of ${zone} on day ${day}`);
  };
  const offsets = (span: Span): Offset[] => {
    const cut: Offset[] = [];
    for (let year = yearOf(span.from); year <= yearOf(span.to); year += 1) {
      for (const one of ofYear(year)) {
        const from = Math.max(one.from, cut.at(-1)?.to ?? span.from);
        const to = Math.min(one.to, span.to);
        if (from < to) cut.push({ from, to, offsetMs: one.offsetMs });
      }
    }
    return cut;
  };
  return {
    startOf,
    offsets,
    dayOf(at) {
      const found = ofYear(yearOf(at)).find(({ from, to }) => at >= from && at < to);
      if (found === undefined) throw new RangeError(`no local time of ${zone} at ${at}`);
      return Math.floor((at + found.offsetMs) / DAY_MS);
    },
    sameTimeBefore: (at, days) =>
      Temporal.Instant.fromEpochMilliseconds(at)
        .toZonedDateTimeISO(zone)
        .toPlainDateTime()
        .subtract({ days })
        .toZonedDateTime(zone).epochMilliseconds,
  };
}

function yearOf(ms: number): number {
  return new Date(ms).getUTCFullYear();
}

/** The stretches of a year and of a little around it. */
function offsetsOf(year: number, zone: string): Offset[] {
  const end = Date.UTC(year + 1, 0, 1) + REACH_MS;
  const found: Offset[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(Date.UTC(year, 0, 1) - REACH_MS).toZonedDateTimeISO(zone);
  while (at.epochMilliseconds < end) {
    const next = at.getTimeZoneTransition('next');
    const from = at.epochMilliseconds;
    const to = Math.min(next?.epochMilliseconds ?? end, end);
    found.push({ from, to, offsetMs: at.offsetNanoseconds / 1e6 });
    if (next === null) break;
    at = next;
  }
  return found;
}
