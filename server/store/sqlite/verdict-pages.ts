import type Database from 'better-sqlite3';
import type { VerdictPart, VerdictReads, VerdictRow } from '../verdict-reads.ts';
import { connectLongReader } from './connect.ts';
import { countedPages } from './counted-pages.ts';
import { decodeJudged } from './judged-json.ts';

/** On a connection of its own, which stays at one moment while the server goes on and is closed afterwards. */
export function verdictsOf(file: string): VerdictReads['verdicts'] {
  return async function* verdicts(parts) {
    const db = connectLongReader(file);
    try {
      db.exec('BEGIN');
      for (const part of parts)
        for (const rows of countedPages<Row>(db, part.span, { columns, where: whereOf(db, part) }))
          yield { part, rows: rows.map(rowOf) };
    } finally {
      db.close();
    }
  };
}

interface Row {
  key: string;
  source: string;
  judged: string;
}

const columns = 'source, judged';

function rowOf({ key, source, judged }: Row): VerdictRow {
  const { settled, pending } = decodeJudged(judged, null);
  return { key, source, settled, pending };
}

/** Scopes are looked for as text, so that the verdicts of others are never taken apart. */
function whereOf(db: Database.Database, { only }: VerdictPart): string {
  if (only === 'all') return 'true';
  if (only === 'posts') return "key > 'post/' AND key < 'post0'";
  const quote = db.prepare<[string], string>('SELECT quote(?)').pluck();
  const named = only.map((scope) => `instr(judged, ${quote.get(JSON.stringify(scope))}) > 0`);
  return named.length === 0 ? 'false' : `(${named.join(' OR ')})`;
}
