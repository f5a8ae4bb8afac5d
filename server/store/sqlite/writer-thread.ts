import { parentPort, workerData } from 'node:worker_threads';
import type Database from 'better-sqlite3';
import { connectWriter, makeDurable, refuseReadOnly } from './connect.ts';
import { type Failure, failureOf } from './failure.ts';
import { migrate } from './migrate.ts';
import { refuseUnsafeSqlite } from './version.ts';
import type { Answer, Message, Opening, Value } from './writer.ts';

/**
 * The writing connection, on a thread of its own: the disk is waited for here, and never by what answers the walls.
 * It knows no table; it runs what writer.ts sends, in order.
 */
const port = parentPort;
if (port === null) throw new Error('The writer runs as a worker thread.');
const { file } = workerData as { file: string };
const statements: { sql: string; width: number; prepared?: Database.Statement<Value[]> }[] = [];
let db: Database.Database | undefined;
/** Set from the first failure in a transaction until its end is asked for: nothing of it is run any more. */
let failure: Failure | null = null;

try {
  db = open();
  port.postMessage({ failure: null } satisfies Opening);
} catch (error) {
  db?.close();
  port.postMessage({ failure: failureOf(error) } satisfies Opening);
  port.close();
}

port.on('message', (message: Message) => {
  if (db === undefined) return;
  if (message.what === 'close') {
    db.close();
    port.close();
    return;
  }
  if (message.what === 'rollback') {
    if (db.inTransaction) db.exec('ROLLBACK');
    failure = null;
  }
  for (const sql of message.statements) statements.push({ sql, width: sql.split('?').length - 1 });
  const rows = failure === null ? runAll(db, message.runs) : [];
  if (message.id !== null) port.postMessage({ id: message.id, failure, rows } satisfies Answer);
});

function open(): Database.Database {
  const opened = connectWriter(file);
  try {
    refuseUnsafeSqlite(opened.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '');
    migrate(opened, file);
    makeDurable(opened);
    refuseReadOnly(opened);
    return opened;
  } catch (error) {
    opened.close();
    throw error;
  }
}

function runAll(database: Database.Database, runs: Message['runs']): unknown[][] {
  const rows: unknown[][] = [];
  try {
    for (const { statement, values, how } of runs) {
      const known = statements[statement];
      if (known === undefined) throw new Error(`There is no statement ${statement}.`);
      known.prepared ??= database.prepare(known.sql);
      for (const some of executionsOf(values, known.width)) {
        if (how === 'ask') rows.push(known.prepared.all(...some));
        else if (known.prepared.run(...some).changes === 0 && how === 'change')
          throw new Error(`Nothing was changed by: ${known.sql} (${String(some.at(-1))})`);
      }
    }
  } catch (error) {
    failure = failureOf(error);
    if (database.inTransaction) database.exec('ROLLBACK');
  }
  return rows;
}

function* executionsOf(values: readonly Value[], width: number): Generator<readonly Value[]> {
  if (width === 0) yield [];
  else for (let i = 0; i < values.length; i += width) yield values.slice(i, i + width);
}
