import { Temporal } from 'temporal-polyfill';
import type { Instant, Span } from '../../shared/time.ts';
import { WEEKDAYS, type Weekday } from './weekly-hours.ts';

/** A local day, midnight to midnight: 23, 24 or 25 hours, or what else the zone makes of it. */
export interface LocalDay extends Span {
  /** ISO local date. */
  date: string;
  weekday: Weekday;
  zone: string;
}

/** One half-hour of a local day. */
export interface HalfHour extends Span {
  /** Local time of its start, HH:MM. */
  time: string;
  /** True for the second of two half-hours with the same local time, where the clock goes back. */
  again: boolean;
}

/** The local day that holds an instant. */
export function localDay(at: Instant, zone: string): LocalDay {
  return dayOf(zoned(at, zone).toPlainDate(), zone);
}

/** The local day of an ISO date. @throws RangeError when it is no date. */
export function localDayOf(date: string, zone: string): LocalDay {
  return dayOf(Temporal.PlainDate.from(date), zone);
}

/**
 * What a day so far is compared with: the same weekday last week, from local midnight to the same local time. A
 * holiday is stepped over, week by week; null when the last four were all holidays.
 */
export function baselineSpan(
  now: Instant,
  zone: string,
  isHoliday: (date: string) => boolean,
): (Span & { date: string }) | null {
  const local = zoned(now, zone).toPlainDateTime();
  for (let weeks = 1; weeks <= BASELINE_WEEKS; weeks++) {
    const then = local.subtract({ weeks });
    const date = then.toPlainDate().toString();
    if (isHoliday(date)) continue;
    return { date, from: localDayOf(date, zone).from, to: then.toZonedDateTime(zone).epochMilliseconds };
  }
  return null;
}

/** The half-hours of a local day in order, with the local times they start at. */
export function halfHours(day: LocalDay): HalfHour[] {
  const steps: HalfHour[] = [];
  const seen = new Set<string>();
  for (let from = day.from; from < day.to; from += HALF_HOUR) {
    const time = zoned(from, day.zone).toPlainTime().toString({ smallestUnit: 'minute' });
    steps.push({ from, to: Math.min(from + HALF_HOUR, day.to), time, again: seen.has(time) });
    seen.add(time);
  }
  return steps;
}

/**
 * The half-hours of another day with the same local time: none where that day skipped it, two where it had it twice.
 * A half-hour that comes again has none, so that nothing is compared twice.
 */
export function sameHalfHours(step: HalfHour, others: readonly HalfHour[]): HalfHour[] {
  return step.again ? [] : others.filter((other) => other.time === step.time);
}

const BASELINE_WEEKS = 4;
const HALF_HOUR = 30 * 60_000;

function zoned(at: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}

function dayOf(date: Temporal.PlainDate, zone: string): LocalDay {
  return {
    date: date.toString(),
    weekday: WEEKDAYS[date.dayOfWeek - 1] ?? 'mon',
    zone,
    from: date.toZonedDateTime(zone).epochMilliseconds,
    to: date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds,
  };
}
