import { type AlertRule, type AlertWindow, metricShape } from '../../../shared/alert.ts';
import { type Instant, MINUTE, type Span } from '../../../shared/time.ts';
import type { PreviewAnswer } from '../../../shared/wire-alerts.ts';
import { type Compiled, compile, SHORT_ITEMS } from '../step.ts';
import type { Columns } from './columns.ts';
import { type Firing, firingsOf } from './firings.ts';
import { type Past, pastOf, risingPast, slowerBurn } from './past.ts';
import { fewOf, lineOf } from './picture.ts';
import { lastSum, longestSince, movingSum, onLooks, type Series, standing } from './series.ts';

/** Firings of which each is told; more than that is too many whatever they are. */
const FIRINGS_MAX = 500;
/** The short window of a burn rate is a twelfth of the long one. */
const SHORT_PART = 12;

export interface ReplayAsked {
  rule: AlertRule;
  span: Span;
  /** Opening hours of the rule's scope inside the span. */
  open: Span[];
  /** Local midnights, ascending, from before the first row to after the last. */
  midnights: Instant[];
}

/** Rows of one scope and figure, with the sums that were last made of them. */
export interface Replayed {
  columns: Columns;
  sums: Map<string, Series>;
  /** Parts of the picture that do not depend on the levels. */
  drawn: Map<string, unknown>;
}

export type Ready = Extract<PreviewAnswer, { state: 'ready' }>;

/** What a rule would have done with these rows. */
export function replay(replayed: Replayed, { rule, span, open, midnights }: ReplayAsked): Ready {
  const compiled = compile(rule);
  const past = pastFor(rule, compiled, replayed, midnights);
  const held = { span, open: rule.hours === 'open' ? open : null };
  const firings = firingsOf(rule, compiled, past, held);
  const otherMs =
    rule.forMs >= 2 * MINUTE ? Math.round(rule.forMs / 2 / MINUTE) * MINUTE : rule.forMs + 5 * MINUTE;
  const others = firingsOf(rule, compile({ ...rule, forMs: otherMs }), past, held);
  const inHours = (at: Instant): boolean => open.some(({ from, to }) => at >= from && at < to);
  const told = firings.map((firing) => ({ ...firing, inHours: inHours(firing.from) }));
  const isSampled = compiled.sample === 'd' && compiled.min > 0;
  return {
    state: 'ready',
    from: span.from,
    to: span.to,
    firings: told.slice(-FIRINGS_MAX),
    count: told.length,
    criticalCount: told.filter(({ level }) => level === 'critical').length,
    inHoursCount: told.filter((one) => one.inHours).length,
    totalMs: told.reduce((sum, firing) => sum + lengthOf(firing, span), 0),
    other: { forMs: otherMs, count: others.length },
    line: drawn(replayed, { rule, span, what: 'line' }, () => lineOf(past, span)),
    few: isSampled
      ? drawn(replayed, { rule, span, what: `few ${compiled.min}` }, () => fewOf(past, span, compiled.min))
      : [],
    open,
  };
}

function lengthOf({ from, to }: Firing, span: Span): number {
  return (to ?? span.to) - from;
}

function pastFor(
  rule: AlertRule,
  compiled: Compiled,
  replayed: Replayed,
  midnights: readonly Instant[],
): Past {
  const { kind } = metricShape(rule.metric);
  const sum = (window: AlertWindow): Series =>
    kept(replayed, JSON.stringify(window), () => sumOver(replayed.columns, window, midnights));
  if (rule.window === null) {
    if (kind === 'length')
      return risingPast(
        kept(replayed, 'longest', () => longestSince(replayed.columns)),
        compiled,
      );
    return pastOf(
      kept(replayed, 'standing', () => standing(replayed.columns)),
      compiled,
    );
  }
  const { window } = rule;
  if (kind !== 'burn' || window.kind !== 'rolling') return pastOf(sum(window), compiled);
  const burn = kept(replayed, JSON.stringify(['burn', window, rule.minItems]), () => {
    const short = sumOver(
      replayed.columns,
      { kind: 'rolling', minutes: window.minutes / SHORT_PART },
      midnights,
    );
    const last = sumOver(replayed.columns, { kind: 'last', items: SHORT_ITEMS }, midnights);
    return slowerBurn([sumOver(replayed.columns, window, midnights), short, last], rule.minItems);
  });
  // Both windows have enough, or the pair is empty.
  return pastOf(burn, { ...compiled, min: 1 });
}

/** A level that is dragged changes nothing of the line. */
function drawn<T>(
  { drawn: all }: Replayed,
  { rule, span, what }: { rule: AlertRule; span: Span; what: string },
  draw: () => T,
): T {
  const key = JSON.stringify([what, rule.metric, rule.window, span]);
  const had = all.get(key);
  if (had !== undefined) return had as T;
  const made = draw();
  if (all.size >= DRAWN_MAX) all.clear();
  all.set(key, made);
  return made;
}

const DRAWN_MAX = 8;
/** What dragging a level asks for again and again. */
const SUMS_MAX = 3;

function kept({ sums }: Replayed, key: string, make: () => Series): Series {
  const had = sums.get(key);
  if (had !== undefined) return had;
  const made = onLooks(make());
  for (const old of sums.keys()) if (sums.size >= SUMS_MAX) sums.delete(old);
  sums.set(key, made);
  return made;
}

/** An instant leaves a rolling window the millisecond after its length, and the day at its end. */
function sumOver(columns: Columns, window: AlertWindow, midnights: readonly Instant[]): Series {
  switch (window.kind) {
    case 'last':
      return lastSum(columns, window.items);
    case 'rolling': {
      const lengthMs = window.minutes * MINUTE;
      return movingSum(columns, (at) => at + lengthMs + 1);
    }
    case 'today':
      return movingSum(columns, nextOf(midnights));
  }
}

/** The first of some ascending instants after one; those asked for mostly ascend too. */
function nextOf(instants: readonly Instant[]): (at: Instant) => Instant {
  let i = 0;
  return (at) => {
    while (i > 0 && (instants[i - 1] as number) > at) i -= 1;
    while (i < instants.length && (instants[i] as number) <= at) i += 1;
    return instants[i] ?? Number.POSITIVE_INFINITY;
  };
}
