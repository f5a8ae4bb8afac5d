import type { AlertWindow } from '../../shared/alert.ts';
import type { Tally } from '../../shared/figure.ts';
import { type Instant, MINUTE, type Span } from '../../shared/time.ts';
import { sumIn, sumOfLast, type Track } from './recent-verdicts.ts';

/** A figure over a window that moves with time, to the millisecond. */
export interface Meter {
  /** Null while it is not there yet. Worked out once, and again only when a fact or time changed it. */
  read(at: Instant): Tally | null;
  /** The next instant after `at` at which time alone changes it; Infinity when there is none. */
  nextChangeAt(at: Instant): Instant;
}

/** `readAt`: up to when a source is known; `dayOf`: the local day of an instant. */
export interface MeterNeeds {
  /** Null while it is not there yet. */
  track: () => Track | null;
  window: AlertWindow;
  readAt: (source: string, now: Instant) => Instant;
  dayOf: (at: Instant) => Span;
}

/** A verdict is inside a rolling window from its own instant to the window's length after it, both included. */
export function createMeter(needs: MeterNeeds): Meter {
  let known: { version: number; from: Instant; to: Instant; tally: Tally } | null = null;
  const at = (now: Instant): { to: Instant; tally: Tally | null } => {
    const track = needs.track();
    if (track === null) return { to: Number.POSITIVE_INFINITY, tally: null };
    const { version } = track;
    if (known !== null && known.version === version && now >= known.from && now < known.to) return known;
    const { n, d, nextAt } = measure(needs, track, now);
    known = { version, from: now, to: Math.max(nextAt, now + 1), tally: { n, d } };
    return known;
  };
  return { read: (now) => at(now).tally, nextChangeAt: (now) => at(now).to };
}

function measure(
  { window, readAt, dayOf }: MeterNeeds,
  track: Track,
  now: Instant,
): Tally & { nextAt: Instant } {
  const read = (source: string): Instant => readAt(source, now);
  switch (window.kind) {
    case 'last':
      return sumOfLast(track, window.items, now, read);
    case 'today': {
      const day = dayOf(now);
      const sum = sumIn(track, { from: day.from, to: now }, read);
      return { ...sum, nextAt: Math.min(sum.nextAt, day.to) };
    }
    case 'rolling': {
      const lengthMs = window.minutes * MINUTE;
      const sum = sumIn(track, { from: now - lengthMs, to: now }, read);
      return { ...sum, nextAt: Math.min(sum.nextAt, sum.oldestAt + lengthMs + 1) };
    }
  }
}
