import { z } from 'zod';
import { BY_MAX, CITE_MAX, QUOTE_TEXT_MAX } from './limits-desk.ts';
import { plainText } from './plain-text.ts';
import { MESSAGE_ID_MAX } from './wire.ts';

/** What the pages for people read, and the commands that they send. */

const said = (description: string) => ({ description });
const instant = z.int();
const count = z.int().min(0);
export const by = plainText(BY_MAX, 'Ann').meta(said('Who says so; kept with what was done.'));
const saidBy = z.strictObject({ by: z.string(), at: instant });

const post = z.strictObject({
  id: z.string(),
  network: z.enum(['x', 'mastodon', 'bluesky', 'rss']),
  author: z.string(),
  name: z.string(),
  handle: z.string(),
  text: z.string(),
  at: instant,
  url: z.string().nullable(),
  avatar: z.string().nullable().meta(said("Path of the author's picture on this server.")),
  hidden: saidBy.nullable(),
  pinned: saidBy.nullable(),
});
export type WirePost = z.infer<typeof post>;

/** A page of posts; `next` is what to ask for on the next one, null on the last. */
export const postsAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  demo: z.boolean(),
  posts: z.array(post),
  next: z.string().nullable(),
  marked: z.strictObject({ hidden: count, pinned: count }),
  boards: z.array(z.strictObject({ id: z.string(), name: z.string(), names: z.boolean() })),
});
export type PostsAnswer = z.infer<typeof postsAnswer>;

const takenQuote = z.strictObject({
  id: z.int(),
  date: z.string(),
  at: instant,
  text: z.string().meta(said('Empty when its post was deleted or hidden since.')),
  cite: z.string(),
  post: z.string().nullable().meta(said('The post it is from; null when it was sent or typed.')),
  why: z.string(),
  by: z.string().nullable().meta(said('Null: taken by the rule.')),
  withdrawn: saidBy.nullable(),
  stands: z.boolean().meta(said('False when it was taken down, or its post is gone or hidden.')),
});
export type WireQuote = z.infer<typeof takenQuote>;

/** The quote of the day, and those of the days before. */
export const quotesAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  today: z.string().meta(said('ISO local date.')),
  current: takenQuote.nullable().meta(said("Today's; null when there is none yet.")),
  taken: z.array(takenQuote).meta(said('Those of the last 60 days, the newest first.')),
});
export type QuotesAnswer = z.infer<typeof quotesAnswer>;

/** What may be done with a post. */
export const postActs = ['hide', 'restore', 'pin', 'unpin'] as const;
export type PostAct = (typeof postActs)[number];
export const postCommand = z.strictObject({ post: z.string().min(1).max(600), act: z.enum(postActs), by });
export type PostCommand = z.input<typeof postCommand>;

/** A quote by a person: typed, or the words of a post. */
export const quoteCommand = z.strictObject({
  text: plainText(QUOTE_TEXT_MAX, 'You rang me back.'),
  cite: plainText(CITE_MAX, 'from a caller'),
  post: z.string().min(1).max(600).nullable(),
  by,
});
export type QuoteCommand = z.input<typeof quoteCommand>;

export const quoteRemoval = z.strictObject({ id: z.int(), by });
export type QuoteRemoval = z.input<typeof quoteRemoval>;

const openMail = z.strictObject({
  ref: z.string().meta(said('Message-ID of the message that waits.')),
  mailbox: z.string().nullable(),
  source: z.string(),
  from: z.string().meta(said('A keyed hash before the @, unless the mailbox says otherwise.')),
  at: instant,
  dueAt: instant.nullable().meta(said('Null where the opening hours never come.')),
  overdue: z.boolean(),
  more: count.meta(said("Further messages of the customer's that wait with it.")),
});
export type WireOpenMail = z.infer<typeof openMail>;

/** Mail that waits for an answer, the soonest due first, and what people lately said of mail. */
export const mailAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  demo: z.boolean(),
  open: z.array(openMail),
  total: count,
  marks: z.array(
    z.strictObject({
      ref: z.string(),
      kind: z.enum(['waive', 'spam']),
      at: instant,
      by: z.string().nullable(),
      from: z.string().nullable(),
      mailbox: z.string().nullable(),
      receivedAt: instant.nullable(),
    }),
  ),
});
export type MailAnswer = z.infer<typeof mailAnswer>;

export const mailCommand = z.strictObject({
  ref: z.string().min(1).max(MESSAGE_ID_MAX),
  kind: z.enum(['waive', 'spam']),
  by,
});
export type MailCommand = z.input<typeof mailCommand>;

/** A test needs nothing said. */
export const sourceTest = z.strictObject({});

/** What a test of a connection found. */
export const testAnswer = z.strictObject({
  ok: z.boolean(),
  said: z.string().meta(said('What was found, or what is wrong and how to mend it.')),
  tookMs: count,
});
export type TestAnswer = z.infer<typeof testAnswer>;

/** What each source told of today, as the site counts it: by figure, counted and left out. */
export const sourcesTodayAnswer = z.strictObject({
  from: instant,
  sources: z.array(
    z.strictObject({
      id: z.string(),
      counted: z.array(z.strictObject({ figure: z.string(), n: count })),
      leftOut: z.array(z.strictObject({ figure: z.string(), n: count })),
    }),
  ),
});
export type SourcesTodayAnswer = z.infer<typeof sourcesTodayAnswer>;

/** The answer to a command. */
export const doneAnswer = z.strictObject({ done: z.literal(true) });
