import type Database from 'better-sqlite3';
import type { FigureId, Scope } from '../../../shared/figure.ts';
import { type Instant, QUARTER_HOUR } from '../../../shared/time.ts';
import { Problem } from '../../problem.ts';
import type { DamagedMonth, Reading, UnequalSpread, UnequalTally } from '../store.ts';
import type { EpochDay, Measure } from '../trends.ts';
import { createRoom, daysOfMonth, readDays, walkThrough } from './packed-days.ts';
import { type Month, readPairs, startOfMonth } from './packed-pairs.ts';
import { checkMonth } from './packed-spread.ts';

/** What was counted again beside what is stored, in temporary tables, which the disk holds when memory does not. */
export function auditCounts(
  db: Database.Database,
): Pick<Reading, 'count' | 'counted' | 'unequal' | 'unequalSpreads' | 'damaged'> {
  db.exec(scratchSql);
  const countTally = db.prepare<[Scope, Instant, FigureId, number, number]>(`
    INSERT INTO temp.tally_audit (scope, quarter, figure, n, d) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (scope, quarter, figure) DO UPDATE SET n = n + excluded.n, d = d + excluded.d`);
  const storeTally = db.prepare<[Scope, Instant, FigureId, number, number]>(`
    INSERT INTO temp.tally_audit (scope, quarter, figure, stored_n, stored_d) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (scope, quarter, figure) DO UPDATE
      SET stored_n = stored_n + excluded.stored_n, stored_d = stored_d + excluded.stored_d`);
  const countSpread = db.prepare<[Scope, Measure, EpochDay, number, number]>(`
    INSERT INTO temp.spread_audit (scope, measure, day, key, counted) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (scope, measure, day, key) DO UPDATE SET counted = counted + excluded.counted`);
  const storeSpread = db.prepare<[Scope, Measure, EpochDay, number, number]>(`
    INSERT INTO temp.spread_audit (scope, measure, day, key, stored) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (scope, measure, day, key) DO UPDATE SET stored = stored + excluded.stored`);
  const months = db.prepare<[], { scope: Scope; month: Month; figure: FigureId; packed: Uint8Array }>(
    'SELECT scope, month, figure, packed FROM tally_months',
  );
  const spreadMonths = db.prepare<[], { scope: Scope; measure: Measure; month: Month; packed: Uint8Array }>(
    'SELECT scope, measure, month, packed FROM spread_months',
  );
  const counted = db
    .prepare<[], number>('SELECT count(*) FROM temp.tally_audit WHERE n <> 0 OR d <> 0')
    .pluck();
  const unequal = db.prepare<[], UnequalRow>(
    'SELECT * FROM temp.tally_audit WHERE n <> stored_n OR d <> stored_d',
  );
  const unequalSpreads = db.prepare<[], UnequalSpread>(
    'SELECT * FROM temp.spread_audit WHERE counted <> stored',
  );
  const room = createRoom();
  const damaged: DamagedMonth[] = [];
  /** A month that cannot be read was stored by nobody: nothing of it is compared. */
  const storeMonth = (month: DamagedMonth, store: () => void): void => {
    db.exec('SAVEPOINT month');
    try {
      store();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      db.exec('ROLLBACK TO month');
      damaged.push(month);
    }
    db.exec('RELEASE month');
  };
  return {
    async count(deltas, spreads) {
      for (const { scope, quarter, figure, n, d } of deltas) countTally.run(scope, quarter, figure, n, d);
      for (const { scope, measure, day, key, count } of spreads)
        countSpread.run(scope, measure, day, key, count);
    },
    counted: async () => counted.get() ?? 0,
    async *unequal() {
      db.exec(`
        INSERT INTO temp.tally_audit (scope, quarter, figure, stored_n, stored_d)
        SELECT scope, quarter, figure, n, d FROM main.tallies WHERE true
        ON CONFLICT (scope, quarter, figure) DO UPDATE SET stored_n = excluded.stored_n, stored_d = excluded.stored_d`);
      for (const { scope, month, figure, packed } of months.all()) {
        storeMonth({ of: 'tallies', scope, month, figure }, () => {
          const { first, count, n, d } = readPairs(packed, month);
          const start = startOfMonth(month) + first * QUARTER_HOUR;
          for (let i = 0; i < count; i += 1)
            if (n[i] || d[i]) storeTally.run(scope, start + i * QUARTER_HOUR, figure, n[i] ?? 0, d[i] ?? 0);
        });
      }
      for (const row of unequal.iterate()) yield unequalTally(row);
    },
    async *unequalSpreads() {
      db.exec(`
        INSERT INTO temp.spread_audit (scope, measure, day, key, stored)
        SELECT scope, measure, day, key, count FROM main.spreads WHERE true
        ON CONFLICT (scope, measure, day, key) DO UPDATE SET stored = excluded.stored`);
      for (const { scope, measure, month, packed } of spreadMonths.all()) {
        storeMonth({ of: 'lengths', scope, month, measure }, () => {
          checkMonth(packed, month, measure);
          for (const { day, size, keys, counts } of readDays(
            walkThrough(packed, month),
            daysOfMonth(month),
            room,
          ))
            for (let i = 0; i < size; i += 1) storeSpread.run(scope, measure, day, keys[i]!, counts[i]!);
        });
      }
      yield* unequalSpreads.iterate();
    },
    damaged: () => damaged,
  };
}

const scratchSql = `
  PRAGMA temp_store = FILE;
  CREATE TEMP TABLE tally_audit (
    scope TEXT NOT NULL, quarter INTEGER NOT NULL, figure TEXT NOT NULL,
    n INTEGER NOT NULL DEFAULT 0, d INTEGER NOT NULL DEFAULT 0,
    stored_n INTEGER NOT NULL DEFAULT 0, stored_d INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, quarter, figure)
  ) STRICT, WITHOUT ROWID;
  CREATE TEMP TABLE spread_audit (
    scope TEXT NOT NULL, measure TEXT NOT NULL, day INTEGER NOT NULL, key INTEGER NOT NULL,
    counted INTEGER NOT NULL DEFAULT 0, stored INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (scope, measure, day, key)
  ) STRICT, WITHOUT ROWID`;

interface UnequalRow {
  figure: FigureId;
  scope: Scope;
  quarter: Instant;
  n: number;
  d: number;
  stored_n: number;
  stored_d: number;
}

function unequalTally({ figure, scope, quarter, n, d, stored_n, stored_d }: UnequalRow): UnequalTally {
  return { figure, scope, quarter, stored: { n: stored_n, d: stored_d }, counted: { n, d } };
}
