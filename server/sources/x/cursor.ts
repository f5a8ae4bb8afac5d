import { isId } from './ids.ts';
import type { SpentBefore } from './meter.ts';

/** What outlives the process: up to where everything was read, and what the day has cost. */
export interface Remembered {
  /** Everything up to this id is saved; null when nothing was read yet. */
  sinceId: string | null;
  spent: SpentBefore;
}

/** `{"v":1,"since":"…","spent":{…}}` */
export function writeCursor({ sinceId, spent }: Remembered): string {
  return JSON.stringify({ v: 1, since: sinceId, spent });
}

/** Null where there is none, or none that this version can read: the source then starts as if new. */
export function readCursor(text: string | null): Remembered | null {
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isCursor(value)) return null;
  const { day, posts, users, postIds, userIds } = value.spent;
  return {
    sinceId: isId(value.since) ? value.since : null,
    spent: { day, posts, users, postIds: postIds.filter(isId), userIds: userIds.filter(isId) },
  };
}

function isCursor(value: unknown): value is { since: unknown; spent: SpentBefore } {
  if (typeof value !== 'object' || value === null) return false;
  const { v, spent } = value as { v?: unknown; spent?: Partial<SpentBefore> };
  return (
    v === 1 &&
    typeof spent === 'object' &&
    spent !== null &&
    /^\d{4}-\d{2}-\d{2}$/.test(String(spent.day)) &&
    Number.isSafeInteger(spent.posts) &&
    Number.isSafeInteger(spent.users) &&
    Array.isArray(spent.postIds) &&
    Array.isArray(spent.userIds)
  );
}
