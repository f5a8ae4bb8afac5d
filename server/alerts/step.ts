import { type AlertKind, type AlertLevel, type AlertRule, metricShape } from '../../shared/alert.ts';
import type { Tally } from '../../shared/figure.ts';
import { type Instant, SECOND } from '../../shared/time.ts';

/** What one look at a value says of one level. `none`: too few items, or the source is lost. */
export type Verdict = 'bad' | 'hold' | 'good' | 'none';

/**
 * One level of a rule. `since`: when it began to be pending, or when it fired. `clearSince`: while firing, the first good
 * look of an unbroken run of them.
 */
export type Machine =
  | { phase: 'well' }
  | { phase: 'pending'; since: Instant }
  | { phase: 'firing'; began: Instant; since: Instant; clearSince: Instant | null };

/** A rule's two machines; what shows is the higher one that fires. */
export interface RuleState {
  warning: Machine;
  critical: Machine;
}

export const well: Machine = { phase: 'well' };
export const allWell: RuleState = { warning: well, critical: well };

/** What a rule looks at: one pair, or the long and the short window of a burn rate. Values of now are (value, 1). */
export interface Reading {
  pairs: readonly Tally[];
  /** The source is lost: nothing is known. */
  stale: boolean;
}

/** Items that stand in for a short window with too few of them. */
export const SHORT_ITEMS = 10;

/**
 * One look. Pure: the same state, rule and readings give the same. Returns the state it was given when nothing changed.
 * docs/alerts.md has the rules.
 */
export function step(state: RuleState, rule: Compiled, at: Instant, reading: Reading): RuleState {
  const warning = stepMachine(state.warning, rule, at, verdictOf(rule.warning, rule, reading));
  const critical = stepMachine(state.critical, rule, at, verdictOf(rule.critical, rule, reading));
  return warning === state.warning && critical === state.critical ? state : { warning, critical };
}

/** One look at one level. */
export function stepMachine(
  machine: Machine,
  { forMs, clearForMs }: { forMs: number; clearForMs: number },
  at: Instant,
  verdict: Verdict,
): Machine {
  if (machine.phase !== 'firing') {
    if (verdict !== 'bad') return machine.phase === 'well' ? machine : well;
    // The clock may have been set back: a hold that began later than now begins now.
    const began = machine.phase === 'pending' ? Math.min(machine.since, at) : at;
    if (at - began >= forMs) return { phase: 'firing', began, since: at, clearSince: null };
    return machine.phase === 'pending' && machine.since === began
      ? machine
      : { phase: 'pending', since: began };
  }
  if (verdict !== 'good') return machine.clearSince === null ? machine : { ...machine, clearSince: null };
  const clearSince = Math.min(machine.clearSince ?? at, at);
  if (at - clearSince >= clearForMs) return well;
  return machine.clearSince === clearSince ? machine : { ...machine, clearSince };
}

/** The instant at which a hold is up, should every look until then say the same; Infinity when none runs. */
export function holdUpAt(
  { warning, critical }: RuleState,
  rule: { forMs: number; clearForMs: number },
): Instant {
  return Math.min(machineUpAt(warning, rule), machineUpAt(critical, rule));
}

function machineUpAt(
  machine: Machine,
  { forMs, clearForMs }: { forMs: number; clearForMs: number },
): Instant {
  switch (machine.phase) {
    case 'well':
      return Number.POSITIVE_INFINITY;
    case 'pending':
      return machine.since + forMs;
    case 'firing':
      return machine.clearSince === null ? Number.POSITIVE_INFINITY : machine.clearSince + clearForMs;
  }
}

/** What a wall shows of a state; null when nothing fires. */
export function levelOf({ warning, critical }: RuleState): AlertLevel | null {
  if (critical.phase === 'firing') return 'critical';
  return warning.phase === 'firing' ? 'warning' : null;
}

/** A level as integers: bad and good are compared without a fraction. */
export interface Limit {
  /** Beyond `bad · d` is bad, back at or past `good · d` is good. */
  bad: number;
  good: number;
}

/** A rule made ready to be looked at often. */
export interface Compiled {
  forMs: number;
  clearForMs: number;
  warning: Limit | null;
  critical: Limit | null;
  below: boolean;
  /** What n is multiplied by before it is compared. */
  times: number;
  /** How many items are wanted, and what counts as one: d, or n of a rate above. */
  min: number;
  sample: 'd' | 'n' | 'none';
  /** Misses are what is compared: d − n. */
  misses: boolean;
}

/** Levels have at most one decimal, so that ten times a level is an integer. */
export function compile(rule: AlertRule): Compiled {
  const { kind } = metricShape(rule.metric);
  const below = rule.direction === 'below';
  const unit = kind === 'mean' || kind === 'length' ? SECOND : kind === 'burn' ? 100 - (rule.target ?? 0) : 1;
  const limit = (level: number | null): Limit | null => {
    if (level === null) return null;
    const bad = Math.round(level * 10);
    const back = Math.round(rule.margin * 10);
    return { bad: bad * unit, good: (below ? bad + back : bad - back) * unit };
  };
  const isPercent = kind === 'percent' || kind === 'rate' || kind === 'burn';
  return {
    forMs: rule.forMs,
    clearForMs: rule.clearForMs,
    warning: limit(rule.warning),
    critical: limit(rule.critical),
    below,
    times: isPercent ? 1_000 : 10,
    min: rule.minItems,
    sample: sampleOf(kind, below),
    misses: kind === 'burn',
  };
}

function sampleOf(kind: AlertKind, below: boolean): Compiled['sample'] {
  switch (kind) {
    case 'percent':
    case 'mean':
    case 'burn':
      return 'd';
    case 'rate':
      return below ? 'd' : 'n';
    case 'count':
    case 'length':
    case 'gauge':
      return 'none';
  }
}

/** What a reading says of a level. Of two windows both must be bad; one that is good is enough. */
export function verdictOf(limit: Limit | null, rule: Compiled, { pairs, stale }: Reading): Verdict {
  if (limit === null || stale || pairs.length === 0) return 'none';
  let said: Verdict = 'bad';
  for (let i = 0; i < pairs.length; i += 1) {
    const pair = pairs[i] as Tally;
    const one = judge(limit, rule, pair.n, pair.d, i === 0 ? rule.min : Math.min(rule.min, SHORT_ITEMS));
    if (one === 'none') return 'none';
    if (one === 'good') said = 'good';
    else if (one === 'hold' && said === 'bad') said = 'hold';
  }
  return said;
}

/** What one pair says of a level, in integers alone. */
export function judge(limit: Limit, rule: Compiled, n: number, d: number, min: number): Verdict {
  // Few mentions are no storm, however few there were the week before.
  if (rule.sample === 'n') {
    if (n < min) return 'good';
  } else if (rule.sample === 'd' && d < Math.max(1, min)) return 'none';
  const value = rule.times * (rule.misses ? d - n : n);
  const of = rule.sample === 'none' ? 1 : Math.max(1, d);
  if (rule.below) {
    if (value < limit.bad * of) return 'bad';
    return value >= limit.good * of ? 'good' : 'hold';
  }
  if (value > limit.bad * of) return 'bad';
  return value <= limit.good * of ? 'good' : 'hold';
}
