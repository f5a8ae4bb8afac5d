import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';

/** The first wait after a message was not taken, and the longest. */
export const RETRY_MIN_MS = 10 * SECOND;
export const RETRY_MAX_MS = 30 * MINUTE;
/** A message that was not taken for so long is given up. */
export const GIVE_UP_MS = 24 * HOUR;

/**
 * When to try again after `tries` attempts in vain, or null when it is time to give up. Doubling, with jitter over the upper
 * half so that many messages do not come back in step, and never before the other side wants it. `random` is in [0, 1).
 */
export function nextTryAt(
  { now, since, tries, waitMs }: { now: Instant; since: Instant; tries: number; waitMs: number | null },
  random: number,
): Instant | null {
  const full = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(tries - 1, 20));
  const own = now + Math.round(full / 2 + (full / 2) * random);
  if (own - since > GIVE_UP_MS) return null;
  // Where that is past the end, it is tried once more then: what was tried once was not tried for a day.
  return Math.max(own, now + (waitMs ?? 0));
}
