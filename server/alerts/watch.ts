import type { RuleStanding, SavedRule } from '../../shared/alert.ts';
import type { Tally } from '../../shared/figure.ts';
import { type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import { nextCrossing } from './crossing.ts';
import { LOOK_STEP_MS, nextLook } from './look-step.ts';
import {
  allWell,
  type Compiled,
  compile,
  holdUpAt,
  type Limit,
  levelOf,
  type Reading,
  type RuleState,
  step,
  verdictOf,
} from './step.ts';

/** Every rule is looked at this often, whether anything changed or not. */
export const LOOK_EVERY_MS = 15 * SECOND;
/** Later than this the machine slept, and what was in between was seen by nobody. */
const SLEPT_MS = 2 * MINUTE;

/** What a rule looks at, as it is made for each (see metrics/alert-looks.ts). */
export interface Look {
  /** `closed` outside the hours in which the rule holds; null while nothing is read yet. */
  read(at: Instant): Reading | 'closed' | null;
  /** Another number whenever a fact may have changed what is read. */
  version(): number;
  /** The next instant after `at` at which time alone changes what is read; Infinity when there is none. */
  nextChangeAt(at: Instant): Instant;
  /** What is read grows by a millisecond each millisecond. */
  rises: boolean;
}

/** A look that changed something. `closed`: the rule's hours ended. */
export interface Seen {
  rule: SavedRule;
  before: RuleState;
  after: RuleState;
  at: Instant;
  value: Tally | null;
  closed: boolean;
}

/** Looks at a rule on the first whole or half second after what it looks at changed or a hold is up, and at least every 15 seconds. */
export interface Watch {
  /** Rules that are on; those that are new or changed begin well, or as they are given. */
  set(rules: readonly SavedRule[], states?: ReadonlyMap<string, RuleState>): void;
  /**
   * Looks at whatever is due at `now`: what facts changed, on the first look from `changedAt` on; `all`: every
   * rule. Calls `seen` for each look at something that fires or changed.
   */
  look(now: Instant, asked?: { all?: boolean; changedAt?: Instant }): void;
  /** Looks at what was due before `now`, and not at what is due then: a commit of that very instant still counts. */
  catchUp(now: Instant, changedAt?: Instant): void;
  /** When something is due next. */
  nextAt(): Instant;
  standing(rule: string): RuleStanding;
  state(rule: string): RuleState | null;
}

interface Watched {
  rule: SavedRule;
  compiled: Compiled;
  look: Look;
  state: RuleState;
  version: number;
  dueAt: Instant;
  lookedAt: Instant;
  value: Tally | null;
  phase: 'unread' | 'closed' | 'unknown' | 'known';
}

interface Until {
  now: Instant;
  until: Instant;
  changedAt: Instant;
  all: boolean;
}

export interface WatchNeeds {
  lookOf: (rule: SavedRule) => Look;
  seen: (seen: Seen) => void;
}

export function createWatch({ lookOf, seen }: WatchNeeds): Watch {
  let watched = new Map<string, Watched>();
  const lookAt = (one: Watched, at: Instant): void => {
    one.version = one.look.version();
    one.lookedAt = at;
    const before = one.state;
    const read = one.look.read(at);
    if (read === null) {
      one.dueAt = at + SECOND;
      return;
    }
    if (read === 'closed') {
      one.phase = 'closed';
      one.value = null;
      one.state = allWell;
    } else {
      one.phase = isKnown(one.compiled, read) ? 'known' : 'unknown';
      one.value = read.stale ? null : (read.pairs[0] ?? null);
      one.state = step(before, one.compiled, at, read);
    }
    one.dueAt = dueAt(one, at);
    if (one.state !== before || levelOf(before) !== null)
      seen({ rule: one.rule, before, after: one.state, at, value: one.value, closed: read === 'closed' });
  };
  const lookUntil = (one: Watched, { now, until, changedAt, all }: Until): void => {
    const isBack = now < one.lookedAt;
    if (all || isBack || one.version !== one.look.version()) {
      const due = nextLook(Math.min(changedAt, now));
      one.dueAt = isBack ? due : Math.min(one.dueAt, due);
      // From here on it is later again.
      if (isBack) one.lookedAt = now;
    }
    if (now - one.dueAt > SLEPT_MS) one.dueAt = nextLook(now - LOOK_STEP_MS + 1);
    while (one.dueAt <= until) lookAt(one, one.dueAt);
  };
  return {
    set(rules, states = new Map()) {
      const next = new Map<string, Watched>();
      for (const rule of rules) {
        const old = watched.get(rule.id);
        if (old?.rule.version === rule.version) next.set(rule.id, old);
        else next.set(rule.id, unread(rule, lookOf(rule), states.get(rule.id) ?? allWell));
      }
      watched = next;
    },
    look(now, { all = false, changedAt = now } = {}) {
      for (const one of watched.values()) lookUntil(one, { now, until: now, changedAt, all });
    },
    catchUp(now, changedAt = now) {
      for (const one of watched.values()) lookUntil(one, { now, until: now - 1, changedAt, all: false });
    },
    nextAt() {
      let next = Number.POSITIVE_INFINITY;
      for (const one of watched.values()) if (one.dueAt < next) next = one.dueAt;
      return next;
    },
    standing(rule) {
      const one = watched.get(rule);
      return one === undefined ? { phase: 'off', level: null, since: null, value: null } : standingOf(one);
    },
    state: (rule) => watched.get(rule)?.state ?? null,
  };
}

function unread(rule: SavedRule, look: Look, state: RuleState): Watched {
  return {
    rule,
    compiled: compile(rule),
    look,
    state,
    version: Number.NaN,
    dueAt: Number.NEGATIVE_INFINITY,
    lookedAt: Number.NEGATIVE_INFINITY,
    value: null,
    phase: 'unread',
  };
}

function dueAt({ look, state, compiled, value }: Watched, at: Instant): Instant {
  const crossing =
    look.rises && value !== null ? nextCrossing(compiled, value.n, at) : Number.POSITIVE_INFINITY;
  const next = Math.min(look.nextChangeAt(at), holdUpAt(state, compiled), crossing, at + LOOK_EVERY_MS);
  return Math.max(nextLook(next), at + LOOK_STEP_MS);
}

function isKnown(compiled: Compiled, reading: Reading): boolean {
  const level: Limit | null = compiled.warning ?? compiled.critical;
  return verdictOf(level, compiled, reading) !== 'none';
}

function standingOf({ state, phase, value }: Watched): RuleStanding {
  const level = levelOf(state);
  if (level !== null) {
    const machine = state[level];
    return { phase: 'firing', level, since: machine.phase === 'firing' ? machine.since : null, value };
  }
  const pending = state.critical.phase === 'pending' ? 'critical' : 'warning';
  const machine = state[pending];
  if (machine.phase === 'pending') return { phase: 'pending', level: pending, since: machine.since, value };
  const standing = phase === 'closed' ? 'closed' : phase === 'known' ? 'well' : 'unknown';
  return { phase: standing, level: null, since: null, value };
}
