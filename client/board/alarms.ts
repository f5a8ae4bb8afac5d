import { type AlertLevel, type AlertMetric, metricShape, type WallAlert } from '../../shared/alert.ts';
import type { Feed, Snapshot } from '../../shared/figure.ts';
import { levelText, metricTitles, recoveredText } from '../../shared/rule-words.ts';
import { HOUR, type Instant } from '../../shared/time.ts';
import { countText, figureText, shortWindow } from '../ui/alert-words.ts';
import { waitText } from './lengths.ts';
import { dayOfDate, type Moments } from './moments.ts';

/** Where an alert is drawn: a promise's row, a count of now, or, where the board has no region for it, its head. */
export type Place = 'calls' | 'emails' | 'waiting' | 'owed' | 'overdue' | 'atRisk' | 'due' | 'head';

/** One alert in the words and at the place that the wall has for it. */
export interface Alarm {
  id: string;
  metric: AlertMetric;
  level: AlertLevel;
  state: 'firing' | 'acknowledged' | 'recovered';
  place: Place;
  feed: Feed | null;
  since: Instant;
  /** "13:55"; of another day "Tuesday 13:55", or "3 November 13:55". */
  sinceTime: string;
  /** What broke, and whose, where a place shows it no more: "Longest wait". */
  title: string;
  /** Of the rule's metric, where it is not the row's own; null otherwise. */
  name: string | null;
  /** In the few letters that a count of now has room for: "longest wait". */
  short: string;
  /** "Calls critical since 13:55" */
  cry: string;
  figure: string;
  limit: string;
  /** "22 of 38 calls" */
  count: string | null;
  /** "last 30 minutes"; null for what is so now. */
  within: string | null;
  /** Whose it is, where that is not the board's: a team, a queue, a source, a screen. */
  about: string | null;
  /** "Back above 65% at 14:31", once it is over. */
  back: string | null;
  says: string;
  words: string;
  acked: { by: string; at: Instant } | null;
  chime: boolean;
}

/** The board's alerts, the most severe first and of those the oldest. */
export function alarmsOf(snapshot: Snapshot, moments: Moments): Alarm[] {
  return snapshot.alerts.map((alert) => alarmOf(alert, snapshot, moments)).sort(worseFirst);
}

/** A wait goes on between two messages of the server, as the one in the words does; another team's is not known here. */
export function ticking(alarm: Alarm, since: Instant | null, now: Instant): Alarm {
  if (alarm.metric !== 'longestWaiting' || alarm.about !== null || since === null) return alarm;
  return { ...alarm, figure: waitText(now - since) };
}

/** The alert that a place shows. */
export function alarmAt(alarms: readonly Alarm[], place: Place): Alarm | null {
  return alarms.find((alarm) => alarm.place === place) ?? null;
}

/** Critical and not over at these places, or anywhere, whether somebody has it or not. */
export function criticalAt(alarms: readonly Alarm[], places?: readonly Place[]): Alarm[] {
  return alarms.filter(
    ({ level, state, place }) =>
      level === 'critical' && state !== 'recovered' && (places?.includes(place) ?? true),
  );
}

/** Those that cry but have no plane of their own: a worse or older one has their place. */
export function behindOthers(alarms: readonly Alarm[]): Alarm[] {
  const crying = alarms.filter(isCrying);
  return crying.filter(
    (alarm) => alarm !== (alarm.place === 'head' ? crying[0] : alarmAt(crying, alarm.place)),
  );
}

/** Critical, and nobody has it yet. */
export function isCrying({ level, state }: Alarm): boolean {
  return level === 'critical' && state === 'firing';
}

/** The class of a place in this state; a recovered one looks well. */
export function alarmClass(alarm: Alarm | null): '' | 'is-warn' | 'is-crit' | 'is-acked' {
  if (alarm === null || alarm.state === 'recovered') return '';
  if (alarm.level === 'warning') return 'is-warn';
  return alarm.state === 'acknowledged' ? 'is-acked' : 'is-crit';
}

