import type { Feed, FigureId, Scope, Tally } from './figure.ts';
import type { Instant } from './time.ts';

/** Rules of attention as data, the states of what they found, and what a wall is told of it. docs/alerts.md has the words. */

export type AlertLevel = 'warning' | 'critical';

/** `today` from local midnight, the last so many minutes, or the newest so many items that have a verdict. */
export type AlertWindow =
  | { kind: 'today' }
  | { kind: 'rolling'; minutes: number }
  | { kind: 'last'; items: number };

/**
 * What a level is a number of: percent of items; seconds on average; items in the window; seconds now; items now;
 * percent of the same window a week before; times the share of misses that the target allows.
 */
export type AlertKind = 'percent' | 'mean' | 'count' | 'length' | 'gauge' | 'rate' | 'burn';

export interface AlertMetricShape {
  kind: AlertKind;
  /** The figure it is counted from; null for gauges of now. */
  figure: FigureId | null;
  /** The region of a wall it belongs to; null: the head of the board. */
  feed: Feed | null;
  /** What is counted, for words: "calls". */
  items: string;
  /** The usual side on which it is bad. */
  direction: 'below' | 'above';
  /** What it can be about. */
  scopes: readonly ('site' | 'team' | 'queue')[];
}

const anywhere = ['site', 'team', 'queue'] as const;
const calls = { feed: 'phones', items: 'calls', scopes: anywhere } as const;
const emails = { feed: 'emails', items: 'emails', scopes: anywhere } as const;
const siteOnly = ['site'] as const;

/** Everything that a rule can watch. */
export const alertMetrics = {
  firstRing: { kind: 'percent', figure: 'firstRing', direction: 'below', ...calls },
  serviceLevel: { kind: 'percent', figure: 'serviceLevel', direction: 'below', ...calls },
  abandonment: { kind: 'percent', figure: 'abandonment', direction: 'above', ...calls },
  speedOfAnswer: {
    kind: 'mean',
    figure: 'speedOfAnswer',
    direction: 'above',
    ...calls,
    items: 'answered calls',
  },
  leftInMenu: { kind: 'percent', figure: 'leftInMenu', direction: 'above', ...calls, scopes: siteOnly },
  calledBack: {
    kind: 'percent',
    figure: 'calledBack',
    direction: 'below',
    ...calls,
    items: 'callers',
    scopes: ['site', 'team'],
  },
  emailsWithinHour: { kind: 'percent', figure: 'emailsWithinHour', direction: 'below', ...emails },
  callsOffered: { kind: 'count', figure: 'callsOffered', direction: 'above', ...calls },
  shortAbandons: { kind: 'count', figure: 'shortAbandons', direction: 'above', ...calls },
  callbacksAccepted: { kind: 'count', figure: 'callbacksAccepted', direction: 'above', ...calls },
  emailsReceived: { kind: 'count', figure: 'emailsReceived', direction: 'above', ...emails },
  mentions: {
    kind: 'count',
    figure: 'mentions',
    direction: 'above',
    feed: 'mentions',
    items: 'mentions',
    scopes: siteOnly,
  },
  longestWaiting: { kind: 'length', figure: null, direction: 'above', ...calls },
  callersWaiting: { kind: 'gauge', figure: null, direction: 'above', ...calls, items: 'callers' },
  callbacksOverdue: {
    kind: 'gauge',
    figure: null,
    direction: 'above',
    ...calls,
    items: 'callers',
    scopes: ['site', 'team'],
  },
  emailsOverdue: { kind: 'gauge', figure: null, direction: 'above', ...emails },
  emailsAtRisk: { kind: 'gauge', figure: null, direction: 'above', ...emails },
  nextEmailDue: { kind: 'length', figure: null, direction: 'below', ...emails },
  sourceSilent: {
    kind: 'length',
    figure: null,
    feed: null,
    items: 'sources',
    direction: 'above',
    scopes: siteOnly,
  },
  boardDark: {
    kind: 'length',
    figure: null,
    feed: null,
    items: 'screens',
    direction: 'above',
    scopes: siteOnly,
  },
  mentionRate: {
    kind: 'rate',
    figure: 'mentions',
    direction: 'above',
    feed: 'mentions',
    items: 'mentions',
    scopes: siteOnly,
  },
  burnRate: { kind: 'burn', figure: 'firstRing', direction: 'above', ...calls },
  burnRateEmails: { kind: 'burn', figure: 'emailsWithinHour', direction: 'above', ...emails },
} as const satisfies Record<string, AlertMetricShape>;

