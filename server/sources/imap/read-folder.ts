import { setImmediate as nextTurn } from 'node:timers/promises';
import { HOUR } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import type { EmailFact } from '../../fact.ts';
import { isRecent, type Read } from './cursor.ts';
import type { Watched } from './folder.ts';
import type { Flagged, ImapLink } from './imap-link.ts';
import type { Keeper } from './keeper.ts';
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
  let read: Read = known ?? { validity: opened.validity, uid: (uids[0] ?? opened.nextUid) - 1, modseq: null };
  for (let at = 0; at < uids.length; at += UIDS_PER_FETCH) {
    const range = packed(uids.slice(at, at + UIDS_PER_FETCH));
    read = await readMails(link, range, needs, read);
    await nextTurn();
  }
  if (known !== null) await readFlaggedSince(link, opened, known, needs);
  const upTo = { ...read, uid: Math.max(read.uid, opened.nextUid - 1), modseq: opened.modseq };
  if (known?.uid !== upTo.uid || known.modseq !== upTo.modseq) await keepRead(upTo, needs);
}

/** Reads what came after the last mail that was read. */
export async function readNew(link: ImapLink, needs: ReadNeeds): Promise<void> {
  const read = needs.keeper.position().folders[needs.watched.key];
  if (read !== undefined) await readMails(link, `${read.uid + 1}:*`, needs, read);
}

/** Reads mails again that got the flag of spam after they were told of. */
export async function readFlagged(
  link: ImapLink,
  flagged: readonly Flagged[],
  needs: ReadNeeds,
): Promise<void> {
  const { keeper, watched } = needs;
  for (const one of flagged) {
    const told = 'uid' in one ? link.mails(String(one.uid), 'uid') : link.mails(String(one.seq), 'seq');
    for await (const mails of told)
      await keeper.step({ ...meaningsOf(mails, needs, true), mailbox: watched.mailbox });
  }
}

async function unread(
  link: ImapLink,
  opened: Opened,
  known: Read | null,
  { clock, readBackDays }: ReadNeeds,
): Promise<number[]> {
  if (known === null) return link.uidsSince(clock.now() - readBackDays * 24 * HOUR);
  return opened.nextUid > known.uid + 1 ? link.uidsFrom(known.uid + 1) : [];
}

async function readFlaggedSince(
  link: ImapLink,
  opened: Opened,
  known: Read,
  needs: ReadNeeds,
): Promise<void> {
  if (known.modseq === null || opened.modseq === null || opened.modseq === known.modseq) return;
  const uids = (await link.spamAfter(known.modseq)).filter((uid) => uid <= known.uid);
  await readFlagged(
    link,
    uids.map((uid) => ({ uid })),
    needs,
  );
}

function keepRead(read: Read, { keeper, watched }: ReadNeeds): Promise<void> {
  return keeper.step({ facts: [], came: [], mailbox: watched.mailbox, moved: { folder: watched.key, read } });
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
    keeper.step({
      ...meaningsOf(mails, needs, false),
      mailbox: watched.mailbox,
      moved: { folder: watched.key, read },
    });
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

function meaningsOf(
  mails: readonly Mail[],
  { watched, keeper, clock, ticket, refuse }: ReadNeeds,
  areKnown: boolean,
): { facts: EmailFact[]; came: string[] } {
  const facts: EmailFact[] = [];
  const came: string[] = [];
  const recent = keeper.position().recent[watched.mailbox];
  const wasMail = (id: string): boolean => areKnown || (watched.role === 'spam' && isRecent(recent, id));
  for (const mail of mails) {
    const meaning = meaningOf(mail, {
      ...watched,
      now: clock.now(),
      wasMail,
      ...(ticket === null ? {} : { ticket }),
    });
    if ('refused' in meaning) {
      refuse(meaning.refused);
      continue;
    }
    facts.push(meaning.fact);
    if (watched.role === 'inbox' && meaning.fact.kind === 'mail_in' && meaning.fact.spam !== true)
      came.push(meaning.id);
  }
  return { facts, came };
}
