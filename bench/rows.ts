import { rmSync } from 'node:fs';
import {
  BIGINT,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import Database from 'better-sqlite3';
import {
  decodeReplies,
  decodeViews,
  repliesColumn,
  viewsColumn,
} from '../server/store/sqlite/judged-json.ts';
import type { Scope } from '../shared/figure.ts';

export interface RowsNeeds {
  /** The database of a site. */
  of: string;
  /** Files that are not there yet. */
  sqlite: string;
  duckdb: string;
  /** Told how many rows are written, now and then. */
  tell: (written: number) => void;
}

/** A call as a queue saw it: 1 met, on the first ring; 0 not; null where nothing is said. */
type CallRow = [
  queue: string,
  offeredAt: number,
  met: 0 | 1 | null,
  ringMs: number | null,
  waitMs: number | null,
];
/** An answer to an email, as its mailbox saw it; open minutes, rounded up. */
type ReplyRow = [mailbox: string, answeredAt: number, minutes: number];

interface Plain {
  call(row: CallRow): void;
  reply(row: ReplyRow): void;
}

/**
 * Writes what a site's database really holds as plain rows, a call each and an answered email each, into a SQLite and a
 * DuckDB file: what another database would count.
 */
export async function writeRows({ of, sqlite, duckdb, tell }: RowsNeeds): Promise<void> {
  const plain = openPlain(sqlite);
  const columnar = await openColumnar(duckdb);
  let written = 0;
  const told = (): void => {
    written += 1;
    if (written % 100_000 === 0) tell(written);
  };
  try {
    eachRow(of, {
      call(row) {
        plain.call(row);
        columnar.call(row);
        told();
      },
      reply(row) {
        plain.reply(row);
        columnar.reply(row);
        told();
      },
    });
  } finally {
    plain.close();
    await columnar.close();
  }
}

function eachRow(file: string, into: Plain): void {
  const db: Database.Database = new Database(file, { readonly: true });
  try {
    const calls = db.prepare<[], string | null>(
      `SELECT ${viewsColumn} FROM items WHERE key > 'call/' AND key < 'call0'`,
    );
    for (const text of calls.pluck().iterate()) {
      for (const { scope, offeredAt, firstRing, ringMs, waitMs } of decodeViews(text)) {
        const queue = queueOf(scope);
        if (queue === null) continue;
        const met = firstRing === 'met' ? 1 : firstRing === 'missed' ? 0 : null;
        into.call([queue, offeredAt, met, ringMs, waitMs]);
      }
    }
    const threads = db.prepare<[], string | null>(
      `SELECT ${repliesColumn} FROM items WHERE key > 'thread/' AND key < 'thread0'`,
    );
    for (const text of threads.pluck().iterate()) {
      for (const { scopes, answeredAt, replyMinutes } of decodeReplies(text)) {
        const mailbox = queueOf(scopes[0] ?? 'site');
        if (mailbox === null || answeredAt === null || replyMinutes === null) continue;
        into.reply([mailbox, answeredAt, replyMinutes]);
      }
    }
  } finally {
    db.close();
  }
}

function queueOf(scope: Scope): string | null {
  return scope.startsWith('queue:') ? scope.slice('queue:'.length) : null;
}

function openPlain(file: string): Plain & { close(): void } {
  const db: Database.Database = new Database(file);
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF']) db.pragma(pragma);
  db.exec(`
    CREATE TABLE calls (
      queue TEXT NOT NULL, offered_at INTEGER NOT NULL, met INTEGER, ring_ms INTEGER, wait_ms INTEGER
    ) STRICT;
    CREATE TABLE replies (mailbox TEXT NOT NULL, answered_at INTEGER NOT NULL, minutes INTEGER NOT NULL) STRICT;
    BEGIN`);
  const call = db.prepare('INSERT INTO calls VALUES (?, ?, ?, ?, ?)');
  const reply = db.prepare('INSERT INTO replies VALUES (?, ?, ?)');
  return {
    call: (row) => void call.run(row),
    reply: (row) => void reply.run(row),
    close() {
      db.exec('COMMIT');
      db.close();
    },
  };
}

/** What DuckDB is quickest with: names as an ENUM, instants as a TIMESTAMP; tried against VARCHAR and BIGINT. */
async function openColumnar(file: string): Promise<Plain & { close(): Promise<void> }> {
  const raw = `${file}.raw`;
  rmSync(raw, { force: true });
  const instance = await DuckDBInstance.create(file);
  const db = await instance.connect();
  await db.run(`ATTACH '${raw}' AS raw`);
  await db.run(
    'CREATE TABLE raw.calls (queue VARCHAR, offered_at BIGINT, met UTINYINT, ring_ms INTEGER, wait_ms INTEGER)',
  );
  await db.run('CREATE TABLE raw.replies (mailbox VARCHAR, answered_at BIGINT, minutes INTEGER)');
  const calls = await appending(db, 'calls', [VARCHAR, BIGINT, UTINYINT, INTEGER, INTEGER]);
  const replies = await appending(db, 'replies', [VARCHAR, BIGINT, INTEGER]);
  return {
    call: ([queue, offeredAt, ...lengths]) => calls.add([queue, BigInt(offeredAt), ...lengths]),
    reply: ([mailbox, answeredAt, minutes]) => replies.add([mailbox, BigInt(answeredAt), minutes]),
    async close() {
      calls.close();
      replies.close();
      await db.run('CREATE TYPE queue_name AS ENUM (SELECT DISTINCT queue FROM raw.calls ORDER BY 1)');
      await db.run('CREATE TYPE mailbox_name AS ENUM (SELECT DISTINCT mailbox FROM raw.replies ORDER BY 1)');
      await db.run(`CREATE TABLE calls AS
        SELECT queue::queue_name AS queue, make_timestamp_ms(offered_at) AS offered_at, met, ring_ms, wait_ms
        FROM raw.calls`);
      await db.run(`CREATE TABLE replies AS
        SELECT mailbox::mailbox_name AS mailbox, make_timestamp_ms(answered_at) AS answered_at, minutes
        FROM raw.replies`);
      await db.run('DETACH raw');
      await db.run('CHECKPOINT');
      db.closeSync();
      instance.closeSync();
      for (const ending of ['', '.wal']) rmSync(`${raw}${ending}`, { force: true });
    },
  };
}

/** DuckDB's own size of a vector. */
const ROWS_A_CHUNK = 2_048;

async function appending(
  db: DuckDBConnection,
  table: string,
  types: readonly DuckDBType[],
): Promise<{ add(row: readonly DuckDBValue[]): void; close(): void }> {
  const appender: DuckDBAppender = await db.createAppender(table, null, 'raw');
  let rows: (readonly DuckDBValue[])[] = [];
  const send = (): void => {
    const chunk = DuckDBDataChunk.create(types, rows.length);
    chunk.setRows(rows);
    appender.appendDataChunk(chunk);
    rows = [];
  };
  return {
    add(row) {
      rows.push(row);
      if (rows.length === ROWS_A_CHUNK) send();
    },
    close() {
      if (rows.length > 0) send();
      appender.closeSync();
    },
  };
}
