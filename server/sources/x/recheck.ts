import { type Instant, MINUTE } from '../../../shared/time.ts';
import type { Post, PostDelete } from '../../fact.ts';
import { PAGE_MAX } from './client.ts';
import { isId } from './ids.ts';
import { isWithheld } from './post.ts';
import { type Session, take } from './session.ts';
import { XStopped, XTrouble } from './trouble.ts';

/** A post that is shown is looked up this long after X last stood behind it: at least hourly, with time for a retry. */
export const RECHECK_AFTER_MS = 45 * MINUTE;

/**
 * Looks up the posts that walls show and that X has not confirmed for a while: those that are gone become deletions,
 * those that were edited a new version. Trouble is said and tried again; it never breaks the link.
 */
export async function recheckShown(session: Session): Promise<void> {
  const { needs, kept, notices } = session;
  if (!kept.aside.lookUps.isOver(needs.clock.now())) return;
  const due = await dueAt(session, needs.clock.now());
  if (due.length === 0) return;
  try {
    const facts = await lookUp(session, due);
    kept.aside.lookUps.recovered();
    notices.set('recheck', null);
    kept.outbox.put(facts);
  } catch (error) {
    if (!(error instanceof XTrouble)) throw error;
    if (error instanceof XStopped) return;
    kept.aside.lookUps.failed(error, needs.clock.now());
    notices.set(
      'recheck',
      `Posts on the wall cannot be checked, and leave it within the hour. ${error.message}`,
    );
  }
}

/** Ids of first versions that have to be looked up, as many as the cap allows; what was paid for today costs nothing. */
async function dueAt({ needs, kept }: Session, now: Instant): Promise<string[]> {
  const ids = await needs.shown.ids('x');
  let left = kept.meter.affordable(now, false);
  return ids
    .filter(isId)
    .filter((id) => {
      const confirmedAt = needs.shown.confirmedAt('x', id);
      if (confirmedAt !== null && now - confirmedAt < RECHECK_AFTER_MS && confirmedAt <= now) return false;
      if (kept.meter.isPaid(kept.newest.get(id) ?? id, now)) return true;
      left -= 1;
      return left >= 0;
    })
    .slice(0, PAGE_MAX);
}

async function lookUp(session: Session, due: readonly string[]): Promise<(Post | PostDelete)[]> {
  const { needs, kept, api } = session;
  const now = needs.clock.now();
  const firstOf = new Map(due.map((first) => [kept.newest.get(first) ?? first, first]));
  const answer = await api.lookUp([...firstOf.keys()], false);
  kept.meter.count(answer.paid, now);
  const gone = answer.gone.flatMap((id) => firstOf.get(id) ?? []);
  const edited: string[] = [];
  for (const post of answer.posts) {
    const first = firstOf.get(post.id);
    if (first === undefined) continue;
    const newest = post.chain.at(-1) ?? post.id;
    if (isWithheld(post, needs.config.country)) gone.push(first);
    else if (newest !== post.id) edited.push(newest);
    else needs.shown.confirm('x', first, now);
  }
  const versions = edited.length === 0 ? [] : await newVersions(session, edited);
  return [...versions, ...gone.map((id) => deletionOf(id, now))];
}

/** An older version is still there under its own id; the newest is another post to read, with its author. */
async function newVersions(session: Session, ids: readonly string[]): Promise<Post[]> {
  const { needs, kept, api } = session;
  const affordable = kept.meter.affordable(needs.clock.now(), true);
  const asked = ids.slice(0, affordable);
  return asked.length === 0 ? [] : take(session, await api.lookUp(asked, true));
}

function deletionOf(id: string, at: Instant): PostDelete {
  return { kind: 'post_delete', network: 'x', id, at };
}
