import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fillDatabase } from '../bulk.ts';
import { type Child, startChild } from '../child.ts';
import { aYear, aYearOfMail, DATA_NOW } from '../large-data.ts';
import { type Measured, type Round, type Row, rowOf } from '../row.ts';
import { environmentOf, rulesOfSite, withMail } from '../site.ts';

export interface KeepingSizes {
  rounds: number;
  /** Facts of one round, in time and late. */
  facts: number;
  late: number;
  /** Calls of the year that is there before. */
  calls: number;
}

/** Late facts are of so long ago, when all months are packed but this one. */
const LATE_DAYS = 21;
const HOW =
  'intake and store without HTTP; packed until nothing is left to pack; floor: nothing of that written';

const inTime: Measured = {
  name: 'facts a second, with all that trends need kept',
  unit: 'facts/s',
  note: `a stream as it comes; ${HOW}`,
  bar: { of: 'ratio', least: 0.75 },
};
const inTimeCpu: Measured = {
  name: 'CPU of a fact, with all that trends need kept',
  unit: 'µs',
  note: `all threads; ${inTime.note}`,
};
const late: Measured = {
  name: 'facts a second, three weeks late in random order',
  unit: 'facts/s',
  note: `into months that are packed; ${HOW}`,
  bar: { of: 'ratio', least: 0.75 },
};

const lateCpu: Measured = {
  name: 'CPU of a fact, three weeks late in random order',
  unit: 'µs',
  note: `all threads; ${late.note}`,
};

/** What it costs intake to keep tallies and lengths, round by round beside the same without. */
export async function measureKeeping(folder: string, sizes: KeepingSizes): Promise<Row[]> {
  const dataDir = join(folder, 'keeping');
  mkdirSync(dataDir);
  const file = join(dataDir, 'keeping.sqlite');
  const rules = await rulesOfSite(dataDir, withMail);
  const [calls, mail] = [aYear(sizes.calls), aYearOfMail(sizes.calls / 10)];
  await fillDatabase({ file, rules, calls, mail, now: DATA_NOW, tell: () => undefined });
  await using intake = startChild('keeping.ts', { args: [file], env: environmentOf(dataDir, withMail) });
  const now = await roundsOf(intake, sizes.rounds, { name: 'in-time', count: sizes.facts, lateDays: 0 });
  const past = await roundsOf(intake, sizes.rounds, { name: 'late', count: sizes.late, lateDays: LATE_DAYS });
  return [
    rowOf(inTime, now.rates),
    rowOf(inTimeCpu, now.cpu),
    rowOf(late, past.rates),
    rowOf(lateCpu, past.cpu),
  ];
}

async function roundsOf(
  intake: Child,
  rounds: number,
  what: { name: string; count: number; lateDays: number },
): Promise<Record<'rates' | 'cpu', Round[]>> {
  const found: Record<'rates' | 'cpu', Round[]> = { rates: [], cpu: [] };
  for (let round = 0; round <= rounds; round += 1) {
    const run = (kept: boolean): Promise<{ count: number; ms: number; cpuUs: number }> =>
      intake.ask('run', { ...what, name: `${what.name}-${round}-${kept}`, kept });
    const [own, floor] = [await run(true), await run(false)];
    if (round === 0) continue;
    found.rates.push({ value: (own.count / own.ms) * 1_000, floor: (floor.count / floor.ms) * 1_000 });
    found.cpu.push({ value: own.cpuUs / own.count, floor: floor.cpuUs / floor.count });
  }
  return found;
}
