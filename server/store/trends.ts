import type { FigureId, Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';

/**
 * Lengths whose exact distribution is kept by scope and local day: `ring` in half-seconds rounded down (what the first
 * ring of answered calls was judged by), `wait` in whole seconds rounded up (answered calls), `reply` in twice the open
 * minutes rounded up (answered emails, on the day of the answer), `arrival` (every email that an answer was owed to, on
 * the day it arrived, in the scope of its mailbox alone, or of the site where it is in none; the key holds the time of
 * arrival and the reply). judge/lengths.ts makes the keys and says which of them are within a time allowed.
 */
export type Measure = 'ring' | 'wait' | 'reply' | 'arrival';

/** A local date as the number of days since 1970-01-01. */
export type EpochDay = number;

/** A change to how often a length occurred. */
export interface SpreadDelta {
  scope: Scope;
  measure: Measure;
  day: EpochDay;
  key: number;
  count: number;
}

/** Pending verdicts are counted as lost up to `now`, and those of these sources up to their last sign of life. */
export interface AsKnown {
  now: Instant;
  knownUntil: Readonly<Record<string, Instant>>;
}

export interface SumsAsked extends AsKnown {
  scopes: readonly Scope[];
  figures: readonly FigureId[];
  /** Ascending, whole quarter-hours; a step lies between two. */
  edges: readonly Instant[];
}

/** In the order of scopes, then figures, then steps. */
export interface Sums {
  n: Float64Array;
  d: Float64Array;
}

export interface SpreadAsked {
  scopes: readonly Scope[];
  measure: Measure;
  /** Ascending; a step lies between two. */
  edges: readonly EpochDay[];
}

/** Nearest ranks, in keys; NaN where nothing was counted. */
export interface Ranks {
  count: Float64Array;
  p50: Float64Array;
  p90: Float64Array;
}

/** In the order of scopes, then steps; `totals` of all steps of each scope together. */
export interface SpreadRanks extends Ranks {
  totals: Ranks;
}

/** One day of one scope: how often each key occurred, in the order of keys. */
export interface Spread {
  scope: Scope;
  day: EpochDay;
  keys: number[];
  counts: number[];
}

/** Emails by when they arrived: which of them count, and in which step. */
export interface ArrivalsAsked {
  scopes: readonly Scope[];
  /** The days of arrival to look at, and the instant of each one's local midnight. */
  from: EpochDay;
  midnights: readonly Instant[];
  /** What was answered with a key of at most this is left out. */
  most: number;
  /**
   * Of each scope the arrivals that its steps begin with, ascending, one more than there are steps; and from which arrival
   * on what nobody answered is left out.
   */
  steps: readonly { edges: readonly Instant[]; openFrom: Instant }[];
}

/**
 * What trends read. Everything here runs on a thread of its own and never holds the process; each answer is of one
 * moment of the database.
 */
export interface TrendReads {
  /** Tallies, stored and due: what the wall would show for each step. */
  sums(asked: SumsAsked): Promise<Sums>;
  /** Median and 90th percentile of each step, from the merged distributions of its days; never averaged. */
  spreadRanks(asked: SpreadAsked): Promise<SpreadRanks>;
  /** How many of each step have a key of at most `most`. In the order of scopes, then steps. */
  countedUpTo(asked: SpreadAsked & { most: number }): Promise<Float64Array>;
  /** How many emails of all scopes together arrived in each step and were answered later than asked, or never. */
  arrivalsIn(asked: ArrivalsAsked): Promise<Float64Array>;
  /** The distributions themselves, day by day; for short spans. */
  spreads(asked: {
    scopes: readonly Scope[];
    measure: Measure;
    from: EpochDay;
    to: EpochDay;
  }): Promise<Spread[]>;
}
