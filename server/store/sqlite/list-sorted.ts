import type Database from 'better-sqlite3';
import { SORTED_MAX } from '../../../shared/limits-items.ts';
import type { Instant } from '../../../shared/time.ts';
import { Problem } from '../../problem.ts';
import type { ListAsked, ListPage } from '../lists.ts';
import type { ItemKey } from '../store.ts';
import { indexesTo } from './list-candidates.ts';
import { rowReader } from './list-items.ts';
import { compare, placeOf } from './list-order.ts';
import { rangeOf } from './list-signs.ts';

/**
 * A page in the order of a length: everything in the spans is read and sorted. Throws a Problem when that is more than
 * `SORTED_MAX` items.
 */
export function listSorted(db: Database.Database, asked: ListAsked): ListPage {
  const { sort, order, after, limit } = asked;
  const rowsOf = rowReader(db, asked);
  const rows = keysIn(db, asked)
    .flatMap(rowsOf)
    .map((item) => ({ item, place: placeOf(item, sort) }))
    .filter(({ place }) => after === null || compare(place, after, order) > 0)
    .sort((a, b) => compare(a.place, b.place, order));
  const page = rows.slice(0, limit);
  const isLast = rows.length <= limit;
  return {
    items: page.map(({ item }) => item),
    next: isLast ? null : (page.at(-1)?.place ?? null),
    lookedTo: null,
  };
}

/** Every item that may count in the spans, once. */
function keysIn(db: Database.Database, asked: ListAsked): ItemKey[] {
  const { first, end } = rangeOf(asked);
  const found = new Set<ItemKey>();
  for (const { from, to } of asked.spans) {
    for (const { index, length, until } of indexesTo(to)) {
      const keys = db
        .prepare<[Instant, Instant, Instant, string, string], ItemKey>(
          `SELECT key FROM items INDEXED BY ${index} WHERE ${length} AND counted_to >= ? AND counted_to < ? AND counted_from < ?
           AND key > ? AND key < ? LIMIT ${SORTED_MAX + 1}`,
        )
        .pluck();
      for (const key of keys.all(from, until, to, first, end)) found.add(key);
      if (found.size > SORTED_MAX) throw tooMany(asked);
    }
  }
  return [...found];
}

function tooMany({ figure }: ListAsked): Problem {
  const what = rangeOf({ figure }).first === 'call/' ? 'calls' : 'emails';
  return new Problem(
    'too_large',
    `More than ${SORTED_MAX.toLocaleString('en')} ${what} lie in this span, too many to sort by anything but time. Choose a shorter span, or sort by time.`,
  );
}
