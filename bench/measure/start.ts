import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_NOW, TEN_MILLION } from '../large-data.ts';
import { type Measured, notMeasured, type Row, rowFrom, rowOf } from '../row.ts';
import { startServer, withMail } from '../site.ts';
import { snapshotOf } from '../snapshot-of.ts';

export interface StartSizes {
  rounds: number;
}

/** No more rounds are begun after this long: a start that is much too slow is known by then. */
const ROUNDS_MAX_MS = 15_000;
const MIB = 1_048_576;

const start: Measured = {
  name: 'start to first snapshot, 10,000,000 calls stored',
  unit: 's',
  note: 'from starting the process to the first snapshot over HTTP; 10,000,000 calls and 1,000,000 threads over 365 days',
  bar: { of: 'value', most: 1 },
};
const memory: Measured = {
  name: 'resident memory, 10,000,000 calls stored',
  unit: 'MiB',
  note: 'the most of all starts, after that snapshot',
  bar: { of: 'value', most: 200 },
};

/** What a year of history costs a start. */
export async function measureStart(folder: string, { rounds }: StartSizes): Promise<Row[]> {
  if (!existsSync(TEN_MILLION)) {
    const why = 'the database is absent: npm run bench:data makes it';
    return [start, memory].map((what) => notMeasured(what, why));
  }
  const dataDir = join(folder, 'start');
  mkdirSync(dataDir);
  symlinkSync(TEN_MILLION, join(dataDir, 'first-ring.sqlite'));
  const found: { seconds: number; bytes: number }[] = [];
  const until = performance.now() + ROUNDS_MAX_MS;
  do found.push(await startOnce(dataDir));
  while (found.length < rounds && performance.now() < until);
  return [
    rowOf(
      start,
      found.map(({ seconds }) => ({ value: seconds })),
    ),
    rowFrom(memory, Math.max(...found.map(({ bytes }) => bytes)) / MIB, null),
  ];
}

async function startOnce(dataDir: string): Promise<{ seconds: number; bytes: number }> {
  const from = performance.now();
  await using server = await startServer(dataDir, { now: DATA_NOW, nodeArgs: [], besides: withMail });
  await snapshotOf(server);
  const seconds = (performance.now() - from) / 1_000;
  const bytes = await server.child.ask<number>('residentBytes');
  await server.child.ask('close');
  await server.child.ended;
  return { seconds, bytes };
}
