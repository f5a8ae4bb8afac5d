import { describe, expect, it } from 'vitest';
import { readCursor } from '../../../server/sources/x/cursor.ts';
import { idAt } from '../../../server/sources/x/ids.ts';
import { OVERLAP_MS } from '../../../server/sources/x/mark.ts';
import { openFakeX, paths } from '../../support/fake-x.ts';
import { eachSourceCheck, start } from '../each-source-check.ts';
import { aPost, fakeX, soon, xAt } from './x-bench.ts';
import { createXClock } from './x-clock.ts';

const noon = Date.parse('2026-11-22T12:00:00Z');
const EVERY_MS = 300_000;

eachSourceCheck('x, by search', async () => {
  const fake = await openFakeX();
  const begun = Date.now() - 60_000;
  const posts = [1, 2, 3, 4].map((n) => aPost(begun + n * 1_000, n));
  const has = (count: number) => (facts: readonly object[]) =>
    new Set(facts.flatMap((fact) => ('id' in fact ? [fact.id] : []))).size === count;
  return {
    make: () => xAt(fake, { mode: 'search', everyMs: 50 }),
    async firstHalf() {
      fake.add(...posts.slice(0, 2));
    },
    async secondHalf() {
      fake.add(...posts.slice(2));
    },
    isFirst: has(2),
    isWhole: has(4),
    close: () => fake.close(),
  };
});

describe('recent search as a mode of its own', () => {
  it('asks every so often, from the newest post on and a little before, and opens no stream', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    const source = xAt(fake, { mode: 'search', everyMs: EVERY_MS }, clock);
    expect([source.lateAfterMs, source.lostAfterMs]).toEqual([2 * EVERY_MS, 4 * EVERY_MS]);
    const run = start(source, null);
    await run.until(() => run.signs() === 1);
    const post = aPost(noon + 100_000, 1);
    fake.add(post);
    await clock.advance(EVERY_MS - 1);
    expect(fake.requests(paths.search)).toHaveLength(1);
    await clock.advance(1);
    await run.until((facts) => facts.length === 1);
    await soon(() => expect(run.signs()).toBe(2));
    await clock.advance(EVERY_MS);
    await soon(() => expect(fake.requests(paths.search)).toHaveLength(3));
    await run.stop();
    expect(fake.requests(paths.search).map(({ query }) => query.get('since_id'))).toEqual([
      idAt(noon - 3_600_000),
      idAt(noon + EVERY_MS - 3_600_000),
      idAt(noon + 100_000 - OVERLAP_MS),
    ]);
    expect([fake.requests(paths.stream), fake.requests(paths.rules)]).toEqual([[], []]);
    expect(readCursor(run.cursor())?.sinceId).toBe(post.id);
  });

  it('tells an edited post by its newest version, and one post once that two rules find', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    const first = aPost(noon - 60_000, 1);
    const second = aPost(noon - 30_000, 2, { text: 'Edited', chain: [first.id, aPost(noon - 30_000, 2).id] });
    first.chain = second.chain ?? [];
    fake.add(first, second);
    const long = [1, 2].map((n) => `"${'harbor '.repeat(60)}${n}"`);
    const run = start(xAt(fake, { mode: 'search', rules: long }, clock), null);
    await run.until((facts) => facts.length === 1);
    await run.stop();
    expect(fake.requests(paths.search).map(({ query }) => query.get('query'))).toEqual(long);
    expect(run.facts).toMatchObject([{ id: second.id, chain: [first.id, second.id], at: noon - 60_000 }]);
  });

  it('goes on without a rule that search does not take, and says which, and why', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    fake.add(aPost(noon - 60_000, 1));
    const rules = ['sample:10', '@harborhealth'];
    const run = start(xAt(fake, { mode: 'search', rules }, clock), null);
    await run.until((facts) => facts.length === 1);
    expect(run.notices.at(-1)).toContain('does not take "sample:10" (Reference to invalid operator');
    await clock.advance(EVERY_MS);
    await soon(() => expect(run.signs()).toBeGreaterThan(1));
    await run.stop();
    // Together, each alone, and from then on without it.
    expect(fake.requests(paths.search).map(({ query }) => query.get('query'))).toEqual([
      '(sample:10) OR (@harborhealth)',
      'sample:10',
      '@harborhealth',
      '@harborhealth',
    ]);
  });

  it('is refused when search takes none of its rules', async () => {
    const fake = await fakeX();
    const run = start(xAt(fake, { mode: 'search', rules: ['sample:10'] }), null);
    await expect(run.ended).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('takes none of the rules'),
    });
    expect(run.signs()).toBe(0);
  });

  it('asked every few hours may take all that is left of the day: between two searches is no long gap', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    const cap = { posts: 40, microUsd: 1_000_000_000 };
    const run = start(xAt(fake, { mode: 'search', everyMs: 2 * 3_600_000, cap }, clock), null);
    fake.add(aPost(noon - 60_000, 0));
    await run.until((facts) => facts.length === 1);
    for (let n = 1; n <= 30; n += 1) fake.add(aPost(noon + 60_000 * n, n));
    await clock.advance(2 * 3_600_000);
    await run.until((facts) => facts.length === 31);
    await run.stop();
    expect(run.notices.some((words) => words?.includes('left out'))).toBe(false);
  });

  it('is not live while X does not answer, and comes back by the table', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    fake.failNext(paths.search, { status: 503 });
    const source = xAt(fake, { mode: 'search', everyMs: EVERY_MS }, clock);
    const before = start(source, null);
    await expect(before.ended).rejects.toThrow('503');
    expect(before.signs()).toBe(0);
    const after = start(source, null);
    await clock.advance(4_999);
    expect(fake.requests(paths.search)).toHaveLength(1);
    await clock.advance(1);
    await after.until(() => after.signs() === 1);
    await after.stop();
  });
});
