import { setImmediate as nextTurn } from 'node:timers/promises';
import { HOUR } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import type { EmailFact } from '../../fact.ts';
import { isMarked, type Position, type Read } from './cursor.ts';
import type { Watched } from './folder.ts';
import type { Flagged, ImapLink } from './imap-link.ts';
import { type Keeper, type Step, spamKeys } from './keeper.ts';
import { type Mail, meaningOf } from './mail-facts.ts';
import type { Opened } from './told-by-server.ts';
import { packed } from './uid-set.ts';

/** Mails that are asked for in one command: what has come is worked through in one go, and more would be felt. */
const UIDS_PER_FETCH = 25;

export interface ReadNeeds {
  watched: Watched;
  keeper: Keeper;
  clock: Clock;
  readBackDays: number;
  ticket: RegExp | null;
  refuse: (reason: string) => void;
}

/**
 * Reads what was not read before. With another UIDVALIDITY than the last time, and at the very first, that is everything
 * of the days that are read back; what was told of before is then told again, which changes nothing.
 */
export async function catchUp(link: ImapLink, opened: Opened, needs: ReadNeeds): Promise<void> {
  const { watched, keeper } = needs;
  const before = keeper.position().folders[watched.key];
  const known = before?.validity === opened.validity ? before : null;
  const uids = await unread(link, opened, known, needs);
  // A reading back that is cut short goes on from its first mail, not from the first that ever was.
  let read: Read = known ?? {
    validity: opened.validity,
    uid: (uids[0] ?? opened.nextUid ?? 1) - 1,
    modseq: null,
  };
  for (let at = 0; at < uids.length; at += UIDS_PER_FETCH) {
    const range = packed(uids.slice(at, at + UIDS_PER_FETCH));
    read = await readMails(link, range, needs, read);
    await nextTurn();
  }
  if (known !== null) await readFlaggedSince(link, opened, known, needs);
  const upTo = { ...read, uid: Math.max(read.uid, (opened.nextUid ?? 1) - 1), modseq: opened.modseq };
  if (known?.uid !== upTo.uid || known.modseq !== upTo.modseq) await keepRead(upTo, needs);
}

/** Reads what came after the last mail that was read. */
export async function readNew(link: ImapLink, needs: ReadNeeds): Promise<void> {
  const read = needs.keeper.position().folders[needs.watched.key];
  if (read !== undefined) await readMails(link, `${read.uid + 1}:*`, needs, read);
}

/**
 * Reads mails again that got the flag of spam after they were told of, or lost it. Only in an Inbox: in the spam folder it
 * says nothing new, and would not be taken back when a person takes the mail out.
 */
export async function readFlagged(
  link: ImapLink,
  flagged: readonly Flagged[],
  needs: ReadNeeds,
): Promise<void> {
  const { keeper, watched } = needs;
  if (watched.role !== 'inbox') return;
  const [, byFlag] = spamKeys(watched.mailbox);
  const mayBeCleared = (keeper.position().spam[byFlag] ?? '') !== '';
  const telling = flagged.filter(({ isSpam }) => isSpam || mayBeCleared);
  for (const [by, numbers] of [
    ['uid', telling.flatMap((one) => ('uid' in one ? [one.uid] : []))],
    ['seq', telling.flatMap((one) => ('seq' in one ? [one.seq] : []))],
  ] as const) {
    const once = [...new Set(numbers)].sort((a, b) => a - b);
    for (let at = 0; at < once.length; at += UIDS_PER_FETCH)
      for await (const mails of link.mails(packed(once.slice(at, at + UIDS_PER_FETCH)), by))
        await keeper.step((from) => stepOf(mails, from, needs, 'flagged'));
  }
}

async function unread(
  link: ImapLink,
  opened: Opened,
  known: Read | null,
  { clock, readBackDays }: ReadNeeds,
): Promise<number[]> {
  if (known === null) return link.uidsSince(clock.now() - readBackDays * 24 * HOUR);
  return opened.nextUid === null || opened.nextUid > known.uid + 1 ? link.uidsFrom(known.uid + 1) : [];
}

