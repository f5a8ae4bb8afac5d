import { isObject, listOf, member, parseJson, textOf } from '../json-value.ts';
import { createNewest, type Newest } from '../newest.ts';

/** Items of one feed that are known again. */
export const KNOWN_MAX = 1_500;

export interface Known {
  /** Of its words: an item with others was edited. */
  hash: string;
  /** The newest version that was told of; 0 for the first. */
  edited: number;
}

/** What is known of a feed. */
export interface Place {
  /** As the server named the last version of the whole feed (RFC 9110, 8.8); empty where it did not. */
  etag: string;
  modified: string;
  known: Newest<Known>;
  /** It was read before. */
  wasRead: boolean;
}

/** `{"v":1,"etag":…,"modified":…,"known":[[id, hash, edited],…]}` */
export function writeCursor({ etag, modified, known }: Place): string {
  const items = known.last(KNOWN_MAX).map(([id, { hash, edited }]) => [id, hash, edited]);
  return JSON.stringify({ v: 1, etag, modified, known: items });
}

/** A place to start from; an empty one where the cursor is none that this version can read. */
export function readCursor(text: string | null): Place {
  const value = text === null ? undefined : parseJson(text);
  if (!isObject(value) || value.v !== 1)
    return { etag: '', modified: '', known: createNewest(KNOWN_MAX), wasRead: false };
  const known = listOf(member(value, 'known')).flatMap((entry): [string, Known][] => {
    const [id, hash, edited] = listOf(entry);
    return typeof id === 'string' && typeof hash === 'string' && typeof edited === 'number'
      ? [[id, { hash, edited }]]
      : [];
  });
  const [etag, modified] = [textOf(value.etag), textOf(value.modified)];
  return { etag, modified, known: createNewest(KNOWN_MAX, known), wasRead: true };
}
