import type { Instant } from '../../../shared/time.ts';

/** X's ids hold the millisecond they were made at, counted from here, above 22 other bits. */
const EPOCH_MS = 1_288_834_974_657n;
const OTHER_BITS = 22n;

/** The smallest id that X could have made at this instant. */
export function idAt(at: Instant): string {
  const since = BigInt(at) - EPOCH_MS;
  return String((since < 0n ? 0n : since) << OTHER_BITS);
}

/** When X made this id. */
export function madeAt(id: string): Instant {
  return Number((BigInt(id) >> OTHER_BITS) + EPOCH_MS);
}

/** Ids are numbers beyond what JavaScript counts exactly: they are compared as digits. */
export function newerOf(a: string, b: string): string {
  if (a.length !== b.length) return a.length > b.length ? a : b;
  return a > b ? a : b;
}

export function olderOf(a: string, b: string): string {
  return newerOf(a, b) === a ? b : a;
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,19}$/.test(value);
}
