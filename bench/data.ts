import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { fillDatabase } from './bulk.ts';
import {
  aYear,
  aYearOfMail,
  DATA_DIR,
  DATA_NOW,
  ONE_MILLION_TODAY,
  ROWS_DUCKDB,
  ROWS_SQLITE,
  TEN_MILLION,
  today,
} from './large-data.ts';
import { writeRows } from './rows.ts';
import { rulesOfSite, withMail } from './site.ts';

/** Makes the large databases of the benchmark anew: a few minutes, and some gigabytes of disk (docs/performance.md). */
mkdirSync(DATA_DIR, { recursive: true });
const from = performance.now();
const say = (words: string): void => {
  process.stdout.write(`${words} after ${((performance.now() - from) / 1_000).toFixed(0)} s\n`);
};
await make(ONE_MILLION_TODAY, async (file) => {
  const rules = await rulesOfSite(DATA_DIR);
  await fillDatabase({
    file,
    rules,
    calls: today(1_000_000),
    mail: [],
    now: DATA_NOW,
    tell: telling('a day'),
  });
});
await make(TEN_MILLION, async (file) => {
  const rules = await rulesOfSite(DATA_DIR, withMail);
  const [calls, mail] = [aYear(10_000_000), aYearOfMail(1_000_000)];
  await fillDatabase({ file, rules, calls, mail, now: DATA_NOW, tell: telling('a year') });
});
await make(ROWS_SQLITE, (sqlite) =>
  make(ROWS_DUCKDB, (duckdb) => writeRows({ of: TEN_MILLION, sqlite, duckdb, tell: telling('plain rows') })),
);

/** Under another name until it is whole, so that half of one is never measured. */
async function make(file: string, write: (file: string) => Promise<void>): Promise<void> {
  const making = `${file}.making`;
  for (const ending of ['', '-wal', '-shm', '.lock', '.wal']) {
    rmSync(`${making}${ending}`, { force: true });
    rmSync(`${file}${ending}`, { force: true });
  }
  await write(making);
  renameSync(making, file);
  rmSync(`${making}.lock`, { force: true });
  say(`${file}: whole, ${(statSync(file).size / 1e9).toFixed(2)} GB,`);
}

function telling(what: string): (written: number) => void {
  return (written) => {
    if (written % 500_000 === 0) say(`${what}: ${written.toLocaleString('en')}`);
  };
}
