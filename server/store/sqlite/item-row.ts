import type { Instant } from '../../../shared/time.ts';
import type { Item } from '../store.ts';
import { decodeJudged } from './judged-json.ts';

/** The columns of `items` that say what an item is; the rest of the row is only there to find it by. */
export interface ItemRow {
  key: string;
  source: string;
  person: string | null;
  at: Instant;
  folded_to: Instant;
  judged: string;
  contacts: string | null;
}

export const itemColumns = 'key, source, person, at, folded_to, judged, contacts';

export function itemOf(row: ItemRow): Item {
  return {
    key: row.key,
    source: row.source,
    person: row.person,
    at: row.at,
    judged: decodeJudged(row.judged, row.contacts),
    foldedTo: row.folded_to,
  };
}

/** The last instant that a Date can hold: `wake_at` of what is open until a fact comes. */
export const NEVER = 8_640_000_000_000_000;

/** When anything of an item counts: see the migration that makes the columns. */
export interface Counted {
  from: Instant | null;
  to: Instant | null;
  mentionAt: Instant | null;
}

export function countedAt({ judged: { settled, pending, views, replies } }: Item): Counted {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let mentionAt: Instant | null = null;
  for (const { figure, at, n } of settled) {
    if (at < from) from = at;
    if (at > to) to = at;
    if (figure === 'mentions' && n > 0) mentionAt ??= at;
  }
  for (const { at } of pending) {
    if (at < from) from = at;
    if (at > to && at !== Number.POSITIVE_INFINITY) to = at;
  }
  for (const { offeredAt } of views) {
    if (offeredAt < from) from = offeredAt;
    if (offeredAt > to) to = offeredAt;
  }
  // A late answer has its verdict before it, and its length at it.
  for (const { answeredAt } of replies) if (answeredAt !== null && answeredAt > to) to = answeredAt;
  return { from: Number.isFinite(from) ? from : null, to: Number.isFinite(to) ? to : null, mentionAt };
}

/** The next instant at which time alone changes the item; `NEVER` for what only a fact ends; null when nothing is open. */
export function wakeAtOf({ judged, foldedTo }: Item): Instant | null {
  let wakeAt: Instant | null = null;
  const consider = (at: Instant): void => {
    if (at > foldedTo) wakeAt = Math.min(wakeAt ?? NEVER, at);
  };
  for (const { lostAt } of judged.pending) consider(lostAt);
  for (const { until } of judged.live) consider(until);
  return wakeAt;
}
