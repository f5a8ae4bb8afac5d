import type { Scope } from '../../shared/figure.ts';
import type { Instant, Span } from '../../shared/time.ts';
import type { ItemsQuery } from '../../shared/wire-items.ts';
import { DAYS_MAX } from '../../shared/wire-trends.ts';
import { isOfMail } from '../judge/listed.ts';
import type { Rules } from '../judge/rules.ts';
import { Problem } from '../problem.ts';
import type { ListAsked, ListPlace } from '../store/lists.ts';
import { cellSpans } from './cell-spans.ts';

const DAY_MS = 86_400_000;

/**
 * What a query asks of the store; of a cell of emails what the heatmap counts, those alone whose answers are all due.
 * Throws a Problem where it makes no sense, or asks of what is not there.
 */
export function askedOf(
  query: ItemsQuery,
  rules: Rules,
  isSettled: (scope: Scope, arrivedAt: Instant) => boolean,
): Omit<ListAsked, 'now' | 'knownUntil'> {
  const { kind, figure, sort, order, verdict, limit, after } = query;
  const isMail = isOfMail(figure);
  if (isMail !== (kind === 'emails'))
    throw invalid(`figure: ${figure} counts ${isMail ? 'emails' : 'calls'}, not ${kind}.`);
  if (sort !== 'at' && isMail !== (sort === 'reply'))
    throw invalid(
      `sort: ${kind} have no ${sort}; they can be sorted by ${isMail ? 'at and reply' : 'at, ring, wait and talk'}.`,
    );
  const scope = scopeOf(query.scope, rules);
  const { spans, isCell } = spansOf(query, rules.zone);
  // The heatmap counts emails by when they arrived.
  const isByArrival = isCell && (figure === 'emailsWithinHour' || figure === 'emailsByArrival');
  const isWhole = isByArrival && verdict !== 'all';
  return {
    figure: isByArrival ? 'emailsByArrival' : figure,
    scope,
    verdict,
    spans: isWhole ? spans.filter(({ to }) => isSettled(scope, to - 1)) : spans,
    sort,
    order,
    after: after === undefined ? null : placeIn(after),
    limit,
  };
}

/** The scope of a name. Throws a Problem when there is none of it. */
export function scopeOf(name: string, { queues, teams }: Rules): Scope {
  const isThere =
    name === 'site' ||
    (name.startsWith('team:') && teams.has(name.slice(5))) ||
    (name.startsWith('queue:') && queues.has(name.slice(6)));
  if (!isThere) throw new Problem('not_found', `scope: there is no ${name.slice(0, 100)} here.`);
  return name as Scope;
}

/** Where to go on, in a word that only we read. */
export function placeText({ value, at, nth, key }: ListPlace): string {
  return `${value ?? ''}.${at}.${nth}.${key}`;
}

function placeIn(text: string): ListPlace {
  const found = /^(-?\d{0,15})\.(-?\d{1,16})\.(\d{1,9})\.(.*)$/s.exec(text);
  if (found === null) throw invalid('after: is not the `next` of a page.');
  const [, value = '', at = '', nth = '', key = ''] = found;
  return { value: value === '' ? null : Number(value), at: Number(at), nth: Number(nth), key };
}

function spansOf(query: ItemsQuery, zone: string): { spans: Span[]; isCell: boolean } {
  const { from, to, weekday, hour, fromDate, toDate } = query;
  if (weekday === undefined && hour === undefined && fromDate === undefined && toDate === undefined) {
    if (from === undefined || to === undefined) throw invalid('from, to: both are needed.');
    if (from >= to) throw invalid('to: must be after from.');
    // Steps of the last day of the longest period end a day later, and an hour where the clocks go back.
    if (to - from > (DAYS_MAX + 2) * DAY_MS) throw invalid(`to: the span is longer than ${DAYS_MAX} days.`);
    return { spans: [{ from, to }], isCell: false };
  }
  if (weekday === undefined || hour === undefined || fromDate === undefined || toDate === undefined)
    throw invalid('weekday, hour, fromDate, toDate: all four are needed for a cell.');
  if (from !== undefined || to !== undefined) throw invalid('from, to: a cell has its dates, and no span.');
  if (fromDate > toDate) throw invalid('toDate: must not be before fromDate.');
  if (Date.parse(toDate) - Date.parse(fromDate) >= DAYS_MAX * DAY_MS)
    throw invalid(`toDate: the period is longer than ${DAYS_MAX} days.`);
  return { spans: cellSpans({ weekday, hour, fromDate, toDate }, zone), isCell: true };
}

function invalid(message: string): Problem {
  return new Problem('invalid', message);
}
