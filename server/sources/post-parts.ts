import { createHash } from 'node:crypto';
import type { Instant } from '../../shared/time.ts';
import { EARLIEST_AT, ID_MAX, LATEST_AT } from '../../shared/wire.ts';

/** Posts are cut to this; no network but feeds has longer ones. */
export const POST_CHARS_MAX = 5_000;
export const NAME_CHARS_MAX = 100;

/** An id that fits: a longer one is replaced by its hash, the same each time. */
export function fittingId(id: string): string {
  return id.length <= ID_MAX ? id : `sha256:${createHash('sha256').update(id).digest('hex')}`;
}

/** An ISO 8601 or RFC 822 moment, ms; null where it is none, or outside the years that facts may have. */
export function instantOf(written: unknown): Instant | null {
  const at = typeof written === 'string' ? Date.parse(written) : Number.NaN;
  return Number.isNaN(at) || at < EARLIEST_AT || at >= LATEST_AT ? null : at;
}

/** A language tag that may be kept; undefined where it is none. */
export function languageOf(written: unknown): string | undefined {
  return typeof written === 'string' && /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/.test(written)
    ? written
    : undefined;
}
