import { systemClock } from './clock.ts';
import { loadConfig } from './config.ts';
import { mend } from './intake/mend.ts';
import { type Difference, type Recounted, recount } from './intake/recount.ts';
import { dateOf } from './judge/local-days.ts';
import { Problem } from './problem.ts';
import { auditSqliteFile, openSqliteStore } from './store/sqlite/open-sqlite-store.ts';

/** Differences written out; the rest are only counted. */
const SHOWN_MAX = 100;

const usage = `Usage: npm run recount [-- --mend]
Rebuilds every figure from the facts and compares it with what is stored. It may run beside the server.
--mend  makes what is stored what the facts say; stop the server first.
`;

/** Runs the command; the exit code is 0 when nothing differs (or all was mended), 1 when something does, 2 for misuse. */
async function main(args: readonly string[]): Promise<number> {
  if (args.some((arg) => arg !== '--mend')) {
    process.stderr.write(usage);
    return 2;
  }
  const { rules, databaseFile } = await loadConfig(process.env, process.cwd());
  const now = systemClock.now();
  let shown = 0;
  const show = (found: readonly Difference[]): void => {
    for (const difference of found.slice(0, SHOWN_MAX - shown)) say(inWords(difference));
    shown += found.length;
  };
  const audited = {
    audit: <T>(work: Parameters<typeof auditSqliteFile<T>>[1]) => auditSqliteFile(databaseFile, work),
  };
  if (!args.includes('--mend')) return report(await recount(audited, rules, now, show), databaseFile);
  const store = await openSqliteStore({ file: databaseFile });
  try {
    return report(await mend(store, rules, now), databaseFile);
  } finally {
    await store.close();
  }
}

function report({ items, tallies, due, differences }: Recounted, file: string): number {
  say(
    `${file}: ${items} items judged again, ${tallies} tallies added up again, ${due} verdicts due and not yet folded.`,
  );
  say(
    differences === 0
      ? 'No difference.'
      : `${differences} differences. "npm run recount -- --mend" puts them right.`,
  );
  return differences === 0 ? 0 : 1;
}

function inWords(difference: Difference): string {
  switch (difference.what) {
    case 'item':
      return `item ${difference.key}: ${kept(difference.stored)} is stored, the facts say ${kept(difference.counted)}`;
    case 'name':
      return `name of a fact in ${difference.key}: it is tied to ${difference.tied ?? 'nothing'}`;
    case 'tally': {
      const { figure, scope, quarter, stored, counted } = difference;
      const at = new Date(quarter).toISOString();
      return `${figure} ${scope} ${at}: ${stored.n}/${stored.d} is stored, the facts say ${counted.n}/${counted.d}`;
    }
    case 'month': {
      const kept = difference.of === 'tallies' ? difference.figure : `lengths of ${difference.measure}`;
      return `${kept} ${difference.scope} ${monthNamed(difference.month)}: what is packed cannot be read`;
    }
    case 'spread': {
      const { scope, measure, day, key, stored, counted } = difference;
      return `${measure} ${scope} ${dateOf(day)}, length ${key}: ${stored} stored, ${counted} by the facts`;
    }
  }
}

/** A month by its number since January 1970. */
function monthNamed(month: number): string {
  return new Date(Date.UTC(1970, month)).toISOString().slice(0, 7);
}

function kept(item: object | null): string {
  return item === null ? 'nothing' : 'a verdict';
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
