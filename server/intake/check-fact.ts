import { type Instant, MINUTE } from '../../shared/time.ts';
import { EARLIEST_AT } from '../../shared/wire.ts';
import type { Fact } from '../fact.ts';

/** How far ahead of our clock another system's may run. */
export const FUTURE_MAX_MS = 5 * MINUTE;

/**
 * Why a fact cannot be true, in words for its sender; null when it can. A post's own time is written by its author
 * and may lie ahead: it counts at the instant it was seen.
 */
export function checkFact(fact: Fact, now: Instant): string | null {
  if (fact.kind !== 'post') return checkInstant('at', fact.at, now);
  return checkInstant('seen', fact.seen, now) ?? (fact.at < EARLIEST_AT ? tooOld('at', fact.at) : null);
}

function checkInstant(field: string, at: Instant, now: Instant): string | null {
  if (!Number.isSafeInteger(at)) return `${field}: not a whole number of milliseconds`;
  if (at < EARLIEST_AT) return tooOld(field, at);
  if (at <= now + FUTURE_MAX_MS) return null;
  return `${field}: ${new Date(at).toISOString()} is more than 5 minutes ahead of the server's clock; set the sender's clock`;
}

function tooOld(field: string, at: Instant): string {
  return `${field}: ${new Date(at).toISOString()} is before the year 2000; send milliseconds since 1970, UTC`;
}
