import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';

/** Words for moments in the site's zone, whatever the zone of the reader's machine. */
export interface Times {
  /** "14:02:11", on another day "16 Nov, 14:02". */
  when(at: Instant, now: Instant): string;
  /** The same without seconds. */
  minute(at: Instant, now: Instant): string;
}

export function createTimes(timeZone: string): Times {
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
  const minutes = new Intl.DateTimeFormat('en-GB', clock);
  const seconds = new Intl.DateTimeFormat('en-GB', { ...clock, second: '2-digit' });
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone });
  const year = new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeZone });
  const say = (at: Instant, now: Instant, today: Intl.DateTimeFormat): string =>
    year.format(at) === year.format(now) ? today.format(at) : `${day.format(at)}, ${minutes.format(at)}`;
  return {
    when: (at, now) => say(at, now, seconds),
    minute: (at, now) => say(at, now, minutes),
  };
}

/** How long something took: "40 ms", "2.4 s", "3 min", "5 h", "2 days". */
export function lagText(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 48 * HOUR) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / (24 * HOUR))} days`;
}
