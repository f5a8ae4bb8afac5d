import type { Network } from '../shared/figure.ts';
import type { Instant } from '../shared/time.ts';

/**
 * Facts: everything that can happen, in our words. They are small, immutable and idempotent, and may come in any
 * order, twice and late. A fact's key is (source, kind, subject, part).
 *
 * Glossary
 * - call: the customer's journey, not a leg (Asterisk Linkedid, Twilio parent CallSid).
 * - arrived: the PBX took the call. offered: the caller became answerable. alert: a device of ours began to ring.
 *   alert_end: it stopped, unanswered. pickup: off-hook, ringing stops. bridged: the caller can talk. end: it is over.
 * - queue: where work waits (a call queue, a mailbox, a brand search). team: owns queues. site: everything.
 * - leg: one attempt at one device; a device rung again is a new leg. entry: one stay in one queue.
 * - obligation: an answer that we owe, to an email or to a caller who gave up.
 */
export type Fact = CallFact | TextFact | EmailFact | PostFact | QuoteFact | AliveFact;

export type CallFact = Arrived | Offered | Alert | AlertEnd | Pickup | Bridged | End;

export type Direction = 'in' | 'out' | 'internal';

interface OfCall {
  /** The journey's id, unique within its source. */
  call: string;
  at: Instant;
}

/** What is known of the call as a whole; any of the facts that carry it may be the one that comes. */
export interface CallTraits {
  /** Absent means 'in'. */
  direction?: Direction;
  /**
   * The customer's telephone number. Intake replaces it by a keyed hash before anything is stored;
   * empty or absent when the caller withheld it.
   */
  number?: string;
  /** A transfer or consult leg that a platform reports as a call of its own. */
  leg?: 'transfer';
}

export interface Arrived extends OfCall, CallTraits {
  kind: 'arrived';
}
export interface Offered extends OfCall, CallTraits {
  kind: 'offered';
  /** Absent on outbound calls. A queue that no team owns counts for the site only. */
  queue?: string;
  /** Which stay in a queue this is; absent where a call enters a queue once. */
  entry?: string;
}
export interface Alert extends OfCall {
  kind: 'alert';
  /** The attempt; absent: the agent stands for it. */
  leg?: string;
  agent: string;
}
export interface AlertEnd extends OfCall {
  kind: 'alert_end';
  leg?: string;
  agent: string;
  why: 'no_answer' | 'reject' | 'busy' | 'cancel';
}
export interface Pickup extends OfCall {
  kind: 'pickup';
  leg?: string;
  /** Absent on outbound calls: the far end picked up. */
  agent?: string;
}
export interface Bridged extends OfCall {
  kind: 'bridged';
  leg?: string;
  agent?: string;
}
export type EndReason =
  | 'abandon'
  | 'hangup'
  | 'voicemail'
  | 'timeout'
  | 'callback'
  | 'overflow'
  | 'unavailable'
  | 'unknown';
/** `unknown` when what happened was lost (a gap in the link, a PBX restart). */
export interface End extends OfCall {
  kind: 'end';
  why: EndReason;
  /** Only with `overflow`: the stay in a queue that ended, while the call goes on in another. */
  entry?: string;
}

/** A text to a number of ours that promises "text us and we call". */
export interface TextFact {
  kind: 'text_in';
  id: string;
  at: Instant;
  number: string;
  to: string;
}

export type EmailFact = MailIn | MailOut | MailMark | NotSpam;

