import type { z } from 'zod';
import {
  reportSending,
  subscriberCommand,
  subscriberRemoval,
  subscribersAnswer,
} from '../../shared/wire-reports.ts';
import { command, locked } from './openapi-desk.ts';
import { itemsPaths } from './openapi-items.ts';
import { answer, failures, type Json, type JsonObject, ref } from './openapi-parts.ts';
import { trendsPaths } from './openapi-trends.ts';

/** The schemas of the weekly summary, by their names in the document. */
export const reportsSchemas: Record<string, z.ZodType> = {
  Subscribers: subscribersAnswer,
  SubscriberCommand: subscriberCommand,
  SubscriberRemoval: subscriberRemoval,
  ReportSending: reportSending,
};

/** The paths of files of what is on screen, and of the weekly summary. */
export function reportsPaths(): JsonObject {
  const series = parametersOf(trendsPaths(), '/api/trends');
  const rows = parametersOf(itemsPaths(), '/api/items').filter(
    (one) => !/"name":"(after|limit)"/.test(JSON.stringify(one)),
  );
  return {
    '/api/trends.csv': { get: file('trendsCsv', 'Series as a table', 'text/csv', series) },
    '/api/trends.json': { get: file('trendsJson', 'Series as a file', 'application/json', series) },
    '/api/items.csv': { get: file('itemsCsv', 'Every row of a list, as a table', 'text/csv', rows) },
    '/api/items.json': { get: file('itemsJson', 'Every row of a list, as a file', 'application/json', rows) },
    '/api/reports/subscribers': {
      get: {
        operationId: 'subscribers',
        summary: 'Who is sent the weekly summary',
        security: [{ pass: [] }, {}],
        responses: {
          '200': answer('Who is sent the weekly summary', ref('Subscribers')),
          ...failures(locked),
        },
      },
      post: command('subscribe', 'Send the weekly summary to an address', 'SubscriberCommand', 'Done', {
        '415': 'Not JSON, or no mail server is configured',
        '429': 'There are 200 subscribers',
      }),
      delete: command('removeSubscriber', 'Send it no more', 'SubscriberRemoval', 'Done', {
        '404': 'No such subscriber',
      }),
    },
    '/api/reports/send': {
      post: command('sendReport', 'Send the last week now', 'ReportSending', 'Done', {
        '400': 'The command cannot be read, or the mail server refuses this mail for good',
        '404': 'No such subscriber',
        '415': 'Not JSON, or no mail server is configured',
        '503': 'The mail server does not take it just now; the message says why',
      }),
    },
    '/unsubscribe': {
      get: {
        operationId: 'unsubscribePage',
        summary: 'A page that asks whether to stop the weekly summary; changes nothing',
        security: [{}],
        parameters: [token],
        responses: { '200': html('The page'), '400': html('The link is not whole') },
      },
      post: {
        operationId: 'unsubscribe',
        summary: 'Stop the weekly summary for the address that has this link (also RFC 8058, one click)',
        security: [{}],
        parameters: [token],
        responses: { '200': html('It is stopped, now or before'), '400': html('The link is not whole') },
      },
    },
  };
}

const token: Json = {
  name: 'token',
  in: 'query',
  required: true,
  description: 'From the link in a mail',
  schema: { type: 'string' },
};

function parametersOf(paths: JsonObject, path: string): Json[] {
  const { get } = paths[path] as { get: { parameters: Json[] } };
  return get.parameters;
}

function file(operationId: string, summary: string, type: string, parameters: Json[]): JsonObject {
  return {
    operationId,
    summary,
    security: [{ pass: [] }, {}],
    parameters,
    responses: {
      '200': {
        description: `${summary}; sent while it is made`,
        content: { [type]: { schema: { type: 'string' } } },
      },
      ...failures({
        '400': 'A word of the query is wrong; the message names it',
        ...locked,
        '429': 'Others are fetching files; try again in a moment',
      }),
    },
  };
}

function html(description: string): Json {
  return { description, content: { 'text/html': { schema: { type: 'string' } } } };
}
