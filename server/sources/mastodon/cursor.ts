import { isObject, listOf, member, parseJson } from '../json-value.ts';
import { createNewest, type Newest } from '../newest.ts';

/** Posts that are known again: their deletion or edit is told of, and a second coming is none. */
export const KNOWN_MAX = 20_000;
/** And as many of them in the cursor. */
export const KNOWN_KEPT_MAX = 1_000;

export interface Known {
  uri: string;
  /** The newest version that was told of; 0 for the first. */
  edited: number;
}

/** Where one server stands. */
export interface Place {
  /** By channel: the newest id up to which everything was told of. */
  read: Map<string, string>;
  /** By the server's id of a post. */
  known: Newest<Known>;
}

/** `{"v":1,"read":{"#tag":id,…},"known":[[id, uri, edited],…]}` */
export function writeCursor({ read, known }: Place): string {
  return JSON.stringify({
    v: 1,
    read: Object.fromEntries(read),
    known: known.last(KNOWN_KEPT_MAX).map(([id, { uri, edited }]) => [id, uri, edited]),
  });
}

/** A place to start from; an empty one where the cursor is none that this version can read. */
export function readCursor(text: string | null): Place {
  const value = text === null ? undefined : parseJson(text);
  if (!isObject(value) || value.v !== 1) return { read: new Map(), known: createNewest(KNOWN_MAX) };
  const read = Object.entries(isObject(value.read) ? value.read : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const known = listOf(member(value, 'known')).flatMap((entry): [string, Known][] => {
    const [id, uri, edited] = listOf(entry);
    return typeof id === 'string' && typeof uri === 'string' && typeof edited === 'number'
      ? [[id, { uri, edited }]]
      : [];
  });
  return { read: new Map(read), known: createNewest(KNOWN_MAX, known) };
}

/** Ids grow: as numbers, or, on servers like Pleroma, as texts of one length. */
export function isLater(id: string, than: string): boolean {
  return id.length !== than.length ? id.length > than.length : id > than;
}
