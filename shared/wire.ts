import { z } from 'zod';
import { CITE_MAX, QUOTE_TEXT_MAX } from './limits-desk.ts';

/** What crosses HTTP, checked once at the edge. Every limit has its name here; the OpenAPI document is made from it. */

/** Facts dated before this are refused: the usual cause is seconds where milliseconds are meant. */
export const EARLIEST_AT = Date.UTC(2000, 0, 1);
export const LATEST_AT = Date.UTC(2100, 0, 1);
/** Characters in an id: a call, a leg, a queue, an agent, a post, a quote. */
export const ID_MAX = 256;
/** Characters in a Message-ID (RFC 5322 allows lines of 998). */
export const MESSAGE_ID_MAX = 998;
export const NUMBER_MAX = 40;
/** Characters in an email address (RFC 5321: 64 + 1 + 255). */
export const ADDRESS_MAX = 320;
/** Addresses in one `to` or `cc`. */
export const ADDRESSES_MAX = 500;
/** Message-IDs in one `refs`. */
export const REFS_MAX = 200;
export const HEADERS_MAX = 20;
export const HEADER_VALUE_MAX = 1_000;
export const NAME_MAX = 200;
export const POST_TEXT_MAX = 25_000;
/** Characters in an address of a post or a picture. */
export const WEB_ADDRESS_MAX = 2_000;
/** Versions of one edited post. */
export const CHAIN_MAX = 50;

/** How a moment is written, in words that follow a field's name. */
export const momentWords =
  'must be whole milliseconds since 1970, or ISO 8601 with a zone (2026-11-23T09:30:00Z, 2026-11-23T10:30:00+01:00), in the years 2000 to 2099';
const inRange = z.int().min(EARLIEST_AT).lt(LATEST_AT);
const moment = z
  .union(
    [
      inRange,
      z.iso
        .datetime({ offset: true })
        .transform((text) => Date.parse(text))
        .pipe(inRange),
    ],
    { error: momentWords },
  )
  .meta({ description: `A moment: ${momentWords.replace('must be ', '')}.` });

