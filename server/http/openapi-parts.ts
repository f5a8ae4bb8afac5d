/** A part of the document; it is JSON all the way down. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** A path that can be read, by a TV and by people, or by everybody where there is no lock. */
export function readOperation(
  operationId: string,
  summary: string,
  schema: JsonObject,
  example?: JsonObject,
): JsonObject {
  return {
    operationId,
    summary,
    security: [{ tv: [] }, { pass: [] }, {}],
    responses: {
      '200': answer(summary, schema, example),
      ...failures({
        '401': 'Locked',
        '403': 'Without a lock: asked under another name than localhost',
        '429': 'Too many wrong tokens',
      }),
    },
  };
}

/** One answer, with its schema. */
export function answer(description: string, schema: JsonObject, example?: JsonObject): JsonObject {
  return {
    description,
    content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
  };
}

/** What a request may be refused with, by status. */
export function failures(told: Record<string, string>): JsonObject {
  return Object.fromEntries(
    Object.entries(told).map(([status, description]) => [status, answer(description, ref('Error'))]),
  );
}

/** A schema of the document by its name. */
export function ref(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

/** What JSON keeps of a value. */
export function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
