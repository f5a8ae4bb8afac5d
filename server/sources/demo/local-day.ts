import { Temporal } from 'temporal-polyfill';
import { HOUR, type Instant, type Span } from '../../../shared/time.ts';

/** One hour of elapsed time in a local day; `hour` is what the clock on the wall says at its start. */
export interface LocalHour extends Span {
  hour: number;
}

/** From midnight to midnight in the zone: 24 hours on most days, 23 or 25 where the clocks change. */
export interface LocalDay extends Span {
  /** ISO local date. */
  date: string;
  /** IANA zone. */
  zone: string;
  /** 1 is Monday, 7 is Sunday. */
  weekday: number;
  /** Days since 1970-01-01: consecutive days have consecutive numbers. */
  number: number;
  hours: LocalHour[];
}

/** The local day of an ISO date. */
export function localDay(date: string, zone: string): LocalDay {
  const plain = Temporal.PlainDate.from(date);
  const from = plain.toZonedDateTime(zone).epochMilliseconds;
  const to = plain.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds;
  const hours: LocalHour[] = [];
  for (let at = from; at < to; at += HOUR) {
    const hour = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).hour;
    hours.push({ from: at, to: Math.min(at + HOUR, to), hour });
  }
  const number = plain.since('1970-01-01', { largestUnit: 'day' }).days;
  return { from, to, date, zone, weekday: plain.dayOfWeek, number, hours };
}

/** The ISO local date of an instant. */
export function dateAt(at: Instant, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
}

export function daysBefore(date: string, days: number): string {
  return Temporal.PlainDate.from(date).subtract({ days }).toString();
}

/** The local time of an instant of this day as hours, 13.5 for half past one. */
export function hourAt(day: LocalDay, at: Instant): number {
  const slot = day.hours[Math.min(day.hours.length - 1, Math.max(0, Math.floor((at - day.from) / HOUR)))];
  if (slot === undefined) return 0;
  return slot.hour + Math.min(1, Math.max(0, (at - slot.from) / HOUR));
}
