import { MINUTE } from '../../shared/time.ts';
import type { PairSeries, RankSeries, TrendFigure, TrendsAnswer } from '../../shared/wire-trends.ts';
import { comparedText } from './against-words.ts';
import { zoneOf } from './dates.ts';
import { FIGURES } from './figure-words.ts';
import type { Offered } from './offered.ts';
import type { Drawn } from './steps.ts';

/** What is shown is read again this often, while the page is visible. */
export const LOOK_EVERY_MS = MINUTE;
/** A table that nobody sees is written so long after its chart was drawn. */
export const TABLE_AFTER_MS = 250;

/** Steps by their length, more than one. */
export const STEP_NAMES = {
  quarter: 'quarter-hours',
  hour: 'hours',
  day: 'days',
  week: 'weeks',
  month: 'months',
} as const;

/** "Calls on the first ring, Acme, 20 Oct to 16 Nov: 28 steps, target 75%, beside the 4 weeks before". */
export function labelOf(caption: string, drawn: Drawn, answer: TrendsAnswer): string {
  const { target, steps, joined } = drawn;
  return [
    `${caption}: ${steps.length} steps`,
    ...(joined > 1 ? [`each of ${joined} ${STEP_NAMES[answer.by]}`] : []),
    ...(target === null ? [] : [`target ${target}%`]),
    ...(answer.against === null ? [] : [`beside ${comparedText(answer)}`]),
  ].join(', ');
}

/** Why a figure is not counted where one looks, and what to do about it. */
export function absentText(
  figure: TrendFigure,
  scopes: readonly Offered[],
  offered: readonly Offered[],
): string {
  if (offered.some(({ figures }) => figures.includes(figure)))
    return `Not counted for ${scopes.map(({ name }) => name).join(', ')}. Choose another place, or the site.`;
  const { feed, of } = FIGURES[figure];
  const has = (kind: Offered['kind']) => offered.some((scope) => scope.kind === kind);
  if (feed === 'emails' && !has('mailbox'))
    return `No mailbox is configured, so there are no ${of} to count.`;
  if (feed === 'phones' && !has('calls'))
    return `No call queue is configured, so there are no ${of} to count.`;
  return 'Not counted: the configuration switches it off.';
}

export function seriesIn(
  answer: TrendsAnswer,
  figure: TrendFigure,
  scope: string,
): PairSeries | RankSeries | null {
  const isThis = (one: PairSeries | RankSeries) => one.figure === figure && one.scope === scope;
  return answer.series.find(isThis) ?? answer.ranks.find(isThis) ?? null;
}

/** "not known from Mon 16 Nov, 14:02"; null where all of the period is known. */
export function unknownText({ unknownFrom }: Drawn, answer: TrendsAnswer): string | null {
  if (unknownFrom === null || unknownFrom >= (answer.edges.at(-1) ?? 0)) return null;
  const zone = zoneOf(answer.zone);
  return `not known from ${zone.day(unknownFrom)}, ${zone.minute(unknownFrom)}`;
}
