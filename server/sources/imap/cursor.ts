import { createHash } from 'node:crypto';

/** How far a folder was read. */
export interface Read {
  /** UIDVALIDITY: with another one, every UID means another mail. */
  validity: string;
  /** The highest UID that was read. */
  uid: number;
  /** HIGHESTMODSEQ at that time, where the server counts changes (CONDSTORE). */
  modseq: string | null;
}

/** Where to go on from, for all folders of a source. A value: nothing in it is ever changed. */
export interface Position {
  folders: Readonly<Record<string, Read>>;
  /** By mailbox: marks of the mails that came in last, so that one that turns up as spam is known again. */
  recent: Readonly<Record<string, string>>;
  /** By mailbox and how it was seen (`help/folder`, `help/flag`): marks of mails last told of as spam that came in before. */
  spam: Readonly<Record<string, string>>;
  /** The refresh token that the provider gave us last, sealed; null while it is the configured one. */
  token: string | null;
}

export const nowhere: Position = { folders: {}, recent: {}, spam: {}, token: null };

/** Mails of each mailbox that are known again when they are moved to the spam folder, or out of it again. */
export const RECENT_MAX = 2_000;
const MARK_CHARS = 8;

export function writeCursor({ folders, recent, spam, token }: Position): string {
  return JSON.stringify({ v: 1, folders, recent, spam, ...(token === null ? {} : { token }) });
}

/** `nowhere` where there is none, or none that this version can read: everything is then read back again. */
export function readCursor(text: string | null): Position {
  if (text === null) return nowhere;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return nowhere;
  }
  if (!isRecord(value) || value.v !== 1 || !isRecord(value.folders)) return nowhere;
  return {
    folders: Object.fromEntries(
      Object.entries(value.folders).filter((entry): entry is [string, Read] => isRead(entry[1])),
    ),
    recent: marksIn(value.recent),
    spam: marksIn(value.spam),
    token: typeof value.token === 'string' ? value.token : null,
  };
}

/** Is this mail among those that are marked? */
export function isMarked(marks: string | undefined, id: string): boolean {
  const mark = markOf(id);
  for (let at = marks?.indexOf(mark) ?? -1; at >= 0; at = marks?.indexOf(mark, at + 1) ?? -1)
    if (at % MARK_CHARS === 0) return true;
  return false;
}

/** With these mails added, and the oldest forgotten. */
export function withMarks(marks: string | undefined, ids: readonly string[]): string {
  const fresh = [...new Set(ids)].filter((id) => !isMarked(marks, id)).map(markOf);
  return `${marks ?? ''}${fresh.join('')}`.slice(-RECENT_MAX * MARK_CHARS);
}

/** Without these mails. */
export function withoutMarks(marks: string | undefined, ids: readonly string[]): string {
  const gone = new Set(ids.map(markOf));
  const left: string[] = [];
  for (let at = 0; at < (marks?.length ?? 0); at += MARK_CHARS) {
    const mark = marks?.slice(at, at + MARK_CHARS) ?? '';
    if (!gone.has(mark)) left.push(mark);
  }
  return left.join('');
}

function marksIn(value: unknown): Record<string, string> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function markOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, MARK_CHARS);
}

function isRead(value: unknown): value is Read {
  if (!isRecord(value)) return false;
  const { validity, uid, modseq } = value;
  return (
    typeof validity === 'string' &&
    Number.isSafeInteger(uid) &&
    (modseq === null || (typeof modseq === 'string' && /^\d+$/.test(modseq)))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
