import type { z } from 'zod';
import { noteCommand, noteRemoval, notesAnswer } from '../../shared/wire-trend-notes.ts';
import {
  comparisons,
  heatFigures,
  heatmapAnswer,
  intervals,
  pairFigures,
  rankFigures,
  trendMark,
  trendScopesAnswer,
  trendsAnswer,
  whatIfAnswer,
  whatIfFigures,
} from '../../shared/wire-trends.ts';
import { command, locked } from './openapi-desk.ts';
import { answer, failures, type Json, type JsonObject, ref } from './openapi-parts.ts';
import { WITHIN } from './trends-query.ts';

/** The schemas of the trends, by their names in the document. */
export const trendsSchemas: Record<string, z.ZodType> = {
  Trends: trendsAnswer,
  Heatmap: heatmapAnswer,
  WhatIf: whatIfAnswer,
  TrendScopes: trendScopesAnswer,
  TrendNotes: notesAnswer,
  TrendMark: trendMark,
  TrendNote: noteCommand,
  TrendNoteRemoval: noteRemoval,
};

const period: Json[] = [
  query('from', 'The first local date of the site', { type: 'string', format: 'date' }, '2026-10-20'),
  query('to', 'The last one, included', { type: 'string', format: 'date' }, '2026-11-16'),
];
const scope = query(
  'scope',
  'site, team:<id> or queue:<id>; site when left out',
  { type: 'string' },
  'site',
  false,
);

/** Words of the query that choose a series; the files of trends take the same. */
export const seriesParameters: Json[] = [
  ...period,
  query('by', 'Length of a step; day when left out', oneOf(intervals), 'day', false),
  query(
    'figures',
    `With commas between: ${[...pairFigures, ...rankFigures].join(', ')}`,
    { type: 'string' },
    'firstRing,emailsWithinHour',
  ),
  query('scopes', 'With commas between; site when left out', { type: 'string' }, 'site,queue:support', false),
  query('against', 'The period to compare with; none when left out', oneOf(comparisons), 'before', false),
];

/** The paths of the trends. All of them want the admin's pass; commands come from pages of this server alone. */
export function trendsPaths(): JsonObject {
  return {
    '/api/trends': { get: read('trends', 'Figures step by step', 'Trends', seriesParameters) },
    '/api/trends/heatmap': {
      get: read('heatmap', 'A figure by weekday and hour', 'Heatmap', [
        ...period,
        query(
          'figure',
          'Emails are counted by the hour in which they arrived',
          oneOf(heatFigures),
          'firstRing',
        ),
        scope,
      ]),
    },
    '/api/trends/what-if': {
      get: read('whatIf', 'The same period, judged with another time allowed', 'WhatIf', [
        ...period,
        query('by', 'Length of a step; day when left out', oneOf(['day', 'week', 'month']), 'day', false),
        query('figure', 'What is judged again', oneOf(whatIfFigures), 'firstRing'),
        scope,
        query('within', withinWords(), { type: 'integer' }, 10_000),
      ]),
    },
    '/api/trends/scopes': {
      get: read('trendScopes', 'What there is to look at, and what is promised there', 'TrendScopes', []),
    },
    '/api/trends/notes': {
      get: read('trendNotes', 'Notes, and changes of the rules', 'TrendNotes', period),
      post: command('addTrendNote', 'Write a note', 'TrendNote', 'TrendMark', {}),
      delete: command('removeTrendNote', 'Take a note away', 'TrendNoteRemoval', 'Done', {
        '404': 'There is no such note',
      }),
    },
  };
}

function withinWords(): string {
  const each = whatIfFigures.map((figure) => `of ${figure} whole ${WITHIN[figure].said}`);
  return `The time allowed in ms: ${each.join('; ')}`;
}

function read(operationId: string, summary: string, schema: string, parameters: Json[]): JsonObject {
  return {
    operationId,
    summary,
    security: [{ pass: [] }, {}],
    parameters,
    responses: {
      '200': answer(summary, ref(schema)),
      ...failures({ '400': 'The query cannot be read; the message names the word', ...locked }),
    },
  };
}

function query(
  name: string,
  description: string,
  schema: JsonObject,
  example: Json,
  required = true,
): JsonObject {
  return { name, in: 'query', required, description, schema, example };
}

function oneOf(words: readonly string[]): JsonObject {
  return { type: 'string', enum: [...words] };
}
