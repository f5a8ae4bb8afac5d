import type { FetchMessageObject, FetchQueryObject, MailboxObject } from 'imapflow';
import type { Mail } from './mail-facts.ts';
import { HEADERS, readHeaders } from './mail-headers.ts';

/** A folder as it was when it was opened. */
export interface Opened {
  validity: string;
  /** Null where the server does not say (RFC 3501 lets it). */
  nextUid: number | null;
  /** Null where the server does not count changes. */
  modseq: string | null;
  mails: number;
}

/** What is asked for of a mail; its body is not among it, and nothing here marks it as read. */
export const QUERY: FetchQueryObject = {
  uid: true,
  flags: true,
  envelope: true,
  internalDate: true,
  headers: [...HEADERS],
};

/** A folder as imapflow has it. */
export function openedOf(folder: MailboxObject): Opened {
  const { uidValidity, highestModseq, noModseq, exists } = folder;
  const uidNext: number | undefined = folder.uidNext;
  return {
    validity: String(uidValidity),
    nextUid: uidNext ?? null,
    modseq: highestModseq === undefined || noModseq === true ? null : String(highestModseq),
    mails: exists,
  };
}

/** A mail as imapflow has it. */
export function mailOf(told: FetchMessageObject): Mail {
  const { uid, flags = new Set<string>(), envelope = {}, internalDate, headers, threadId } = told;
  const receivedAt = new Date(internalDate ?? Number.NaN).getTime();
  const bare = (list: { address?: string | undefined }[] | undefined): string[] =>
    (list ?? []).map(({ address = '' }) => address.trim());
  const from = bare(envelope.from);
  return {
    uid,
    receivedAt: Number.isNaN(receivedAt) ? null : receivedAt,
    flags,
    from: from.some((address) => address !== '') ? from : bare(envelope.sender),
    to: bare(envelope.to),
    cc: bare(envelope.cc),
    subject: envelope.subject ?? '',
    date: envelope.date instanceof Date ? envelope.date.toISOString() : (envelope.date ?? ''),
    headers: readHeaders(headers?.toString('utf8') ?? ''),
    gmailThread: threadId ?? null,
  };
}
