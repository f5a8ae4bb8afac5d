import type { z } from 'zod';
import { whoAnswer } from '../../shared/wire-answer.ts';
import {
  doneAnswer,
  mailAnswer,
  mailCommand,
  postCommand,
  postsAnswer,
  quoteCommand,
  quoteRemoval,
  quotesAnswer,
  sourcesTodayAnswer,
  sourceTest,
  testAnswer,
} from '../../shared/wire-desk.ts';
import { answer, failures, type Json, type JsonObject, readOperation, ref } from './openapi-parts.ts';

/** The schemas of the pages for people, by their names in the document. */
export const deskSchemas: Record<string, z.ZodType> = {
  Posts: postsAnswer,
  PostCommand: postCommand,
  Quotes: quotesAnswer,
  QuoteCommand: quoteCommand,
  QuoteRemoval: quoteRemoval,
  Mail: mailAnswer,
  MailCommand: mailCommand,
  SourcesToday: sourcesTodayAnswer,
  SourceTest: sourceTest,
  SourceTestResult: testAnswer,
  Done: doneAnswer,
  Who: whoAnswer,
};

/** The paths of the pages for people. Commands want the admin's pass and come from pages of this server alone. */
export function deskPaths(): JsonObject {
  return {
    '/api/sources/today': {
      get: readOperation('sourcesToday', 'What each source told of today', ref('SourcesToday')),
    },
    '/api/sources/{id}/test': {
      post: {
        ...command('testSource', 'Try to connect once', 'SourceTest', 'SourceTestResult', {
          '404': 'No such source',
          '415': 'Not JSON, or the source has no connection to test',
          '429': 'A test of this source is running',
        }),
        parameters: [parameter('id', 'path', "A source's id", 'pbx')],
      },
    },
    '/api/posts': {
      get: {
        ...adminRead('posts', 'Posts, newest first, those hidden too', 'Posts'),
        parameters: [
          parameter('after', 'query', 'The `next` of the page before'),
          parameter('mark', 'query', 'Only those `hidden` or `pinned`'),
        ],
      },
      post: command('actOnPost', 'Hide, restore, pin or unpin a post', 'PostCommand', 'Done', {
        '404': 'The post is gone',
      }),
    },
    '/api/quotes': {
      get: adminRead('quotes', 'The quote of the day, and those of the last 60 days', 'Quotes'),
      post: command('chooseQuote', 'Choose or type the quote of the day', 'QuoteCommand', 'Done', {
        '404': 'The post is gone',
      }),
    },
    '/api/quotes/withdraw': {
      post: command('withdrawQuote', 'Take a quote down', 'QuoteRemoval', 'Done', {
        '404': 'There is no such quote',
      }),
    },
    '/api/mail': {
      get: adminRead('mail', 'Emails that wait for an answer', 'Mail'),
      post: command('markMail', 'Say that an email needs no reply, or is spam', 'MailCommand', 'Done', {
        '404': 'The email does not wait any more',
      }),
    },
    '/api/who': {
      get: readOperation('who', 'Whether whoever asks may give commands', ref('Who')),
    },
    '/chimes/{board}': {
      get: {
        operationId: 'chime',
        summary: "The sound of a board's chime",
        security: [{ tv: [] }, { pass: [] }, {}],
        parameters: [parameter('board', 'path', "A board's id", 'support')],
        responses: {
          '200': {
            description: 'A short tone',
            content: { 'audio/*': { schema: { type: 'string', format: 'binary' } } },
          },
          ...failures({ '404': 'No such board, or a silent one' }),
        },
      },
    },
    '/avatars/{id}': {
      get: {
        operationId: 'avatar',
        summary: "The picture of a post's author",
        security: [{ tv: [] }, { pass: [] }, {}],
        parameters: [parameter('id', 'path', '32 hex digits, from a mention’s `avatar`')],
        responses: {
          '200': {
            description: 'A PNG, JPEG, GIF or WebP',
            content: { 'image/*': { schema: { type: 'string', format: 'binary' } } },
          },
          ...failures({ '404': 'No such picture' }),
        },
      },
    },
  };
}

/** Why a page for people may be refused. */
export const locked = { '401': 'Not signed in', '403': 'Not the admin, or from a page of another site' };

/** What the admin alone may read. */
export function adminRead(operationId: string, summary: string, schema: string): JsonObject {
  return {
    operationId,
    summary,
    security: [{ pass: [] }, {}],
    responses: { '200': answer(summary, ref(schema)), ...failures(locked) },
  };
}

/** What the admin alone may tell. */
export function command(
  operationId: string,
  summary: string,
  given: string,
  answered: string,
  more: Record<string, string>,
): JsonObject {
  return {
    operationId,
    summary,
    security: [{ pass: [] }, {}],
    requestBody: { required: true, content: { 'application/json': { schema: ref(given) } } },
    responses: {
      '200': answer(summary, ref(answered)),
      ...failures({
        '400': 'The command cannot be read; the message names the field',
        ...locked,
        '415': 'Not JSON',
        '503': 'Could not be saved; try again',
        ...more,
      }),
    },
  };
}

export function parameter(
  name: string,
  place: 'path' | 'query',
  description: string,
  example?: string,
): Json {
  const schema = { type: 'string' };
  const said = { name, in: place, required: place === 'path', description, schema };
  return example === undefined ? said : { ...said, example };
}
