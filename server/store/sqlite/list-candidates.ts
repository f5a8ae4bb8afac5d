import type Database from 'better-sqlite3';
import { HOUR, type Instant, type Span } from '../../../shared/time.ts';
import type { ListAsked } from '../lists.ts';
import { LONG, SHORT } from './counted-pages.ts';
import { type IndexEntry, indexPages } from './list-pages.ts';
import { rangeOf, type StoredItem, signsOf, storedOf } from './list-signs.ts';

/** An item that may have rows in a span. No row of it, nor of any that follows, lies before `bound` in the order. */
export interface Candidate {
  bound: Instant;
  /** Null: nothing on the list was found up to there. */
  item: StoredItem | null;
}

/** What was looked through so far. */
export interface Looked {
  /** Entries of the indexes. */
  entries: number;
  /** Items of the kind asked for, whose text was looked at. */
  items: number;
}

/**
 * The two indexes by when an item counts, and up to when an entry can reach back to `to`. They are named in every
 * statement: along the primary key all calls would be read.
 */
export function indexesTo(to: Instant): { index: string; length: string; until: Instant }[] {
  return [
    { index: 'items_short', length: SHORT, until: to + HOUR },
    { index: 'items_long', length: LONG, until: Number.MAX_SAFE_INTEGER },
  ];
}

type Walk = (span: Span) => Generator<Candidate>;
type ItemFound = StoredItem & IndexEntry;

/**
 * Gives the items that may count inside a span, in the order of what bounds their rows: the newest first by when they
 * last counted, the oldest first by when they first did. Spans must be asked for in that order too. What is looked
 * through is added to `looked`.
 */
export function candidates(db: Database.Database, asked: ListAsked, looked: Looked): Walk {
  return asked.order === 'desc' ? newestFirst(db, asked, looked) : oldestFirst(db, asked, looked);
}

function newestFirst(db: Database.Database, asked: ListAsked, looked: Looked): Walk {
  const crossing = crossingOf(db, asked);
  const pages = indexesTo(0).map(({ index, length }) => indexPages(db, asked, { index, length }));
  return function* (span) {
    // What began before the end of the span and counted again after it may have any row of the span.
    for (const item of crossing(span)) {
      looked.items += 1;
      yield { bound: span.to, item };
    }
    const walks = pages.map((page) => backwards(page, span, looked));
    const heads = walks.map((walk) => walk.next());
    for (;;) {
      const [short, long] = heads.map((head) => (head.done === true ? null : head.value));
      const next = Number((short?.bound ?? -1) < (long?.bound ?? -1));
      const found = next === 0 ? short : long;
      if (found === null || found === undefined) return;
      yield found;
      heads[next] = walks[next]!.next();
    }
  };
}

/** Few entries are long, yet a year of them is much: each is looked at for one span, and kept for the ones before it. */
function crossingOf(db: Database.Database, asked: ListAsked): (span: Span) => ItemFound[] {
  const { first, end } = rangeOf(asked);
  const signs = signsOf(asked);
  const [short, long] = indexesTo(0).map(({ index, length }) =>
    db.prepare<[Instant, Instant, Instant, string, string, ...string[]], ItemFound>(
      storedOf(
        `SELECT counted_to, counted_from, key FROM items INDEXED BY ${index}
         WHERE ${length} AND counted_to >= ? AND counted_to < ? AND counted_from < ? AND key > ? AND key < ?`,
        signs,
      ),
    ),
  );
  let until = Number.MAX_SAFE_INTEGER;
  let kept: ItemFound[] = [];
  return ({ to }) => {
    const more = long?.all(to, until, to, first, end, ...signs.values) ?? [];
    kept = [...kept.filter(({ counted_from }) => counted_from < to), ...more];
    until = to;
    return [...(short?.all(to, to + HOUR, to, first, end, ...signs.values) ?? []), ...kept];
  };
}

type Pages = ReturnType<typeof indexPages>;

/** What last counted inside the span, the latest first. */
function* backwards(pages: Pages, { from, to }: Span, looked: Looked): Generator<Candidate> {
  const start = { counted_to: to, counted_from: Number.MIN_SAFE_INTEGER, key: '' };
  for (const { items, last, entries, read } of pages.down(start, from)) {
    looked.entries += entries;
    looked.items += read;
    for (const item of items) yield { bound: item.counted_to, item };
    if (last !== null) yield { bound: last.counted_to, item: null };
  }
}

function oldestFirst(db: Database.Database, asked: ListAsked, looked: Looked): Walk {
  const [short, long] = indexesTo(0).map(({ index, length }) => indexPages(db, asked, { index, length }));
  const lengths = db
    .prepare<[Instant], number | null>(
      `SELECT max(counted_to - counted_from) FROM items INDEXED BY items_long WHERE ${LONG} AND counted_to >= ?`,
    )
    .pluck();
  let longest: number | null = null;
  return function* (span) {
    longest ??= lengths.get(span.from) ?? 0;
    const walks = [upwards(short!, span, HOUR, looked), upwards(long!, span, longest, looked)];
    const heads = walks.map((walk) => walk.next());
    for (;;) {
      const [one, other] = heads.map((head) => (head.done === true ? null : head.value));
      const isOther = (other?.bound ?? Number.POSITIVE_INFINITY) < (one?.bound ?? Number.POSITIVE_INFINITY);
      const found = isOther ? other : one;
      if (found === null || found === undefined) return;
      yield found;
      heads[Number(isOther)] = walks[Number(isOther)]!.next();
    }
  };
}

/** The index is in the order of the end: whatever ends later than the longest lasts has begun later. */
function* upwards(pages: Pages, { from, to }: Span, longestMs: number, looked: Looked): Generator<Candidate> {
  const waiting: ItemFound[] = [];
  const start = { counted_to: from, counted_from: Number.MIN_SAFE_INTEGER, key: '' };
  for (const { items, last, entries, read } of pages.up(start, to + longestMs, to)) {
    looked.entries += entries;
    looked.items += read;
    waiting.push(...items);
    const sure = last === null ? to : last.counted_to - longestMs;
    waiting.sort((a, b) => a.counted_from - b.counted_from);
    const ready = waiting.findIndex(({ counted_from }) => counted_from > sure);
    const out = waiting.splice(0, ready < 0 ? waiting.length : ready);
    for (const item of out) yield { bound: item.counted_from, item };
    if (last !== null) yield { bound: sure, item: null };
  }
}
