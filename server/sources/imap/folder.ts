import { Problem } from '../../problem.ts';
import { type ImapConfig, imapDefaults, type MailboxFolders, type Role } from './config.ts';
import type { Folder } from './imap-link.ts';

/** A folder that is read, and what it means. */
export interface Watched {
  mailbox: string;
  role: Role;
  path: string;
  /** Names it in the cursor. */
  key: string;
}

/** Answers are read first, so that no mail looks unanswered only because Sent has not been read yet. */
const ORDER: readonly Role[] = ['sent', 'spam', 'inbox'];

/**
 * The folders to read, in the order in which they are to be caught up with. Throws a Problem `not_found` that names what
 * is missing and what there is.
 */
export function foldersToWatch(config: ImapConfig, present: readonly Folder[]): Watched[] {
  const watched = config.mailboxes.flatMap((one) => foldersOf(one, present, config.id));
  return watched.sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role));
}

function foldersOf(one: MailboxFolders, present: readonly Folder[], id: string): Watched[] {
  const marked = (use: string) => present.find((folder) => folder.use === use)?.path;
  const named = (role: Role, name: string): Watched => {
    const path = present.find((folder) => isNamed(folder.path, name))?.path;
    if (path === undefined) throw missing(id, `no folder "${name}"`, present);
    return { mailbox: one.mailbox, role, path, key: `${one.mailbox}/${role}/${path}` };
  };
  const sent = one.sent ?? [marked('\\Sent')].filter((path) => path !== undefined);
  if (sent.length === 0)
    throw missing(id, `no folder that the server marks as Sent: name yours under sent`, present);
  const spam = one.spam === undefined ? marked('\\Junk') : one.spam;
  return [
    ...sent.map((name) => named('sent', name)),
    ...(spam === null || spam === undefined ? [] : [named('spam', spam)]),
    ...one.inbox.map((name) => named('inbox', name)),
  ];
}

/** INBOX alone is the same in any case (RFC 3501, 5.1). */
function isNamed(path: string, name: string): boolean {
  return path === name || (path.toUpperCase() === 'INBOX' && name.toUpperCase() === imapDefaults.inbox[0]);
}

/** Folders that are named in a message. */
const NAMED_MAX = 12;

function missing(id: string, what: string, present: readonly Folder[]): Problem {
  const names = present.slice(0, NAMED_MAX).map(({ path }) => `"${path}"`);
  const more = present.length > NAMED_MAX ? ' and more' : '';
  return new Problem('not_found', `At "${id}" there is ${what}. There is ${names.join(', ')}${more}.`);
}
