import type Database from 'better-sqlite3';
import type { FigureId, Scope } from '../../../shared/figure.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Reading, Store, UnequalTally } from '../store.ts';
import { askOn } from './ask.ts';
import { connectReader } from './connect.ts';
import { lookups } from './lookups.ts';
import { refuseOtherSchema } from './migrate.ts';

/** Reads the file as it is at one moment, on a connection of its own that is closed afterwards. */
export function auditOf(file: string): Store['audit'] {
  return async (work) => {
    const db = connectReader(file);
    try {
      refuseOtherSchema(db, file);
      db.exec(scratchSql);
      db.exec('BEGIN');
      return await work(createReading(db));
    } finally {
      db.close();
    }
  };
}

/** Counted tallies lie in a temporary table, which the disk holds when memory does not. */
const scratchSql = `
  PRAGMA temp_store = FILE;
  CREATE TEMP TABLE counted (
    scope TEXT NOT NULL, quarter INTEGER NOT NULL, figure TEXT NOT NULL, n INTEGER NOT NULL, d INTEGER NOT NULL,
    PRIMARY KEY (scope, quarter, figure)
  ) STRICT, WITHOUT ROWID`;

function createReading(db: Database.Database): Reading {
  const look = lookups(askOn(db));
  const people = db.prepare<[string, string, number], string>(peopleSql).pluck();
  const count = db.prepare<[Scope, Instant, FigureId, number, number]>(`
    INSERT INTO temp.counted (scope, quarter, figure, n, d) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (scope, quarter, figure) DO UPDATE SET n = n + excluded.n, d = d + excluded.d`);
  const counted = db.prepare<[], number>('SELECT count(*) FROM temp.counted WHERE n <> 0 OR d <> 0').pluck();
  const unequal = db.prepare<[], UnequalRow>(unequalSql);
  return {
    ...look,
    itemKeys: ({ after, limit }) => look.itemKeys(after, limit),
    people: async ({ after, limit }) => people.all(after ?? '', after ?? '', limit),
    async count(deltas) {
      for (const { scope, quarter, figure, n, d } of deltas) count.run(scope, quarter, figure, n, d);
    },
    counted: async () => counted.get() ?? 0,
    async *unequal() {
      for (const row of unequal.iterate()) yield unequalTally(row);
    },
  };
}

/** Both sides are read in order, so that a page reads no more than it gives. */
const peopleSql = `
  SELECT person FROM items WHERE contacts IS NOT NULL AND person > ?
  UNION
  SELECT substr(key, 8) FROM items WHERE key > 'person/' || ? AND key < 'person0'
  ORDER BY 1 LIMIT ?`;

interface UnequalRow {
  figure: FigureId;
  scope: Scope;
  quarter: Instant;
  stored_n: number;
  stored_d: number;
  counted_n: number;
  counted_d: number;
}

const unequalSql = `
  SELECT
    coalesce(s.figure, c.figure) AS figure, coalesce(s.scope, c.scope) AS scope,
    coalesce(s.quarter, c.quarter) AS quarter,
    coalesce(s.n, 0) AS stored_n, coalesce(s.d, 0) AS stored_d,
    coalesce(c.n, 0) AS counted_n, coalesce(c.d, 0) AS counted_d
  FROM main.tallies AS s
  FULL JOIN temp.counted AS c ON c.scope = s.scope AND c.quarter = s.quarter AND c.figure = s.figure
  WHERE coalesce(s.n, 0) <> coalesce(c.n, 0) OR coalesce(s.d, 0) <> coalesce(c.d, 0)`;

function unequalTally({
  figure,
  scope,
  quarter,
  stored_n,
  stored_d,
  counted_n,
  counted_d,
}: UnequalRow): UnequalTally {
  return {
    figure,
    scope,
    quarter,
    stored: { n: stored_n, d: stored_d },
    counted: { n: counted_n, d: counted_d },
  };
}
