import { MINUTE, SECOND } from '../../shared/time.ts';

/** The first wait after a broken link, and the longest. */
export const RETRY_MIN_MS = SECOND;
export const RETRY_MAX_MS = 30 * SECOND;
/** After a refusal (a wrong password) we neither give up nor hammer. */
export const REFUSED_MIN_MS = MINUTE;
export const REFUSED_MAX_MS = 15 * MINUTE;

/**
 * How long to wait before attempt `attempt` (1 is the first retry): doubling, with jitter over the upper half so that
 * many collectors do not come back in step. `random` is in [0, 1).
 */
export function backOffMs(attempt: number, refused: boolean, random: number): number {
  const min = refused ? REFUSED_MIN_MS : RETRY_MIN_MS;
  const max = refused ? REFUSED_MAX_MS : RETRY_MAX_MS;
  const full = Math.min(max, min * 2 ** Math.min(attempt - 1, 20));
  return Math.round(full / 2 + (full / 2) * random);
}
