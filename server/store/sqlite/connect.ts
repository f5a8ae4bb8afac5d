import Database from 'better-sqlite3';

/** What the WAL file is cut back to after a checkpoint. */
const JOURNAL_SIZE_LIMIT = 64 * 1024 * 1024;

/**
 * Pages in the WAL file at which they are carried over into the database, 16 MB: each carrying over waits for the disk
 * twice, so that a busy site wants it seldom, and takes time, so that it must not grow long.
 */
const CHECKPOINT_PAGES = 4_000;

/**
 * How long a statement waits for another program (a backup, sqlite3 in a shell) before it fails. Everything else that is
 * to be written waits with it, so that it is short; whoever asked for the write tries again.
 */
const BUSY_TIMEOUT_MS = 500;

/** Kilobytes of pages kept in memory by the writing connection, and by a reading one: what it reads is hot in the system's. */
const CACHE_KB = 32 * 1024;
const READER_CACHE_KB = 8 * 1024;
const LONG_READER_CACHE_KB = 1024;

/** Opens the file, or makes it. Nothing in it is changed yet, for it may be another program's. */
export function connectWriter(file: string): Database.Database {
  const db: Database.Database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  db.pragma(`cache_size = -${CACHE_KB}`);
  return db;
}

/** Writing is logged ahead. FULL: a commit is on the disk before it is acknowledged. */
export function makeDurable(db: Database.Database): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.pragma(`journal_size_limit = ${JOURNAL_SIZE_LIMIT}`);
  db.pragma('foreign_keys = ON');
}

/**
 * Throws when the file was opened without the right to write: SQLite falls back to reading alone, and such a connection
 * never writes again, whatever becomes of the disk.
 */
export function refuseReadOnly(db: Database.Database): void {
  db.exec('BEGIN IMMEDIATE; ROLLBACK');
}

/** A connection of its own for reading, so that nobody reads half a transaction. */
export function connectReader(file: string, cacheKb = READER_CACHE_KB): Database.Database {
  const db: Database.Database = new Database(file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
  db.pragma(`cache_size = -${cacheKb}`);
  return db;
}

/** For reading through much, once: there is little to remember. */
export function connectLongReader(file: string): Database.Database {
  return connectReader(file, LONG_READER_CACHE_KB);
}
