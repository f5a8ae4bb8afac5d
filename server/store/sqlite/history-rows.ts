import type Database from 'better-sqlite3';
import type { Scope } from '../../../shared/figure.ts';
import type { Span } from '../../../shared/time.ts';
import type { Judged } from '../../judge/verdict.ts';
import type { ItemKey } from '../store.ts';
import { connectReader } from './connect.ts';
import { decodeJudged } from './judged-json.ts';

/** Kilobytes of pages kept in memory: it is read through once. */
const CACHE_KB = 4 * 1024;

/** What a thread of its own reads of the past, on a connection of its own. It holds its thread, and no other. */
export interface HistoryReader {
  /** Every item that may count inside the span and names the scope, as of one moment. */
  items(span: Span, scope: Scope, use: (key: ItemKey, judged: Judged) => void): void;
  /** These items as they are now; null for those that are gone. */
  some(keys: readonly ItemKey[], use: (key: ItemKey, judged: Judged | null) => void): void;
  close(): void;
}

export function openHistoryReader(file: string): HistoryReader {
  const db = connectReader(file, CACHE_KB);
  return {
    items({ from, to }, scope, use) {
      const named = scope === 'site' ? 'true' : `instr(judged, ${quoted(db, scope)}) > 0`;
      const rows = db
        .prepare<[number, number], Row>(
          `SELECT key, judged, contacts FROM items WHERE counted_to >= ? AND counted_from < ? AND ${named}`,
        )
        .raw()
        .iterate(from, to) as unknown as IterableIterator<Row>;
      for (const [key, judged, contacts] of rows) use(key, decodeJudged(judged, contacts));
    },
    some(keys, use) {
      const one = db.prepare<[string], Row>('SELECT key, judged, contacts FROM items WHERE key = ?').raw();
      db.exec('BEGIN');
      for (const key of keys) {
        const row = one.get(key);
        use(key, row === undefined ? null : decodeJudged(row[1], row[2]));
      }
      db.exec('COMMIT');
    },
    close: () => void db.close(),
  };
}

type Row = [key: string, judged: string, contacts: string | null];

function quoted(db: Database.Database, scope: Scope): string {
  const quote = db.prepare<[string], string>('SELECT quote(?)').pluck();
  return quote.get(JSON.stringify(scope)) ?? "''";
}
