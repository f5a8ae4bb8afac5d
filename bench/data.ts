import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { fillDatabase } from './bulk.ts';
import { aYear, DATA_DIR, DATA_NOW, ONE_MILLION_TODAY, TEN_MILLION, today } from './large-data.ts';
import { rulesOfSite } from './site.ts';

/** Makes the large databases of the benchmark anew: a few minutes, and some gigabytes of disk (docs/performance.md). */
mkdirSync(DATA_DIR, { recursive: true });
const rules = await rulesOfSite(DATA_DIR);
for (const [file, spans] of [
  [ONE_MILLION_TODAY, today(1_000_000)],
  [TEN_MILLION, aYear(10_000_000)],
] as const) {
  const from = performance.now();
  const say = (words: string): void => {
    process.stdout.write(`${file}: ${words} after ${((performance.now() - from) / 1_000).toFixed(0)} s\n`);
  };
  // Under another name until it is whole, so that half of one is never measured.
  const making = `${file}.making`;
  for (const ending of ['', '-wal', '-shm', '.lock']) {
    rmSync(`${making}${ending}`, { force: true });
    rmSync(`${file}${ending}`, { force: true });
  }
  await fillDatabase({
    file: making,
    rules,
    spans,
    now: DATA_NOW,
    tell: (calls) => say(`${calls.toLocaleString('en')} calls`),
  });
  renameSync(making, file);
  rmSync(`${making}.lock`, { force: true });
  say(`whole, ${(statSync(file).size / 1e9).toFixed(1)} GB,`);
}
