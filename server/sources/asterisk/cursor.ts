import type { Instant } from '../../../shared/time.ts';
import type { Call } from './call-state.ts';
import { remembered } from './resume.ts';

/** Open calls that a cursor remembers; beyond it the oldest are left to end by age. */
export const REMEMBERED_MAX = 1_000;

/** What outlives the process: which calls were open, and when Asterisk was last heard by our clock. */
export interface Remembered {
  heardAt: Instant;
  calls: Call[];
}

/** `{"v":1,"heardAt":…,"open":[[call, answered 0|1, lastAt],…]}` */
export function writeCursor(heardAt: Instant, calls: Iterable<Call>): string {
  const told = [...calls].filter((call) => call.told);
  const open = told.slice(-REMEMBERED_MAX).map((call) => [call.id, call.answered ? 1 : 0, call.lastAt]);
  return JSON.stringify({ v: 1, heardAt, open });
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
  return {
    heardAt: value.heardAt,
    calls: value.open.filter(isOpen).map(([id, answered, at]) => remembered(id, answered === 1, at)),
  };
}

function isCursor(value: unknown): value is { heardAt: number; open: unknown[] } {
  if (typeof value !== 'object' || value === null) return false;
  const { v, heardAt, open } = value as { v?: unknown; heardAt?: unknown; open?: unknown };
  return v === 1 && typeof heardAt === 'number' && Array.isArray(open);
}

function isOpen(value: unknown): value is [string, 0 | 1, number] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[2] === 'number';
}
