import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { EMAIL_PATIENCE_DAYS } from '../server/judge/email.ts';
import { localDaysOf } from '../server/judge/local-days.ts';
import type { Rules } from '../server/judge/rules.ts';
import { openSqliteStore } from '../server/store/sqlite/open-sqlite-store.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../shared/time.ts';
import { type BulkLengths, createBulkLengths } from './bulk-lengths.ts';
import { type BulkTallies, createBulkTallies } from './bulk-tallies.ts';
import { callShapes, gaveUp } from './call-shapes.ts';
import { type Busy, DAY } from './large-data.ts';
import { mailShapes } from './mail-shapes.ts';
import { BASE_AT, type MovedRow, type Naming } from './moved-rows.ts';
import { MAIL_SOURCE, QUEUES, SOURCE } from './site.ts';
import { intakeAt, type StoredShape, type StoredShapes, storedShapes } from './stored-shapes.ts';

export interface Bulk {
  /** A file that is not there yet. */
  file: string;
  rules: Rules;
  /** When calls are offered; in the order of time. */
  calls: readonly Busy[];
  /** When mails come in that begin a thread. */
  mail: readonly Busy[];
  /**
   * The instant of the database: everything due by then is folded. At least ten minutes after the last offer, and six
   * hours after the last mail.
   */
  now: Instant;
  /** Told how many calls and threads are written, now and then. */
  tell: (written: number) => void;
}

const ITEMS_A_TRANSACTION = 100_000;
/** Callers who call again and again; those who gave up called once. */
const CALLERS = 1_000_000;
/** In every database as many have given up just now and are still owed a call. */
const OWED = 50;
/** When the made-up items are taken in: everything about them is over by then but the patience with unanswered mail. */
const SOON = BASE_AT + 48 * HOUR;
/** And by then that too. */
const LATER = BASE_AT + 20 * DAY;

interface Counting {
  tallies: BulkTallies;
  lengths: BulkLengths;
}

/**
 * Writes calls and mail straight into the store's tables, in the rows that intake leaves of such: facts, verdicts,
 * names, what people were owed, and what trends are read from; a recount finds no difference. Nothing is safe from a
 * crash until it resolves.
 */
