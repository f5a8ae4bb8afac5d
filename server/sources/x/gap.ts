import { HOUR, type Instant } from '../../../shared/time.ts';
import type { Post } from '../../fact.ts';
import type { Answer } from './answer.ts';
import { PAGE_MAX, PAGE_MIN } from './client.ts';
import { madeAt } from './ids.ts';
import { groupsOf, queryOf } from './rules.ts';
import { type Session, take } from './session.ts';
import { XTrouble } from './trouble.ts';

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
  let left = kept.meter.affordable(now, true);
  if (isLongGap(session, sinceId, now)) left = Math.max(PAGE_MIN, Math.floor(left / 2));
  const facts = new Map<string, Post>();
  const ids: string[] = [];
  let isWhole = true;
  const groups = groupsOf(session.rules.filter((rule) => !session.unsearchable.has(rule)));
  for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
    let token: string | null = null;
    do {
      const size = Math.min(PAGE_MAX, left, kept.meter.affordable(needs.clock.now(), true));
      if (size < PAGE_MIN) {
        isWhole = false;
        break;
      }
      const answer = await searched(session, group, { sinceId, size, token });
      if (answer === null) {
        // One of several keeps the others out: each is asked for alone.
        if (group.length > 1) groups.unshift(...group.map((rule) => [rule]));
        break;
      }
      left -= answer.paid.posts.filter((id) => !kept.meter.isPaid(id, now)).length;
      ids.push(...answer.paid.posts);
      for (const post of take(session, answer)) facts.set(post.id, post);
      token = answer.nextToken;
    } while (token !== null);
  }
  sayUnsearchable(session);
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

/** Was more missed than what came in the last hour, or between two searches? */
function isLongGap({ needs: { config }, kept }: Session, sinceId: string, now: Instant): boolean {
  if (kept.mark.sinceId() === null) return false;
  // A quiet brand has no newer post, and yet nothing was missed.
  const knownUntil = Math.max(madeAt(sinceId), kept.wholeAt ?? 0);
  return now - knownUntil > Math.max(LONG_GAP_MS, config.mode === 'search' ? 2 * config.everyMs : 0);
}

/** Null when search does not take it; of a single rule that is remembered. */
async function searched(
  { api, unsearchable }: Session,
  group: readonly string[],
  page: { sinceId: string; size: number; token: string | null },
): Promise<Answer | null> {
  try {
    return await api.search(queryOf(group), page);
  } catch (error) {
    if (!(error instanceof XTrouble) || error.badQuery === null) throw error;
    if (group.length === 1) unsearchable.set(group[0] ?? '', error.badQuery);
    return null;
  }
}

/** The stream takes more than search does. Throws where search is all there is and takes nothing. */
function sayUnsearchable({ needs: { config }, unsearchable, rules, notices }: Session): void {
  const which = [...unsearchable].map(([rule, why]) => `"${rule}" (${why})`).join(', ');
  const isStream = config.mode === 'stream';
  if (!isStream && unsearchable.size === rules.length)
    throw new XTrouble(`The search of X takes none of the rules of "${config.id}": ${which}. Mend them.`, {
      kind: 'http',
      isRefused: true,
    });
  const lost = isStream
    ? 'What it would find while the stream is down is missed.'
    : 'What it would find is missing: mend it.';
  notices.set('search', which === '' ? null : `The search of X does not take ${which}. ${lost}`);
}

/** Says for a day what was left out, also after a broken link. */
export function sayLeftOut({ needs, kept, notices }: Session): void {
  if (kept.leftOut !== null && needs.clock.now() >= kept.leftOut.until) kept.leftOut = null;
  notices.set('gap', kept.leftOut?.words ?? null);
}
