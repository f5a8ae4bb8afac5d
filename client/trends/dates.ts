import type { Instant } from '../../shared/time.ts';

const DAY_MS = 86_400_000;

/** An ISO local date so many days later, or earlier. */
export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Days from one ISO local date to another, both included. */
export function daysIn(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;
}

/** Is it a date that the calendar has? */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text;
}

const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const dayMonthYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** "20 Oct to 16 Nov"; with years where they are not all this year's. */
export function periodText(from: string, to: string, today: string): string {
  const year = today.slice(0, 4);
  const words = from.startsWith(year) && to.startsWith(year) ? dayMonth : dayMonthYear;
  const first = words.format(Date.parse(`${from}T12:00:00Z`));
  return from === to ? first : `${first} to ${words.format(Date.parse(`${to}T12:00:00Z`))}`;
}

/** "20 Oct" of an ISO local date. */
export function dateText(date: string): string {
  return dayMonth.format(Date.parse(`${date}T12:00:00Z`));
}

/** "20 Oct" of an end of a period; "20 Oct 2024" where the period does not lie in one year. */
export function endText(date: string, { from, to }: { from: string; to: string }): string {
  const words = from.slice(0, 4) === to.slice(0, 4) ? dayMonth : dayMonthYear;
  return words.format(Date.parse(`${date}T12:00:00Z`));
}

/** Words for instants, and instants of dates, in the zone of the site. */
export interface Zone {
  /** ISO local date. */
  date(at: Instant): string;
  /** "14:07" */
  minute(at: Instant): string;
  /** "Wed 4 Nov" */
  day(at: Instant): string;
  /** "Nov 2026" */
  month(at: Instant): string;
  /** When the clock of the site shows this time, "14:07", on a local date. */
  at(date: string, time: string): Instant;
  /** When a local date begins. */
  startOf(date: string): Instant;
}

const zones = new Map<string, Zone>();

/** The words of one IANA zone; made once, for making them is slow. */
export function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const made = makeZone(timeZone);
  zones.set(timeZone, made);
  return made;
}

function makeZone(timeZone: string): Zone {
  const dates = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
  const minutes = new Intl.DateTimeFormat('en-GB', clock);
  const days = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone,
  });
  const months = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone });
  const offset = (at: Instant): number => {
    const [hour = 0, minute = 0] = minutes.format(at).split(':').map(Number);
    return Date.parse(`${dates.format(at)}T00:00:00Z`) + (hour * 60 + minute) * 60_000 - at;
  };
  const instantOf = (date: string, time: string): Instant => {
    const utc = Date.parse(`${date}T${time}:00Z`);
    // The offset of then, which may differ from that of the same time of UTC where clocks are changed.
    return utc - offset(utc - offset(utc));
  };
  return {
    date: (at) => dates.format(at),
    minute: (at) => minutes.format(at),
    day: (at) => days.format(at).replace(',', ''),
    month: (at) => months.format(at),
    at: instantOf,
    startOf: (date) => instantOf(date, '00:00'),
  };
}
