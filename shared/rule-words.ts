import {
  type AlertMetric,
  type AlertRule,
  type AlertValue,
  type AlertWindow,
  metricShape,
  NOTHING_DUE_MS,
  type WallAlert,
} from './alert.ts';
import { percentText } from './percent.ts';
import { MINUTE, SECOND } from './time.ts';

/** Names of what a rule is about and whom it tells. */
export interface RuleNames {
  /** Of its scope, or of the source or board that it watches. */
  about: string;
  /** Of its channels, in order. */
  channels: readonly string[];
}

/** What a metric is called at the head of a list. */
export const metricTitles: Readonly<Record<AlertMetric, string>> = {
  firstRing: 'Calls on the first ring',
  serviceLevel: 'Calls answered in time',
  abandonment: 'Callers who gave up',
  speedOfAnswer: 'Average time to answer',
  leftInMenu: 'Callers who left in the menu',
  calledBack: 'Callers called back in time',
  emailsWithinHour: 'Emails within the hour',
  callsOffered: 'Calls offered',
  shortAbandons: 'Callers gone at once',
  callbacksAccepted: 'Call-backs asked for',
  emailsReceived: 'Emails received',
  mentions: 'Mentions',
  longestWaiting: 'Longest wait on hold',
  callersWaiting: 'Callers waiting',
  callbacksOverdue: 'Call-backs overdue',
  emailsOverdue: 'Emails overdue',
  emailsAtRisk: 'Emails at risk',
  nextEmailDue: 'Next email due',
  sourceSilent: 'Source silent',
  boardDark: 'Screen dark',
  mentionRate: 'Mentions beside last week',
  burnRate: 'Missed first rings, burn rate',
  burnRateEmails: 'Missed emails, burn rate',
};

/** The whole rule in one sentence, e.g. "Warn when calls on the first ring for Support over the last 30 minutes is below 75 % for 5 minutes, …". */
export function wordsOf(rule: AlertRule, names: RuleNames): string {
  const { metric, warning, critical, direction, minItems, margin } = rule;
  const shape = metricShape(metric);
  const first = warning ?? critical ?? 0;
  const parts = [
    `${warning === null ? 'Go critical' : 'Warn'} when ${subjectOf(rule, names)} is ${direction} ${levelText(metric, first)}${heldFor(rule.forMs)}`,
  ];
  if (minItems > 0) parts.push(`with at least ${minItems} ${shape.items}`);
  const clauses = [parts.join(', ')];
  if (warning !== null && critical !== null)
    clauses.push(`critical ${direction} ${levelText(metric, critical)}`);
  const back = direction === 'below' ? first + margin : first - margin;
  const turned = direction === 'below' ? 'at or above' : 'at or below';
  clauses.push(`recovered ${turned} ${levelText(metric, rounded(back))}${heldFor(rule.clearForMs)}`);
  if (rule.hours === 'open') clauses.push('in opening hours');
  clauses.push(toldIn(rule, names));
  return `${clauses.join('; ')}.`;
}

/** The rule in the wall's foot: "first ring below 65% over 30 minutes, for 10 minutes, 20 calls or more". */
export function shortWordsOf(rule: AlertRule, level: number): string {
  const { metric, window, direction, forMs, minItems } = rule;
  const over = window === null ? '' : ` ${overText(window)}`;
  const parts = [`${metricTitles[metric].toLowerCase()} ${direction} ${levelText(metric, level)}${over}`];
  if (forMs > 0) parts.push(`for ${lengthText(forMs)}`);
  if (minItems > 0) parts.push(`${minItems} ${metricShape(metric).items} or more`);
  return parts.join(', ');
}

/** "the last 30 minutes", "today so far", "the last 50 calls", "right now". */
export function windowText(window: AlertWindow | null, items: string): string {
  if (window === null) return 'right now';
  switch (window.kind) {
    case 'today':
      return 'today so far';
    case 'rolling':
      return `the last ${lengthText(window.minutes * MINUTE)}`;
    case 'last':
      return `the last ${window.items} ${items}`;
  }
}

/** A level in the metric's unit: "75%", "2:00", "3", "2.5 times". */
export function levelText(metric: AlertMetric, level: number): string {
  switch (metricShape(metric).kind) {
    case 'percent':
    case 'rate':
      return `${level}%`;
    case 'mean':
    case 'length':
      return levelClock(level);
    case 'count':
    case 'gauge':
      return String(level);
    case 'burn':
      return level === 1 ? '1 time' : `${level} times`;
  }
}

