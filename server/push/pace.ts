import { type Instant, SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';

/** Snapshots are at least this far apart. */
export const GAP_MIN_MS = 100;
/** And at most this far, even when nothing changed, so that a board can tell silence from a broken line. */
export const GAP_MAX_MS = 5 * SECOND;

/** Says when to send: the first change at once, then at most ten a second, at least one every five seconds. */
export interface Pace {
  /** Something changed. Cheap: any number of changes inside the pause are one sending. */
  changed(): void;
  /** Sends until told to stop, the first time at once. Rejects only when a need does. */
  run(stop: AbortSignal): Promise<void>;
}

export interface PaceNeeds {
  clock: Clock;
  send: (now: Instant) => Promise<void>;
  /** The next instant after `now` at which time alone changes something; Infinity when there is none. */
  nextChangeAt: (now: Instant) => Instant;
}

/** A pace that stands until it is run. */
export function createPace({ clock, send, nextChangeAt }: PaceNeeds): Pace {
  let dirty = true;
  let sentAt = Number.NEGATIVE_INFINITY;
  let nextAt = Number.POSITIVE_INFINITY;
  let waking = new AbortController();

  const dueAt = (): Instant => {
    const soonest = sentAt + GAP_MIN_MS;
    return dirty ? soonest : Math.max(soonest, Math.min(sentAt + GAP_MAX_MS, nextAt));
  };
  const pause = async (ms: number, stop: AbortSignal): Promise<void> => {
    waking = new AbortController();
    if (!stop.aborted) await clock.sleep(Math.ceil(ms), waking.signal);
  };
  const wake = (): void => waking.abort();

  return {
    changed() {
      if (dirty) return;
      dirty = true;
      wake();
    },
    async run(stop) {
      stop.addEventListener('abort', wake, { once: true });
      while (!stop.aborted) {
        const now = clock.now();
        // The wall clock was set back: what was sent then was sent just now.
        sentAt = Math.min(sentAt, now);
        const leftMs = dueAt() - now;
        if (leftMs > 0) {
          await pause(leftMs, stop);
          continue;
        }
        dirty = false;
        sentAt = now;
        await send(now);
        nextAt = nextChangeAt(now);
      }
    },
  };
}
