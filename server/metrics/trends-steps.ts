import { type Instant, MINUTE, quarterOf } from '../../shared/time.ts';
import { type Interval, intervals } from '../../shared/wire-trends.ts';
import type { EpochDay } from '../store/trends.ts';
import type { ZoneDays } from './trends-days.ts';

/** A period of whole local days. */
export interface Days {
  from: EpochDay;
  /** The last one, included. */
  to: EpochDay;
}

/** A period cut into steps: step i is [edges[i], edges[i + 1]). */
export interface Steps {
  by: Interval;
  edges: Instant[];
  /** Where each step begins in local time: minutes since 1970, rounded down to a whole step within a day. */
  starts: number[];
}

export interface StepsAsked extends Days {
  by: Interval;
  /** Where there would be more steps, they are made longer. */
  most: number;
}

const DAY_MS = 86_400_000;
export const DAY_MINUTES = 1_440;
const STEP_MINUTES = { quarter: 15, hour: 60 } as const;
/** Periods whose steps are remembered; the longest weighs a quarter of a megabyte. */
const KEPT_MAX = 32;

/** Cuts periods at local quarter-hours, hours, midnights, Mondays and firsts of the month. */
export function createSteps(zone: ZoneDays): (asked: StepsAsked) => Steps {
  const kept = new Map<string, Steps>();
  return (asked) => {
    const key = `${asked.from} ${asked.to} ${asked.by} ${asked.most}`;
    let steps = kept.get(key);
    if (steps === undefined) {
      steps = coarseEnough(zone, asked);
      const [oldest] = kept.size >= KEPT_MAX ? kept.keys() : [];
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(key, steps);
    }
    return steps;
  };
}

/** Local dates at which the steps of a period begin, and the day after its end. */
export function dayEdges({ from, to }: Days, by: 'day' | 'week' | 'month'): EpochDay[] {
  const edges: EpochDay[] = [];
  for (let day = from; day <= to; day += 1) {
    if (day === from || by === 'day' || (by === 'week' ? weekdayOf(day) === 0 : isFirst(day)))
      edges.push(day);
  }
  return [...edges, to + 1];
}

/** 0 is Monday; 1970 began with a Thursday. */
export function weekdayOf(day: EpochDay): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** As it is where the steps are of whole days, else by day. */
export function wholeDays(by: Interval): 'day' | 'week' | 'month' {
  return by === 'quarter' || by === 'hour' ? 'day' : by;
}

function coarseEnough(zone: ZoneDays, { from, to, by, most }: StepsAsked): Steps {
  const coarser = intervals[intervals.indexOf(by) + 1];
  if (by === 'quarter' || by === 'hour') {
    const perDay = DAY_MINUTES / STEP_MINUTES[by];
    // A day has at the least 23 hours; what is far too much is not worth cutting.
    if ((to - from + 1) * (perDay - 4) <= most) {
      const steps = fineSteps(zone, { from, to }, by);
      if (steps.starts.length <= most) return steps;
    }
    return coarseEnough(zone, { from, to, by: coarser ?? 'day', most });
  }
  const days = dayEdges({ from, to }, by);
  if (days.length - 1 > most && coarser !== undefined)
    return coarseEnough(zone, { from, to, by: coarser, most });
  const starts = days.slice(0, -1).map((day) => day * DAY_MINUTES);
  return { by, edges: days.map((day) => quarterOf(zone.startOf(day))), starts };
}

/**
 * Steps within days. Where the clocks change, a step begins when the local hour does: one that comes again is a step of
 * its own, and half an hour put back makes its hour longer.
 */
function fineSteps(zone: ZoneDays, { from, to }: Days, by: 'quarter' | 'hour'): Steps {
  const unit = STEP_MINUTES[by] * MINUTE;
  const edges: Instant[] = [];
  const starts: number[] = [];
  const span = { from: zone.startOf(from), to: zone.startOf(to + 1) };
  let before = Number.NaN;
  for (const stretch of zone.offsets(span)) {
    for (let at = stretch.from; at < stretch.to; ) {
      const local = at + stretch.offsetMs;
      const index = Math.floor(local / unit);
      const edge = quarterOf(at);
      // Clocks that once were changed a minute past the hour leave no step of a minute.
      if ((index !== before || local % unit === 0) && edge !== edges.at(-1)) {
        edges.push(edge);
        starts.push((index * unit) / MINUTE);
      }
      before = index;
      at = (index + 1) * unit - stretch.offsetMs;
    }
  }
  return { by, edges: [...edges, quarterOf(span.to)], starts };
}

function isFirst(day: EpochDay): boolean {
  return new Date(day * DAY_MS).getUTCDate() === 1;
}
