/** JSON as it was written: its value, and what JSON.parse lets pass in silence, by item of a top-level array (else item 0). */
export type JsonRead =
  | { ok: true; value: unknown; flaws: ReadonlyMap<number, JsonFlaw> }
  | { ok: false; reason: string };

export interface JsonFlaw {
  field: string;
  reason: string;
}

/** Facts are flat: to[], hdr{} and one array around them. What lies deeper is refused by its schema. */
const LOOKED_INTO_MAX = 4;
const none: ReadonlyMap<number, JsonFlaw> = new Map();

/** Parses JSON text. Keys given twice and text that is not Unicode are told as flaws; they are not foreseen by JSON.parse. */
export function readJson(text: string): JsonRead {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The parser quotes the text around the fault; a position is enough, and repeats no customer's data.
    const message = error instanceof Error ? error.message.replace(/, ".*" is not valid JSON$/s, '') : '';
    return { ok: false, reason: `is not JSON: ${message.replace(/ in JSON at position/, ' at position')}` };
  }
  const doubled = keysWritten(text) === keysIn(value, 0) ? none : doubledKeys(text);
  const flaws = text.includes('\\u') ? withBadText(value, doubled) : doubled;
  return { ok: true, value, flaws };
}

const BACKSLASH = 92;

/** How many keys the text writes. */
function keysWritten(text: string): number {
  return /"\s+:|\\"/.test(text) ? keysCounted(text) : timesIn(text, '":');
}

/** Where no quote is escaped and every colon follows its key at once, they can be counted without reading strings. */
function timesIn(text: string, part: string): number {
  let times = 0;
  for (let i = text.indexOf(part); i !== -1; i = text.indexOf(part, i + part.length)) times += 1;
  return times;
}

function keysCounted(text: string): number {
  let keys = 0;
  for (let i = text.indexOf('"'); i !== -1; i = text.indexOf('"', i + 1)) {
    i = endOfString(text, i);
    if (isKey(text, i)) keys += 1;
  }
  return keys;
}

/** Where the string that starts here ends; the end of the text when it does not. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

/** An odd number of backslashes before it. */
function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
  return (at - before) % 2 === 1;
}

function isKey(text: string, endQuote: number): boolean {
  let i = endQuote + 1;
  let code = text.charCodeAt(i);
  while (code === 32 || code === 9 || code === 10 || code === 13) code = text.charCodeAt(++i);
  return code === 58;
}

/** How many keys the value has; fewer than were written when some were given twice. */
function keysIn(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > LOOKED_INTO_MAX) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const item of value) keys += keysIn(item, depth + 1);
    return keys;
  }
  for (const inner of Object.values(value)) {
    keys += 1;
    if (typeof inner === 'object') keys += keysIn(inner, depth + 1);
  }
  return keys;
}

/** The slow look, at any depth: which key is given twice, in which item. */
function doubledKeys(text: string): Map<number, JsonFlaw> {
  const found = new Map<number, JsonFlaw>();
  const open: (Set<string> | null)[] = [];
  const inArray = text.trimStart().startsWith('[');
  let item = 0;
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    if (sign === '{') open.push(new Set());
    else if (sign === '[') open.push(null);
    else if (sign === '}' || sign === ']') open.pop();
    else if (sign === ',' && inArray && open.length === 1) item += 1;
    else if (sign === '"') {
      const end = endOfString(text, i);
      const keys = open.at(-1);
      if (keys && isKey(text, end)) {
        const key = String(JSON.parse(text.slice(i, end + 1)));
        if (keys.has(key) && !found.has(item)) found.set(item, { field: key, reason: 'is given twice' });
        keys.add(key);
      }
      i = end;
    }
  }
  return found;
}

/** Half a surrogate pair or a NUL cannot be stored as it is, so the same fact would never be a repeat of itself. */
function withBadText(value: unknown, flaws: ReadonlyMap<number, JsonFlaw>): ReadonlyMap<number, JsonFlaw> {
  const all = new Map(flaws);
  const items = Array.isArray(value) ? value : [value];
  for (const [item, inner] of items.entries()) {
    const field = badText(inner, '', 0);
    if (field !== null && !all.has(item))
      all.set(item, { field, reason: 'holds a NUL or half a character (an unpaired surrogate)' });
  }
  return all;
}

function badText(value: unknown, field: string, depth: number): string | null {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0') ? null : field;
  if (typeof value !== 'object' || value === null || depth > LOOKED_INTO_MAX) return null;
  for (const [key, inner] of Object.entries(value)) {
    const bad = badText(key, key, depth) ?? badText(inner, key, depth + 1);
    if (bad !== null) return bad;
  }
  return null;
}
