import { MINUTE, SECOND } from '../../shared/time.ts';

/**
 * Lengths as they are kept in exact distributions: the key of a length, so that "within T" is decided by keys alone.
 * Ring times in half-seconds rounded down, for their threshold is strict; waits in seconds and reply times in open
 * minutes rounded up, for theirs are inclusive (docs/metrics.md).
 */
export const HALF_SECOND = 500;

/** A ring shorter than T, a whole number of half-seconds, has a key of at most `ringMost(T)`. */
export function ringKey(ms: number): number {
  return Math.floor(ms / HALF_SECOND);
}

export function ringMost(withinMs: number): number {
  return withinMs / HALF_SECOND - 1;
}

/** A wait of at most T, whole seconds, has a key of at most `waitMost(T)`. */
export function waitKey(ms: number): number {
  return Math.ceil(ms / SECOND);
}

export function waitMost(withinMs: number): number {
  return withinMs / SECOND;
}

/**
 * Twice the minutes, and one more for an answer sent after the hour had been used up to the last minute at closing time:
 * it took just so many open minutes, and was late all the same.
 */
export function replyKey(minutes: number, isPast: boolean): number {
  return 2 * minutes + (isPast ? 1 : 0);
}

export function replyMost(withinMs: number): number {
  return (2 * withinMs) / MINUTE;
}

export function replyMinutesOf(key: number): number {
  return Math.floor(key / 2);
}

/** A millisecond of arrival, in arrival keys: they are in the order of arrival. */
export const ARRIVAL_UNIT = 2 ** 20;
/** Above every reply key: nobody answered. */
const UNANSWERED = ARRIVAL_UNIT - 1;

/** An email by when it arrived, in ms from its local midnight, and the key of its answer; null: nobody answered. */
export function arrivalKey(afterMidnightMs: number, reply: number | null): number {
  return afterMidnightMs * ARRIVAL_UNIT + Math.min(reply ?? UNANSWERED, UNANSWERED);
}

export function arrivalOf(key: number): { afterMidnightMs: number; reply: number | null } {
  const afterMidnightMs = Math.floor(key / ARRIVAL_UNIT);
  const reply = key - afterMidnightMs * ARRIVAL_UNIT;
  return { afterMidnightMs, reply: reply === UNANSWERED ? null : reply };
}