export async function fillDatabase(bulk: Bulk): Promise<void> {
  const store = await openSqliteStore({ file: bulk.file });
  await store.close();
  const scratch = mkdtempSync(join(dirname(bulk.file), 'shapes-'));
  const db: Database.Database = new Database(bulk.file);
  try {
    const { rules, now } = bulk;
    const own = { folder: scratch, rules, now };
    const calls = await storedShapes({ ...own, source: SOURCE, facts: callShapes(), at: SOON });
    const mail = { ...own, source: MAIL_SOURCE, facts: bulk.mail.length === 0 ? [] : mailShapes() };
    const threads = {
      fresh: await storedShapes({ ...mail, at: SOON }),
      over: await storedShapes({ ...mail, at: LATER }),
    };
    for (const pragma of ['journal_mode = MEMORY', 'synchronous = OFF', 'locking_mode = EXCLUSIVE'])
      db.pragma(pragma);
    db.pragma('cache_size = -262144');
    db.pragma('temp_store = FILE');
    const indexes = takeIndexes(db);
    const counting = { tallies: createBulkTallies(spanOf(bulk)), lengths: createBulkLengths(rules) };
    writeCalls(db, bulk, calls, counting);
    writeThreads(db, bulk, threads, counting);
    writeCounted(db, bulk, counting);
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

function spanOf({ calls, mail, now }: Bulk): { from: Instant; to: Instant } {
  return { from: Math.min(...[...calls, ...mail].map(({ from }) => from)), to: now };
}

/** An index that is made at the end is sorted once, not kept in order row by row. */
function takeIndexes(db: Database.Database): string[] {
  const indexes = db
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('facts', 'items', 'aliases')",
    )
    .all();
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`);
  return indexes.map(({ sql }) => sql);
}

function writeCalls(
  db: Database.Database,
  { calls, tell }: Bulk,
  { shapes, columns }: StoredShapes,
  counting: Counting,
): void {
  db.exec('CREATE TEMP TABLE people AS SELECT * FROM items WHERE false');
  const write = {
    facts: inserter(db, 'facts', columns.facts),
    items: inserter(db, 'items', columns.items),
    people: inserter(db, 'temp.people', columns.items),
  };
  const counted = shapes.map(({ judged }) => counting.tallies.shape(judged));
  eachInTransactions(db, calls, tell, (i, at) => {
    const number = (i * 7) % shapes.length;
    const shape = shapes[number] as StoredShape;
    const caller = shape.people.length > 0 ? CALLERS + i : (i * 7_919) % CALLERS;
    const naming = {
      item: `b${String(i).padStart(9, '0')}`,
      person: `p-${caller.toString(16).padStart(32, '0')}`,
      movedMs: at - BASE_AT,
      until: 0,
    };
    write.facts(shape.facts, naming);
    write.items(shape.items, naming);
    write.people(shape.people, naming);
    counting.tallies.count(counted[number] ?? [], naming.movedMs);
    counting.lengths.count(shape.judged, naming.movedMs);
  });
  // In the order of their key, which comes after those of all calls and before those of all threads.
  db.exec('INSERT INTO items SELECT * FROM temp.people ORDER BY key');
}

function writeThreads(
  db: Database.Database,
  { rules, mail, now, tell }: Bulk,
  { fresh, over }: Record<'fresh' | 'over', StoredShapes>,
  counting: Counting,
): void {
  const write = {
    facts: inserter(db, 'facts', fresh.columns.facts),
    items: inserter(db, 'items', fresh.columns.items),
    aliases: inserter(db, 'aliases', fresh.columns.aliases),
  };
  const counted = fresh.shapes.map(({ judged }) => counting.tallies.shape(judged));
  const { calendar, emailMs } = rules.site;
  eachInTransactions(db, mail, tell, (i, at) => {
    const number = (i * 7) % fresh.shapes.length;
    const naming = {
      item: `m${String(i).padStart(9, '0')}`,
      person: ((i * 7_919) % CALLERS).toString(16).padStart(16, '0'),
      movedMs: at - BASE_AT,
      until: calendar.addOpenDays(calendar.addOpen(at, emailMs), EMAIL_PATIENCE_DAYS),
    };
    const own = naming.until <= now ? over : fresh;
    const { facts, items, aliases, judged } = own.shapes[number] as StoredShape;
    write.facts(facts, naming);
    write.items(items, naming);
    write.aliases(aliases, naming);
    counting.tallies.count(counted[number] ?? [], naming.movedMs);
    counting.lengths.count(judged, naming.movedMs);
  });
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
  spans: readonly Busy[],
  tell: Bulk['tell'],
  run: (i: number, at: Instant) => void,
): void {
  let i = 0;
  db.exec('BEGIN');
  for (const { from, to, count } of spans) {
    for (let n = 0; n < count; n += 1) {
      run(i, from + Math.floor(((to - from) * n) / count));
      i += 1;
      if (i % ITEMS_A_TRANSACTION !== 0) continue;
      db.exec('COMMIT; BEGIN');
      tell(i);
    }
  }
  db.exec('COMMIT');
}

/** What is over is packed, as a server does it after a while. */
function writeCounted(db: Database.Database, { rules, now }: Bulk, { tallies, lengths }: Counting): void {
  const today = localDaysOf(rules)(now);
  const insert = (table: string, columns: readonly string[]): Database.Statement =>
    db.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
    );
  const months = insert('tally_months', ['scope', 'month', 'figure', 'packed']);
  const rows = insert('tallies', ['scope', 'quarter', 'figure', 'n', 'd']);
  const spreadMonths = insert('spread_months', ['scope', 'measure', 'month', 'packed']);
  const spreads = insert('spreads', ['scope', 'measure', 'day', 'key', 'count']);
  db.transaction(() => {
    for (const month of tallies.months(today.from)) months.run(month);
    for (const row of tallies.rows(today.from)) rows.run(row);
    for (const month of lengths.months(today.day)) spreadMonths.run(month);
    for (const row of lengths.rows(today.day)) spreads.run(row);
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
