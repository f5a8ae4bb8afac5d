import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { openAsker, withAdmin } from '../ask-json.ts';
import { startChild } from '../child.ts';
import { DATA_NOW, ROWS_DUCKDB, ROWS_SQLITE, TEN_MILLION } from '../large-data.ts';
import { type Measured, notMeasured, type Row, rowFrom } from '../row.ts';
import { startServer, withMail } from '../site.ts';
import { roomOfTrends } from '../trend-room.ts';
import { bareRows, measureBare } from './trends-bare.ts';
import { httpRows, measureHttp } from './trends-http.ts';
import { measurePage, pageRows } from './trends-page.ts';

export interface TrendsSizes {
  rounds: number;
  /** Choices made on the page, ten or more; with 0 it is left out. */
  clicks: number;
  /** The databases; others in tests. */
  database?: string;
  sqlite?: string;
  duckdb?: string;
}

const MIB = 1_048_576;

const room: Measured = {
  name: 'trends: room of what is kept for them',
  unit: 'MiB',
  note: 'tallies and lengths, packed and not; floor: the calls and emails, with their indexes',
  bar: { of: 'ratio', most: 0.02 },
  goal: { of: 'ratio', most: 0.01 },
};

/** A year of history asked as the page asks it, beside the same rows counted by others, which must count the same. */
export async function measureTrends(folder: string, sizes: TrendsSizes): Promise<Row[]> {
  const { rounds, clicks, database = TEN_MILLION, sqlite = ROWS_SQLITE, duckdb = ROWS_DUCKDB } = sizes;
  if (![database, sqlite, duckdb].every((file) => existsSync(file))) {
    const why = 'the databases are absent: npm run bench:data makes them';
    return [...bareRows, ...httpRows, ...pageRows, room].map((what) => notMeasured(what, why));
  }
  const dataDir = join(folder, 'trends');
  mkdirSync(dataDir);
  symlinkSync(database, join(dataDir, 'first-ring.sqlite'));
  await using others = startChild('rows.ts', { args: [sqlite, duckdb] });
  const bare = await measureBare(database, dataDir, others, rounds);
  await using server = await startServer(dataDir, { now: DATA_NOW, besides: withAdmin(withMail) });
  using asker = await openAsker(server);
  const http = await measureHttp(server, asker, others, rounds);
  const page = clicks === 0 ? [] : await measurePage(server, asker, clicks);
  await server.child.ask('close');
  await server.child.ended;
  const { trends, rest } = roomOfTrends(database);
  return [...bare, ...http, ...page, rowFrom(room, trends / MIB, rest / MIB)];
}
