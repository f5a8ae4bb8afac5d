import type { Clock } from '../clock.ts';

/** A sleep that can be cut short. */
export interface Awake {
  /** Ends the sleep; one that has not begun yet does not begin. */
  poke(): void;
  sleep(ms: number, stop: AbortSignal): Promise<void>;
}

export function createAwake(clock: Clock): Awake {
  let waking = new AbortController();
  return {
    poke: () => waking.abort(),
    async sleep(ms, stop) {
      const mine = waking;
      const end = (): void => mine.abort();
      stop.addEventListener('abort', end, { once: true });
      if (!stop.aborted) await clock.sleep(Math.ceil(ms), mine.signal);
      stop.removeEventListener('abort', end);
      waking = new AbortController();
    },
  };
}
