import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fillDatabase } from '../bulk.ts';
import { type Child, startChild } from '../child.ts';
import { DATA_NOW, ONE_MILLION_TODAY, today } from '../large-data.ts';
import { type Measured, notMeasured, type Round, type Row, rowFrom, rowOf } from '../row.ts';
import { environmentOf, rulesOfSite } from '../site.ts';
import { median } from '../statistics.ts';

export interface RefreshSizes {
  rounds: number;
  /** Refreshes of one round. */
  refreshes: number;
  /** The large database; another one in tests. */
  large?: string;
}

/** Reading a day may take this long before it counts as a failure. */
const LOAD_MAX_MS = 15_000;

const small: Measured = {
  name: 'one refresh, 1,000 calls today',
  unit: 'ms',
  note: 'one board of 20 queues, after a commit; the mean over every board of the site',
  bar: { of: 'value', most: 5 },
};
const large: Measured = {
  name: 'one refresh, 1,000,000 calls today',
  unit: 'ms',
  note: 'the same; floor: with 1,000 calls',
  bar: { of: 'value', most: 5 },
};
const same: Measured = {
  name: 'one refresh, 1,000,000 calls against 1,000',
  unit: 'ms',
  note: 'the same within noise',
  bar: { of: 'ratio', most: 1.2 },
};
const loading: Measured = {
  name: 'reading a day of 1,000,000 calls at the start',
  unit: 's',
  note: 'once, before the first snapshot of such a day',
};

/** What working out the figures costs, and that it does not grow with the day. */
export async function measureRefresh(folder: string, sizes: RefreshSizes): Promise<Row[]> {
  const dataDir = join(folder, 'refresh');
  mkdirSync(dataDir);
  const file = join(dataDir, 'thousand.sqlite');
  const rules = await rulesOfSite(dataDir);
  await fillDatabase({ file, rules, calls: today(1_000), mail: [], now: DATA_NOW, tell: () => undefined });
  await using few = figuresOn(file, dataDir);
  await few.ask('load');
  const file2 = sizes.large ?? ONE_MILLION_TODAY;
  if (!existsSync(file2)) {
    const rounds = await roundsOf(few, null, sizes);
    const why = 'the database is absent: npm run bench:data makes it';
    return [rowOf(small, rounds), ...[large, same, loading].map((what) => notMeasured(what, why))];
  }
  await using many = figuresOn(file2, dataDir);
  const loaded = await within(LOAD_MAX_MS, many.ask<{ ms: number; heldMs: number }>('load'));
  if (loaded === null) {
    const rounds = await roundsOf(few, null, sizes);
    const why = `the day was not read within ${LOAD_MAX_MS / 1_000} s`;
    const failed = [large, same].map((what) => ({ ...notMeasured(what, why), holds: false }));
    return [rowOf(small, rounds), ...failed, notMeasured(loading, why)];
  }
  const rounds = await roundsOf(few, many, sizes);
  const held = `${loading.note}; the event loop was held ${loaded.heldMs.toFixed(0)} ms at a time`;
  return [
    rowOf(
      small,
      rounds.map(({ floor = Number.NaN }) => ({ value: floor })),
    ),
    rowOf(large, rounds),
    rowOf(same, rounds),
    rowFrom({ ...loading, note: held }, loaded.ms / 1_000, null),
  ];
}

function figuresOn(file: string, dataDir: string): Child {
  return startChild('refresh.ts', { args: [file, String(DATA_NOW)], env: environmentOf(dataDir) });
}

/** With both, the large day is the value and the small one its floor. */
async function roundsOf(
  few: Child,
  many: Child | null,
  { rounds, refreshes }: RefreshSizes,
): Promise<Round[]> {
  const found: Round[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const floor = median(await few.ask<number[]>('refresh', refreshes));
    const value = many === null ? null : median(await many.ask<number[]>('refresh', refreshes));
    if (round > 0) found.push(value === null ? { value: floor } : { value, floor });
  }
  return found;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  const timer = Promise.withResolvers<null>();
  const timeout = setTimeout(() => timer.resolve(null), ms);
  try {
    return await Promise.race([work, timer.promise]);
  } finally {
    clearTimeout(timeout);
  }
}
