import { z } from 'zod';
import { wireFact, wireFacts } from '../../shared/wire.ts';
import { boardsAnswer, factsAnswer, refusal, statusAnswer, wireError } from '../../shared/wire-answer.ts';
import { wireSnapshot } from '../../shared/wire-snapshot.ts';
import { exampleFacts } from './example-facts.ts';
import { exampleStatus } from './example-status.ts';
import { ITEMS_MAX, JSON_BODY_MAX_BYTES, LINE_MAX_BYTES } from './limits.ts';
import { alertPaths, alertSchemas } from './openapi-alerts.ts';
import { channelPaths, channelSchemas } from './openapi-channels.ts';
import { deskPaths, deskSchemas } from './openapi-desk.ts';
import { itemsPaths, itemsSchemas } from './openapi-items.ts';
import { answer, failures, type JsonObject, readOperation, ref, toJson } from './openapi-parts.ts';
import { reportsPaths, reportsSchemas } from './openapi-reports.ts';
import { trendsPaths, trendsSchemas } from './openapi-trends.ts';

/** The OpenAPI 3.1 document of everything under /api, its schemas made from those that the server itself reads with. */
export function openApi(): JsonObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'First Ring',
      version: '1',
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'Facts go in under the token of a source; what a board shows comes out. Moments are milliseconds since 1970 or ISO 8601 with a zone.',
    },
    servers: [{ url: '/' }],
    paths: {
      '/api/facts': { post: factsOperation() },
      '/api/snapshot/{board}': { get: snapshotOperation() },
      '/api/boards': {
        get: readOperation('boards', 'The boards that there are', ref('Boards'), boardsExample),
      },
      '/api/status': {
        get: readOperation(
          'status',
          'How the server is doing, and everything that feeds it',
          ref('Status'),
          toJson(exampleStatus) as JsonObject,
        ),
      },
      ...deskPaths(),
      ...trendsPaths(),
      ...itemsPaths(),
      ...reportsPaths(),
      ...alertPaths(),
      ...channelPaths(),
      '/metrics': { get: readOperation('metrics', 'Numbers for Prometheus', { type: 'string' }) },
      '/api/openapi.json': { get: readOperation('openapi', 'This document', { type: 'object' }) },
      '/healthz': { get: probe('healthz', 'Is the process up?', { up: true }) },
      '/readyz': {
        get: probe(
          'readyz',
          'Is it ready to serve boards?',
          { ready: true, reasons: [] },
          { ready: false, reasons: ['the store cannot be written'] },
        ),
      },
    },
    components: { schemas: schemas(), securitySchemes: securitySchemes() },
  };
}

const boardsExample: JsonObject = { boards: [{ id: 'support', name: 'Patient Support', place: 'New York' }] };

function schemas(): JsonObject {
  const registry = z.registry<{ id: string }>();
  registry.add(wireFact, { id: 'Fact' });
  for (const [kind, schema] of Object.entries(wireFacts)) registry.add(schema, { id: nameOf(kind) });
  for (const [name, schema] of Object.entries({
    FactsAnswer: factsAnswer,
    Refusal: refusal,
    Error: wireError,
    Boards: boardsAnswer,
    Status: statusAnswer,
    Snapshot: wireSnapshot,
    ...deskSchemas,
    ...trendsSchemas,
    ...itemsSchemas,
    ...reportsSchemas,
    ...alertSchemas,
    ...channelSchemas,
  })) {
    registry.add(schema, { id: name });
  }
  const made = z.toJSONSchema(registry, {
    io: 'input',
    target: 'draft-2020-12',
    uri: (id) => `#/components/schemas/${id}`,
  });
  const plain = toJson(made.schemas) as { [name: string]: JsonObject };
  return Object.fromEntries(
    Object.entries(plain).map(([name, schema]) => [name, withExample(name, withoutIds(schema))]),
  );
}

function withoutIds({ $id: _id, $schema: _schema, ...schema }: JsonObject): JsonObject {
  return schema;
}

function withExample(name: string, schema: JsonObject): JsonObject {
  const example = Object.entries(exampleFacts).find(([kind]) => nameOf(kind) === name)?.[1];
  return example === undefined ? schema : { ...schema, examples: [toJson(example)] };
}

/** `alert_end` → `AlertEnd`. */
function nameOf(kind: string): string {
  return kind.replace(/(?:^|_)([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

function factsOperation(): JsonObject {
  const several = [exampleFacts.offered, exampleFacts.alert, exampleFacts.pickup];
  const answered = {
    stored: 2,
    repeats: 0,
    conflicts: 0,
    alive: 0,
    refused: [{ position: 1, field: 'agent', reason: 'is missing' }],
    refusedTotal: 1,
  };
  return {
    operationId: 'sendFacts',
    summary: 'Send facts',
    description: `One fact or an array of at most ${ITEMS_MAX} as JSON (at most ${JSON_BODY_MAX_BYTES} bytes), or a stream of any length with one fact a line (at most ${LINE_MAX_BYTES} bytes each). Answered after the last commit; good facts of a bad batch are kept; sending a fact again changes nothing.`,
    security: [{ source: [] }],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: { oneOf: [ref('Fact'), { type: 'array', items: ref('Fact'), maxItems: ITEMS_MAX }] },
          examples: { one: { value: toJson(exampleFacts.offered) }, several: { value: toJson(several) } },
        },
        'application/x-ndjson': {
          schema: { type: 'string', description: 'One Fact a line.' },
          examples: { lines: { value: several.map((fact) => JSON.stringify(fact)).join('\n') } },
        },
      },
    },
    responses: {
      '200': answer('What became of each fact', ref('FactsAnswer'), answered),
      ...failures({
        '400': 'The body as a whole cannot be read',
        '401': "No token, or no source's",
        '403': 'This is the demo; it takes no facts',
        '405': 'Not POST',
        '408': 'The body took too long',
        '413': 'Too large for JSON',
        '415': 'Another content type, encoding or charset',
        '429': 'Too much at once, or too many wrong tokens; see Retry-After',
        '503': 'Could not be saved; see Retry-After and `durable`',
      }),
    },
  };
}

function snapshotOperation(): JsonObject {
  const board = {
    name: 'board',
    in: 'path',
    required: true,
    description: "A board's id",
    schema: { type: 'string' },
    example: 'support',
  };
  const read = readOperation('snapshot', 'What a board is pushed, just now', ref('Snapshot'));
  return {
    ...read,
    parameters: [board],
    responses: {
      ...(read.responses as JsonObject),
      ...failures({ '404': 'No such board; the message names those there are' }),
    },
  };
}

function probe(operationId: string, summary: string, good: JsonObject, bad?: JsonObject): JsonObject {
  const responses = {
    '200': answer('Yes', { type: 'object' }, good),
    ...(bad === undefined ? {} : { '503': answer('Not yet, and why', { type: 'object' }, bad) }),
  };
  return { operationId, summary, security: [], responses };
}

function securitySchemes(): JsonObject {
  return {
    source: {
      type: 'http',
      scheme: 'bearer',
      description: "The source's own token, set in first-ring.yaml.",
    },
    tv: { type: 'http', scheme: 'bearer', description: 'The read-only TV token.' },
    pass: {
      type: 'apiKey',
      in: 'cookie',
      name: 'first_ring',
      description: 'Given by the sign-in page, or by /wall?token=<TV token>.',
    },
  };
}
