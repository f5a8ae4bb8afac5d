import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../server/fact.ts';
import { exampleFacts } from '../../server/http/example-facts.ts';
import { CITE_MAX, QUOTE_TEXT_MAX } from '../../shared/limits-desk.ts';
import { parseFact } from '../../shared/read-fact.ts';
import {
  ADDRESSES_MAX,
  EARLIEST_AT,
  HEADERS_MAX,
  ID_MAX,
  LATEST_AT,
  type ReadFact,
} from '../../shared/wire.ts';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** Does not compile when what is read from the wire is not what the server means by a fact. */
const readFactIsFact: Same<ReadFact, Fact> = true;

const AT = Date.parse('2026-11-20T10:00:00Z');
const arrived = { kind: 'arrived', call: 'c', at: AT };
const mail = { kind: 'mail_in', id: '<m>', at: AT, from: 'a@b.example', to: [] };
const quote = { kind: 'quote', id: 'q', at: AT, text: 't', cite: 'c' };

describe('parseFact', () => {
  it('reads every kind of fact just as the server means it', () => {
    expect(readFactIsFact).toBe(true);
    for (const fact of Object.values(exampleFacts))
      expect(parseFact(fact)).toMatchObject({ ok: true, fact: { kind: fact.kind } });
  });

  it.each<[unknown, number]>([
    [AT, AT],
    [EARLIEST_AT, EARLIEST_AT],
    [LATEST_AT - 1, LATEST_AT - 1],
    ['2026-11-20T10:00:00Z', AT],
    ['2026-11-20T10:00:00.250Z', AT + 250],
    ['2026-11-20T10:00:00.250999Z', AT + 250],
    ['2026-11-20T15:45:00+05:45', AT],
    ['2026-11-20T05:00:00-05:00', AT],
  ])('reads the moment %s', (at, instant) => {
    expect(parseFact({ ...arrived, at })).toEqual({ ok: true, fact: { ...arrived, at: instant } });
  });

  it.each([
    EARLIEST_AT - 1,
    LATEST_AT,
    AT / 1_000,
    AT * 1_000,
    AT + 0.5,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '2026-11-20',
    '2026-11-20T10:00:00',
    '2026-02-30T10:00:00Z',
    '1999-12-31T23:59:59Z',
    `${AT}`,
    null,
    [AT],
  ])('refuses the moment %s', (at) => {
    expect(parseFact({ ...arrived, at })).toEqual({
      ok: false,
      field: 'at',
      reason: expect.stringContaining('milliseconds'),
    });
  });

  it.each<[string, unknown, string | null, string]>([
    ['no kind', { call: 'c', at: AT }, 'kind', 'is missing; it is one of arrived, offered'],
    ['another kind', { kind: 'call' }, 'kind', 'must be one of arrived, offered'],
    ['a field left out', { kind: 'arrived', at: AT }, 'call', 'is missing'],
    ['an empty id', { ...arrived, call: '' }, 'call', 'must not be empty'],
    ['a number for an id', { ...arrived, call: 1001 }, 'call', 'must be a string'],
    [
      'an id one too long',
      { ...arrived, call: 'x'.repeat(ID_MAX + 1) },
      'call',
      `is longer than ${ID_MAX} characters`,
    ],
    ['a misspelt field', { ...arrived, nubmer: '' }, 'nubmer', 'is not a field of an arrived fact'],
    [
      'a direction there is not',
      { ...arrived, direction: 'up' },
      'direction',
      'must be one of in, out, internal',
    ],
    ['a leg on an arrival', { ...arrived, leg: 'l' }, 'leg', 'must be transfer'],
    ['null for absent', { ...arrived, number: null }, 'number', 'must be a string'],
    ['an address that is none', { ...mail, to: ['a', 5] }, 'to[1]', 'must be a string'],
    [
      'an address too many',
      { ...mail, cc: Array(ADDRESSES_MAX + 1).fill('a') },
      'cc',
      `has more than ${ADDRESSES_MAX} entries`,
    ],
    [
      'a header in capitals',
      { ...mail, hdr: { 'List-Id': 'x' } },
      'hdr.List-Id',
      'is not a lower-case header name',
    ],
    [
      'a header too many',
      { ...mail, hdr: Object.fromEntries(Array.from({ length: HEADERS_MAX + 1 }, (_, n) => [`x-${n}`, ''])) },
      'hdr',
      `has more than ${HEADERS_MAX} headers`,
    ],
    [
      'a quote one too long',
      { ...quote, text: 'x'.repeat(QUOTE_TEXT_MAX + 1) },
      'text',
      `is longer than ${QUOTE_TEXT_MAX} characters`,
    ],
    [
      'a cite one too long',
      { ...quote, cite: 'x'.repeat(CITE_MAX + 1) },
      'cite',
      `is longer than ${CITE_MAX} characters`,
    ],
    ['an array', [arrived], null, 'must be a JSON object'],
    ['nothing', undefined, null, 'must be a JSON object'],
  ])('refuses %s, and says which field and why', (_name, value, field, reason) => {
    expect(parseFact(value)).toEqual({ ok: false, field, reason: expect.stringContaining(reason) });
  });

  it('takes what is just as long as it may be', () => {
    expect(parseFact({ ...quote, text: 'x'.repeat(QUOTE_TEXT_MAX), cite: 'x'.repeat(CITE_MAX) }).ok).toBe(
      true,
    );
    expect(parseFact({ ...arrived, call: 'x'.repeat(ID_MAX), number: '' }).ok).toBe(true);
  });

  it('answers whatever JSON comes, and never throws', () => {
    const kinds = fc.constantFrom(...Object.keys(exampleFacts));
    const nearly = fc
      .tuple(kinds, fc.dictionary(fc.string(), fc.jsonValue()))
      .map(([kind, more]) => ({ ...more, kind }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), nearly), (value) => {
        const read = parseFact(value);
        if (!read.ok) expect(read.reason).not.toBe('');
      }),
    );
  });
});
