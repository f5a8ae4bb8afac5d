import type { Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { Interval, RankFigure, RankSeries } from '../../shared/wire-trends.ts';
import { replyMinutesOf } from '../judge/lengths.ts';
import type { EpochDay, Measure, Ranks, SpreadRanks } from '../store/trends.ts';
import type { Look } from './trends.ts';
import type { Against } from './trends-against.ts';
import { type Days, dayEdges, wholeDays } from './trends-steps.ts';
import { listOf } from './trends-sums.ts';

interface RanksAsked {
  scopes: readonly Scope[];
  figures: readonly RankFigure[];
  days: Days;
  by: Interval;
  against: Against | null;
}

const kinds: Record<
  RankFigure,
  { measure: Measure; unit: RankSeries['unit']; lengthOf: (key: number) => number }
> = {
  replyTime: { measure: 'reply', unit: 'minutes', lengthOf: replyMinutesOf },
  waitTime: { measure: 'wait', unit: 'seconds', lengthOf: (key) => key },
};

/** Medians and 90th percentiles by nearest rank of all lengths of a step; compared over whole days. */
export async function ranksOf(
  look: Look,
  { scopes, figures, days, by, against }: RanksAsked,
): Promise<{ series: RankSeries[]; edges: Instant[] }> {
  const edges = dayEdges(days, wholeDays(by));
  const at = edges.map((day) => look.zone.startOf(day));
  const other = against && edges.map((day) => day - against.earlier);
  const all = await Promise.all(
    figures.map(async (figure) => {
      const { unit } = kinds[figure];
      const own = await readRanks(look, figure, scopes, edges);
      const before = other && (await readRanks(look, figure, scopes, other));
      return scopes.map((scope, row) => ({
        scope,
        figure,
        unit,
        ...seriesIn(own, row),
        before: before && seriesIn(before, row),
      }));
    }),
  );
  // In the order of scopes, as the other figures are.
  return { series: scopes.flatMap((_scope, row) => all.flatMap((rows) => rows[row] ?? [])), edges: at };
}

interface Read {
  steps: SpreadRanks;
  total: Ranks;
  length: number;
  lengthOf: (key: number) => number;
}

async function readRanks(
  { store }: Look,
  figure: RankFigure,
  scopes: readonly Scope[],
  edges: readonly EpochDay[],
): Promise<Read> {
  const { measure, lengthOf } = kinds[figure];
  const steps = await store.spreadRanks({ scopes, measure, edges });
  return { steps, total: steps.totals, length: edges.length - 1, lengthOf };
}

function seriesIn({ steps, total, length, lengthOf }: Read, row: number) {
  const value = (key: number | undefined): number | null =>
    key === undefined || Number.isNaN(key) ? null : lengthOf(key);
  const part = (values: Float64Array): number[] => listOf(values, row * length, length);
  return {
    count: part(steps.count),
    p50: part(steps.p50).map(value),
    p90: part(steps.p90).map(value),
    total: { count: total.count[row] ?? 0, p50: value(total.p50[row]), p90: value(total.p90[row]) },
  };
}
