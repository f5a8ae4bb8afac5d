import { HOUR, type Instant, SECOND } from '../../shared/time.ts';

/** The longest that we wait because a server asks for it. */
export const ASKED_WAIT_MAX_MS = 24 * HOUR;

/**
 * How long a server asks to be left alone, ms: `Retry-After` (RFC 9110: seconds, or a date), else `X-RateLimit-Reset`
 * (Mastodon: an ISO 8601 instant; others: seconds since 1970), else null. Between one second and a day.
 */
export function waitAsked(headers: Headers, now: Instant): number | null {
  const ms = retryAfter(headers.get('retry-after'), now) ?? resetIn(headers, now);
  return ms === null ? null : Math.min(ASKED_WAIT_MAX_MS, Math.max(SECOND, ms));
}

function retryAfter(written: string | null, now: Instant): number | null {
  if (written === null) return null;
  if (/^\s*\d+\s*$/.test(written)) return Number(written) * SECOND;
  const at = Date.parse(written);
  return Number.isNaN(at) ? null : at - now;
}

function resetIn(headers: Headers, now: Instant): number | null {
  const written = headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset');
  if (written === null) return null;
  const at = /^\d{9,11}$/.test(written.trim()) ? Number(written) * SECOND : Date.parse(written);
  return Number.isNaN(at) ? null : at - now;
}
