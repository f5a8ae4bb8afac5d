import { Temporal } from 'temporal-polyfill';
import type { Instant, Span } from '../../shared/time.ts';

/** In the order of ISO 8601: Monday is 1. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Local times HH:MM of opening and closing, by weekday; 24:00 closes at the next midnight. */
export type WeeklyHours =
  | Readonly<Record<Weekday, readonly (readonly [open: string, close: string])[]>>
  | 'always';

/** Minutes since local midnight. */
interface Interval {
  open: number;
  close: number;
}

/**
 * Reads weekly hours; the answer gives the open spans of a local date, in order of opening, holidays aside.
 * @throws RangeError for times that are not HH:MM or do not close after they open, and for an unknown zone.
 */
export function parseHours(zone: string, weekly: WeeklyHours): (date: Temporal.PlainDate) => Span[] {
  checkZone(zone);
  const byWeekday = WEEKDAYS.map((day) =>
    weekly === 'always'
      ? [{ open: 0, close: DAY_MINUTES }]
      : weekly[day].map(([open, close]) => intervalOf(day, open, close)).sort((a, b) => a.open - b.open),
  );
  return (date) => {
    const spans: Span[] = [];
    for (const { open, close } of byWeekday[date.dayOfWeek - 1] ?? []) {
      const span = {
        from: instantOf(date, open, zone, 'compatible'),
        to: instantOf(date, close, zone, 'later'),
      };
      if (span.from < span.to) spans.push(span);
    }
    return spans;
  };
}

const DAY_MINUTES = 24 * 60;

function checkZone(zone: string): void {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch (error) {
    throw new RangeError(`"${zone}" is no IANA time zone, e.g. Europe/London`, { cause: error });
  }
}

function intervalOf(day: Weekday, open: string, close: string): Interval {
  const interval = { open: minutesOf(day, open), close: minutesOf(day, close) };
  if (interval.close <= interval.open) {
    throw new RangeError(
      `${day}: ${open} to ${close} does not close after it opens; hours past midnight go on the next day, from 00:00`,
    );
  }
  return interval;
}

function minutesOf(day: Weekday, text: string): number {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (found !== null) return Number(found[1]) * 60 + Number(found[2]);
  if (text === '24:00') return DAY_MINUTES;
  throw new RangeError(`${day}: "${text}" is no time of day; write HH:MM, from 00:00 to 24:00`);
}

function instantOf(
  date: Temporal.PlainDate,
  minutes: number,
  zone: string,
  disambiguation: 'compatible' | 'later',
): Instant {
  const day = minutes === DAY_MINUTES ? date.add({ days: 1 }) : date;
  const rest = minutes === DAY_MINUTES ? 0 : minutes;
  return day
    .toPlainDateTime(Temporal.PlainTime.from({ hour: Math.floor(rest / 60), minute: rest % 60 }))
    .toZonedDateTime(zone, { disambiguation }).epochMilliseconds;
}
