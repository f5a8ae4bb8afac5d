import { z } from 'zod';
import {
  causeCommand,
  causesAnswer,
  causesQuery,
  itemsAnswer,
  itemsQuery,
  storyAnswer,
  storyQuery,
} from '../../shared/wire-items.ts';
import { locked } from './openapi-desk.ts';
import { answer, failures, type Json, type JsonObject, ref, toJson } from './openapi-parts.ts';

/** The schemas of the lists of calls and emails, by their names in the document. */
export const itemsSchemas: Record<string, z.ZodType> = {
  Items: itemsAnswer,
  ItemStory: storyAnswer,
  CauseCommand: causeCommand,
  Causes: causesAnswer,
};

const wrong = { '400': 'A word of the query is wrong; the message names it' };

/** The paths of the lists of calls and emails. */
export function itemsPaths(): JsonObject {
  return {
    '/api/items': {
      get: {
        ...read('items', 'The calls or emails behind a figure', 'Items', {
          '404': 'No such team or queue',
          '413': 'Too many to sort by anything but time',
        }),
        parameters: parametersOf(itemsQuery, {
          kind: 'calls',
          scope: 'queue:support',
          figure: 'firstRing',
          verdict: 'missed',
          from: '1794787200000',
          to: '1794873600000',
        }),
      },
    },
    '/api/items/story': {
      get: {
        ...read('itemStory', 'Everything that is known of one call or email', 'ItemStory', {
          '404': 'No such call or email',
        }),
        parameters: parametersOf(storyQuery, { key: 'call/pbx/1794787200.17' }),
      },
    },
    '/api/items/cause': {
      post: {
        operationId: 'sayCause',
        summary: 'Say where calls or emails came from, or take that away',
        security: [{ pass: [] }, {}],
        requestBody: { required: true, content: { 'application/json': { schema: ref('CauseCommand') } } },
        responses: {
          '200': answer('Kept, with who said so', ref('Done')),
          ...failures({
            '400': 'The command cannot be read; the message names the field',
            '401': 'Not signed in',
            '403': 'Not the admin, or from a page of another site',
            '404': 'One of them is not there any more; nothing was kept',
            '415': 'Not JSON',
            '503': 'Could not be saved; try again',
          }),
        },
      },
    },
    '/api/trends/causes': {
      get: {
        ...read('causes', 'What the misses of a period came from', 'Causes', {
          '404': 'No such team or queue',
        }),
        parameters: parametersOf(causesQuery, { from: '2026-10-20', to: '2026-11-16', scope: 'site' }),
      },
    },
  };
}

function read(
  operationId: string,
  summary: string,
  schema: string,
  more: Record<string, string>,
): JsonObject {
  return {
    operationId,
    summary,
    security: [{ pass: [] }, {}],
    responses: { '200': answer(summary, ref(schema)), ...failures({ ...wrong, ...locked, ...more }) },
  };
}

/** The words of a query, one parameter each, as the server reads them. */
function parametersOf(query: z.ZodObject, examples: Record<string, Json>): Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = toJson(schema) as JsonObject;
    return {
      name,
      in: 'query',
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
      ...(name in examples ? { example: examples[name] ?? null } : {}),
    };
  });
}
