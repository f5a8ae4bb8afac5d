import type { Instant } from '../../shared/time.ts';
import type { Comparison } from '../../shared/wire-trends.ts';
import type { ZoneDays } from './trends-days.ts';
import { DAY_MINUTES, type Days, type Steps } from './trends-steps.ts';

/** The period that another is compared with, and which of its instants stand for the edges of the other's steps. */
export interface Against {
  kind: Exclude<Comparison, 'none'>;
  days: Days;
  /** How many days earlier it is. */
  earlier: number;
  /** What is read of it: its own steps. */
  edges: Instant[];
  /** For each of its own steps, the one of the other period that it is compared with; -1: with none. */
  ofStep: Int32Array;
  /** Where that begins which step i is compared with. */
  mapped: Instant[];
}

/** As many days directly before, or the fewest whole weeks earlier at which the periods do not overlap. */
export function daysAgainst({ from, to }: Days, kind: Against['kind']): { days: Days; earlier: number } {
  const length = to - from + 1;
  const earlier = kind === 'before' ? length : Math.ceil(length / 7) * 7;
  return { days: { from: from - earlier, to: to - earlier }, earlier };
}

/**
 * Steps of whole days are compared with as many days, so many earlier. Steps within a day are compared with the same
 * local time: with none where the other day skipped it, with two where it had it twice; a time that comes again is
 * compared with none, so that nothing is compared twice.
 */
export function againstOf(
  zone: ZoneDays,
  kind: Against['kind'],
  days: Days,
  steps: Steps,
  stepsOf: (days: Days, by: Steps['by']) => Steps,
): Against {
  const other = daysAgainst(days, kind);
  if (steps.by !== 'quarter' && steps.by !== 'hour') {
    const starts = [...steps.starts, (days.to + 1) * DAY_MINUTES];
    const edges = starts.map((start) => zone.startOf(start / DAY_MINUTES - other.earlier));
    const ofStep = Int32Array.from(steps.starts, (_start, i) => i);
    return { kind, ...other, edges, ofStep, mapped: edges };
  }
  const own = stepsOf(other.days, steps.by);
  const at = new Map<number, number>();
  steps.starts.forEach((start, i) => {
    if (!at.has(start)) at.set(start, i);
  });
  const ofStep = Int32Array.from(own.starts, (start) => at.get(start + other.earlier * DAY_MINUTES) ?? -1);
  return {
    kind,
    ...other,
    edges: own.edges,
    ofStep,
    mapped: mappedEdges(own.edges, ofStep, steps.starts.length),
  };
}

/** Adds up what was counted in the steps of the other period by the step that each is compared with. */
export function fold(against: Against, values: ArrayLike<number>, offset: number, steps: number): number[] {
  const sums = Array<number>(steps).fill(0);
  against.ofStep.forEach((step, i) => {
    if (step >= 0) sums[step] = (sums[step] ?? 0) + (values[offset + i] ?? 0);
  });
  return sums;
}

function mappedEdges(edges: readonly Instant[], ofStep: Int32Array, steps: number): Instant[] {
  const begins = Array<number>(steps + 1).fill(Number.NaN);
  begins[steps] = edges.at(-1) ?? 0;
  ofStep.forEach((step, i) => {
    if (step >= 0 && Number.isNaN(begins[step])) begins[step] = edges[i] ?? 0;
  });
  for (let step = steps - 1; step >= 0; step -= 1) {
    if (Number.isNaN(begins[step])) begins[step] = begins[step + 1] ?? 0;
  }
  return begins;
}
