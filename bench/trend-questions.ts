import type { Instant } from '../shared/time.ts';
import type { TrendsAnswer, WhatIfAnswer } from '../shared/wire-trends.ts';
import { DAY, TODAY } from './large-data.ts';
import type { Counted } from './process/rows.ts';
import { MAILBOXES, QUEUES } from './site.ts';

/** What is asked of the year by each part of the benchmark of the trends. */

const queueScopes = QUEUES.map((queue) => `queue:${queue}` as const);
const mailboxScopes = MAILBOXES.map((mailbox) => `queue:${mailbox}` as const);
const theYear = { from: dateOf(TODAY - 364 * DAY), to: dateOf(TODAY) };
const theMonth = { from: TODAY - 30 * DAY, to: TODAY };

export const yearByDay = {
  ...theYear,
  by: 'day',
  figures: ['firstRing'],
  scopes: queueScopes,
  against: 'none',
} as const;
export const repliesByDay = { ...yearByDay, figures: ['replyTime'], scopes: mailboxScopes } as const;
const oneQueue = QUEUES[6] ?? '';
export const monthByHour = {
  ...yearByDay,
  from: dateOf(theMonth.from),
  to: dateOf(theMonth.to - 1),
  by: 'hour',
  scopes: [`queue:${oneQueue}`],
} as const;
/** The same month, as other databases are asked. */
export const monthOfOneQueue = { what: 'oneQueueByHour', queue: oneQueue, ...theMonth } as const;

/** Ten seconds where six are promised. */
export const WITHIN_MS = 10_000;
export const whatIfRing = pathOf('/api/trends/what-if', {
  ...theYear,
  by: 'day',
  figure: 'firstRing',
  scope: 'site',
  within: WITHIN_MS,
});
/** Half an hour where an hour is promised. */
export const whatIfMail = pathOf('/api/trends/what-if', {
  ...theYear,
  by: 'day',
  figure: 'emailsWithinHour',
  scope: 'site',
  within: 1_800_000,
});

export function seriesPath(query: Record<keyof typeof yearByDay, string | readonly string[]>): string {
  return pathOf('/api/trends', query);
}

/** First pages of what lies behind a figure: of a day and of a month, of a queue and of the site, all and missed. */
export const drills: readonly { name: string; path: string }[] = [
  { name: 'a day', from: TODAY - 40 * DAY, to: TODAY - 39 * DAY },
  { name: 'a month', ...theMonth },
].flatMap(({ name, from, to }) =>
  (
    [
      ['calls', 'firstRing', 'queue', `queue:${oneQueue}`],
      ['calls', 'firstRing', 'site', 'site'],
      ['emails', 'emailsWithinHour', 'mailbox', `queue:${MAILBOXES[3]}`],
      ['emails', 'emailsWithinHour', 'site', 'site'],
    ] as const
  ).flatMap(([kind, figure, of, scope]) =>
    (['all', 'missed'] as const).map((verdict) => ({
      name: `${name}, ${kind}, ${of}, ${verdict}`,
      path: pathOf('/api/items', { kind, scope, figure, verdict, from, to }),
    })),
  ),
);

function pathOf(path: string, query: Record<string, string | number | readonly string[]>): string {
  const words = Object.entries(query).map(([name, value]): [string, string] => [
    name,
    Array.isArray(value) ? value.join(',') : String(value),
  ]);
  return `${path}?${new URLSearchParams(words).toString()}`;
}

function dateOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The rows that the others would have counted: names, instants and figures of steps with anything in them. */
export function pairRows({ edges, series }: TrendsAnswer): Counted['rows'] {
  return series.flatMap(({ scope, n, d }) =>
    d.flatMap((of, i): Counted['rows'] => (of === 0 ? [] : [[nameOf(scope), edges[i] ?? 0, n[i] ?? 0, of]])),
  );
}

export function p90Rows({ rankEdges, ranks }: TrendsAnswer): Counted['rows'] {
  return ranks.flatMap(({ scope, p90 }) =>
    p90.flatMap((of, i): Counted['rows'] => (of === null ? [] : [[nameOf(scope), rankEdges[i] ?? 0, of]])),
  );
}

export function whatIfRows({ edges, wouldBe: { n, d } }: WhatIfAnswer): Counted['rows'] {
  return d.flatMap((of, i): Counted['rows'] => (of === 0 ? [] : [['site', edges[i] ?? 0, n[i] ?? 0, of]]));
}

function nameOf(scope: string): string {
  return scope.replace('queue:', '');
}

/** Throws at the first difference: what counts otherwise is no measure of ours. */
export function mustAgree(what: string, ours: Counted['rows'], theirs: Counted['rows']): void {
  const texts = [ours, theirs].map((rows) => rows.map((row) => row.join(' ')));
  const [own = [], others = []] = texts;
  const at = own.findIndex((row, i) => row !== others[i]);
  if (at < 0 && own.length === others.length && own.length > 0) return;
  const place = at < 0 ? Math.min(own.length, others.length) : at;
  throw new Error(
    `${what}: not the same counts. Ours has ${own.length} rows, theirs ${others.length}; ` +
      `row ${place} is "${own[place]}" with us and "${others[place]}" with them.`,
  );
}
