import { type Child, startChild } from '../child.ts';
import { DATA_NOW } from '../large-data.ts';
import { type Measured, type Round, type Row, rowOf } from '../row.ts';
import { count, DUCKDB } from '../rows-counted.ts';
import { environmentOf, withMail } from '../site.ts';
import { repliesByDay, yearByDay } from '../trend-questions.ts';

const year: Measured = {
  name: 'trends: a year by day, 20 queues',
  unit: 'ms',
  note: `first ring; the answer as the page gets it, without its JSON; ${DUCKDB}`,
  bar: { of: 'ratio', most: 0.1 },
  goal: { of: 'ratio', most: 0.02 },
};
const yearJson: Measured = {
  name: 'trends: the same with its JSON',
  unit: 'ms',
  note: DUCKDB,
  bar: { of: 'ratio', most: 0.2 },
};
const replies: Measured = {
  name: 'trends: p90 of the reply time by day, 20 mailboxes',
  unit: 'ms',
  note: 'a year, without its JSON; floor: DuckDB, quantile_disc over the same rows',
  bar: { of: 'ratio', most: 1 / 3 },
};
export const bareRows: readonly Measured[] = [year, yearJson, replies];

interface Took {
  ms: number;
  jsonMs: number;
  bytes: number;
}

/** Asked in the process that reads the database, in turn with DuckDB. */
export async function measureBare(
  database: string,
  dataDir: string,
  others: Child,
  rounds: number,
): Promise<Row[]> {
  const args = [database, String(DATA_NOW)];
  await using ours = startChild('trends.ts', { args, env: environmentOf(dataDir, withMail) });
  const found: Record<'year' | 'json' | 'replies', Round[]> = { year: [], json: [], replies: [] };
  let first: Took | null = null;
  let last: Took | null = null;
  // As after a morning's work: what is asked for the first times is compiled meanwhile.
  for (let i = 0; i < 15; i += 1) {
    await ours.ask<Took>('series', yearByDay);
    await ours.ask<Took>('series', repliesByDay);
  }
  for (let round = 0; round <= rounds; round += 1) {
    const { ms: floor } = await count(others, 'duckdb', { what: 'firstRing' });
    last = await ours.ask<Took>('series', yearByDay);
    first ??= last;
    const { ms: quantiles } = await count(others, 'duckdb', { what: 'replies' });
    const ranked = await ours.ask<Took>('series', repliesByDay);
    if (round === 0) continue;
    found.year.push({ value: last.ms, floor });
    found.json.push({ value: last.jsonMs, floor });
    found.replies.push({ value: ranked.ms, floor: quantiles });
  }
  await ours.ask('close');
  await ours.ended;
  const size = `${((last?.bytes ?? 0) / 1_000).toFixed(0)} kB; the first one took ${first?.jsonMs.toFixed(0)} ms`;
  return [
    rowOf(year, found.year),
    rowOf({ ...yearJson, note: `${size}; ${yearJson.note}` }, found.json),
    rowOf(replies, found.replies),
  ];
}
