import type { Instant, Span } from '../../shared/time.ts';
import { HOUR, QUARTER_HOUR } from '../../shared/time.ts';
import type { Moments } from './moments.ts';

export interface HourTick {
  at: Instant;
  /** "08", or null where only a short tick stands. */
  label: string | null;
}

/** A tick at each whole hour of the site's clock; every second, third or fourth is labelled, as there is room. */
export function hourTicks(axis: Span, moments: Moments): HourTick[] {
  const every = axis.to - axis.from <= 12 * HOUR ? 2 : axis.to - axis.from <= 18 * HOUR ? 3 : 4;
  const ticks: HourTick[] = [];
  let first: number | null = null;
  const start = Math.ceil(axis.from / QUARTER_HOUR) * QUARTER_HOUR;
  for (let at = start; at <= axis.to; at += QUARTER_HOUR) {
    const [hour, minute] = moments.minute(at).split(':').map(Number);
    if (hour === undefined || minute !== 0) continue;
    first ??= hour;
    const counted = at === axis.to && hour === 0 ? 24 : hour;
    const labelled = (counted - first + 24) % every === 0;
    ticks.push({ at, label: labelled ? String(counted).padStart(2, '0') : null });
  }
  return ticks;
}
