import { type AlertMetric, alertMetrics } from '../../../shared/alert.ts';
import { levelText, metricTitles } from '../../../shared/rule-words.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Message, ToldTurn } from './channel.ts';

/** Where and when things are, for messages. */
export interface Place {
  /** IANA zone of the site. */
  zone: string;
  /** The page on which a person sees the alert and takes it up; null where no address of ours is known. */
  linkOf: (turn: ToldTurn) => string | null;
}

/** One turn in words, the same on every channel. */
export interface TurnWords {
  /** "Critical: Calls on the first ring, Patient Support" */
  title: string;
  /** What is known of it, label by label. */
  facts: readonly (readonly [label: string, value: string])[];
  link: string | null;
}

/** Turns that are told one by one in a message; of more it says how many. */
export const TURNS_SHOWN_MAX = 15;

const LINK_LABEL = 'Open and acknowledge';

/** What the link of a turn is called. */
export function linkLabel(kind: ToldTurn['kind']): string {
  return kind === 'fired' || kind === 'risen' || kind === 'repeated' ? LINK_LABEL : 'Open First Ring';
}

/** The head of the message: that of its one turn, or how many there are. */
export function headOf({ turns }: Message): string {
  const [first] = turns;
  if (turns.length === 1 && first !== undefined) return titleOf(first);
  const critical = turns.filter(
    ({ alert, kind }) => alert.level === 'critical' && kind !== 'resolved',
  ).length;
  const teams = [...new Set(turns.map(({ alert }) => alert.about))];
  const more = critical === 0 ? '' : `, ${critical} critical`;
  return `${turns.length} alerts${more}: ${cut(teams.join(', '), 100)}`;
}

export function wordsOf(turn: ToldTurn, { zone, linkOf }: Place): TurnWords {
  const { kind, alert, value, says } = turn;
  if (kind === 'test')
    return { title: titleOf(turn), facts: [['Sent', timeText(turn.at, zone)]], link: linkOf(turn) };
  const facts: (readonly [string, string])[] = [];
  const add = (label: string, text: string): void => {
    if (text !== '') facts.push([label, text]);
  };
  add('Value', value);
  add('Limit', limitText(alert));
  add('Since', timeText(alert.levelSince, zone));
  if (kind === 'resolved') add(alert.ended === 'recovered' ? 'Recovered' : 'Over', endText(turn, zone));
  add('Rule', alert.words);
  if (kind !== 'resolved' && kind !== 'acknowledged') add('To do', says);
  if (alert.acked !== null) add('Taken up', ackText(alert.acked, zone));
  return { title: titleOf(turn), facts, link: linkOf(turn) };
}

/** "65%" */
export function limitText({ metric, limit }: { metric: string; limit: number }): string {
  return isMetric(metric) ? levelText(metric, limit) : String(limit);
}

/** The whole message as plain text. */
export function plainTextOf(message: Message, place: Place): string {
  const shown = message.turns.slice(0, TURNS_SHOWN_MAX).map((turn) => {
    const { title, facts, link } = wordsOf(turn, place);
    const lines = [title, '', ...facts.map(([label, value]) => `${label}: ${value}`)];
    return (link === null ? lines : [...lines, '', `${linkLabel(turn.kind)}: ${link}`]).join('\n');
  });
  const left = leftOut(message);
  return (left === null ? shown : [...shown, left]).join('\n\n---\n\n');
}

/** "And 4 more." where not all turns are told one by one; else null. */
export function leftOut({ turns }: Message): string | null {
  return turns.length > TURNS_SHOWN_MAX ? `And ${turns.length - TURNS_SHOWN_MAX} more.` : null;
}

/** At most so many characters, none of them cut in two. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** At most so many bytes of UTF-8. */
export function cutBytes(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text;
  const end = Buffer.byteLength('…');
  // What is cut in two decodes as U+FFFD, which is left out.
  const kept = Buffer.from(text)
    .subarray(0, max - end)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
  return `${kept}…`;
}

/** Below this no text is shortened any more. */
const FITTED_BYTES_MIN = 20;

/**
 * JSON of at most so many bytes: made with ever shorter texts until it is. How much room a text takes there is not known
 * before, as a quote takes two bytes and others six.
 */
export function fitted(
  jsonBytesMax: number,
  textBytesMax: number,
  make: (textBytes: number) => object,
): string {
  for (let bytes = textBytesMax; ; bytes = Math.floor(bytes * 0.8)) {
    const json = JSON.stringify(make(bytes));
    if (Buffer.byteLength(json) <= jsonBytesMax || bytes < FITTED_BYTES_MIN) return json;
  }
}

/** "Sun 22 Nov, 14:02" in the site's zone. */
export function timeText(at: Instant, zone: string): string {
  const parts = new Map(
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return `${part('weekday')} ${part('day')} ${part('month')}, ${part('hour')}:${part('minute')}`;
}

function endText({ at, alert: { ended } }: ToldTurn, zone: string): string {
  const time = timeText(at, zone);
  if (ended === 'closed') return `${time}, as opening hours ended`;
  return ended === 'changed' ? `${time}, as the rule was changed` : time;
}

function ackText({ by, at, why }: { by: string; at: Instant; why: string | null }, zone: string): string {
  return `by ${by}, ${timeText(at, zone)}${why === null ? '' : `: ${why}`}`;
}

function titleOf({ kind, alert }: ToldTurn): string {
  const { metric, about, level, ended } = alert;
  const subject = `${isMetric(metric) ? metricTitles[metric] : metric}, ${about}`;
  switch (kind) {
    case 'fired':
      return `${level === 'critical' ? 'Critical' : 'Warning'}: ${subject}`;
    case 'risen':
      return `Now critical: ${subject}`;
    case 'repeated':
      return `Still ${level}: ${subject}`;
    case 'acknowledged':
      return `Taken up: ${subject}`;
    case 'resolved':
      return `${ended === 'recovered' || ended === null ? 'Recovered' : 'Over'}: ${subject}`;
    case 'test':
      return 'Test: nothing is wrong, somebody pressed the test button';
  }
}

function isMetric(metric: string): metric is AlertMetric {
  return Object.hasOwn(alertMetrics, metric);
}
