import type { FigureId, Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';

/** Counted: adds (n, d) to a figure in the quarter-hour of `at`. */
export interface Settled {
  figure: FigureId;
  scope: Scope;
  at: Instant;
  n: number;
  d: number;
}

/** Not yet counted: adds (0, 1) in the quarter-hour of `at` from the instant `lostAt` on. */
export interface Pending {
  figure: FigureId;
  scope: Scope;
  at: Instant;
  lostAt: Instant;
}

/** What is going on now, for gauges. `until` ends it without a fact (a call nobody closed, the end of patience). */
export type Live =
  | {
      what: 'call';
      scopes: Scope[];
      offeredAt: Instant;
      state: 'waiting' | 'ringing' | 'talking';
      bridgedAt: Instant | null;
      until: Instant;
    }
  | { what: 'email'; scopes: Scope[]; inAt: Instant; dueAt: Instant; until: Instant }
  | { what: 'callback'; scopes: Scope[]; inAt: Instant; dueAt: Instant; until: Instant };

/**
 * The verdict on one item (a call, a thread, a person owed a call, a post) from all of its facts. It holds no `now`:
 * what time alone will change is told as instants, so that the same verdict can be read at any moment.
 */
export interface Judged {
  settled: Settled[];
  /** Verdicts still open: lost at an instant each, unless a fact comes first. */
  pending: Pending[];
  live: Live[];
  /** Calls: one view per scope they were offered in; empty otherwise. */
  views: CallView[];
  /** Threads: one for each answer owed that counts; empty otherwise. */
  replies: Reply[];
  /** Contacts of the caller that open or meet an obligation to call back; empty otherwise. */
  contacts: Contact[];
}

export type CallOutcome =
  | 'present'
  | 'answered'
  | 'abandoned'
  | 'short_abandon'
  | 'flow_out'
  | 'callback'
  | 'overflow'
  | 'out_of_hours'
  | 'unknown';

/** How one scope (queue, team or site) sees a call. Lengths in ms; null where not known or not so. */
export interface CallView {
  scope: Scope;
  offeredAt: Instant;
  outcome: CallOutcome;
  /** The verdict in words' stead: pickup − first alert < P. */
  firstRing: 'met' | 'missed' | 'pending' | 'none';
  /** First alert to pickup. */
  ringMs: number | null;
  /** What the first ring was judged by: from `firstRingAnchor` to the pickup; of answered calls alone. */
  reactionMs: number | null;
  /** Offered to bridged, or to the end for the abandoned. */
  waitMs: number | null;
  /** Offered to first alert. */
  preRingMs: number | null;
  /** Arrived to offered; only in the site's view. */
  menuMs: number | null;
  /** Bridged to end; null while talking. */
  talkMs: number | null;
  /** While talking: since when. */
  talkingSince: Instant | null;
}

/** An answer that was owed to an email, and when it went out. What was waived, or is unknown, is no reply. */
export interface Reply {
  /** The mailbox first, or the site where the mail is in none. */
  scopes: Scope[];
  inAt: Instant;
  /** Infinity where the calendar never opens again. */
  dueAt: Instant;
  /** Null while nobody answered. */
  answeredAt: Instant | null;
  /** Open minutes until the answer, rounded up; null while nobody answered. */
  replyMinutes: number | null;
  /** So many open minutes were over before the answer went out: they ended at closing time, and it came after. */
  isPast: boolean;
}

/** One thing that a caller did, or we did towards her, as far as call-backs go. */
export type Contact =
  | { what: 'cause'; at: Instant; team: string | null; why: 'abandoned' | 'flow_out' | 'callback' | 'text' }
  | { what: 'reached'; at: Instant; by: 'us' | 'them' }
  | { what: 'waived'; at: Instant };

export const nothingJudged: Judged = {
  settled: [],
  pending: [],
  live: [],
  views: [],
  replies: [],
  contacts: [],
};
