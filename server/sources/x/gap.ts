import { HOUR } from '../../../shared/time.ts';
import type { Post } from '../../fact.ts';
import { PAGE_MAX, PAGE_MIN } from './client.ts';
import { madeAt } from './ids.ts';
import { queriesOf } from './rules.ts';
import { type Session, take } from './session.ts';

/** A gap longer than this may take half of what is left of the day's cap: the rest is for what comes. */
const LONG_GAP_MS = HOUR;
/** As long as the day's count on a wall may be short by it. */
const LEFT_OUT_SAID_MS = 24 * HOUR;

/**
 * Reads what was written since the mark by recent search, and puts it on its way as one: half of a gap may not pass for
 * the whole. What the cap leaves out is given up, and said.
 */
export async function fillGap(session: Session): Promise<void> {
  const { needs, kept } = session;
  const now = needs.clock.now();
  const sinceId = kept.mark.searchFrom(now, needs.config.lookBackMs);
  const isLong = now - madeAt(sinceId) > LONG_GAP_MS && kept.mark.sinceId() !== null;
  let left = kept.meter.affordable(now, true);
  if (isLong) left = Math.max(PAGE_MIN, Math.floor(left / 2));
  const facts = new Map<string, Post>();
  const ids: string[] = [];
  let isWhole = true;
  for (const query of queriesOf(session.rules)) {
    let token: string | null = null;
    do {
      const size = Math.min(PAGE_MAX, left, kept.meter.affordable(needs.clock.now(), true));
      if (size < PAGE_MIN) {
        isWhole = false;
        break;
      }
      const answer = await session.api.search(query, { sinceId, size, token });
      left -= answer.paid.posts.filter((id) => !kept.meter.isPaid(id, now)).length;
      ids.push(...answer.paid.posts);
      for (const post of take(session, answer)) facts.set(post.id, post);
      token = answer.nextToken;
    } while (token !== null);
  }
  kept.mark.read(ids);
  kept.outbox.put([...facts.values()]);
  if (!isWhole) {
    const from = new Date(madeAt(sinceId)).toISOString().slice(0, 16).replace('T', ' ');
    needs.log.warn({ source: needs.config.id, since: from }, 'posts of a gap left out: over the cap');
    const words = `Some posts since ${from} UTC were left out: reading them all would take too much of the day's cap. Raise daily_cap if today's count has to be whole.`;
    kept.leftOut = { words, until: now + LEFT_OUT_SAID_MS };
  }
  sayLeftOut(session);
}

/** Says for a day what was left out, also after a broken link. */
export function sayLeftOut({ needs, kept, notices }: Session): void {
  if (kept.leftOut !== null && needs.clock.now() >= kept.leftOut.until) kept.leftOut = null;
  notices.set('gap', kept.leftOut?.words ?? null);
}
