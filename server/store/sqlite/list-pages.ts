import type Database from 'better-sqlite3';
import type { Instant } from '../../../shared/time.ts';
import type { ListAsked } from '../lists.ts';
import { rangeOf, type StoredItem, signsOf, storedOf } from './list-signs.ts';

/** Entries of the index that are looked through at a time: few at first, for most lists are found at once. */
const FIRST_PAGE = 200;
const PAGE = 1_000;

/** Where an item stands in an index by when it counts. */
export interface IndexEntry {
  counted_to: Instant;
  counted_from: Instant;
  key: string;
}

export interface IndexPage {
  /** What may be on the list, in the order of the index. */
  items: (StoredItem & IndexEntry)[];
  /** The last entry that was looked at; null when there are no more. */
  last: IndexEntry | null;
  entries: number;
  /** Items of the kind asked for. */
  read: number;
}

/**
 * Pages along one of the two indexes, looked through inside the database: what is of another kind, or tells by its text
 * that it is not on the list, costs next to nothing.
 */
export function indexPages(
  db: Database.Database,
  asked: ListAsked,
  { index, length }: { index: string; length: string },
) {
  const { first, end } = rangeOf(asked);
  const signs = signsOf(asked);
  const prepared = (sense: '<' | '>') => {
    const along = sense === '<' ? 'DESC' : '';
    const reach = sense === '<' ? '>=' : '<=';
    // A bound of the first column alone, and one of all three: SQLite takes the index for both only in this way.
    const after = `FROM items INDEXED BY ${index} WHERE ${length} AND counted_to ${reach} @stop
      AND (counted_to, counted_from, key) ${sense} (@counted_to, @counted_from, @key)`;
    const upTo = `(counted_to, counted_from, key) ${reach} (@stop, @lastFrom, @lastKey)`;
    const ours = 'key > @first AND key < @end AND counted_from < @before';
    const order = `ORDER BY counted_to ${along}, counted_from ${along}, key ${along}`;
    return {
      last: db.prepare<[object], IndexEntry>(
        `SELECT counted_to, counted_from, key ${after} ${order} LIMIT 1 OFFSET @page - 1`,
      ),
      counts: db.prepare<[object], Pick<IndexPage, 'entries' | 'read'>>(
        `SELECT count(*) AS entries, coalesce(sum(${ours}), 0) AS read ${after} AND ${upTo}`,
      ),
      items: db.prepare<[object, ...string[]], StoredItem & IndexEntry>(
        storedOf(`SELECT counted_to, counted_from, key ${after} AND ${upTo} AND ${ours} ${order}`, signs),
      ),
    };
  };
  const pages = (sense: '<' | '>') => {
    const { last: lastOf, counts, items } = prepared(sense);
    return function* (start: IndexEntry, stop: Instant, before: Instant): Generator<IndexPage> {
      let place: IndexEntry | null = start;
      let page = FIRST_PAGE;
      while (place !== null) {
        const last: IndexEntry | null = lastOf.get({ ...place, stop, page }) ?? null;
        const to = last ?? { counted_to: stop, ...(sense === '<' ? BEFORE_ALL : AFTER_ALL) };
        const upTo = { stop: to.counted_to, lastFrom: to.counted_from, lastKey: to.key };
        const bound = { ...place, ...upTo, before, first, end };
        const { entries, read } = counts.get(bound) ?? { entries: 0, read: 0 };
        yield { items: read === 0 ? [] : items.all(bound, ...signs.values), last, entries, read };
        place = last;
        page = PAGE;
      }
    };
  };
  const [down, up] = [pages('<'), pages('>')];
  return {
    /** From before a place down to an instant, included. */
    down: (start: IndexEntry, from: Instant) => down(start, from, Number.MAX_SAFE_INTEGER),
    /** From after a place up to an instant, included; what began at `before` or later is left out. */
    up,
  };
}

const BEFORE_ALL = { counted_from: Number.MIN_SAFE_INTEGER, key: '' };
const AFTER_ALL = { counted_from: Number.MAX_SAFE_INTEGER, key: '' };
