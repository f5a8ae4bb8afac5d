import type Database from 'better-sqlite3';
import { HOUR, type Instant, type Span } from '../../../shared/time.ts';
import type { ItemKey } from '../store.ts';

/** Items in a page: so many hold the process for a few milliseconds. */
const PAGE = 250;

/** The conditions of the two indexes, word for word: SQLite uses a partial index only then. */
export const SHORT = 'counted_to - counted_from < 3600000';
export const LONG = 'counted_to - counted_from >= 3600000';

/** What is asked of each item besides where it lies, and of which items. */
export interface Asked {
  columns: string;
  where?: string;
}

/** The items that may count inside a span, in pages along the two indexes by when they count. */
export function* countedPages<Row>(
  db: Database.Database,
  { from, to }: Span,
  { columns, where = 'true' }: Asked,
): Generator<Row[]> {
  for (const { length, until } of [
    { length: SHORT, until: to + HOUR },
    { length: LONG, until: Number.MAX_SAFE_INTEGER },
  ]) {
    const page = db.prepare<[Bounds], Row & Place>(`
      SELECT counted_to, counted_from, key, ${columns} FROM items
      WHERE ${length} AND counted_to >= @counted_to AND counted_to < @until AND counted_from < @to
        AND (counted_to, counted_from, key) > (@counted_to, @counted_from, @key) AND ${where}
      ORDER BY counted_to, counted_from, key LIMIT ${PAGE}`);
    let last: Place | undefined = { counted_to: from, counted_from: Number.MIN_SAFE_INTEGER, key: '' };
    while (last !== undefined) {
      const { counted_to, counted_from, key }: Place = last;
      const rows: (Row & Place)[] = page.all({ counted_to, counted_from, key, until, to });
      yield rows;
      last = rows.length < PAGE ? undefined : rows.at(-1);
    }
  }
}

interface Place {
  counted_to: Instant;
  counted_from: Instant;
  key: ItemKey;
}

interface Bounds extends Place {
  until: Instant;
  to: Instant;
}
