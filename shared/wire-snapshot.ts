import { z } from 'zod';
import type { Snapshot } from './figure.ts';
import { wallAlert } from './wire-rule.ts';

const said = (description: string) => ({ description });
const count = z.int().min(0);
const instant = z.int().meta(said('Milliseconds since 1970, UTC.'));
const ms = z.int().meta(said('A length in milliseconds.'));
const date = z.iso.date().meta(said('ISO local date of the site.'));
const link = z.enum(['live', 'late', 'lost']);
const asOf = instant
  .nullable()
  .meta(said('True as of this instant when its source is late or lost; null while live.'));

const tally = z
  .strictObject({ n: z.number(), d: z.number() })
  .meta(said('A ratio as a pair; percents are made at display only.'));
const ranks = z.strictObject({ p50Ms: z.number(), p90Ms: z.number() }).nullable();

const sourceHealth = z.strictObject({
  id: z.string(),
  feeds: z.array(z.enum(['phones', 'emails', 'mentions'])).readonly(),
  state: z.enum(['waiting', 'live', 'late', 'lost', 'heard']),
  since: instant,
  heardAt: instant.nullable(),
  trouble: z.string().nullable(),
});

const change = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['up', 'down']), points: z.number() }),
    z.strictObject({ kind: z.enum(['level', 'about']) }),
  ])
  .nullable();

const promised = z.strictObject({
  tally,
  target: z.number().meta(said('Whole percent promised.')),
  withinMs: ms,
  minSample: count,
  pending: count,
  baseline: z.strictObject({ tally, date, change }).nullable(),
  steps: z.array(z.strictObject({ from: instant, to: instant, today: tally, last: tally })),
  asOf,
  feed: link,
});

const countdown = z
  .strictObject({ leftMs: z.number(), dueAt: instant, runsFrom: instant.nullable() })
  .meta(said('Open minutes left at `at`; it rests until `runsFrom` unless that is null.'));

const calls = z.strictObject({
  firstRing: promised,
  serviceLevel: z.strictObject({ tally, target: z.number(), withinMs: ms }),
  speedOfAnswer: tally,
  abandonment: tally,
  live: z
    .strictObject({ ringing: count, waiting: count, talking: count, longestWaitingSince: instant.nullable() })
    .nullable()
    .meta(said('Null while the phones are late or lost: a live count is never shown old.')),
  longestWaitTodayMs: ms.nullable(),
  preRing: ranks,
  neverRang: count,
  menu: ranks,
  leftInMenu: tally,
  autoAnswer: z.boolean(),
});

const callbacks = z.strictObject({
  tally,
  target: z.number(),
  withinMs: ms,
  live: z.strictObject({ owed: count, overdue: count, next: countdown.nullable() }).nullable(),
});

const emails = z.strictObject({
  withinHour: promised,
  clock: z.enum(['business', 'calendar']),
  received: count,
  live: z
    .strictObject({
      open: count,
      overdue: count,
      atRisk: count,
      next: countdown.nullable(),
      marks: z.array(countdown),
    })
    .nullable(),
});

const mention = z.strictObject({
  id: z.string(),
  network: z.enum(['x', 'mastodon', 'bluesky', 'rss']),
  name: z.string(),
  handle: z.string(),
  text: z.string(),
  at: instant,
  avatar: z.string().nullable().meta(said("Path of the author's picture on this server.")),
  pinned: z.boolean().meta(said('Shown before the others because a person said so.')),
});

const mentions = z.strictObject({
  today: count,
  latest: z.array(mention).meta(said('Those pinned, then the newest.')),
  names: z.boolean().meta(said('False where the board shows no names, handles and pictures.')),
  lastAt: instant.nullable(),
  feed: link,
  asOf,
});

const day = z.strictObject({
  from: instant,
  to: instant,
  date,
  axis: z.strictObject({ from: instant, to: instant }),
  open: z.boolean(),
  opensAt: instant.nullable(),
});

/** Everything one board shows, whole: what GET /api/snapshot answers with and what a board is pushed. */
export const wireSnapshot = z.strictObject({
  version: z.literal(1),
  build: z.string(),
  board: z.strictObject({ id: z.string(), name: z.string(), place: z.string().nullable() }),
  at: instant,
  zone: z.string().meta(said('IANA zone of the site.')),
  day,
  demo: z.boolean(),
  notSavedSince: instant
    .nullable()
    .meta(
      said(
        'Since when nothing that comes in can be saved; every figure is as of then. Null while all is well.',
      ),
    ),
  sources: z.array(sourceHealth),
  calls: calls.nullable(),
  callbacks: callbacks.nullable(),
  emails: emails.nullable(),
  mentions: mentions.nullable(),
  quote: z.strictObject({ text: z.string(), cite: z.string(), at: instant }).nullable(),
  longest: z.strictObject({ ms, since: instant.nullable(), date }).nullable(),
  chime: z
    .strictObject({
      path: z.string(),
      volume: z.number(),
      quiet: z.strictObject({ from: z.string(), to: z.string() }).nullable(),
    })
    .nullable()
    .meta(said('The tone at each new critical alert; null where the board is silent.')),
  alerts: z.array(wallAlert).meta(said('The worst and oldest first.')),
});

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** Does not compile when the schema and figure.ts say different things. */
export const wireSnapshotIsSnapshot: Same<z.infer<typeof wireSnapshot>, Snapshot> = true;
