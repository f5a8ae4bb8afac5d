import type { Tally } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { PairSeries, RankSeries, TrendFigure, TrendsAnswer } from '../../shared/wire-trends.ts';
import { FIGURES, isRank } from './figure-words.ts';

/** One step of a chart. Values are for drawing only: percents, counts, seconds or minutes. */
export interface DrawnStep {
  from: Instant;
  to: Instant;
  /** Where its line ends: now, or where nothing is known from; `from` where there is no line at all. */
  until: Instant;
  /** Of a figure with ranks: the median and how many were counted. */
  n: number;
  d: number;
  value: number | null;
  /** The 90th percentile, of figures with ranks. */
  high: number | null;
  before: Tally | null;
  beforeValue: number | null;
}

/** One chart: a figure of a scope, step by step. */
export interface Drawn {
  figure: TrendFigure;
  scope: string;
  steps: DrawnStep[];
  /** So many steps of the answer are one of the drawing. */
  joined: number;
  /** Whole percent promised. */
  target: number | null;
  unit: 'minutes' | 'seconds' | null;
  /** Nothing is known of it from here on. */
  unknownFrom: Instant | null;
  /** Under this many there is no percent, and a step that still runs is not drawn: one call would throw it to 0 or 100. */
  minSample: number;
}

/** Steps of one chart; each line has two corners a step, so that no line has more than 2,000. */
export const DRAWN_MAX = 1_000;

/** What is drawn of a figure in a scope; null where the answer has no such series. */
export function drawnOf(
  answer: TrendsAnswer,
  figure: TrendFigure,
  { scope, minSample }: { scope: string; minSample: number },
): Drawn | null {
  const unknownFrom = answer.notKnownFrom.find(({ feed }) => feed === FIGURES[figure].feed)?.at ?? null;
  const base = { figure, scope, unknownFrom, minSample, joined: 1 };
  if (isRank(figure)) {
    const series = answer.ranks.find((one) => one.figure === figure && one.scope === scope);
    if (series === undefined) return null;
    const steps = rankSteps(series, answer.rankEdges, endOf(answer.now, unknownFrom));
    return { ...base, steps, target: null, unit: series.unit };
  }
  const series = answer.series.find((one) => one.figure === figure && one.scope === scope);
  if (series === undefined) return null;
  const joined = Math.ceil((answer.edges.length - 1) / DRAWN_MAX);
  const steps = pairSteps(series, answer.edges, joined, { end: endOf(answer.now, unknownFrom), minSample });
  return { ...base, joined, steps, target: series.target, unit: null };
}

/** The height of a tally in its chart; null without data. */
export function heightOf({ n, d }: Tally, figure: TrendFigure): number | null {
  switch (FIGURES[figure].shown) {
    case 'count':
      return n;
    case 'wait':
      return d === 0 ? null : n / d / 1_000;
    case 'ratio':
    case 'ranks':
      return d === 0 ? null : (100 * n) / d;
  }
}

/** The index of the step that holds an instant; null outside. */
export function stepAt(steps: readonly DrawnStep[], at: Instant): number | null {
  let low = 0;
  let high = steps.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const step = steps[middle] as DrawnStep;
    if (at < step.from) high = middle - 1;
    else if (at >= step.to) low = middle + 1;
    else return middle;
  }
  return null;
}

function endOf(now: Instant, unknownFrom: Instant | null): Instant {
  return Math.min(now, unknownFrom ?? now);
}

/** Steps are joined by adding their tallies: a percent is never averaged. */
function pairSteps(
  series: PairSeries,
  edges: readonly Instant[],
  joined: number,
  { end, minSample }: { end: Instant; minSample: number },
): DrawnStep[] {
  const { figure, before } = series;
  const last = edges.length - 1;
  const steps: DrawnStep[] = [];
  for (let i = 0; i < last; i += joined) {
    const to = Math.min(i + joined, last);
    const mine = sumOf(series, i, to);
    const then = before === null ? null : sumOf(before, i, to);
    const from = edges[i] as Instant;
    const step = { from, to: edges[to] as Instant };
    const until = untilOf(step, end);
    const isDrawn = until === step.to || mine.d >= minSample || FIGURES[figure].shown === 'count';
    steps.push({
      ...step,
      ...mine,
      until,
      value: until > from && isDrawn ? heightOf(mine, figure) : null,
      high: null,
      before: then,
      beforeValue: then === null ? null : heightOf(then, figure),
    });
  }
  return steps;
}

function rankSteps(series: RankSeries, edges: readonly Instant[], end: Instant): DrawnStep[] {
  return series.count.map((count, i) => {
    const step = { from: edges[i] as Instant, to: edges[i + 1] as Instant };
    const until = untilOf(step, end);
    const begun = until > step.from;
    const p50 = series.p50[i] ?? null;
    const then = series.before?.p50[i] ?? null;
    const thenCount = series.before?.count[i] ?? 0;
    return {
      ...step,
      until,
      n: p50 ?? 0,
      d: count,
      value: begun ? p50 : null,
      high: begun ? (series.p90[i] ?? null) : null,
      before: series.before === null ? null : { n: then ?? 0, d: thenCount },
      beforeValue: then,
    };
  });
}

function untilOf(step: { from: Instant; to: Instant }, end: Instant): Instant {
  return Math.max(step.from, Math.min(step.to, end));
}

function sumOf({ n, d }: { n: readonly number[]; d: readonly number[] }, from: number, to: number): Tally {
  const sum = { n: 0, d: 0 };
  for (let i = from; i < to; i += 1) {
    sum.n += n[i] ?? 0;
    sum.d += d[i] ?? 0;
  }
  return sum;
}
