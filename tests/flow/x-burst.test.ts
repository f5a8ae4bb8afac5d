import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { createIntake } from '../../server/intake/intake.ts';
import { createPrivacy } from '../../server/intake/privacy.ts';
import { readCursor } from '../../server/sources/x/cursor.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import { xAt } from '../sources/x/x-bench.ts';
import { londonRules, quietLog } from '../support/an-intake.ts';
import { forkFakeX } from '../support/forked-fake-x.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { watchLoop } from '../support/watch-loop.ts';

const PER_SECOND = 1_000;
const SECONDS = 3;
const BLOCKED_MAX_MS = 50;
/** A crowded machine only adds to what it measures: one run within the limit is proof. */
const TRIES = 3;
/** A second of posts after another, into a real database; the longest that the event loop stood still, ms. */
async function burst(): Promise<{ longestMs: number; saved: number; refused: number; spent: number }> {
  using folder = temporaryFolder();
  const store = await openSqliteStore({ file: `${folder.path}/x.sqlite` });
  const rules = londonRules();
  const privacy = createPrivacy({ key: Buffer.alloc(32), rules });
  const intake = createIntake({ store, clock: systemClock, rules, log: quietLog(), privacy });
  const fake = await forkFakeX();
  const cap = { posts: 100_000, microUsd: 1e12 };
  const stopping = new AbortController();
  let isLive = false;
  let [saved, refused] = [0, 0];
  const ended = xAt({ url: fake.url } as Parameters<typeof xAt>[0], { cap }).run({
    cursor: null,
    async deliver(facts, cursor) {
      const outcomes = await intake.save('x', facts, cursor);
      saved += outcomes.filter((outcome) => outcome === 'stored').length;
    },
    live() {
      isLive = true;
    },
    notice: () => undefined,
    refuse() {
      refused += 1;
    },
    stop: stopping.signal,
  });
  while (!isLive) await delay(5);
  const watch = watchLoop();
  await fake.pour(PER_SECOND, SECONDS);
  for (let i = 0; i < 2_000 && saved < PER_SECOND * SECONDS; i += 1) await delay(20);
  const longestMs = watch.stop();
  stopping.abort();
  await ended;
  await fake.close();
  const spent = readCursor(await store.cursor('x'))?.spent.posts ?? 0;
  await store.close();
  return { longestMs, saved, refused, spent };
}

describe('a burst of 1,000 posts a second', () => {
  it('would be seen to block', async () => {
    const watch = watchLoop();
    await delay(20);
    const before = process.threadCpuUsage();
    for (let spent = 0; spent < 1.5 * BLOCKED_MAX_MS; ) {
      const { user, system } = process.threadCpuUsage(before);
      spent = (user + system) / 1_000;
    }
    await delay(20);
    expect(watch.stop()).toBeGreaterThan(BLOCKED_MAX_MS);
  });

  it('is saved whole, and blocks the event loop for no more than 50 ms', { timeout: 90_000 }, async () => {
    const blocked: number[] = [];
    for (let i = 0; i < TRIES && !blocked.some((ms) => ms <= BLOCKED_MAX_MS); i += 1) {
      const { longestMs, ...rest } = await burst();
      expect(rest).toEqual({ saved: PER_SECOND * SECONDS, refused: 0, spent: PER_SECOND * SECONDS });
      blocked.push(longestMs);
    }
    expect(Math.min(...blocked)).toBeLessThanOrEqual(BLOCKED_MAX_MS);
  });
});
