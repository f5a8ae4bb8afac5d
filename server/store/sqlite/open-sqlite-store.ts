import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type Database from 'better-sqlite3';
import type { Reading, Store, Tx } from '../store.ts';
import { auditOf } from './audit.ts';
import { callViewsOf } from './call-views.ts';
import { connectReader, connectWriter, makeDurable, refuseReadOnly } from './connect.ts';
import { type Lock, takeLock } from './lock.ts';
import { migrate } from './migrate.ts';
import { createReads } from './read.ts';
import { storeProblem } from './store-problem.ts';
import { refuseUnsafeSqlite } from './version.ts';
import { createTx } from './write.ts';

/** The name under which `ping` writes. */
const PING = 'pings';

/**
 * The store in one SQLite file, made with its folder when it is not there. Throws a Problem when the file is open in
 * another process, not ours, damaged or from a newer version, and when this SQLite is not safe.
 */
export async function openSqliteStore({ file }: { file: string }): Promise<Store> {
  const path = settle(file);
  let lock: Lock | undefined;
  let writer: Database.Database | undefined;
  try {
    lock = takeLock(path);
    writer = connectWriter(path);
    refuseUnsafeSqlite(sqliteVersion(writer));
    migrate(writer, path);
    makeDurable(writer);
    refuseReadOnly(writer);
    return storeOn({ path, lock, writer, reader: connectReader(path) });
  } catch (error) {
    writer?.close();
    lock?.release();
    throw storeProblem(error, path);
  }
}

/** Reading alone, beside a running server: no lock is taken and nothing is written. */
export async function auditSqliteFile<T>(file: string, work: (reading: Reading) => Promise<T>): Promise<T> {
  const path = resolve(file);
  const audit = auditOf(path);
  try {
    return await audit(work);
  } catch (error) {
    throw storeProblem(error, path);
  }
}

/** The one path of the file, whatever links lead to it: the lock lies beside it. */
function settle(file: string): string {
  const path = resolve(file);
  if (existsSync(path)) return realpathSync(path);
  mkdirSync(dirname(path), { recursive: true });
  return join(realpathSync(dirname(path)), basename(path));
}

function sqliteVersion(db: Database.Database): string {
  return db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
}

interface Opened {
  path: string;
  lock: Lock;
  writer: Database.Database;
  reader: Database.Database;
}

function storeOn({ path, lock, writer, reader }: Opened): Store {
  const alone = oneAfterAnother();
  const transact = transactionsOn(writer, path);
  const setMeta = writer.prepare<[string, string]>(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const ping = writer.prepare<[string]>(
    "INSERT INTO meta (name, value) VALUES (?, '1') ON CONFLICT (name) DO UPDATE SET value = value + 1",
  );
  return {
    ...createReads(reader),
    audit: auditOf(path),
    callViews: callViewsOf(path),
    write: (work) => alone(() => transact(work)),
    setMeta: (name, value) => alone(() => transact(async () => void setMeta.run(name, value))),
    ping: () => alone(() => transact(async () => void ping.run(PING))),
    close: () =>
      alone(async () => {
        reader.close();
        writer.close();
        lock.release();
      }),
  };
}

/** Each piece of work begins when the one before it has ended, in whatever way. */
function oneAfterAnother(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    // Whoever asked for the work before is told of its failure; the next one only waits for its end.
    last = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  };
}

function transactionsOn(
  db: Database.Database,
  path: string,
): <T>(work: (tx: Tx) => Promise<T>) => Promise<T> {
  const tx = createTx(db);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  return async (work) => {
    try {
      begin.run();
      const result = await work(tx);
      commit.run();
      return result;
    } catch (error) {
      if (db.inTransaction) rollback.run();
      throw storeProblem(error, path);
    }
  };
}
