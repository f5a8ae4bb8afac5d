import type { Clock } from '../../server/clock.ts';
import type { Instant } from '../../shared/time.ts';

/** A clock that stands still until it is moved; sleepers wake in order when their instant is passed. */
export interface TestClock extends Clock {
  /** Moves to `at`, waking every sleeper on the way at its own instant, and lets their work run. */
  moveTo(at: Instant): Promise<void>;
  advance(ms: number): Promise<void>;
  /** Jumps without waking anybody, as a wall clock that is set does. */
  set(at: Instant): void;
  readonly sleepers: number;
}

interface Sleeper {
  at: Instant;
  wake(): void;
}

export function createTestClock(start: Instant | string): TestClock {
  let now = typeof start === 'string' ? Date.parse(start) : start;
  const sleepers = new Set<Sleeper>();
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const clock: TestClock = {
    now: () => now,
    sleep(ms, stop) {
      if (stop.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          sleepers.delete(sleeper);
          stop.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper: Sleeper = { at: now + ms, wake };
        sleepers.add(sleeper);
        stop.addEventListener('abort', wake);
      });
    },
    async moveTo(at) {
      await settle();
      for (;;) {
        const next = [...sleepers].filter((sleeper) => sleeper.at <= at).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        now = Math.max(now, next.at);
        next.wake();
        await settle();
      }
      now = at;
      await settle();
    },
    advance: (ms) => clock.moveTo(now + ms),
    set(at) {
      now = at;
    },
    get sleepers() {
      return sleepers.size;
    },
  };
  return clock;
}
