import { setTimeout as delay } from 'node:timers/promises';
import type { Instant } from '../shared/time.ts';

/** Nothing else reads the wall clock. */
export interface Clock {
  now(): Instant;
  /** Resolves after `ms`, or at once (not throwing) when `stop` is aborted. */
  sleep(ms: number, stop: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, stop) {
    try {
      await delay(ms, undefined, { signal: stop });
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  },
};
