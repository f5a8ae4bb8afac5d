import { readdirSync, readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { Problem } from '../../problem.ts';

/** Marks the file as ours ("FRng"), so that no other program's database is ever changed. */
const APPLICATION_ID = 0x46526e67;

const folder = new URL('../migrations/', import.meta.url);

/**
 * Runs each migration that has not run yet, in order, each once and in one transaction with its number
 * (`user_version`). Throws a Problem for a database of a newer First Ring or of another program.
 */
export function migrate(db: Database.Database, file: string): void {
  const known = migrations();
  const version = schemaVersion(db);
  refuseForeign(db, version, file);
  refuseNewer(version, newestOf(known), file);
  for (const next of known.filter((one) => one.version > version)) {
    db.transaction(() => {
      db.exec(readFileSync(new URL(next.name, folder), 'utf8'));
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${next.version}`);
    }).exclusive();
  }
}

/** For readers that may not change the file: throws a Problem unless its schema is just the one known. */
export function refuseOtherSchema(db: Database.Database, file: string): void {
  const version = schemaVersion(db);
  const newest = newestOf(migrations());
  refuseForeign(db, version, file);
  refuseNewer(version, newest, file);
  if (version === newest) return;
  throw new Problem(
    'unavailable',
    `The database ${file} has schema ${version}, older than ${newest}. Start First Ring once: it brings the file up to date.`,
  );
}

function refuseNewer(version: number, newest: number, file: string): void {
  if (version <= newest) return;
  throw new Problem(
    'unavailable',
    `The database ${file} has schema ${version}, written by a newer First Ring; this one knows up to ${newest}. ` +
      'Start the newer version again, or put back a backup from before it.',
  );
}

function newestOf(known: readonly { version: number }[]): number {
  return known.at(-1)?.version ?? 0;
}

function migrations(): { version: number; name: string }[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort()
    .map((name) => ({ version: Number(name.slice(0, 4)), name }));
}

function schemaVersion(db: Database.Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

function refuseForeign(db: Database.Database, version: number, file: string): void {
  const tables = db.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get() ?? 0;
  const isNew = version === 0 && tables === 0;
  if (isNew || db.pragma('application_id', { simple: true }) === APPLICATION_ID) return;
  throw new Problem(
    'unavailable',
    `The file ${file} is an SQLite database of another program. ` +
      'Point DATA_DIR at another folder, or move the file away to begin a new one.',
  );
}
