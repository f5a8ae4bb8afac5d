import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Results } from './doc-table.ts';
import { measureAlerts } from './measure/alerts.ts';
import { measureGlass } from './measure/glass.ts';
import { measureIngest } from './measure/ingest.ts';
import { measureKeeping } from './measure/keeping.ts';
import { measureMail } from './measure/mail.ts';
import { measurePosts } from './measure/posts.ts';
import { measurePush } from './measure/push.ts';
import { measureRefresh } from './measure/refresh.ts';
import { measureStart } from './measure/start.ts';
import { measureTrends } from './measure/trends.ts';
import { broken, type Row } from './row.ts';
import { tableOf } from './table.ts';

/**
 * The whole benchmark: `node bench/run.ts [--strict] [--only name]`. Writes bench/results.json;
 * with --strict the exit code is 1 when a bar does not hold. With --only nothing is written.
 */
const { values: given } = parseArgs({
  options: { strict: { type: 'boolean', default: false }, only: { type: 'string' } },
});

const measures: Record<string, (folder: string) => Promise<Row[]>> = {
  ingest: (folder) => measureIngest(folder, { rounds: 5, batched: 60_000, single: 20_000 }),
  glass: (folder) => measureGlass(folder, { posts: 240, postsWithBoards: 100, boards: 200 }),
  refresh: (folder) => measureRefresh(folder, { rounds: 5, refreshes: 300 }),
  push: (folder) => measurePush(folder, { rounds: 5, pushes: 20, boards: 1_000 }),
  start: (folder) => measureStart(folder, { rounds: 5 }),
  trends: async (folder) => [
    ...(await measureTrends(folder, { rounds: 9, clicks: 22 })),
    ...(await measureKeeping(folder, { rounds: 5, facts: 40_000, late: 20_000, calls: 100_000 })),
  ],
  mail: (folder) => measureMail(folder, { mails: 10_000, answers: 300 }),
  alerts: (folder) => measureAlerts(folder, { looks: 2_000, callsADay: 20_000, previews: 100 }),
  posts: (folder) => measurePosts(folder, { perSecond: 1_000, seconds: 10 }),
};

const startedAt = new Date();
const [loadBefore = 0] = loadavg();
const busy = loadBefore > cpus().length / 4;
const warning = `The machine was busy (load ${loadBefore.toFixed(1)}): do not take these for its figures.`;
const from = performance.now();
const rows: Row[] = [];
for (const [name, measure] of Object.entries(measures)) {
  if (given.only !== undefined && given.only !== name) continue;
  process.stderr.write(`${name} …\n`);
  const folder = mkdtempSync(join(tmpdir(), 'first-ring-bench-'));
  try {
    rows.push(...(await measure(folder)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const seconds = Math.round((performance.now() - from) / 1_000);
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
process.stdout.write(`\n${tableOf(rows)}\n${machine}; took ${seconds} s.\n`);
if (busy) process.stdout.write(`${warning}\n`);
if (given.only === undefined) {
  const results: Results = { measuredAt: startedAt.toISOString(), machine, seconds, loadBefore, rows };
  writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
}
const failed = broken(rows);
for (const { name } of failed) process.stdout.write(`DOES NOT HOLD: ${name}\n`);
if (given.strict && failed.length > 0) process.exitCode = 1;
