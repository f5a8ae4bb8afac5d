import type Database from 'better-sqlite3';
import type { Reading, Store } from '../store.ts';
import { askOn } from './ask.ts';
import { auditCounts } from './audit-counts.ts';
import { connectReader } from './connect.ts';
import { lookups } from './lookups.ts';
import { refuseOtherSchema } from './migrate.ts';

/** Reads the file as it is at one moment, on a connection of its own that is closed afterwards. */
export function auditOf(file: string): Store['audit'] {
  return async (work) => {
    const db = connectReader(file);
    try {
      refuseOtherSchema(db, file);
      const counts = auditCounts(db);
      db.exec('BEGIN');
      return await work({ ...createReading(db), ...counts });
    } finally {
      db.close();
    }
  };
}

function createReading(
  db: Database.Database,
): Omit<Reading, 'count' | 'counted' | 'unequal' | 'unequalSpreads' | 'damaged'> {
  const look = lookups(askOn(db));
  const people = db.prepare<[string, string, number], string>(peopleSql).pluck();
  return {
    ...look,
    itemKeys: ({ after, limit }) => look.itemKeys(after, limit),
    people: async ({ after, limit }) => people.all(after ?? '', after ?? '', limit),
  };
}

/** Both sides are read in order, so that a page reads no more than it gives. */
const peopleSql = `
  SELECT person FROM items WHERE contacts IS NOT NULL AND person > ?
  UNION
  SELECT substr(key, 8) FROM items WHERE key > 'person/' || ? AND key < 'person0'
  ORDER BY 1 LIMIT ?`;
