import type { Instant } from '../../../shared/time.ts';
import { MINUTE } from '../../../shared/time.ts';
import { ADDRESS_MAX, ADDRESSES_MAX, EARLIEST_AT, HEADER_VALUE_MAX } from '../../../shared/wire.ts';
import type { EmailFact, MailIn } from '../../fact.ts';
import type { Role } from './config.ts';
import {
  conversationName,
  type HeaderName,
  madeUpId,
  messageIdOf,
  referencesOf,
  threadIndexOf,
} from './mail-headers.ts';

/** A mail as the server tells of it: what its envelope, its headers and the server's own clock say. */
export interface Mail {
  uid: number;
  /** INTERNALDATE; null where the server gave none that can be read. */
  receivedAt: Instant | null;
  flags: ReadonlySet<string>;
  /** Bare addresses. */
  from: readonly string[];
  to: readonly string[];
  cc: readonly string[];
  /** Neither is kept: they tell mails without a Message-ID apart, and the subject may hold a ticket's number. */
  subject: string;
  date: string;
  headers: ReadonlyMap<HeaderName, string>;
  gmailThread: string | null;
}

/** Where the mail lies, and what is known of it. */
export interface Place {
  mailbox: string;
  role: Role;
  now: Instant;
  /** It was told of as no spam before, from this folder or from the mailbox's Inbox. */
  wasMail(id: string): boolean;
  /** Finds the number of a ticket in a subject, as its first group. */
  ticket?: RegExp;
}

export type Meaning = { fact: EmailFact; id: string } | { refused: string };

/** A server's clock may run ahead of ours by this much; beyond it the mail is dated by when we first saw it. */
const AHEAD_MAX_MS = 5 * MINUTE;

/**
 * What a mail means. In the Sent folder it is one of ours that went out, elsewhere one that came in, or the word that one
 * is spam. `Date:` is never used: it is the sender's clock.
 */
export function meaningOf(mail: Mail, place: Place): Meaning {
  const { receivedAt } = mail;
  if (receivedAt === null) return { refused: 'a mail without INTERNALDATE' };
  if (receivedAt < EARLIEST_AT) return { refused: 'a mail whose INTERNALDATE is before the year 2000' };
  const at = receivedAt > place.now + AHEAD_MAX_MS ? place.now : receivedAt;
  const id = idOf(mail);
  const told = {
    id,
    at,
    ...addressesOf(mail),
    ...refsOf(mail, place),
    ...hdrOf(mail.headers),
    mailbox: place.mailbox,
  };
  if (place.role === 'sent') return { id, fact: { kind: 'mail_out', ...told } };
  if (place.role === 'inbox' && !isFlaggedSpam(mail.flags)) return { id, fact: { kind: 'mail_in', ...told } };
  if (place.wasMail(id)) return { id, fact: { kind: 'spam', ref: id, at: place.now } };
  return { id, fact: { kind: 'mail_in', ...told, spam: true } satisfies MailIn };
}

/** `$Junk` is registered (RFC 5788's registry); Thunderbird writes `Junk`. */
export function isFlaggedSpam(flags: ReadonlySet<string>): boolean {
  const has = (...names: string[]) => [...flags].some((flag) => names.includes(flag.toLowerCase()));
  return has('$junk', 'junk') && !has('$notjunk', 'notjunk', 'nonjunk');
}

function idOf(mail: Mail): string {
  return messageIdOf(mail.headers) ?? madeUpId([mail.from.join(), mail.date, mail.subject, mail.to.join()]);
}

function addressesOf({ from, to, cc }: Mail): { from: string; to: string[]; cc?: string[] } {
  const usable = (list: readonly string[]) =>
    list.filter((address) => address !== '' && address.length <= ADDRESS_MAX).slice(0, ADDRESSES_MAX);
  const copies = usable(cc);
  return { from: usable(from)[0] ?? '', to: usable(to), ...(copies.length === 0 ? {} : { cc: copies }) };
}

/**
 * What ties it to others: what it refers to, and before that the names of its conversation, which are older. Gmail puts
 * strangers into one conversation who wrote under the same subject in the same week, such as the mails of a contact
 * form; so its word is taken only for mails that refer to nothing and are no first ones.
 */
function refsOf(mail: Mail, { role, ticket }: Place): { refs?: string[] } {
  const named = referencesOf(mail.headers);
  const index = threadIndexOf(mail.headers);
  const isReply = role === 'sent' || REPLY.test(mail.subject);
  const number = ticket?.exec(mail.subject)?.[1];
  const refs = [
    ...(index === null ? [] : [conversationName('thread-index', index)]),
    ...(number === undefined ? [] : [conversationName('ticket', number.toLowerCase())]),
    ...(mail.gmailThread === null || named.length > 0 || !isReply
      ? []
      : [conversationName('gmail', mail.gmailThread)]),
    ...named,
  ];
  return refs.length === 0 ? {} : { refs };
}

/** `Re:` in the languages of mail programs. */
const REPLY = /^\s*(?:re|aw|sv|vs|antw|odp|rif|res|ynt|回复|答复)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]/iu;

/** Only what decides whether a person wrote it, and only where it says that none did. */
function hdrOf(headers: ReadonlyMap<HeaderName, string>): { hdr?: Record<string, string> } {
  const hdr: Record<string, string> = {};
  for (const name of DECIDING) {
    const value = headers.get(name);
    if (value === undefined || (value === '' && name !== 'return-path')) continue;
    if (name === 'content-type' && !/^multipart\/report/i.test(value)) continue;
    if (name === 'return-path' && value.replace(/\s/g, '') !== '<>') continue;
    hdr[name] = value.slice(0, HEADER_VALUE_MAX);
  }
  return Object.keys(hdr).length === 0 ? {} : { hdr };
}

const DECIDING = [
  'auto-submitted',
  'content-type',
  'return-path',
  'list-id',
  'list-unsubscribe',
  'precedence',
  'x-autoreply',
  'x-autorespond',
] as const satisfies readonly HeaderName[];
