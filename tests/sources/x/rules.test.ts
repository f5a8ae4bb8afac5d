import { describe, expect, it } from 'vitest';
import {
  badRulesOf,
  groupsOf,
  planRules,
  QUERY_CHARS_MAX,
  queryOf,
  TAG,
} from '../../../server/sources/x/rules.ts';
import { start } from '../each-source-check.ts';
import { config, fakeX, xAt } from './x-bench.ts';

const [first = '', second = ''] = config.rules;
const held = (id: string, value: string, tag: string | null = TAG) => ({ id, value, tag });
const queriesOf = (rules: readonly string[]) => groupsOf(rules).map(queryOf);

describe('rules in step', () => {
  it.each([
    ['none yet', [], [first, second], { remove: [], add: [first, second], others: [] }],
    ['all right', [held('1', first)], [first], { remove: [], add: [], others: [] }],
    [
      'one of ours too many',
      [held('1', first), held('2', 'cats')],
      [first],
      { remove: ['2'], add: [], others: [] },
    ],
    [
      'some of somebody else',
      [held('1', first, 'theirs'), held('2', 'cats', 'theirs'), held('3', 'dogs', null)],
      [first],
      { remove: [], add: [], others: ['cats', 'dogs'] },
    ],
    ['one changed', [held('1', 'old')], [first], { remove: ['1'], add: [first], others: [] }],
    ['written twice', [], [first, first], { remove: [], add: [first], others: [] }],
  ])('are planned: %s', (_, now, wanted, plan) => {
    expect(planRules(now, wanted)).toEqual(plan);
  });

  it('are made before the stream is opened, and those that are right are left alone', async () => {
    const fake = await fakeX();
    fake.rules = [
      { id: '1', value: first, tag: 'by hand' },
      { id: '2', value: 'a rule of last year', tag: TAG },
    ];
    const source = start(xAt(fake), null);
    await fake.streaming();
    expect(fake.rules.map(({ value }) => value).sort()).toEqual([first, second].sort());
    expect(fake.rules[0]).toEqual({ id: '1', value: first, tag: 'by hand' });
    await source.stop();
    const changes = fake.requests('/2/tweets/search/stream/rules', 'POST').length;
    const again = start(xAt(fake), source.cursor());
    await fake.streaming();
    expect(fake.requests('/2/tweets/search/stream/rules', 'POST')).toHaveLength(changes);
    await again.stop();
  });

  it('of another program are never removed: they are told of, by the test of the connection as well', async () => {
    const fake = await fakeX();
    const theirs = { id: '7', value: 'cats has:images', tag: 'newsroom' };
    fake.rules = [theirs];
    expect(await xAt(fake).check?.(new AbortController().signal)).toContain('left alone');
    const source = start(xAt(fake), null);
    await fake.streaming();
    await source.until(() => source.signs() > 0);
    expect(fake.rules).toContainEqual(theirs);
    expect(source.notices.at(-1)).toContain('not First Ring\'s ("cats has:images")');
    await source.stop();
    expect(fake.rules).toContainEqual(theirs);
  });

  it('go on without one that X does not take, and say which, and why', async () => {
    const fake = await fakeX();
    const source = start(xAt(fake, { rules: ['nonsense:1', first] }), null);
    await fake.streaming();
    await source.until(() => source.signs() > 0);
    expect(fake.rules.map(({ value }) => value)).toEqual([first]);
    expect(source.notices.at(-1)).toContain('"nonsense:1" (Reference to invalid operator');
    await source.stop();
  });

  it('end the run when X takes none of them', async () => {
    const fake = await fakeX();
    await expect(start(xAt(fake, { rules: ['nonsense:1'] }), null).ended).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('takes none of the rules'),
    });
    expect(fake.requests('/2/tweets/search/stream')).toEqual([]);
  });

  it('are no fault when they are there already', () => {
    const duplicate = {
      value: 'a',
      title: 'DuplicateRule',
      type: 'https://api.x.com/2/problems/duplicate-rules',
    };
    const bad = {
      value: 'b',
      title: 'UnprocessableEntity',
      type: 'https://api.x.com/2/problems/invalid-rules',
    };
    expect(badRulesOf({ errors: [duplicate, bad] })).toEqual([{ value: 'b', why: 'UnprocessableEntity' }]);
    expect([badRulesOf(null), badRulesOf({}), badRulesOf({ errors: 'x' })]).toEqual([[], [], []]);
  });
});

describe('rules as queries of recent search', () => {
  it('are one query while they fit', () => {
    expect(queriesOf(['a'])).toEqual(['a']);
    expect(queriesOf(['a', 'b OR c'])).toEqual(['(a) OR (b OR c)']);
  });

  it('are never longer than X takes, and none is lost', () => {
    const rules = Array.from({ length: 40 }, (_, i) => `"harbor health ${i}" -is:retweet`);
    const queries = queriesOf([...rules, 'x'.repeat(QUERY_CHARS_MAX)]);
    expect(queries.length).toBeGreaterThan(2);
    for (const query of queries) expect(query.length).toBeLessThanOrEqual(QUERY_CHARS_MAX);
    for (const rule of rules) expect(queries.filter((query) => query.includes(`(${rule})`))).toHaveLength(1);
  });
});
