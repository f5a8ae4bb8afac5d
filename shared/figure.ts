import type { WallAlert } from './alert.ts';
import type { Chime, Longest } from './board-extras.ts';
import type { Instant, Span } from './time.ts';

export type { Chime, Longest };

/** A ratio as a pair. A percent exists only at the moment of display; pairs are added, never averaged. */
export interface Tally {
  n: number;
  d: number;
}

/** What a figure is about: everything, one team, or one queue. */
export type Scope = 'site' | `team:${string}` | `queue:${string}`;

/**
 * Every figure that is kept in tallies. Ratios are (n, d); `speedOfAnswer` is (sum of waits in ms, answered calls);
 * the counts after it are (count, 0). The names are those of docs/metrics.
 */
export type FigureId =
  | 'firstRing'
  | 'serviceLevel'
  | 'abandonment'
  | 'calledBack'
  | 'emailsWithinHour'
  | 'emailsByArrival'
  | 'leftInMenu'
  | 'speedOfAnswer'
  | 'callsOffered'
  | 'shortAbandons'
  | 'callbacksAccepted'
  | 'overflowed'
  | 'outOfHours'
  | 'callsUnknown'
  | 'emailsReceived'
  | 'emailsAutomated'
  | 'emailsInternal'
  | 'emailsSpam'
  | 'emailsDuplicate'
  | 'emailsWaived'
  | 'emailsWaivedLate'
  | 'emailsUnknown'
  | 'calledBackLate'
  | 'calledAgain'
  | 'callbacksUnknown'
  | 'callbacksWaived'
  | 'skew'
  | 'mentions'
  | 'reach'
  | 'mentionsDeleted'
  | 'mentionsNotPublic'
  | 'mentionsOwn'
  | 'mentionsMutedAccount'
  | 'mentionsMutedWord'
  | 'mentionsOtherLanguage';

/** What kind of thing a source feeds: it decides which figures hollow when the source is lost. */
export type Feed = 'phones' | 'emails' | 'mentions';

/**
 * How a source is doing. `heard` is a pushed source (HTTP) that never promised a sign of life: it has a time it was
 * last heard and is never late. `waiting` has not connected yet since the start.
 */
export type SourceState = 'waiting' | 'live' | 'late' | 'lost' | 'heard';

export interface SourceHealth {
  id: string;
  feeds: readonly Feed[];
  state: SourceState;
  /** When it entered this state. */
  since: Instant;
  /** The last sign of life; null when there was none yet. Figures of a late or lost source are true as of this. */
  heardAt: Instant | null;
  /** What went wrong, in words for a person, with what to do; null when nothing did. */
  trouble: string | null;
}

/** The difference to the same weekday last week, already decided by the rule of clear change. */
export type Change = { kind: 'up' | 'down'; points: number } | { kind: 'level' | 'about' };

/** One half-hour of the day; `last` is the same local half-hour of the comparison day. */
export interface Step extends Span {
  today: Tally;
  last: Tally;
}

/** One of the two hero figures, whole: everything its row on the wall says. */
export interface Promised {
  tally: Tally;
  /** Whole percent promised. */
  target: number;
  /** Seconds or minutes allowed, in ms (the ring period; the mailbox's limit; the service level's T). */
  withinMs: number;
  /** Under this many counted items the row shows "3 of 4" and no percent. */
  minSample: number;
  /** Items that have no verdict yet. */
  pending: number;
  baseline: {
    tally: Tally /** ISO local date, e.g. 2026-11-10 */;
    date: string;
    change: Change | null;
  } | null;
  steps: Step[];
  /** True as of this instant when its source is late or lost; null while live. */
  asOf: Instant | null;
  feed: 'live' | 'late' | 'lost';
}

/** Median and 90th percentile by nearest rank; null when nothing was counted. */
export interface Ranks {
  p50Ms: number;
  p90Ms: number;
}