async function readFlaggedSince(
  link: ImapLink,
  opened: Opened,
  known: Read,
  needs: ReadNeeds,
): Promise<void> {
  if (known.modseq === null || opened.modseq === null || opened.modseq === known.modseq) return;
  if (needs.watched.role !== 'inbox') return;
  const flagged = await link.flaggedAfter(known.modseq);
  await readFlagged(
    link,
    flagged.filter(({ uid }) => uid <= known.uid),
    needs,
  );
}

function keepRead(read: Read, { keeper, watched }: ReadNeeds): Promise<void> {
  const moved = { folder: watched.key, read };
  return keeper.step(() => ({ facts: [], came: [], mailbox: watched.mailbox, moved }));
}

/**
 * Reads and keeps, a batch at a time. The position moves on with the last batch only: servers need not answer in the
 * order of UIDs. Resolves with where it then is.
 */
async function readMails(link: ImapLink, range: string, needs: ReadNeeds, from: Read): Promise<Read> {
  const { watched, keeper } = needs;
  const told = new Set<number>();
  let held: Mail[] | null = null;
  const keep = (mails: readonly Mail[], read: Read): Promise<void> =>
    keeper.step((at) => ({ ...stepOf(mails, at, needs, 'come'), moved: { folder: watched.key, read } }));
  for await (const batch of link.mails(range, 'uid')) {
    // "n:*" always tells of the last mail, and one that changes meanwhile may come twice.
    const fresh = batch.filter(({ uid }) => uid > from.uid && !told.has(uid) && told.add(uid));
    if (fresh.length === 0) continue;
    if (held !== null) await keep(held, from);
    held = fresh;
  }
  if (held === null) return from;
  const read = { ...from, uid: [...told].reduce((a, b) => Math.max(a, b)) };
  await keep(held, read);
  return read;
}

/** What mails mean that have come into the folder, or whose flags changed there. */
function stepOf(mails: readonly Mail[], from: Position, needs: ReadNeeds, how: 'come' | 'flagged'): Step {
  const { watched, clock, ticket, refuse } = needs;
  const { mailbox, role } = watched;
  const [byFolder, byFlag] = spamKeys(mailbox);
  const key = role === 'spam' ? byFolder : byFlag;
  const isKnownSpam = (id: string): boolean => isMarked(from.spam[key], id);
  const wasMail = (id: string): boolean =>
    how === 'flagged' || (role === 'spam' && isMarked(from.recent[mailbox], id));
  const facts: EmailFact[] = [];
  const came: string[] = [];
  const spam = { key, ids: [] as string[] };
  const notSpam: string[] = [];
  for (const mail of mails) {
    const place = { ...watched, now: clock.now(), wasMail, ...(ticket === null ? {} : { ticket }) };
    const meaning = meaningOf(mail, place);
    if ('refused' in meaning) {
      refuse(meaning.refused);
      continue;
    }
    const { id, fact } = meaning;
    if (role === 'inbox' && fact.kind === 'mail_in' && fact.spam !== true) {
      // A mail program without MOVE copies to the spam folder and then flags what is left here: that clears nothing.
      const isCleared =
        !mail.flags.has('\\Deleted') && (how === 'come' ? spamIn(from, mailbox, id) : isKnownSpam(id));
      if (how === 'flagged' && !isCleared) continue;
      facts.push(fact);
      came.push(id);
      if (!isCleared) continue;
      facts.push({ kind: 'not_spam', ref: id, at: place.now });
      notSpam.push(id);
    } else if (fact.kind === 'mail_out') facts.push(fact);
    else {
      if (fact.kind === 'spam' && isKnownSpam(id)) continue;
      facts.push(fact);
      if (fact.kind === 'spam' || role === 'inbox') spam.ids.push(id);
    }
  }
  return { facts, mailbox, came, spam, notSpam };
}

function spamIn({ spam }: Position, mailbox: string, id: string): boolean {
  return spamKeys(mailbox).some((key) => isMarked(spam[key], id));
}
