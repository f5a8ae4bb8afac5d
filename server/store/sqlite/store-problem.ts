import Database from 'better-sqlite3';
import { Problem } from '../../problem.ts';

/**
 * A failure of the database in words for a person, for the failures that come from outside (disk, rights, other
 * programs). Anything else is a bug and is given back as it is.
 */
export function storeProblem(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const mend = mends.find(([code]) => error.code === code || error.code.startsWith(`${code}_`))?.[1];
  if (mend === undefined) return error;
  return new Problem('unavailable', `The database ${file} ${mend} (${error.code}).`, { cause: error });
}

const mends: readonly (readonly [code: string, mend: string])[] = [
  ['SQLITE_FULL', 'cannot grow: the disk is full. Free some space; nothing that was acknowledged is lost'],
  ['SQLITE_READONLY', 'cannot be written: give the server the right to write the file and its folder'],
  [
    'SQLITE_CANTOPEN',
    'cannot be opened: see that its folder exists and that the server may read and write there',
  ],
  ['SQLITE_IOERR', 'could not be read or written: look for errors of the disk in the log of the system'],
  ['SQLITE_BUSY', 'is held by another program: close whatever has it open'],
  ['SQLITE_LOCKED', 'is held by another program: close whatever has it open'],
  ['SQLITE_CORRUPT', 'is damaged: stop the server and put back the last backup'],
  [
    'SQLITE_NOTADB',
    'is not a First Ring database: point DATA_DIR at another folder, or move the file away to begin a new one',
  ],
];
