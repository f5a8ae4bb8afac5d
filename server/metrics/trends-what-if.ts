import type { Tally } from '../../shared/figure.ts';
import { changeOf } from '../../shared/percent.ts';
import type { Instant } from '../../shared/time.ts';
import { STEPS_MAX, type WhatIfAnswer, type WhatIfFigure } from '../../shared/wire-trends.ts';
import { ringMost, waitMost } from '../judge/lengths.ts';
import type { AsKnown, EpochDay } from '../store/trends.ts';
import type { Look, WhatIfQuery } from './trends.ts';
import type { TrendScope } from './trends-scope.ts';
import { type Days, dayEdges, wholeDays } from './trends-steps.ts';
import { sumOf } from './trends-sums.ts';
import { mailJudgedBy } from './trends-what-if-mail.ts';

type WhatIfPart = Omit<WhatIfAnswer, 'now' | 'zone' | 'from' | 'to'>;

/** A period that is judged again, in steps of whole days. */
export interface Judging {
  scope: TrendScope;
  days: readonly EpochDay[];
  edges: readonly Instant[];
  withinMs: number;
}

/** (n, d) of each step. */
export interface JudgedSteps {
  n: number[];
  d: number[];
}

/** How a period would have been judged with another time allowed, beside how it is. Nothing that is stored changes. */
export async function whatIfOf(look: Look, query: WhatIfQuery, period: Days): Promise<WhatIfPart> {
  const { figure, withinMs } = query;
  const scope = look.scopeOf(query.scope);
  const promisedMs = scope.promisedMs[figure];
  if (promisedMs === undefined) throw new RangeError(`${scope.scope} has no ${figure}.`);
  const by = wholeDays(look.stepsOf({ ...period, by: query.by, most: STEPS_MAX }).by);
  const days = dayEdges(period, by);
  const edges = days.map((day) => look.zone.startOf(day));
  const judging = { scope, days, edges, withinMs };
  const [is, wouldBe] = await judged(look, figure, judging);
  const target = scope.targets[figure];
  const total = totalOf(wouldBe);
  return {
    by,
    edges,
    scope: scope.scope,
    figure,
    promisedMs,
    withinMs,
    is: { ...is, total: totalOf(is) },
    wouldBe: { ...wouldBe, total },
    change: changeOf(total, totalOf(is), target === undefined ? {} : { target }),
  };
}

async function judged(
  look: Look,
  figure: WhatIfFigure,
  judging: Judging,
): Promise<[is: JudgedSteps, wouldBe: JudgedSteps]> {
  switch (figure) {
    case 'firstRing':
      return callsJudgedBy(look, figure, judging, ringMost(judging.withinMs));
    case 'serviceLevel':
      return callsJudgedBy(look, figure, judging, waitMost(judging.withinMs));
    case 'emailsWithinHour':
      return Promise.all([stored(look, figure, judging, look.read.known), mailJudgedBy(look, judging)]);
  }
}

/**
 * Finished calls: another time allowed changes which of the answered ones were in time, and nothing else. Those still
 * going on have no length to be judged by and are left out of both.
 */
async function callsJudgedBy(
  look: Look,
  figure: 'firstRing' | 'serviceLevel',
  judging: Judging,
  most: number,
): Promise<[JudgedSteps, JudgedSteps]> {
  const measure = figure === 'firstRing' ? 'ring' : 'wait';
  const settled = await settledAlone(look);
  const [is, n] = await Promise.all([
    stored(look, figure, judging, settled),
    look.store.countedUpTo({ scopes: [judging.scope.scope], measure, edges: judging.days, most }),
  ]);
  return [is, { n: [...n], d: is.d }];
}

/** As of before anything began, whatever its source: so nothing that is pending is counted. */
async function settledAlone({ store }: Look): Promise<AsKnown> {
  const sources = [...(await store.sourceCounts()).keys()];
  return { now: 0, knownUntil: Object.fromEntries(sources.map((source) => [source, 0])) };
}

async function stored(
  { store }: Look,
  figure: WhatIfFigure,
  { scope, edges }: Judging,
  known: AsKnown,
): Promise<JudgedSteps> {
  const { n, d } = await store.sums({ scopes: [scope.scope], figures: [figure], edges, ...known });
  return { n: [...n], d: [...d] };
}

function totalOf({ n, d }: JudgedSteps): Tally {
  return { n: sumOf(n), d: sumOf(d) };
}
