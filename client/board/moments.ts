import type { Instant } from '../../shared/time.ts';

/** Words for instants in the site's zone, on a 24-hour clock. */
export interface Moments {
  /** 14:07 */
  minute(at: Instant): string;
  /** 14:07:32 */
  second(at: Instant): string;
  /** Tuesday 17 November */
  day(at: Instant): string;
  /** Tuesday */
  weekday(at: Instant): string;
  /** 2026-11-17 */
  date(at: Instant): string;
}

/** Makes the words for one IANA zone; the machine's own zone is never used. */
export function createMoments(timeZone: string): Moments {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const read = (at: Instant) => {
    const read: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of parts.formatToParts(at)) read[type] = value;
    return read;
  };
  const dates = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  return {
    minute(at) {
      const { hour, minute } = read(at);
      return `${hour}:${minute}`;
    },
    second(at) {
      const { hour, minute, second } = read(at);
      return `${hour}:${minute}:${second}`;
    },
    day(at) {
      const { weekday, day, month } = read(at);
      return `${weekday} ${day} ${month}`;
    },
    weekday: (at) => read(at).weekday ?? '',
    date: (at) => dates.format(at),
  };
}

/** The days from one ISO local date to another, as calendar days. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** "Tuesday" of an ISO local date. */
export function weekdayOfDate(date: string): string {
  return dateWords(date, { weekday: 'long' });
}

/** "3 November" of an ISO local date. */
export function dayOfDate(date: string): string {
  return dateWords(date, { day: 'numeric', month: 'long' });
}

function dateWords(date: string, words: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...words }).format(
    Date.parse(`${date}T12:00:00Z`),
  );
}