interface OfMail {
  /** Message-ID with its angle brackets, or a hash of From, Date, Subject and To where there is none. */
  id: string;
  at: Instant;
  from: string;
  to: string[];
  cc?: string[];
  /** References, then In-Reply-To; oldest first. */
  refs?: string[];
  /** Only the headers that decide whether a person wrote it; lower-case names. */
  hdr?: Record<string, string>;
}
export interface MailIn extends OfMail {
  kind: 'mail_in';
  /** The mailbox (a queue) that it was seen in; its owner is decided by To, then Cc, then this. */
  mailbox?: string;
  /** It lies in the spam folder or bears the flag. A copy elsewhere says that a person took it out again. */
  spam?: boolean;
}
export interface MailOut extends OfMail {
  kind: 'mail_out';
  mailbox?: string;
}
/** "No reply needed", or "this is spam", said of a message by a person (`ref` is its Message-ID). */
export interface MailMark {
  kind: 'waive' | 'spam';
  ref: string;
  at: Instant;
  by?: string;
}
/** "This is no spam after all": takes back what was said before it, by a person or by a move to the spam folder. */
export interface NotSpam {
  kind: 'not_spam';
  ref: string;
  at: Instant;
  by?: string;
}

export type PostFact = Post | PostDelete;

export interface Post {
  kind: 'post';
  network: Network;
  id: string;
  /** Every id it goes by: of each version, oldest first, where the network makes a new id at an edit. */
  chain?: string[];
  /** When this version was written, where an edit keeps the id; absent on the first. */
  edited?: Instant;
  author: string;
  name?: string;
  handle?: string;
  text?: string;
  /** BCP 47, as the author or the network says; absent or `und` when not known. */
  lang?: string;
  /** An https address; only the server ever fetches it. */
  avatar?: string;
  /** Where it can be read, https. */
  url?: string;
  type: 'post' | 'reply' | 'quote' | 'repost';
  visibility?: 'public' | 'unlisted' | 'private' | 'direct';
  /** Written by the author's side. */
  at: Instant;
  /** When we first saw it; the count uses the earlier of the two. */
  seen: Instant;
}
export interface PostDelete {
  kind: 'post_delete';
  network: Network;
  id: string;
  at: Instant;
}

/** One piece of customer feedback for the wall, at most 120 characters. */
export interface QuoteFact {
  kind: 'quote';
  id: string;
  at: Instant;
  text: string;
  cite: string;
}

/** A pushing sender's sign of life; nothing is counted. */
export interface AliveFact {
  kind: 'alive';
  at: Instant;
}

/** The second half of a fact's key: which leg, which stay in a queue, which mailbox, which version of a post, or when. */
export function partOf(fact: Fact): string {
  switch (fact.kind) {
    case 'alert':
    case 'alert_end':
    case 'pickup':
    case 'bridged':
      return fact.leg ?? fact.agent ?? '';
    case 'offered':
      return fact.entry ?? fact.queue ?? '';
    case 'end':
      // The end of a stay in a queue is no end of the call, even where the stay has no name.
      return fact.why === 'overflow' ? (fact.entry ?? fact.why) : '';
    case 'arrived':
    case 'text_in':
    case 'waive':
    case 'post_delete':
    case 'quote':
    case 'alive':
      return '';
    case 'spam':
    case 'not_spam':
      // It may be said, taken back and said again: each is a word of its own.
      return String(fact.at);
    case 'mail_in':
      // A copy in the spam folder is not the copy that a person took out of it.
      return fact.spam === true ? `${fact.mailbox ?? ''}/spam` : (fact.mailbox ?? '');
    case 'mail_out':
      return fact.mailbox ?? '';
    case 'post':
      return fact.edited === undefined ? '' : String(fact.edited);
  }
}

/** The first half of a fact's key: the call, message, number or post that it is about. */
export function subjectOf(fact: Fact): string {
  switch (fact.kind) {
    case 'arrived':
    case 'offered':
    case 'alert':
    case 'alert_end':
    case 'pickup':
    case 'bridged':
    case 'end':
      return fact.call;
    case 'text_in':
    case 'mail_in':
    case 'mail_out':
    case 'quote':
      return fact.id;
    case 'waive':
    case 'spam':
    case 'not_spam':
      return fact.ref;
    case 'post':
    case 'post_delete':
      return `${fact.network}/${fact.id}`;
    case 'alive':
      return '';
  }
}