function alarmOf(alert: WallAlert, { board, day }: Snapshot, moments: Moments): Alarm {
  const { metric, level, since, limit, recoveredAt } = alert;
  const { feed } = metricShape(metric);
  const place = placeOf(alert);
  const own = metric === 'firstRing' || metric === 'emailsWithinHour';
  const about = feed === null || (alert.scope !== 'site' && alert.about !== board.name) ? alert.about : null;
  const bound = levelText(metric, limit);
  const time = sinceTimeOf(since, day.from, moments);
  const subject = SHORT_NAMES[metric] ?? metricTitles[metric];
  return {
    id: alert.id,
    metric,
    level,
    state: recoveredAt !== null ? 'recovered' : alert.acked !== null ? 'acknowledged' : 'firing',
    place,
    feed,
    since,
    sinceTime: time,
    title: feed === null ? subjectOf(metric, feed, about) : titleOf(subject, about),
    name: own ? null : metricTitles[metric],
    short: SHORT_NAMES[metric] ?? '',
    cry: `${subjectOf(metric, feed, about)} ${level} since ${time}`,
    figure: figureText(alert),
    limit: bound,
    count: countText(metric, alert.value),
    within: alert.window === null ? null : shortWindow(metric, alert.window),
    about,
    back: recoveredAt === null ? null : recoveredText(alert, moments.minute(recoveredAt)),
    says: alert.says,
    words: alert.words,
    acked: alert.acked,
    chime: alert.chime,
  };
}

const SHORT_NAMES: Partial<Readonly<Record<WallAlert['metric'], string>>> = {
  longestWaiting: 'longest wait',
  callersWaiting: 'callers waiting',
  callbacksOverdue: 'overdue',
  emailsOverdue: 'overdue',
  emailsAtRisk: 'at risk',
  mentions: 'mentions',
  mentionRate: 'mentions',
};

/** What is counted now has a place of its own among the counts. */
const CELLS: Partial<Readonly<Record<WallAlert['metric'], Place>>> = {
  longestWaiting: 'waiting',
  callersWaiting: 'waiting',
  callbacksOverdue: 'owed',
  emailsOverdue: 'overdue',
  emailsAtRisk: 'atRisk',
  nextEmailDue: 'due',
};

const CHANNELS: Readonly<Record<Feed, string>> = {
  phones: 'Calls',
  emails: 'Emails',
  mentions: 'Mentions',
};

const WEEKDAY_NAMES_WITHIN_MS = 6 * 24 * HOUR;

function sinceTimeOf(since: Instant, today: Instant, moments: Moments): string {
  const time = moments.minute(since);
  if (since >= today) return time;
  const isNear = since >= today - WEEKDAY_NAMES_WITHIN_MS;
  return `${isNear ? moments.weekday(since) : dayOfDate(moments.date(since))} ${time}`;
}

function subjectOf(metric: AlertMetric, feed: Feed | null, about: string | null): string {
  if (feed === null) return `${metric === 'boardDark' ? 'Screen' : 'Source'} ${about ?? ''}`;
  return about === null ? CHANNELS[feed] : `${about} ${CHANNELS[feed].toLowerCase()}`;
}

function titleOf(subject: string, about: string | null): string {
  return about === null ? capital(subject) : `${about}, ${lower(subject)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function placeOf({ metric }: WallAlert): Place {
  const cell = CELLS[metric];
  if (cell !== undefined) return cell;
  const { feed } = metricShape(metric);
  if (feed === 'phones') return 'calls';
  return feed === 'emails' ? 'emails' : 'head';
}

function worseFirst(a: Alarm, b: Alarm): number {
  return rankOf(a) - rankOf(b) || a.since - b.since || (a.id < b.id ? -1 : 1);
}

function rankOf(alarm: Alarm): number {
  if (alarm.state === 'recovered') return 3;
  if (alarm.level === 'warning') return 2;
  return alarm.state === 'acknowledged' ? 1 : 0;
}
