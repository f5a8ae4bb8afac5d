import { DuckDBInstance } from '@duckdb/node-api';
import Database from 'better-sqlite3';
import { answering } from './answering.ts';

/** The floors of the trends: the same calls and answers as plain rows, counted by DuckDB and by SQLite with a GROUP BY. */
const [sqlite = '', duckdb = ''] = process.argv.slice(2);

/** In the order of names, then of steps. */
export interface Counted {
  ms: number;
  /** Queue, the instant at which the step begins (UTC), then the figures: met and judged, or one alone. */
  rows: [name: string, ...figures: number[]][];
}

export interface CountAsked {
  what: keyof typeof questions;
  /** Only with one queue: [from, to), ms. */
  from?: number;
  to?: number;
  queue?: string;
  /** What if so many ms of ring were allowed? */
  withinMs?: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** As both understand it, but for how instants are cut and compared. */
const questions = {
  firstRing: 'SELECT queue, {day offered_at}, sum(met), count(met) FROM calls GROUP BY 1, 2',
  oneQueueByHour: `SELECT queue, {hour offered_at}, sum(met), count(met) FROM calls
    WHERE queue = '{queue}' AND offered_at >= {from} AND offered_at < {to} GROUP BY 1, 2`,
  whatIf: `SELECT 'site', {day offered_at}, sum(CASE WHEN ring_ms < {within} THEN 1 ELSE 0 END), count(met)
    FROM calls GROUP BY 1, 2`,
  replies: 'SELECT mailbox, {day answered_at}, quantile_disc(minutes, 0.9) FROM replies GROUP BY 1, 2',
} as const;

const plain: Database.Database = new Database(sqlite, { readonly: true });
plain.pragma('mmap_size = 4000000000');
const instance = await DuckDBInstance.create(duckdb, { access_mode: 'READ_ONLY' });
const columnar = await instance.connect();

answering({
  async duckdb(asked: CountAsked): Promise<Counted> {
    const sql = written(asked, {
      day: (column) => `${column}::DATE`,
      hour: (column) => `date_trunc('hour', ${column})`,
      at: (ms) => `make_timestamp_ms(${ms})`,
    });
    const from = performance.now();
    const answer = await columnar.runAndReadAll(sql);
    const ms = performance.now() - from;
    return { ms, rows: inOrder(answer.getRowsJS() as Counted['rows']) };
  },
  sqlite(asked: CountAsked): Counted {
    const sql = written(asked, {
      day: (column) => `${column} / ${DAY_MS} * ${DAY_MS}`,
      hour: (column) => `${column} / ${HOUR_MS} * ${HOUR_MS}`,
      at: String,
    });
    const from = performance.now();
    const rows = plain.prepare<[], Counted['rows'][number]>(sql).raw().all();
    return { ms: performance.now() - from, rows: inOrder(rows) };
  },
});

interface Dialect {
  day(column: string): string;
  hour(column: string): string;
  at(ms: number): string;
}

function written({ what, from = 0, to = 0, queue = '', withinMs = 0 }: CountAsked, dialect: Dialect) {
  return questions[what]
    .replace(/\{day (\w+)\}/, (_, column: string) => dialect.day(column))
    .replace(/\{hour (\w+)\}/, (_, column: string) => dialect.hour(column))
    .replace('{from}', dialect.at(from))
    .replace('{to}', dialect.at(to))
    .replace('{queue}', queue)
    .replace('{within}', String(withinMs));
}

/** DuckDB gives dates and large numbers as what they are in JavaScript. */
function inOrder(rows: Counted['rows']): Counted['rows'] {
  return rows
    .map(([name, ...figures]): Counted['rows'][number] => [name, ...figures.map(Number)])
    .sort(([a, i = 0], [b, j = 0]) => (a === b ? i - j : a < b ? -1 : 1));
}
