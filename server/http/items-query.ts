import type { Request } from 'express';
import type { z } from 'zod';
import {
  type CausesQuery,
  causesQuery,
  type ItemsQuery,
  itemsQuery,
  storyQuery,
} from '../../shared/wire-items.ts';
import { Refused } from './status.ts';

type Query = Request['query'];

/** What a page asks of calls and emails, checked. @throws Refused `invalid`: which word, and what is wrong. */
export function readItemsQuery(query: Query): ItemsQuery {
  return readQuery(itemsQuery, query);
}

export function readStoryQuery(query: Query): { key: string } {
  return readQuery(storyQuery, query);
}

export function readCausesQuery(query: Query): CausesQuery {
  return readQuery(causesQuery, query);
}

/** A misspelt word would be left out in silence. */
function readQuery<T extends z.ZodType>(schema: T, query: Query): z.output<T> {
  const read = schema.safeParse(query);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  if (issue?.code === 'unrecognized_keys')
    throw new Refused('invalid', `${(issue.keys[0] ?? '').slice(0, 100)}: is not known here.`);
  const word = issue?.path.map(String).join('.') ?? 'query';
  const isTwice = Array.isArray(query[word]);
  throw new Refused(
    'invalid',
    isTwice
      ? `${word}: is written more than once. Write it once.`
      : `${word}: ${issue?.message ?? 'cannot be read'}.`,
  );
}
