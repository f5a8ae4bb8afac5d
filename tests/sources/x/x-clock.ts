import { setTimeout as delay } from 'node:timers/promises';
import { ANSWER_WITHIN_MS } from '../../../server/sources/x/client.ts';
import type { Instant } from '../../../shared/time.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

/** As long as an answer over loopback may take on a machine that is busy with other things. */
const PATIENCE_MS = 5_000;

/**
 * A test clock that is not moved while X is being asked: an answer takes real time, and would be late otherwise. It
 * stops at the instant of every sleeper on the way, until what that one asked is answered.
 */
export function createXClock(start: Instant): TestClock {
  const clock = createTestClock(start);
  const wakes = new Set<{ at: Instant }>();
  let asking = 0;

  /** Resolves when nothing is being asked, for two turns on end: one answer may lead to the next question. */
  const quiet = async (): Promise<void> => {
    if (asking === 0) return;
    const giveUpAt = Date.now() + PATIENCE_MS;
    for (let turns = 0; turns < 2 && Date.now() < giveUpAt; turns = asking === 0 ? turns + 1 : 0)
      await delay(1);
  };
  return {
    now: () => clock.now(),
    set: (at) => clock.set(at),
    get sleepers() {
      return clock.sleepers;
    },
    async sleep(ms, stop) {
      const wake = { at: clock.now() + ms };
      // Others sleep as long; only the client of X waits for an answer.
      const isAsking = ms === ANSWER_WITHIN_MS && /sources\/x\/client/.test(new Error().stack ?? '');
      wakes.add(wake);
      if (isAsking) asking += 1;
      await clock.sleep(ms, stop);
      if (isAsking) asking -= 1;
      wakes.delete(wake);
    },
    async moveTo(at) {
      for (;;) {
        await quiet();
        const next = Math.min(...[...wakes].map((wake) => wake.at));
        if (next > at) break;
        await clock.moveTo(Math.max(next, clock.now()));
      }
      await clock.moveTo(at);
      await quiet();
    },
    async advance(ms) {
      await this.moveTo(clock.now() + ms);
    },
  };
}
