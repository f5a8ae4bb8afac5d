/** A moment: integer milliseconds UTC. */
export type Instant = number;

/** A stretch of time, half-open: `from` is in it, `to` is not. */
export interface Span {
  from: Instant;
  to: Instant;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** The step of every stored tally; zones at :30 and :45 need no finer one. */
export const QUARTER_HOUR = 15 * MINUTE;

/** The start of the quarter-hour that holds `at`. */
export function quarterOf(at: Instant): Instant {
  return Math.floor(at / QUARTER_HOUR) * QUARTER_HOUR;
}