/** A value beside the level that it is held against: beyond it, it is never rounded onto it. "—" without items. */
export function valueText(
  { metric, direction, target = null }: Pick<AlertRule, 'metric' | 'direction'> & { target?: number | null },
  { n, d }: AlertValue,
  limit?: number,
  decimals = 0,
): string {
  const held =
    limit === undefined
      ? {}
      : { target: limit, kind: direction === 'below' ? ('min' as const) : ('max' as const) };
  switch (metricShape(metric).kind) {
    case 'percent':
      return percentText({ n, d }, { decimals, ...held });
    case 'rate':
      return d === 0
        ? `${n} beside none`
        : `${beyond((100 * n) / d, Math.floor((200 * n + d) / (2 * d)), limit)}%`;
    case 'mean':
      return d === 0 ? '—' : secondsText(n / d, limit);
    case 'length':
      return n >= NOTHING_DUE_MS ? 'none' : secondsText(n, limit);
    case 'count':
    case 'gauge':
      return String(n);
    case 'burn':
      return d === 0 || target === null ? '—' : `${burnText(burnRate({ n, d }, target), limit)} times`;
  }
}

/** With one decimal; beyond its limit never rounded onto that. */
function burnText(rate: number, limit = Number.POSITIVE_INFINITY): number {
  const near = Math.round(10 * rate) / 10;
  return rate > limit && near <= limit ? rounded(limit + 0.1) : near;
}

/** How many times faster than promised the misses come; n of d were met. At most 100 / (100 − target). */
export function burnRate({ n, d }: AlertValue, target: number): number {
  return (100 * (d - n)) / (d * (100 - target));
}

/** "Back above 65% at 14:31"; the time of day is the reader's to make. */
export function recoveredText(
  { metric, direction, limit }: Pick<WallAlert, 'metric' | 'direction' | 'limit'>,
  timeOfDay: string,
): string {
  return `Back ${direction === 'below' ? 'above' : 'under'} ${levelText(metric, limit)} at ${timeOfDay}`;
}

/** "5 minutes", "90 seconds", "2 hours". */
export function lengthText(ms: number): string {
  const of = (amount: number, unit: string): string => `${amount} ${unit}${amount === 1 ? '' : 's'}`;
  if (ms >= 60 * MINUTE && ms % (60 * MINUTE) === 0) return of(ms / (60 * MINUTE), 'hour');
  if (ms >= MINUTE && ms % MINUTE === 0) return of(ms / MINUTE, 'minute');
  return of(ms / SECOND, 'second');
}

function subjectOf({ metric, window }: AlertRule, { about }: RuleNames): string {
  const what = metricTitles[metric].toLowerCase();
  const over =
    window === null
      ? ''
      : window.kind === 'today'
        ? ' today'
        : ` over ${windowText(window, metricShape(metric).items)}`;
  return `${what} for ${about}${over}`;
}

function overText(window: AlertWindow): string {
  if (window.kind === 'today') return 'today';
  if (window.kind === 'last') return `over the last ${window.items}`;
  return `over ${lengthText(window.minutes * MINUTE)}`;
}

function heldFor(ms: number): string {
  return ms === 0 ? '' : ` for ${lengthText(ms)}`;
}

function toldIn({ wall }: AlertRule, { channels }: RuleNames): string {
  const told = [...(wall ? ['the wall'] : []), ...channels];
  return told.length === 0 ? 'tell nobody' : `tell ${told.join(', ')}`;
}

/** A length is looked at within half a second of passing its level: rounded it would mostly stand there as the level. */
function secondsText(ms: number, limit?: number): string {
  return clockText(beyond(ms / SECOND, Math.floor(ms / SECOND + 0.5), limit));
}

/** A whole number for a value, on that side of the limit on which the value is. */
function beyond(value: number, near: number, limit = value): number {
  if (value > limit) return Math.max(near, Math.floor(limit) + 1);
  return value < limit ? Math.min(near, Math.ceil(limit) - 1) : near;
}

/** "2:00", and "0:02.5" where it is no whole second. */
function levelClock(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  return `${clockText(Math.floor(tenths / 10))}${tenths % 10 === 0 ? '' : `.${tenths % 10}`}`;
}

/** m:ss; h:mm:ss from an hour on. */
function clockText(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** 75.1 + 3 is 78.1, not 78.10000000000001. */
function rounded(level: number): number {
  return Math.round(level * 10) / 10;
}
