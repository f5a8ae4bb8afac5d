import { z } from 'zod';
import { CAUSE_MAX, ITEM_KEY_MAX, ITEMS_PER_PAGE, ITEMS_PER_PAGE_MAX, TAGGED_MAX } from './limits-items.ts';
import { plainText } from './plain-text.ts';
import { by } from './wire-desk.ts';

/** The calls and emails behind a figure: what is asked of them, and answered. Instants are integer milliseconds UTC. */

const said = (description: string) => ({ description });
const instant = z.int();
const count = z.int().min(0);
const date = z.iso.date({ error: 'must be a date, e.g. 2026-11-16' });
const ms = z.int().min(0).nullable();

/** Figures whose calls can be listed: all that count in the figure, where they count. */
export const callFigures = [
  'firstRing',
  'serviceLevel',
  'abandonment',
  'callsOffered',
  'speedOfAnswer',
  'leftInMenu',
  'waitTime',
] as const;
export type CallFigure = (typeof callFigures)[number];

/** The same of emails. `emailsByArrival` is `emailsWithinHour` at the instant of arrival, as the heatmap counts it. */
export const mailFigures = ['emailsWithinHour', 'emailsByArrival', 'emailsReceived', 'replyTime'] as const;
export type MailFigure = (typeof mailFigures)[number];
export type ItemFigure = CallFigure | MailFigure;

export const itemKinds = ['calls', 'emails'] as const;
export type ItemKind = (typeof itemKinds)[number];

/** `counted`: what is in the figure's count, met or missed. `all`: those left out and still open too, with the reason. */
export const verdictFilters = ['all', 'counted', 'met', 'missed'] as const;
export type VerdictFilter = (typeof verdictFilters)[number];

/** Calls have no `reply`; emails nothing but `at` and `reply`. */
export const itemSorts = ['at', 'ring', 'wait', 'talk', 'reply'] as const;
export type ItemSort = (typeof itemSorts)[number];
export const itemOrders = ['desc', 'asc'] as const;
export type ItemOrder = (typeof itemOrders)[number];

const whole = (name: string, min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d{1,16}$/, { error: `must be ${name}` })
    .transform(Number)
    .pipe(
      z
        .int({ error: `must be ${name}` })
        .min(min, { error: `must be at least ${min}` })
        .max(max, { error: `must be at most ${max}` }),
    );
const moment = whole('whole milliseconds since 1970', 0, 8_640_000_000_000_000);

/** Query of GET /api/items and of /api/items.csv: either a span, `from` and `to`, or a cell of the heatmap, the other four. */
export const itemsQuery = z.strictObject({
  kind: z.enum(itemKinds, { error: 'must be calls or emails' }),
  scope: z
    .string({ error: 'must be site, team:… or queue:…' })
    .max(300)
    .regex(/^(?:site|team:.+|queue:.+)$/, { error: 'must be site, team:… or queue:…' }),
  figure: z.enum([...callFigures, ...mailFigures], {
    error: 'is no figure whose calls or emails can be listed',
  }),
  verdict: z.enum(verdictFilters, { error: 'must be all, counted, met or missed' }).default('all'),
  from: moment.optional().meta(said('The first instant, e.g. an edge of a step.')),
  to: moment.optional().meta(said('The first instant that is no longer in it.')),
  weekday: whole('a weekday, 0 (Monday) to 6', 0, 6)
    .optional()
    .meta(said('With `hour`, `fromDate`, `toDate`: a cell of the heatmap.')),
  hour: whole('an hour, 0 to 23', 0, 23).optional(),
  fromDate: date.optional(),
  toDate: date.optional().meta(said('The last day, included.')),
  sort: z.enum(itemSorts, { error: 'must be at, ring, wait, talk or reply' }).default('at'),
  order: z.enum(itemOrders, { error: 'must be desc or asc' }).default('desc'),
  after: z
    .string()
    .max(ITEM_KEY_MAX + 100)
    .optional()
    .meta(said('The `next` of the page before.')),
  limit: whole('a whole number', 1, ITEMS_PER_PAGE_MAX).default(ITEMS_PER_PAGE),
});
export type ItemsQuery = z.output<typeof itemsQuery>;

/** met, missed: in the count of a percent. counted: in a figure that is none. pending: no verdict yet. left_out: see `why`. */
const verdict = z.enum(['met', 'missed', 'counted', 'pending', 'left_out']);
export type ItemVerdict = z.infer<typeof verdict>;

