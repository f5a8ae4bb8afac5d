import type Database from 'better-sqlite3';
import { HOUR, type Instant, type Span } from '../../../shared/time.ts';
import type { CallView } from '../../judge/verdict.ts';
import type { ItemKey, Store } from '../store.ts';
import { connectReader } from './connect.ts';
import { decodeViews, viewsColumn } from './judged-json.ts';

/** Everything is read once, so that there is little to remember. */
const CACHE_KB = 1_024;

/** Calls in a page: so many hold the process for a few milliseconds. */
const PAGE = 250;

/**
 * The views of calls in a span, read along the two indexes by when items count. On a connection of its own, which
 * stays at one moment while the server goes on and is closed afterwards.
 */
export function callViewsOf(file: string): Store['callViews'] {
  return async function* callViews(span) {
    const db = connectReader(file, CACHE_KB);
    try {
      db.exec('BEGIN');
      yield* pagesOf(db.prepare(pageSql(short)), { ...span, until: span.to + HOUR });
      yield* pagesOf(db.prepare(pageSql(long)), { ...span, until: LAST });
    } finally {
      db.close();
    }
  };
}

/** After every instant that anything can count at. */
const LAST = Number.MAX_SAFE_INTEGER;

/** The conditions of the indexes, word for word: SQLite uses a partial index only then. */
const short = 'counted_to - counted_from < 3600000';
const long = 'counted_to - counted_from >= 3600000';

const pageSql = (length: string): string => `
  SELECT counted_to, counted_from, key, ${viewsColumn} AS views FROM items
  WHERE ${length} AND counted_to >= @from AND counted_to < @until AND counted_from < @to
    AND (counted_to, counted_from, key) > (@lastTo, @lastFrom, @lastKey)
    AND key > 'call/' AND key < 'call0'
  ORDER BY counted_to, counted_from, key LIMIT ${PAGE}`;

interface Bounds extends Span {
  until: Instant;
}

interface Place {
  lastTo: Instant;
  lastFrom: Instant;
  lastKey: ItemKey;
}

interface ViewsRow {
  counted_to: Instant;
  counted_from: Instant;
  key: ItemKey;
  views: string | null;
}

function* pagesOf(
  page: Database.Statement<[Bounds & Place], ViewsRow>,
  bounds: Bounds,
): Generator<CallView[]> {
  let place: Place = { lastTo: bounds.from, lastFrom: Number.MIN_SAFE_INTEGER, lastKey: '' };
  for (;;) {
    const rows = page.all({ ...bounds, ...place, from: place.lastTo });
    yield rows.flatMap(({ views }) => decodeViews(views));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    place = { lastTo: last.counted_to, lastFrom: last.counted_from, lastKey: last.key };
  }
}
