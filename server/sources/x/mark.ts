import { HOUR, type Instant, MINUTE } from '../../../shared/time.ts';
import { idAt, madeAt, newerOf, olderOf } from './ids.ts';

/** Searching begins this long before the last post: neither the stream nor the search keeps to the order of the ids. */
export const OVERLAP_MS = MINUTE;
/** Recent search knows the last seven days; a little less, so that it is not refused while it is under way. */
export const SEARCH_KNOWS_MS = 7 * 24 * HOUR - HOUR;

/** Up to where everything was read. */
export interface Mark {
  /** Everything up to here is known; what a restart goes on from. Null at the very first start. */
  sinceId(): string | null;
  /** Where a search has to begin, `lookBackMs` before now when nothing was read yet. */
  searchFrom(now: Instant, lookBackMs: number): string;
  /** This was read and put on its way. */
  read(ids: readonly string[]): void;
  /** What came from here on may hide something: the mark stays at the oldest such place until null lifts the doubt. */
  doubtFrom(id: string | null): void;
  restore(sinceId: string | null): void;
}

export function createMark(): Mark {
  let newest: string | null = null;
  let doubt: string | null = null;
  const sinceId = (): string | null =>
    newest === null || doubt === null ? (doubt ?? newest) : olderOf(newest, doubt);
  const fromNewest = (now: Instant, lookBackMs: number): Instant =>
    newest === null ? now - Math.max(lookBackMs, OVERLAP_MS) : madeAt(newest) - OVERLAP_MS;
  return {
    sinceId,
    searchFrom(now, lookBackMs) {
      const from = doubt === null ? fromNewest(now, lookBackMs) : madeAt(doubt);
      // X refuses to search from what lies ahead, as it would by a clock that was set back.
      return idAt(Math.min(now, Math.max(from, now - SEARCH_KNOWS_MS)));
    },
    read(ids) {
      for (const id of ids) newest = newest === null ? id : newerOf(newest, id);
    },
    doubtFrom(id) {
      doubt = id === null || doubt === null ? id : olderOf(doubt, id);
    },
    restore(id) {
      if (id !== null) newest = newest === null ? id : newerOf(newest, id);
    },
  };
}
