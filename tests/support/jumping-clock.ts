import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../server/clock.ts';
import type { Instant } from '../../shared/time.ts';

/** A wall clock that goes faster than life and can be set, over timers that nobody can set, as a machine has them. */
export interface JumpingClock extends Clock {
  /** Sets the wall clock on, or back when negative. */
  jump(ms: number): void;
}

export function createJumpingClock(start: Instant, speed: number): JumpingClock {
  const startedAt = performance.now();
  let jumpedMs = 0;
  return {
    now: () => start + jumpedMs + Math.floor((performance.now() - startedAt) * speed),
    async sleep(ms, stop) {
      try {
        await delay(ms / speed, undefined, { signal: stop });
      } catch (error) {
        if (!stop.aborted) throw error;
      }
    },
    jump(ms) {
      jumpedMs += ms;
    },
  };
}
