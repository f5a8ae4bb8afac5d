import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { Rules } from '../server/judge/rules.ts';
import { openSqliteStore } from '../server/store/sqlite/open-sqlite-store.ts';
import { type Instant, MINUTE, SECOND, type Span } from '../shared/time.ts';
import { type BulkTallies, createBulkTallies } from './bulk-tallies.ts';
import { BASE_AT, type MovedRow, type Naming } from './moved-rows.ts';
import { QUEUES, SOURCE } from './site.ts';
import { gaveUp, intakeAt, type StoredCalls, storedCalls } from './stored-call.ts';

export interface Bulk {
  /** A file that is not there yet. */
  file: string;
  rules: Rules;
  /** How many calls are offered in each span, evenly; in the order of time. */
  spans: readonly (Span & { calls: number })[];
  /** The instant of the database: everything due by then is folded. At least ten minutes after the last offer. */
  now: Instant;
  /** Told how many calls are written, now and then. */
  tell: (written: number) => void;
}

const CALLS_A_TRANSACTION = 100_000;
/** Callers who call again and again; those who gave up called once. */
const CALLERS = 1_000_000;
/** In every database as many have given up just now and are still owed a call. */
const OWED = 50;

/**
 * Writes calls straight into the store's tables, in the rows that intake leaves of such calls: facts, verdicts, what
 * people were owed, and the tallies; a recount finds no difference. Nothing is safe from a crash until it resolves.
 */
export async function fillDatabase(bulk: Bulk): Promise<void> {
  const store = await openSqliteStore({ file: bulk.file });
  await store.close();
  const scratch = mkdtempSync(join(dirname(bulk.file), 'shapes-'));
  const db: Database.Database = new Database(bulk.file);
  try {
    const calls = await storedCalls(scratch, bulk.rules, bulk.now);
    for (const pragma of ['journal_mode = MEMORY', 'synchronous = OFF', 'locking_mode = EXCLUSIVE'])
      db.pragma(pragma);
    db.pragma('cache_size = -262144');
    db.pragma('temp_store = FILE');
    const indexes = takeIndexes(db);
    const tallies = createBulkTallies();
    writeCalls(db, bulk, calls, tallies);
    writeTallies(db, tallies);
    for (const sql of indexes) db.exec(sql);
  } finally {
    db.close();
    rmSync(scratch, { recursive: true, force: true });
  }
  await addOwed(bulk);
  const file = openSync(bulk.file, 'r+');
  fsyncSync(file);
  closeSync(file);
}

/** An index that is made at the end is sorted once, not kept in order row by row. */
function takeIndexes(db: Database.Database): string[] {
  const indexes = db
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('facts', 'items')",
    )
    .all();
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`);
  return indexes.map(({ sql }) => sql);
}

function writeCalls(
  db: Database.Database,
  { spans, tell }: Bulk,
  { shapes, columns }: StoredCalls,
  tallies: BulkTallies,
): void {
  db.exec('CREATE TEMP TABLE people AS SELECT * FROM items WHERE false');
  const facts = inserter(db, 'facts', columns.facts);
  const items = inserter(db, 'items', columns.items);
  const people = inserter(db, 'temp.people', columns.items);
  eachInTransactions(db, spans, tell, (i, at) => {
    const shape = shapes[(i * 7) % shapes.length]!;
    const caller = shape.people.length > 0 ? CALLERS + i : (i * 7_919) % CALLERS;
    const naming = {
      call: `b${String(i).padStart(9, '0')}`,
      person: `p-${caller.toString(16).padStart(32, '0')}`,
      movedMs: at - BASE_AT,
    };
    facts(shape.facts, naming);
    items(shape.items, naming);
    people(shape.people, naming);
    for (const { afterMs, settled } of shape.counted) tallies.count(settled, at + afterMs);
  });
  // In the order of their key, which comes after those of all calls.
  db.exec('INSERT INTO items SELECT * FROM temp.people ORDER BY key');
}

function inserter(
  db: Database.Database,
  table: string,
  columns: readonly string[],
): (rows: readonly MovedRow[], naming: Naming) => void {
  const marks = columns.map(() => '?').join(', ');
  const insert = db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`);
  return (rows, naming) => {
    for (const row of rows) insert.run(row(naming));
  };
}

function eachInTransactions(
  db: Database.Database,
  spans: Bulk['spans'],
  tell: Bulk['tell'],
  run: (i: number, at: Instant) => void,
): void {
  let i = 0;
  db.exec('BEGIN');
  for (const { from, to, calls } of spans) {
    for (let n = 0; n < calls; n += 1) {
      run(i, from + Math.floor(((to - from) * n) / calls));
      i += 1;
      if (i % CALLS_A_TRANSACTION !== 0) continue;
      db.exec('COMMIT; BEGIN');
      tell(i);
    }
  }
  db.exec('COMMIT');
}

function writeTallies(db: Database.Database, tallies: BulkTallies): void {
  const insert = db.prepare('INSERT INTO tallies (scope, quarter, figure, n, d) VALUES (?, ?, ?, ?, ?)');
  db.transaction(() => {
    for (const { scope, quarter, figure, n, d } of tallies.rows()) insert.run(scope, quarter, figure, n, d);
  })();
}

/** The last ones come the way every call comes. */
async function addOwed({ file, rules, now }: Bulk): Promise<void> {
  const store = await openSqliteStore({ file });
  try {
    const facts = Array.from({ length: OWED }, (_, i) => {
      const number = `p-${(3 * CALLERS * CALLERS + i).toString(16).padStart(32, '0')}`;
      return gaveUp(`owed-${i}`, number, QUEUES[i % QUEUES.length] ?? '', now - 5 * MINUTE + i * SECOND);
    });
    await intakeAt(store, rules, now).save(SOURCE, facts.flat());
  } finally {
    await store.close();
  }
}
