import type { Tally } from '../../shared/figure.ts';
import { changeOf } from '../../shared/percent.ts';
import { MARKS_MAX } from '../../shared/wire-trend-notes.ts';
import {
  type PairFigure,
  type PairSeries,
  POINTS_MAX,
  pairFigures,
  rankFigures,
  STEPS_MAX,
  type TrendsAnswer,
} from '../../shared/wire-trends.ts';
import { dateOf } from '../judge/local-days.ts';
import type { Sums } from '../store/trends.ts';
import type { Look, SeriesQuery } from './trends.ts';
import { type Against, againstOf, fold } from './trends-against.ts';
import { type Cut, createCuts } from './trends-cut.ts';
import { ranksOf } from './trends-ranks.ts';
import { isPercent, targetKind } from './trends-scope.ts';
import type { Days, Steps } from './trends-steps.ts';
import { listOf, sumOf } from './trends-sums.ts';

type SeriesPart = Omit<TrendsAnswer, 'now' | 'zone' | 'demo' | 'from' | 'to' | 'asked'>;

/** Every figure of every scope, step by step, with the period that it is compared with. */
export async function seriesOf(look: Look, query: SeriesQuery, days: Days): Promise<SeriesPart> {
  const figures = query.figures.filter((figure) => isOneOf(pairFigures, figure));
  const ranked = query.figures.filter((figure) => isOneOf(rankFigures, figure));
  const each = query.scopes.length * query.figures.length * (query.against === 'none' ? 1 : 2);
  const most = Math.min(STEPS_MAX, Math.floor(POINTS_MAX / Math.max(1, each)));
  const steps = look.stepsOf({ ...days, by: query.by, most });
  const against =
    query.against === 'none'
      ? null
      : againstOf(look.zone, query.against, days, steps, (other, by) =>
          look.stepsOf({ ...other, by, most: Number.POSITIVE_INFINITY }),
        );
  const span = { from: steps.edges[0] ?? 0, to: steps.edges.at(-1) ?? 0 };
  const [series, ranks, marks] = await Promise.all([
    pairsOf({ look, query, days, steps, against, figures }),
    ranksOf(look, { scopes: query.scopes, figures: ranked, days, by: steps.by, against }),
    look.store.trendMarks(span, MARKS_MAX),
  ]);
  return {
    by: steps.by,
    edges: [...steps.edges],
    against: against && {
      kind: against.kind,
      from: dateOf(against.days.from),
      to: dateOf(against.days.to),
      edges: [...against.mapped],
    },
    series,
    ranks: ranks.series,
    rankEdges: ranks.edges,
    marks,
    notKnownFrom: look.read.notKnownFrom,
  };
}

function isOneOf<T extends string>(names: readonly T[], name: string): name is T {
  return names.some((one) => one === name);
}

interface PairsAsked {
  look: Look;
  query: SeriesQuery;
  days: Days;
  steps: Steps;
  against: Against | null;
  figures: readonly PairFigure[];
}

async function pairsOf({ look, query, days, steps, against, figures }: PairsAsked): Promise<PairSeries[]> {
  if (figures.length === 0) return [];
  const { scopes } = query;
  const { known } = look.read;
  const [own, other] = await Promise.all([
    look.store.sums({ scopes, figures, edges: steps.edges, ...known }),
    against && look.store.sums({ scopes, figures, edges: against.edges, ...known }),
  ]);
  const cuts = against && (await createCuts(look, { scopes, figures, days, against }));
  return scopes.flatMap((scope, row) =>
    figures.map((figure, column) => {
      const { minSample, targets } = look.scopeOf(scope);
      const target = targets[figure] ?? null;
      const index = row * figures.length + column;
      const { n, d } = partOf(own, index, steps.starts.length);
      const total = { n: sumOf(n), d: sumOf(d) };
      const before =
        against &&
        other &&
        beforeOf(against, other, index, steps.starts.length, cuts?.(scope, figure) ?? null);
      const rule = { kind: targetKind(figure), ...(target === null ? {} : { target }) };
      const isEnough = before !== null && Math.min(total.d, before.total.d) >= minSample;
      const change = isEnough && isPercent(figure) ? changeOf(total, before.total, rule) : null;
      return { scope, figure, target, n, d, total, before, change };
    }),
  );
}

/** What the steps are compared with, whole; where the period holds this moment, in total up to the same local time. */
function beforeOf(
  against: Against,
  other: Sums,
  index: number,
  steps: number,
  cut: Cut | null,
): NonNullable<PairSeries['before']> {
  const length = against.ofStep.length;
  const n = fold(against, other.n, index * length, steps);
  const d = fold(against, other.d, index * length, steps);
  if (cut !== null) return { n, d, total: cut.total, upTo: cut.upTo };
  const whole = partOf(other, index, length);
  const total: Tally = { n: sumOf(whole.n), d: sumOf(whole.d) };
  return { n, d, total };
}

function partOf(sums: Sums, index: number, length: number): { n: number[]; d: number[] } {
  const from = index * length;
  return { n: listOf(sums.n, from, length), d: listOf(sums.d, from, length) };
}