const common = {
  key: z.string().meta(said('Names the call or thread, for its story and its cause.')),
  nth: count.meta(said('One call or thread may count more than once: with `key` it names the row.')),
  at: instant.meta(said('The instant at which it counts in this figure.')),
  verdict,
  outcome: z.string().meta(said('In a word or two: answered, gave up, waiting, waived, …')),
  why: z.string().meta(said('Why it was judged so, in a sentence.')),
  queue: z.string().nullable().meta(said('Name of the queue or mailbox.')),
  person: z
    .string()
    .nullable()
    .meta(said('Who it was, so that one knows her again and no more; null where withheld.')),
  source: z.string(),
  cause: z.string().nullable().meta(said('What a lead said it came from.')),
};
const callRow = z.strictObject({
  kind: z.literal('call'),
  ...common,
  ringMs: ms.meta(said('First phone ringing to pickup; of answered calls.')),
  waitMs: ms.meta(said('Offered to answered, or to giving up.')),
  talkMs: ms,
});
export type CallRow = z.infer<typeof callRow>;
const mailRow = z.strictObject({
  kind: z.literal('email'),
  ...common,
  inAt: instant.nullable(),
  dueAt: instant.nullable(),
  answeredAt: instant.nullable(),
  replyMinutes: count.nullable().meta(said('Open minutes until the answer, rounded up.')),
});
export type MailRow = z.infer<typeof mailRow>;
const itemRow = z.discriminatedUnion('kind', [callRow, mailRow]);
export type ItemRow = z.infer<typeof itemRow>;

export const itemsAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  demo: z.boolean(),
  rows: z.array(itemRow),
  next: z.string().nullable().meta(said('Ask for more with `after`; null when this was the last.')),
  lookedTo: instant
    .nullable()
    .meta(
      said(
        'Where looking stopped, when much was looked through and the page is not full: ask on with `next`.',
      ),
    ),
});
export type ItemsAnswer = z.infer<typeof itemsAnswer>;

/** Query of GET /api/items/story. */
export const storyQuery = z.strictObject({ key: z.string({ error: 'is missing' }).min(1).max(ITEM_KEY_MAX) });

const tag = z.strictObject({
  cause: z.string().nullable().meta(said('Null: it was taken away.')),
  by: z.string(),
  at: instant,
});

/** Everything that is known of one call or thread, in order. */
export const storyAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  demo: z.boolean(),
  key: z.string(),
  kind: z.enum(['call', 'email']),
  person: z.string().nullable(),
  verdicts: z
    .array(z.strictObject({ scope: z.string(), name: z.string(), words: z.array(z.string()) }))
    .meta(said('How the queue, the team and the site judge it, in sentences.')),
  facts: z.array(
    z.strictObject({
      at: instant,
      time: z.string().meta(said('Local date and time, to the millisecond.')),
      source: z.string(),
      said: z.string(),
    }),
  ),
  more: count.meta(said('Facts that are not told, because there are very many.')),
  causes: z.array(tag).meta(said('What was said of its cause, the newest first.')),
});
export type StoryAnswer = z.infer<typeof storyAnswer>;

/** Says what calls and emails came from, or (null) takes it away. */
export const causeCommand = z.strictObject({
  keys: z
    .array(z.string().min(1).max(ITEM_KEY_MAX), { error: 'must be a list of keys' })
    .min(1, { error: 'is empty' })
    .max(TAGGED_MAX, { error: `holds more than ${TAGGED_MAX}` }),
  cause: plainText(CAUSE_MAX, 'Carrier trunk down').nullable(),
  by,
});
export type CauseCommand = z.input<typeof causeCommand>;

/** Figures with misses that have causes. */
export const causeFigures = ['firstRing', 'serviceLevel', 'abandonment', 'emailsWithinHour'] as const;
export type CauseFigure = (typeof causeFigures)[number];

/** Query of GET /api/trends/causes. */
export const causesQuery = z.strictObject({
  from: date,
  to: date.meta(said('The last day, included.')),
  scope: itemsQuery.shape.scope,
  figure: z.enum(causeFigures, { error: `must be one of ${causeFigures.join(', ')}` }).default('firstRing'),
});

export type CausesQuery = z.output<typeof causesQuery>;

/** What the misses of a period came from. */
export const causesAnswer = z.strictObject({
  now: instant,
  from: date,
  to: date,
  scope: z.string(),
  figure: z.enum(causeFigures),
  missed: count.meta(said('All of the period, those with a cause and those without.')),
  causes: z.array(z.strictObject({ cause: z.string(), count })).meta(said('The most frequent first.')),
  without: count,
  known: z.array(z.string()).meta(said('Causes used before, the latest first: to choose from.')),
});
export type CausesAnswer = z.infer<typeof causesAnswer>;
