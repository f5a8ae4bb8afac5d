import { join } from 'node:path';
import Database from 'better-sqlite3';
import { partOf, subjectOf } from '../../server/fact.ts';
import { streamOf } from '../calls.ts';
import { SOURCE } from '../site.ts';
import { answering, cpuUs } from './answering.ts';

/** The floor of ingest: the same fact rows into a table like the store's, and nothing else. */
const [folder = '', rowsText = '1000'] = process.argv.slice(2);
const rowsEach = Number(rowsText);

const db: Database.Database = new Database(join(folder, 'floor.sqlite'));
// As the store has it, so that the floor is not slowed by what the store does better.
db.pragma('cache_size = -32768');
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.pragma('wal_autocheckpoint = 4000');
db.exec(`CREATE TABLE facts (
  item TEXT NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, part TEXT NOT NULL,
  content TEXT NOT NULL, PRIMARY KEY (item, source, kind, subject, part)
) STRICT, WITHOUT ROWID`);
const insert = db.prepare(
  'INSERT INTO facts (item, source, kind, subject, part, content) VALUES (?, ?, ?, ?, ?, ?)',
);
const insertAll = db.transaction((rows: readonly string[][]) => {
  for (const row of rows) insert.run(...row);
});

answering({
  /** Inserts so many facts; answers with the ms and the CPU time it took. */
  run({ name, count, until }: { name: string; count: number; until: number }) {
    const rows = streamOf(name, count, until).map((fact) => [
      `call/${SOURCE}/${fact.call}`,
      SOURCE,
      fact.kind,
      subjectOf(fact),
      partOf(fact),
      JSON.stringify(fact),
    ]);
    const cpu = cpuUs();
    const from = performance.now();
    for (let i = 0; i < rows.length; i += rowsEach) insertAll(rows.slice(i, i + rowsEach));
    return { ms: performance.now() - from, cpuUs: cpuUs() - cpu };
  },
});
