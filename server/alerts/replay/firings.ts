import type { AlertLevel, AlertRule } from '../../../shared/alert.ts';
import type { Tally } from '../../../shared/figure.ts';
import type { Instant, Span } from '../../../shared/time.ts';
import { nextCrossing } from '../crossing.ts';
import { allWell, type Compiled, holdUpAt, levelOf, type RuleState, step } from '../step.ts';
import { isWorse } from '../worse.ts';
import type { Past } from './past.ts';

/** One time that a rule would have fired. */
export interface Firing {
  from: Instant;
  /** Null while it still does. */
  to: Instant | null;
  level: AlertLevel;
  worst: Tally;
}

/**
 * Every firing in a span, by the step of the live engine. It looks whenever what is read says something else, at the end
 * of each hold and at each opening and closing (`open`; null: always), each time on the next step of looks. A look in
 * between that says the same changes nothing, so that it is left out: the result is that of looking at every step.
 */
export function firingsOf(
  rule: Pick<AlertRule, 'metric' | 'direction'>,
  compiled: Compiled,
  past: Past,
  { span, open }: { span: Span; open: readonly Span[] | null },
): Firing[] {
  const firings: Firing[] = [];
  const hours = createHours(open);
  let state: RuleState = allWell;
  let current: Firing | null = null;
  const lookFrom = (instant: Instant): Instant => Math.ceil(instant / past.everyMs) * past.everyMs;
  let at = lookFrom(span.from);
  let i = lookAt(past, at);
  while (at < span.to) {
    const isOpen = hours.isOpen(at);
    const reading = past.reading(i, at);
    state = isOpen ? step(state, compiled, at, reading) : allWell;
    const level = levelOf(state);
    const value = reading.pairs[0] ?? { n: 0, d: 0 };
    if (level === null && current !== null) {
      current.to = at;
      current = null;
    } else if (level !== null && current === null) {
      current = { from: at, to: null, level, worst: value };
      firings.push(current);
    } else if (level !== null && current !== null) {
      if (level === 'critical') current.level = level;
      if (isWorse(rule, value, current.worst)) current.worst = value;
    }
    const edge = lookFrom(Math.min(hours.nextAt(at), span.to));
    if (!isOpen) {
      at = edge;
      i = lookAt(past, at, i);
      continue;
    }
    const crossing = past.rises ? nextCrossing(compiled, value.n, at) : Number.POSITIVE_INFINITY;
    const until = Math.min(edge, lookFrom(holdUpAt(state, compiled)));
    const bounds = { i, at, until, crossing: lookFrom(crossing) };
    const next = past.rises ? risingLook(past, bounds) : quickLook(past, bounds);
    if (current !== null) {
      // What was passed over said the same, and may have been worse.
      const worst = past.rises
        ? -1
        : past.worst(i, next.i + (next.i >= 0 && (past.t[next.i] as number) < next.at ? 1 : 0));
      const seen = past.rises ? past.reading(i, next.at).pairs[0] : past.reading(worst, at).pairs[0];
      if ((past.rises || worst >= 0) && seen !== undefined && isWorse(rule, seen, current.worst))
        current.worst = seen;
    }
    at = next.at;
    i = next.i;
  }
  return firings;
}

/** The next instant at which a look says something else, at most `until`. */
function quickLook(
  past: Past,
  { i, at, until }: { i: number; at: Instant; until: Instant },
): { i: number; at: Instant } {
  const found = past.scan(i + 1, until, past.said(i, at));
  return found < past.size
    ? { i: found, at: past.t[found] as number }
    : { i: lookAt(past, until, i), at: until };
}

/** The same of what grows: the next look, the next level that it passes, or `until`. */
function risingLook(
  past: Past,
  { i, until, crossing }: { i: number; until: Instant; crossing: Instant },
): { i: number; at: Instant } {
  const nextAt = i + 1 < past.size ? (past.t[i + 1] as number) : Number.POSITIVE_INFINITY;
  const bound = Math.min(until, crossing);
  return nextAt <= bound ? { i: i + 1, at: nextAt } : { i, at: bound };
}

/** The look that holds at an instant: the last one not after it. */
function lookAt({ t, size }: Past, at: Instant, from = -1): number {
  if (from >= 0) {
    let i = from;
    // Mostly the next one or two.
    for (let tries = 0; tries < 64; tries += 1) {
      if (i + 1 >= size || (t[i + 1] as number) > at) return i;
      i += 1;
    }
  }
  let low = Math.max(0, from);
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((t[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Opening hours as one goes along them. */
function createHours(open: readonly Span[] | null): {
  isOpen(at: Instant): boolean;
  nextAt(at: Instant): Instant;
} {
  let i = 0;
  const spanAt = (at: Instant): Span | undefined => {
    while (open !== null && i < open.length && (open[i] as Span).to <= at) i += 1;
    return open?.[i];
  };
  return {
    isOpen(at) {
      const span = spanAt(at);
      return open === null || (span !== undefined && at >= span.from);
    },
    nextAt(at) {
      const span = spanAt(at);
      if (span === undefined) return Number.POSITIVE_INFINITY;
      return at < span.from ? span.from : span.to;
    },
  };
}
