import { describe, expect, it } from 'vitest';
import { supervise } from '../../../server/intake/supervise.ts';
import { createLog } from '../../../server/log.ts';
import { MICRO_USD } from '../../../server/sources/x/config.ts';
import { readCursor } from '../../../server/sources/x/cursor.ts';
import { type FakeX, paths } from '../../support/fake-x.ts';
import type { TestClock } from '../../support/test-clock.ts';
import { start } from '../each-source-check.ts';
import { aPost, fakeX, soon, xAt } from './x-bench.ts';
import { createXClock } from './x-clock.ts';

const evening = Date.parse('2026-11-22T20:00:00Z');
const midnight = Date.parse('2026-11-23T00:00:00Z');
const capOf = (posts: number, usd = 1_000) => ({ cap: { posts, microUsd: usd * MICRO_USD } });

/** Says so many posts, two minutes apart, each with an author of its own. */
function sayPosts(fake: FakeX, clock: TestClock, from: number, count: number): void {
  for (let n = from; n < from + count; n += 1)
    fake.say(aPost(clock.now() - n * 120_000, n, { author: String(5_000 + n) }));
}

const spentOf = (cursor: string | null) => readCursor(cursor)?.spent;

describe('the daily cap', () => {
  it.each([
    ['in posts', capOf(12), 'cap of 12 posts', '12 posts and 12 authors were read, $0.18'],
    ['in money', capOf(500, 0.18), 'or $0.18', '12 posts and 12 authors were read, $0.18'],
  ])(
    '%s stops it until the next UTC day, says so in words, and lets it go on then',
    async (_, cap, first, then) => {
      const clock = createXClock(evening);
      const fake = await fakeX();
      const source = start(xAt(fake, cap, clock), null);
      await fake.streaming();
      await source.until(() => source.signs() > 0);
      sayPosts(fake, clock, 1, 12);
      await source.until(() => source.notices.at(-1) !== undefined && source.notices.at(-1) !== null);
      await source.until((facts) => facts.length === 12);
      expect(source.notices.at(-1)).toContain(first);
      expect(source.notices.at(-1)).toContain(then);
      await soon(() => expect(fake.streams()).toBe(0));
      const [asked, signs] = [fake.asked.length, source.signs()];
      fake.add(aPost(clock.now() + 1_000, 40));
      for (let hour = 0; hour < 4; hour += 1)
        await clock.moveTo(Math.min(clock.now() + 3_600_000, midnight - 1));
      expect([fake.asked.length, source.signs()]).toEqual([asked, signs]);
      await clock.moveTo(midnight);
      await fake.streaming();
      await source.until((facts) => facts.length === 13);
      expect(source.notices.at(-1)).toBeNull();
      await source.stop();
      expect(spentOf(source.cursor())).toMatchObject({ day: '2026-11-23' });
    },
  );

  it('is not live with data that it does not have: late, then lost, with the words beside it', async () => {
    const clock = createXClock(evening);
    const fake = await fakeX();
    const supervised = supervise({
      source: xAt(fake, capOf(12), clock),
      save: async () => undefined,
      refused: () => undefined,
      cursor: async () => null,
      heardBefore: null,
      keepHeard: async () => undefined,
      changed: () => undefined,
      clock,
      log: createLog('silent'),
      random: () => 0,
    });
    const health = () => supervised.health(clock.now());
    await soon(() => expect(health().state).toBe('live'));
    sayPosts(fake, clock, 1, 12);
    await soon(() => expect(health().trouble).toContain('used up'));
    await clock.advance(25_000);
    expect(health()).toMatchObject({ state: 'late', heardAt: evening });
    await clock.advance(35_000);
    expect(health()).toMatchObject({ state: 'lost', heardAt: evening });
    expect(health().trouble).toContain('Nothing is asked of X until 00:00 UTC');
    await supervised.stop();
  });

  it('is not forgotten by a restart: nothing is asked', async () => {
    const clock = createXClock(evening);
    const fake = await fakeX();
    const before = start(xAt(fake, capOf(12), clock), null);
    await fake.streaming();
    await before.until(() => before.signs() > 0);
    sayPosts(fake, clock, 1, 12);
    await before.until(() => before.notices.at(-1)?.includes('used up') === true);
    await before.stop();
    expect(spentOf(before.cursor())).toMatchObject({ posts: 12, users: 12 });
    const asked = fake.asked.length;
    const after = start(xAt(fake, capOf(12), clock), before.cursor());
    await soon(() => expect(after.notices.at(-1)).toContain('used up'));
    await clock.advance(3_600_000);
    expect([fake.asked.length, after.signs()]).toEqual([asked, 0]);
    await after.stop();
  });

  it('counts what a restart reads again only once', async () => {
    const clock = createXClock(evening);
    const fake = await fakeX();
    const before = start(xAt(fake, {}, clock), null);
    await fake.streaming();
    await before.until(() => before.signs() > 0);
    sayPosts(fake, clock, 1, 5);
    await before.until((facts) => facts.length === 5);
    await before.stop();
    const after = start(xAt(fake, {}, clock), before.cursor());
    await after.until(() => after.signs() > 0);
    const fresh = aPost(clock.now(), 9, { author: '5001' });
    fake.say(fresh);
    await after.until((facts) => facts.some((fact) => fact.kind === 'post' && fact.id === fresh.id));
    expect(after.facts.length).toBeGreaterThan(1);
    await after.stop();
    expect(spentOf(after.cursor())).toMatchObject({ posts: 6, users: 5 });
  });

  it('counts a post that is no mention of ours, and one that nobody can read, as X does', async () => {
    const clock = createXClock(evening);
    const fake = await fakeX();
    const source = start(xAt(fake, {}, clock), null);
    await fake.streaming();
    await source.until(() => source.signs() > 0);
    fake.say(aPost(clock.now(), 1), ['404']);
    fake.write('{"data":{"id":"123"}}\r\n');
    await source.until(() => source.refused.length === 1);
    await source.stop();
    expect(source.facts).toEqual([]);
    expect(spentOf(source.cursor())).toMatchObject({ posts: 2, users: 1 });
  });

  it('that a gap uses up closes the stream at once: not one more post is paid for', async () => {
    const clock = createXClock(evening);
    const fake = await fakeX();
    for (let n = 1; n <= 12; n += 1) fake.add(aPost(evening - 60_000 * n, n, { author: String(5_000 + n) }));
    const source = start(xAt(fake, capOf(12), clock), null);
    await source.until(() => source.notices.at(-1)?.includes('used up') === true);
    await soon(() => expect(fake.streams()).toBe(0));
    expect(source.facts).toHaveLength(12);
    await source.stop();
    expect(spentOf(source.cursor())).toMatchObject({ posts: 12 });
  });

  it('that is reached while a gap is read keeps what was read, of the stream and of the gap', async () => {
    const clock = createXClock(evening);
    const fake = await fakeX();
    const missed = [1, 2].map((n) => aPost(evening - 60_000 * n, n, { author: String(5_000 + n) }));
    fake.add(...missed);
    fake.delayNext(paths.search);
    const source = start(xAt(fake, capOf(12), clock), null);
    await fake.streaming();
    await soon(() => expect(fake.requests(paths.search)).toHaveLength(1));
    sayPosts(fake, clock, 11, 12);
    await soon(() => expect(source.facts).toHaveLength(0));
    await new Promise((resolve) => setTimeout(resolve, 50));
    fake.letGo();
    await source.until((facts) => facts.length === 14);
    await source.until(() => source.notices.at(-1)?.includes('used up') === true);
    await soon(() => expect(fake.streams()).toBe(0));
    await source.stop();
  });

  it('is never overstepped by a search: no more is asked for than is left', async () => {
    const clock = createXClock(evening);
    const fake = await fakeX();
    for (let n = 1; n <= 60; n += 1) fake.add(aPost(evening - 60_000 * n, n, { author: String(5_000 + n) }));
    const source = start(xAt(fake, { mode: 'search', ...capOf(25) }, clock), null);
    await source.until(() => source.notices.at(-1)?.includes('used up') === true);
    await source.stop();
    expect(fake.requests(paths.search).map(({ query }) => query.get('max_results'))).toEqual(['25']);
    expect(spentOf(source.cursor())).toMatchObject({ posts: 25, users: 25 });
    expect(source.notices.some((words) => words?.includes('left out'))).toBe(true);
  });
});
