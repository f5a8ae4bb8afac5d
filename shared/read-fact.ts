import type { z } from 'zod';
import { momentWords, type ReadFact, wireFact, wireFacts } from './wire.ts';

/** A fact, or the one field that is wrong with it and why, in words that follow the field's name. */
export type FactRead = { ok: true; fact: ReadFact } | { ok: false; field: string | null; reason: string };

/** Reads one parsed JSON value as a fact. Never throws; unknown fields are refused by name. */
export function parseFact(value: unknown): FactRead {
  const read = wireFact.safeParse(value);
  if (read.success) return { ok: true, fact: read.data };
  const issue = read.error.issues[0];
  if (issue === undefined) return { ok: false, field: null, reason: 'is not a fact' };
  return { ok: false, ...wordsFor(issue, value) };
}

type Issue = z.core.$ZodIssue;

function wordsFor(issue: Issue, value: unknown): { field: string | null; reason: string } {
  if (issue.code === 'unrecognized_keys') {
    const field = issue.keys[0] ?? '';
    return {
      field: pathOf([...issue.path, field]),
      reason: `is not a field of ${article(kindOf(value))} fact`,
    };
  }
  if (issue.path.length === 0 && issue.code === 'invalid_type')
    return { field: null, reason: 'must be a JSON object' };
  if (issue.path[0] === 'kind') {
    const known = Object.keys(wireFacts).join(', ');
    return {
      field: 'kind',
      reason:
        at(value, issue.path) === undefined ? `is missing; it is one of ${known}` : `must be one of ${known}`,
    };
  }
  const missing = at(value, issue.path) === undefined;
  return { field: pathOf(issue.path), reason: missing ? 'is missing' : reasonOf(issue) };
}

function reasonOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected === 'record' ? 'object' : issue.expected)}`;
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : momentWords;
    case 'too_big':
      if (issue.origin === 'number' || issue.origin === 'int') return momentWords;
      return issue.origin === 'string'
        ? `is longer than ${issue.maximum} characters`
        : `has more than ${issue.maximum} entries`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.join(', ')}`;
    case 'invalid_key':
      return 'is not a lower-case header name';
    case 'invalid_union':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_element':
    case 'custom':
      return issue.message;
  }
}

function kindOf(value: unknown): string {
  const kind = at(value, ['kind']);
  return typeof kind === 'string' ? kind : 'such';
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let here: unknown = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Object.getOwnPropertyDescriptor(here, step)?.value;
  }
  return here;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((step, n) => (typeof step === 'number' ? `[${step}]` : `${n === 0 ? '' : '.'}${String(step)}`))
    .join('');
}
