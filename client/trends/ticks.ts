import type { Instant } from '../../shared/time.ts';
import { dateText, daysIn, plusDays, type Zone } from './dates.ts';

/** A line of the calendar in a chart, and its word where there is room for one. */
export interface CalendarTick {
  at: Instant;
  label: string | null;
}

const HOUR_MS = 3_600_000;

/** Hours of a day or two, days of ten, Mondays of a season, firsts of a month of years, Januaries of more. */
export function calendarTicks(from: string, to: string, zone: Zone): { at: Instant; label: string }[] {
  const days = daysIn(from, to);
  if (days <= 2) return hours(from, to, zone);
  const dates = Array.from({ length: days }, (_, i) => plusDays(from, i));
  return dates
    .filter((date, i) => i > 0 && isTick(date, days))
    .map((date) => ({ at: zone.startOf(date), label: days > 200 ? monthText(date, days) : dateText(date) }));
}

/** Leaves a word out where it would run into the one before. */
export function withRoom(
  ticks: readonly { at: Instant; label: string }[],
  x: (at: Instant) => number,
  ends: { from: number; to: number },
): CalendarTick[] {
  let free = ends.from;
  return ticks.map(({ at, label }) => {
    const start = x(at) + 3;
    const end = start + label.length * 7 + 8;
    if (start < free || end > ends.to) return { at, label: null };
    free = end;
    return { at, label };
  });
}

function isTick(date: string, days: number): boolean {
  if (days <= 10) return true;
  if (days <= 100) return new Date(`${date}T12:00:00Z`).getUTCDay() === 1;
  if (days <= 1_100) return date.endsWith('-01');
  return date.endsWith('-01-01');
}

function monthText(date: string, days: number): string {
  const format: Intl.DateTimeFormatOptions =
    days > 1_100
      ? { year: 'numeric' }
      : date.slice(5, 7) === '01'
        ? { month: 'short', year: 'numeric' }
        : { month: 'short' };
  return new Intl.DateTimeFormat('en-GB', { ...format, timeZone: 'UTC' }).format(
    Date.parse(`${date}T12:00:00Z`),
  );
}

function hours(from: string, to: string, zone: Zone): { at: Instant; label: string }[] {
  const end = zone.startOf(plusDays(to, 1));
  const start = zone.startOf(from);
  const every = end - start > 30 * HOUR_MS ? 6 : 2;
  const ticks: { at: Instant; label: string }[] = [];
  for (let at = start + HOUR_MS; at < end; at += HOUR_MS) {
    const minute = zone.minute(at);
    if (Number(minute.slice(0, 2)) % every === 0) ticks.push({ at, label: minute });
  }
  return ticks;
}
