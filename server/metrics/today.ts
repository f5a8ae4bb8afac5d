import type { FigureId, Promised, Scope, Step, Tally } from '../../shared/figure.ts';
import { changeOf } from '../../shared/percent.ts';
import { type Instant, quarterOf, type Span } from '../../shared/time.ts';
import { sameHalfHours } from '../judge/local-day.ts';
import type { Baseline } from './baselines.ts';
import { type DayShape, stepsOn } from './board-day.ts';
import type { CutQuarters } from './cut-quarters.ts';
import type { FeedState } from './feed.ts';
import { shiftIn, type Unsettled } from './open-items.ts';
import type { Quarters } from './quarters.ts';

/** One scope's day so far, as one moment sees it. */
export interface Today {
  scope: Scope;
  day: DayShape;
  axis: Span;
  quarters: Quarters;
  unsettled: Unsettled;
  cuts: CutQuarters;
  /** The day compared with, up to the same local time as an instant of today; null where there is none. */
  baselineAt(at: Instant): Baseline | null;
}

/** A figure over a span of whole quarter-hours, what is lost but not yet folded included. */
export function tallyIn(today: Today, figure: FigureId, span: Span = today.day): Tally {
  const { n, d } = today.quarters.sum(today.scope, figure, span);
  return { n, d: d + shiftIn(today.unsettled, figure, span) };
}

export interface Goal {
  target: number;
  withinMs: number;
  minSample: number;
}

/** Everything one of the two hero figures says. A figure of a lost feed is compared as of when it was last true. */
export function promisedOf(
  today: Today,
  figure: 'firstRing' | 'emailsWithinHour',
  goal: Goal,
  { feed, asOf }: FeedState,
  now: Instant,
): Promised {
  const tally = tallyIn(today, figure);
  const baseline = today.baselineAt(Math.max(asOf ?? now, today.day.from));
  return {
    tally,
    ...goal,
    pending: today.unsettled.pending.get(figure) ?? 0,
    baseline: baseline && comparedWith(today, figure, baseline, tally, goal),
    steps: stepsOf(today, figure, baseline?.day ?? null),
    asOf,
    feed,
  };
}

/** Null when nothing was counted on the other day at all, or while its last quarter-hour is still to be read. */
function comparedWith(
  today: Today,
  figure: 'firstRing' | 'emailsWithinHour',
  baseline: Baseline,
  tally: Tally,
  { target, minSample }: Goal,
): Promised['baseline'] {
  if (tallyIn(today, figure, baseline.day).d === 0) return null;
  const rest = today.cuts.upTo(today.scope, figure, baseline.to);
  if (rest === null) return null;
  const whole = tallyIn(today, figure, { from: baseline.from, to: quarterOf(baseline.to) });
  const before = { n: whole.n + rest.n, d: whole.d + rest.d };
  // A change between a handful of calls would be said of chance.
  const enough = tally.d >= minSample && before.d >= minSample;
  return { tally: before, date: baseline.date, change: enough ? changeOf(tally, before, { target }) : null };
}

function stepsOf(today: Today, figure: FigureId, other: DayShape | null): Step[] {
  return stepsOn(today.axis, today.day).map((step) => {
    const last = { n: 0, d: 0 };
    for (const same of other ? sameHalfHours(step, other.halfHours) : []) {
      const part = tallyIn(today, figure, same);
      last.n += part.n;
      last.d += part.d;
    }
    return { from: step.from, to: step.to, today: tallyIn(today, figure, step), last };
  });
}
