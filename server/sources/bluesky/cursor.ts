import { isObject, listOf, member, parseJson } from '../json-value.ts';
import { createNewest, type Newest } from '../newest.ts';

/** Posts that are known again: their deletion is told of, that of their account too, and a second coming is none. */
export const KNOWN_MAX = 20_000;
/** And as many of them in the cursor. */
export const KNOWN_KEPT_MAX = 1_000;

/** A known post that is gone: nothing more is told of it. */
export const GONE = -1;

export interface Place {
  /** `time_us` of the last message; null before the first. */
  timeUs: number | null;
  /** By at-URI: when the newest version that was told of was written, ms; 0 for the first, or GONE. */
  known: Newest<number>;
}

/** `{"v":1,"us":time_us,"known":[[uri, edited],…]}` */
export function writeCursor({ timeUs, known }: Place): string {
  return JSON.stringify({ v: 1, us: timeUs, known: known.last(KNOWN_KEPT_MAX) });
}

/** A place to start from; an empty one where the cursor is none that this version can read. */
export function readCursor(text: string | null): Place {
  const value = text === null ? undefined : parseJson(text);
  if (!isObject(value) || value.v !== 1) return { timeUs: null, known: createNewest(KNOWN_MAX) };
  const known = listOf(member(value, 'known')).flatMap((entry): [string, number][] => {
    const [uri, edited] = listOf(entry);
    return typeof uri === 'string' && typeof edited === 'number' ? [[uri, edited]] : [];
  });
  const timeUs = Number.isSafeInteger(value.us) ? Number(value.us) : null;
  return { timeUs, known: createNewest(KNOWN_MAX, known) };
}