export type AlertMetric = keyof typeof alertMetrics;

export function metricShape(metric: AlertMetric): AlertMetricShape {
  return alertMetrics[metric];
}

export const alertWeekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type AlertWeekday = (typeof alertWeekdays)[number];

/** Local times of the site; it may pass midnight, and belongs to the day it begins on. Alike: the whole day. */
export interface QuietHours {
  days: AlertWeekday[];
  from: string;
  to: string;
}

/** What a lead sets. Lengths in ms; levels as whole numbers or with one decimal, in the metric's unit (see AlertKind). */
export interface AlertRule {
  metric: AlertMetric;
  scope: Scope;
  /** Null for what is so now. */
  window: AlertWindow | null;
  direction: 'below' | 'above';
  /** At least one of the two. */
  warning: number | null;
  critical: number | null;
  /** How far past its level it must come back to be good again. */
  margin: number;
  /** With fewer items there is no data; 0 where nothing is sampled. */
  minItems: number;
  forMs: number;
  clearForMs: number;
  /** Whether it rests outside the opening hours of its scope. */
  hours: 'open' | 'always';
  /** Nobody is told then; the wall shows it all the same. */
  quiet: QuietHours[];
  /** Which boards of its scope show it, and sound for it; whom to write to, by channel ids. */
  wall: boolean;
  chime: boolean;
  channels: string[];
  /** The instruction in the wall's foot; may be empty. */
  says: string;
  on: boolean;
  /** Burn rates: the percent promised. The long window is `window`, the short one a twelfth of it. */
  target: number | null;
  /** sourceSilent: its id; null: any of them. */
  source: string | null;
  /** boardDark: its id; null: any of them. */
  board: string | null;
}

export interface SavedRule extends AlertRule {
  id: string;
  /** Raised with each change. */
  version: number;
  changedAt: Instant;
  changedBy: string;
}

/** A value as exact integers: a pair for what is counted, (value, 1) for what is so now: seconds in ms, counts as they are. */
export type AlertValue = Tally;

/** One alert on a wall: firing, or over for less than two minutes. */
export interface WallAlert {
  id: string;
  rule: string;
  metric: AlertMetric;
  scope: Scope;
  /** "Patient Support"; of a silent source or a dark board its name. */
  about: string;
  level: AlertLevel;
  /** Since when it is at this level. */
  since: Instant;
  /** As it stood at the last look; null while nothing is known. */
  value: AlertValue | null;
  direction: 'below' | 'above';
  /** The level of the rule that it is beyond, in the metric's unit. */
  limit: number;
  window: AlertWindow | null;
  /** Burn rates: the percent promised, of which the value is a multiple of the misses; null otherwise. */
  target: number | null;
  /** The rule in words: "first ring below 65% over 30 minutes, for 10 minutes, 20 calls or more". */
  words: string;
  /** The rule's own instruction; may be empty. */
  says: string;
  chime: boolean;
  acked: { by: string; at: Instant } | null;
  /** Set when it is over: "Back above 65% at 14:31". */
  recoveredAt: Instant | null;
}

/** How a rule stands now. `closed`: it rests outside opening hours; `unknown`: too few items, or the source is lost. */
export interface RuleStanding {
  phase: 'off' | 'closed' | 'unknown' | 'well' | 'pending' | 'firing';
  level: AlertLevel | null;
  /** Since when it is pending or firing. */
  since: Instant | null;
  value: AlertValue | null;
}

/** A recovered alert stays on its wall for this long. */
export const RECOVERED_SHOWN_MS = 120_000;
/** What is left until the next email is due when none waits: longer than any level. */
export const NOTHING_DUE_MS = 1_000_000_000_000;
export const LEVEL_MAX = 1_000_000;
export const WINDOW_MINUTES_MAX = 1_440;
export const WINDOW_ITEMS_MAX = 500;
export const HOLD_MS_MAX = 86_400_000;
export const MIN_ITEMS_MAX = 10_000;
export const SAYS_MAX = 80;
export const WHY_MAX = 200;
export const QUIET_MAX = 14;
export const CHANNELS_OF_RULE_MAX = 20;
export const RULES_MAX = 2_000;
export const SNOOZE_MINUTES_MAX = 10_080;