/** Calls: the first-ring promise, what stands beside it, and what goes on now. */
export interface CallsNow {
  firstRing: Promised;
  serviceLevel: { tally: Tally; target: number; withinMs: number };
  /** (sum of waits in ms, answered calls). */
  speedOfAnswer: Tally;
  abandonment: Tally;
  /** Null while the phones are late or lost: a live count is never shown old. */
  live: { ringing: number; waiting: number; talking: number; longestWaitingSince: Instant | null } | null;
  longestWaitTodayMs: number | null;
  preRing: Ranks | null;
  neverRang: number;
  menu: Ranks | null;
  leftInMenu: Tally;
  /** Device answered at once on its own: ≥ 80 % of the day's ring times under 300 ms. */
  autoAnswer: boolean;
}

/** Callers owed a call back; the whole is null where the promise is switched off. */
export interface CallbacksNow {
  tally: Tally;
  target: number;
  withinMs: number;
  /** Null while the phones are late or lost. */
  live: { owed: number; overdue: number; next: Countdown | null } | null;
}

/**
 * A countdown in open minutes. While `runsFrom` is null the clock runs: left at time t is `leftMs - (t - snapshot.at)`.
 * Otherwise it rests at `leftMs` until `runsFrom`.
 */
export interface Countdown {
  leftMs: number;
  dueAt: Instant;
  runsFrom: Instant | null;
}

/** Emails: the promise and the gauges beside it. */
export interface EmailsNow {
  withinHour: Promised;
  clock: 'business' | 'calendar';
  received: number;
  /** Null while a mailbox is late or lost. */
  live: {
    open: number;
    overdue: number;
    /** At most 15 open minutes left, not overdue. */
    atRisk: number;
    next: Countdown | null;
    /** Open minutes left of each email that is not overdue, soonest first, at most 200. */
    marks: Countdown[];
  } | null;
}

export type Network = 'x' | 'mastodon' | 'bluesky' | 'rss';

/** One post, shown whole and unaltered or not at all. */
export interface Mention {
  id: string;
  network: Network;
  /** Display name, as the author wrote it; may be empty. */
  name: string;
  /** With the leading @ where the network has one. */
  handle: string;
  text: string;
  at: Instant;
  /** Path of the author's picture on this server; null when there is none. */
  avatar: string | null;
  /** Shown before the others because a person said so. */
  pinned: boolean;
}

export interface MentionsNow {
  today: number;
  /** Those pinned, then the newest. */
  latest: Mention[];
  /** False where the board shows no names: then no name, handle or picture is here, and no post of X. */
  names: boolean;
  /** When the newest before today was, for "Last one yesterday, 17:52". */
  lastAt: Instant | null;
  feed: 'live' | 'late' | 'lost';
  asOf: Instant | null;
}

export interface Quote {
  text: string;
  /** By channel or area, never by full name, as it follows "Quote of the day, ": "from a caller in Queens". */
  cite: string;
  at: Instant;
}

/** The site's local day, judged by the server; the board's own clock is never trusted. */
export interface Day extends Span {
  /** ISO local date. */
  date: string;
  /** The span its charts cover: opening to closing of the board's scope, or the whole day. */
  axis: Span;
  open: boolean;
  /** When it next opens; null while open, or when it never will in the next 30 days. */
  opensAt: Instant | null;
}

/** Everything one board shows, whole. Pushed at each change and at least every five seconds. */
export interface Snapshot {
  version: 1;
  /** Names the client bundle that the server serves. */
  build: string;
  board: { id: string; name: string; place: string | null };
  /** Server time. Ages and countdowns are counted from here. */
  at: Instant;
  /** IANA zone of the site. */
  zone: string;
  day: Day;
  demo: boolean;
  /**
   * Since when nothing that comes in can be saved; null while all is well. Everything on the board is true as of then,
   * and nothing of it is live.
   */
  notSavedSince: Instant | null;
  sources: SourceHealth[];
  /** Null where nothing of the kind is connected: the region says what to connect. */
  calls: CallsNow | null;
  callbacks: CallbacksNow | null;
  emails: EmailsNow | null;
  mentions: MentionsNow | null;
  quote: Quote | null;
  longest: Longest | null;
  /** Null where the board is silent. */
  chime: Chime | null;
  /** The worst and oldest first; those over for less than two minutes too. */
  alerts: WallAlert[];
}