const id = z.string().min(1).max(ID_MAX);
const messageId = z.string().min(1).max(MESSAGE_ID_MAX);
const number = z.string().max(NUMBER_MAX).meta({
  description: "The customer's telephone number; stored only as a keyed hash. Empty when withheld.",
});
const address = z.string().min(1).max(ADDRESS_MAX);
const addresses = z.array(address).max(ADDRESSES_MAX);
const webAddress = z
  .string()
  .max(WEB_ADDRESS_MAX)
  .regex(/^https:\/\/[^\s"'<>\\]+$/, { error: 'must be an https address' });
const network = z.enum(['x', 'mastodon', 'bluesky', 'rss']);

const call = {
  call: id.meta({ description: "The journey's id, unique within its source; not a leg's." }),
  at: moment,
};
const traits = {
  direction: z.enum(['in', 'out', 'internal']).exactOptional().meta({ description: 'Absent means in.' }),
  number: number.exactOptional(),
  leg: z
    .literal('transfer')
    .exactOptional()
    .meta({ description: 'A transfer or consult leg that is reported as a call of its own.' }),
};
const attempt = { leg: id.exactOptional(), agent: id };
const farEnd = { leg: id.exactOptional(), agent: id.exactOptional() };
const mail = {
  id: messageId.meta({ description: 'Message-ID with its angle brackets.' }),
  at: moment,
  from: address,
  to: addresses,
  cc: addresses.exactOptional(),
  refs: z
    .array(messageId)
    .max(REFS_MAX)
    .exactOptional()
    .meta({ description: 'References, then In-Reply-To; oldest first.' }),
  hdr: z
    .record(z.string().regex(/^[a-z0-9-]{1,64}$/), z.string().max(HEADER_VALUE_MAX))
    .refine((headers) => Object.keys(headers).length <= HEADERS_MAX, {
      error: `has more than ${HEADERS_MAX} headers`,
    })
    .exactOptional()
    .meta({ description: 'Only the headers that decide whether a person wrote it; lower-case names.' }),
  mailbox: id.exactOptional().meta({ description: 'The mailbox (a queue) that it was seen in.' }),
};
const mark = {
  ref: messageId.meta({ description: 'Message-ID of the marked message.' }),
  at: moment,
  by: z.string().max(NAME_MAX).exactOptional(),
};

const said = (description: string) => ({ description });

/** Each kind of fact by its name, as it crosses HTTP. */
export const wireFacts = {
  arrived: z
    .strictObject({ kind: z.literal('arrived'), ...call, ...traits })
    .meta(said('The PBX took the call.')),
  offered: z
    .strictObject({
      kind: z.literal('offered'),
      ...call,
      ...traits,
      queue: id.exactOptional(),
      entry: id.exactOptional(),
    })
    .meta(said('The caller became answerable: entered a queue, or the phones of a group.')),
  alert: z
    .strictObject({ kind: z.literal('alert'), ...call, ...attempt })
    .meta(said('A device of ours began to ring.')),
  alert_end: z
    .strictObject({
      kind: z.literal('alert_end'),
      ...call,
      ...attempt,
      why: z.enum(['no_answer', 'reject', 'busy', 'cancel']),
    })
    .meta(said('It stopped ringing, unanswered.')),
  pickup: z
    .strictObject({ kind: z.literal('pickup'), ...call, ...farEnd })
    .meta(said('Off-hook; ringing stops.')),
  bridged: z
    .strictObject({ kind: z.literal('bridged'), ...call, ...farEnd })
    .meta(said('The caller can talk.')),
  end: z
    .strictObject({
      kind: z.literal('end'),
      ...call,
      why: z.enum([
        'abandon',
        'hangup',
        'voicemail',
        'timeout',
        'callback',
        'overflow',
        'unavailable',
        'unknown',
      ]),
      entry: id.exactOptional().meta({ description: 'Only with overflow: the stay in a queue that ended.' }),
    })
    .meta(said('The call is over; with overflow, its stay in one queue.')),
  text_in: z
    .strictObject({
      kind: z.literal('text_in'),
      id,
      at: moment,
      number,
      to: z.string().min(1).max(NUMBER_MAX),
    })
    .meta(said('A text to a number of ours that promises "text us and we call".')),
  mail_in: z
    .strictObject({ kind: z.literal('mail_in'), ...mail, spam: z.boolean().exactOptional() })
    .meta(said('An email came in.')),
  mail_out: z.strictObject({ kind: z.literal('mail_out'), ...mail }).meta(said('An email of ours went out.')),
  waive: z.strictObject({ kind: z.literal('waive'), ...mark }).meta(said('A person said: no reply needed.')),
  spam: z.strictObject({ kind: z.literal('spam'), ...mark }).meta(said('A person said: this is spam.')),
  not_spam: z
    .strictObject({ kind: z.literal('not_spam'), ...mark })
    .meta(said('A person said: this is no spam after all.')),
  post: z
    .strictObject({
      kind: z.literal('post'),
      network,
      id,
      chain: z
        .array(id)
        .max(CHAIN_MAX)
        .exactOptional()
        .meta({ description: 'Ids of every version, oldest first.' }),
      edited: moment
        .exactOptional()
        .meta({ description: 'When this version was written, where an edit keeps the id.' }),
      author: id,
      name: z.string().max(NAME_MAX).exactOptional(),
      handle: z.string().max(NAME_MAX).exactOptional(),
      text: z.string().max(POST_TEXT_MAX).exactOptional(),
      lang: z
        .string()
        .regex(/^[A-Za-z0-9-]{2,35}$/, { error: 'must be a language tag such as en or pt-BR' })
        .exactOptional(),
      avatar: webAddress.exactOptional(),
      url: webAddress.exactOptional(),
      type: z.enum(['post', 'reply', 'quote', 'repost']),
      visibility: z.enum(['public', 'unlisted', 'private', 'direct']).exactOptional(),
      at: moment,
      seen: moment,
    })
    .meta(said("A post that names us. `at` is the author's time, `seen` ours.")),
  post_delete: z
    .strictObject({ kind: z.literal('post_delete'), network, id, at: moment })
    .meta(said('A post was deleted.')),
  quote: z
    .strictObject({
      kind: z.literal('quote'),
      id,
      at: moment,
      text: z.string().min(1).max(QUOTE_TEXT_MAX),
      cite: z.string().min(1).max(CITE_MAX),
    })
    .meta(said('One piece of customer feedback for the wall, cited by channel or area.')),
  alive: z
    .strictObject({ kind: z.literal('alive'), at: moment })
    .meta(said("The sender's sign of life; nothing is counted.")),
} as const;

/** Any fact as it crosses HTTP. */
export const wireFact = z.discriminatedUnion('kind', [
  wireFacts.arrived,
  wireFacts.offered,
  wireFacts.alert,
  wireFacts.alert_end,
  wireFacts.pickup,
  wireFacts.bridged,
  wireFacts.end,
  wireFacts.text_in,
  wireFacts.mail_in,
  wireFacts.mail_out,
  wireFacts.waive,
  wireFacts.spam,
  wireFacts.not_spam,
  wireFacts.post,
  wireFacts.post_delete,
  wireFacts.quote,
  wireFacts.alive,
]);

/** A fact once read: `at` and `seen` are instants. */
export type ReadFact = z.output<typeof wireFact>;
/** A fact as a sender may write it. */
export type SentFact = z.input<typeof wireFact>;
