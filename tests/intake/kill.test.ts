import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createIntake } from '../../server/intake/intake.ts';
import { createPrivacy } from '../../server/intake/privacy.ts';
import { recount } from '../../server/intake/recount.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import { quietLog } from '../support/an-intake.ts';
import { callNumbered, KILL_SOURCE, killRules } from '../support/numbered-calls.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestClock } from '../support/test-clock.ts';

const KILLS = Number(process.env.KILLS ?? 10);
/** Each life gets so far on a machine of any speed, and is ended at random after that, in the middle of ingest. */
const NEW_CALLS_MIN = 25;
const LIFE_MAX_MS = 250;

const now = Date.parse('2026-03-12T10:00:00Z');
const script = join(import.meta.dirname, '../support/ingest-forever.ts');

describe('kill -9 in the middle of ingest', () => {
  it(
    `loses nothing acknowledged and counts nothing twice, ${KILLS} times over`,
    async () => {
      using folder = temporaryFolder();
      const file = join(folder.path, 'data.sqlite');
      const acknowledged = new Set<number>();
      for (let kill = 0; kill < KILLS; kill += 1) {
        const before = acknowledged.size;
        await ingestAndKill(file, acknowledged);
        expect(acknowledged.size).toBeGreaterThan(before);
        await expectAllThere(file, acknowledged);
      }
      await expectEqualToOneGo(file, join(folder.path, 'one-go.sqlite'));
    },
    60_000 + KILLS * 6_000,
  );
});

async function ingestAndKill(file: string, acknowledged: Set<number>): Promise<void> {
  const known = highest(acknowledged);
  // Some calls are told again, as a source does that does not know how far it came.
  const first = Math.max(0, known - 5);
  const child = spawn(process.execPath, [script, file, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const begun = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line === 'ready') return;
      acknowledged.add(Number(line));
      if (Number(line) > known + NEW_CALLS_MIN) resolve();
    });
  });
  const read = once(lines, 'close');
  await Promise.race([begun, gone]);
  await delay(Math.random() * LIFE_MAX_MS);
  child.kill('SIGKILL');
  expect(await gone).toEqual([null, 'SIGKILL']);
  await read;
}

async function expectAllThere(file: string, acknowledged: ReadonlySet<number>): Promise<void> {
  const store = await openSqliteStore({ file });
  try {
    const keys = [...acknowledged].map((call) => `call/${KILL_SOURCE}/c${call}`);
    const facts = await store.write((tx) => tx.facts(keys));
    for (const call of acknowledged) {
      expect(facts.get(`call/${KILL_SOURCE}/c${call}`)).toHaveLength(callNumbered(call).length);
    }
    expect(Number(await store.cursor(KILL_SOURCE))).toBeGreaterThanOrEqual(highest(acknowledged) - 3);
    const found: unknown[] = [];
    await recount(store, killRules(), now, (differences) => void found.push(...differences));
    expect(found).toEqual([]);
  } finally {
    await store.close();
  }
}

/** All calls that were begun, told once more: every tally is that of a site that was never killed. */
async function expectEqualToOneGo(file: string, other: string): Promise<void> {
  const killed = await openSqliteStore({ file });
  const begun = (await killed.itemKeys({ after: null, limit: 1_000_000 }))
    .filter((key) => key.startsWith('call/'))
    .map((key) => Number(key.slice(`call/${KILL_SOURCE}/c`.length)));
  const whole = await openSqliteStore({ file: other });
  const tallies: unknown[][] = [];
  for (const store of [killed, whole]) {
    const rules = killRules();
    const privacy = createPrivacy({ key: Buffer.alloc(32, 9), rules });
    const intake = createIntake({ store, clock: createTestClock(now), rules, log: quietLog(), privacy });
    await intake.save(KILL_SOURCE, begun.toSorted((a, b) => a - b).flatMap(callNumbered));
    await intake.fold(now);
    const rows: unknown[] = [];
    for await (const row of store.allTallies()) rows.push(row);
    tallies.push(rows);
    await store.close();
  }
  expect(tallies[0]!.length).toBeGreaterThan(100);
  expect(tallies[0]).toEqual(tallies[1]);
}

function highest(acknowledged: ReadonlySet<number>): number {
  let max = 0;
  for (const call of acknowledged) max = Math.max(max, call);
  return max;
}
