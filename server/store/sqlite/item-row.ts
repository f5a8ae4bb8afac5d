import type { Instant } from '../../../shared/time.ts';
import type { Judged } from '../../judge/verdict.ts';
import type { Item } from '../store.ts';
import { decodeJudged, encodeJudged } from './judged-json.ts';

/** The columns of `items` that say what an item is; the rest of the row is only there to find it by. */
export interface ItemRow {
  key: string;
  source: string;
  person: string | null;
  at: Instant;
  folded_to: Instant;
  judged: string;
}

export const itemColumns = 'key, source, person, at, folded_to, judged';

export function itemOf(row: ItemRow): Item {
  return {
    key: row.key,
    source: row.source,
    person: row.person,
    at: row.at,
    judged: decodeJudged(row.judged),
    foldedTo: row.folded_to,
  };
}

/** Values in the order of the statement that saves an item. */
export type ItemValues = [
  key: string,
  source: string,
  person: string | null,
  at: Instant,
  foldedTo: Instant,
  judged: string,
  open: number,
  wakeAt: Instant | null,
  countedFrom: Instant | null,
  countedTo: Instant | null,
  mentionAt: Instant | null,
];

export function itemValues(item: Item): ItemValues {
  const { judged, foldedTo } = item;
  const ends = endsAfter(item);
  const counted = countedAt(judged);
  const mention = judged.settled.find((settled) => settled.figure === 'mentions' && settled.n > 0);
  return [
    item.key,
    item.source,
    item.person,
    item.at,
    foldedTo,
    encodeJudged(judged),
    ends.length > 0 ? 1 : 0,
    finite(Math.min(...ends)),
    finite(Math.min(...counted)),
    finite(Math.max(...counted)),
    mention?.at ?? null,
  ];
}

/** The next instant at which time alone changes the item; null when it never will. */
export function wakeAtOf(item: Item): Instant | null {
  return finite(Math.min(...endsAfter(item)));
}

/** When each pending verdict is lost and each live thing ends of itself, as far as that is not folded yet. */
function endsAfter({ judged, foldedTo }: Item): Instant[] {
  const ends: Instant[] = [];
  for (const pending of judged.pending) if (pending.lostAt > foldedTo) ends.push(pending.lostAt);
  for (const live of judged.live) if (live.until > foldedTo) ends.push(live.until);
  return ends;
}

/** Every instant at which something counts or was offered. */
function countedAt({ settled, pending, views }: Judged): Instant[] {
  const at: Instant[] = [];
  for (const one of settled) at.push(one.at);
  for (const one of pending) if (one.at !== Number.POSITIVE_INFINITY) at.push(one.at);
  for (const view of views) at.push(view.offeredAt);
  return at;
}

function finite(at: number): Instant | null {
  return Number.isFinite(at) ? at : null;
}
