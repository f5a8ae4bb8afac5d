/** Reads values of others' JSON without trusting its shape. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member of that name, where the value is an object that has it itself. */
export function member(value: unknown, ...names: string[]): unknown {
  let here: unknown = value;
  for (const name of names) here = isObject(here) && Object.hasOwn(here, name) ? here[name] : undefined;
  return here;
}

/** A text; the empty one where it is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The JSON in a text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
