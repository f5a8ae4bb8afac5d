import Database from 'better-sqlite3';
import { Problem } from '../../problem.ts';

/** Held until released; the operating system releases it too when the process ends in whatever way. */
export interface Lock {
  release(): void;
}

/**
 * Makes this the only opener of the database file, through an SQLite lock on a small file beside it: unlike a file
 * with a process id it cannot be left behind by kill -9, and it holds within one process as well.
 */
export function takeLock(file: string): Lock {
  const lock: Database.Database = new Database(`${file}.lock`, { timeout: 0 });
  try {
    lock.pragma('journal_mode = OFF');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_BUSY') throw error;
    throw new Problem(
      'unavailable',
      `The database ${file} is in use by another First Ring process. ` +
        'Stop that one first, or give this one a DATA_DIR of its own.',
      { cause: error },
    );
  }
  return { release: () => lock.close() };
}
