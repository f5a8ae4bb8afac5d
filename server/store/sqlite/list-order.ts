import type { Instant } from '../../../shared/time.ts';
import type { ItemOrder, ItemSort } from '../../../shared/wire-items.ts';
import type { ListedItem, ListPlace } from '../lists.ts';

/** What a row is sorted by beside its time; null where it has none, or where that is by time. */
export function sortedBy({ view, reply }: Pick<ListedItem, 'view' | 'reply'>, sort: ItemSort): number | null {
  switch (sort) {
    case 'at':
      return null;
    case 'ring':
      return view?.ringMs ?? null;
    case 'wait':
      return view?.waitMs ?? null;
    case 'talk':
      return view?.talkMs ?? null;
    case 'reply':
      return reply?.replyMinutes ?? null;
  }
}

export function placeOf(item: ListedItem, sort: ItemSort): ListPlace {
  return { value: sortedBy(item, sort), at: item.at, key: item.key, nth: item.nth };
}

/** Negative when `a` stands before `b`. Rows without a value stand last in either order; then by time, then by key. */
export function compare(a: ListPlace, b: ListPlace, order: ItemOrder): number {
  if (a.value !== b.value) {
    if (a.value === null) return 1;
    if (b.value === null) return -1;
    return order === 'asc' ? a.value - b.value : b.value - a.value;
  }
  const upwards = a.at - b.at || (a.key === b.key ? a.nth - b.nth : a.key < b.key ? -1 : 1);
  return order === 'asc' ? upwards : -upwards;
}

/** The place before every row of an instant, so that a page may go on with that instant. */
export function placeBefore(at: Instant, order: ItemOrder): ListPlace {
  // Keys begin with a small letter.
  return { value: null, at, key: order === 'asc' ? '' : '~', nth: 0 };
}
