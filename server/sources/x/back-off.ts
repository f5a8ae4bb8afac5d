import { type Instant, MINUTE, SECOND } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';

/**
 * What went wrong decides how long to wait: X's own table, docs.x.com "Handling disconnections". `network`: 250 ms
 * more each time, up to 16 s. `http`: 5 s, doubled each time, up to 320 s. `rate` (429): one minute, doubled each time
 * and without end, and never before the instant that X names.
 */
export type TroubleKind = 'network' | 'http' | 'rate';

/** A longer wait than X's longest window is no longer waiting for X. */
const RATE_MAX_MS = 24 * 60 * MINUTE;
/** What stood this long has recovered: the next trouble is a first one. */
export const STEADY_MS = MINUTE;

/** The wait before retry `attempt` (1 is the first). */
export function waitMs(kind: TroubleKind, attempt: number): number {
  const doubled = 2 ** Math.min(attempt - 1, 20);
  switch (kind) {
    case 'network':
      return Math.min(250 * attempt, 16 * SECOND);
    case 'http':
      return Math.min(5 * SECOND * doubled, 320 * SECOND);
    case 'rate':
      return Math.min(MINUTE * doubled, RATE_MAX_MS);
  }
}

/** Counts what failed in a row, and says from when it may be tried again. */
export interface BackOff {
  failed(trouble: { kind: TroubleKind; until: Instant | null }, at: Instant): void;
  recovered(): void;
  isOver(now: Instant): boolean;
  /** Resolves when it may be tried again, or told to stop. */
  over(clock: Clock, stop: AbortSignal): Promise<void>;
}

export function createBackOff(): BackOff {
  const none = { network: 0, http: 0, rate: 0 };
  let attempts = { ...none };
  let failedAt = Number.NEGATIVE_INFINITY;
  let notBefore = Number.NEGATIVE_INFINITY;
  const leftMs = (now: Instant): number => {
    if (now < failedAt) {
      // The clock was set back: the whole wait begins anew, and is not longer by what the clock lost.
      notBefore += now - failedAt;
      failedAt = now;
    }
    return notBefore - now;
  };
  return {
    failed({ kind, until }, at) {
      attempts[kind] += 1;
      failedAt = at;
      notBefore = Math.max(at + waitMs(kind, attempts[kind]), until ?? 0);
    },
    recovered() {
      attempts = { ...none };
    },
    isOver: (now) => leftMs(now) <= 0,
    async over(clock, stop) {
      while (leftMs(clock.now()) > 0 && !stop.aborted) await clock.sleep(leftMs(clock.now()), stop);
    },
  };
}
