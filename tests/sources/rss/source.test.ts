import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/clock.ts';
import type { Fact, Post, PostFact } from '../../../server/fact.ts';
import { createLog } from '../../../server/log.ts';
import type { RssConfig } from '../../../server/sources/rss/config.ts';
import { AGAIN_AFTER_MS, LASTING_MAX_MS, waitAfter } from '../../../server/sources/rss/pace.ts';
import { FEED_BYTES_MAX } from '../../../server/sources/rss/read-feed.ts';
import { createRss } from '../../../server/sources/rss/source.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { type FakeFeed, openFakeFeed, rss, rssItem } from '../../support/fake-feed.ts';
import { longestBlock } from '../../support/longest-block.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { eachSourceCheck, start } from '../each-source-check.ts';

const log = createLog('silent');
const opened: FakeFeed[] = [];
afterEach(async () => {
  for (const fake of opened.splice(0)) await fake.close();
});

const TEN = Date.parse('2026-11-22T10:00:00Z');
const EVERY = 15 * MINUTE;

async function fakeFeed(clock = createTestClock(TEN)): Promise<FakeFeed> {
  const fake = await openFakeFeed({ clock });
  opened.push(fake);
  return fake;
}

function feedAt(fake: FakeFeed, over: Partial<RssConfig> = {}, clock = createTestClock(TEN)) {
  const config: RssConfig = {
    id: 'reviews',
    url: fake.url,
    name: null,
    everyMs: EVERY,
    keywords: [],
    ...over,
  };
  return createRss({ config, clock, log });
}

const posts = (facts: readonly Fact[]): Post[] => facts.filter((fact) => fact.kind === 'post');
const has = (count: number) => (facts: readonly Fact[]) => facts.length >= count;

/** Runs, and can wait until the feed was read so often. */
function follow(fake: FakeFeed, over: Partial<RssConfig>, clock: ReturnType<typeof createTestClock>) {
  const run = start(feedAt(fake, over, clock), null);
  return {
    ...run,
    async read(times: number) {
      // Every reading ends with what is to be said of it, and then what it found is saved.
      await run.until(() => run.notices.length >= times);
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

eachSourceCheck('rss', async () => {
  const fake = await openFakeFeed({ clock: systemClock });
  const first = [1, 2, 3].map((n) => rssItem(TEN + n * SECOND));
  const second = [4, 5].map((n) => rssItem(TEN + n * SECOND));
  fake.serve(rss(first));
  // Our clock stands still but for its sleepers, so that what is seen twice is seen at the same time.
  const clock = {
    now: () => TEN,
    sleep: (ms: number, stop: AbortSignal) => systemClock.sleep(Math.min(ms, 20), stop),
  };
  return {
    make: () =>
      createRss({
        config: { id: 'reviews', url: fake.url, name: null, everyMs: 20, keywords: [] },
        clock,
        log,
      }),
    firstHalf: async () => fake.serve(rss(first)),
    secondHalf: async () => fake.serve(rss([...second, ...first])),
    isFirst: has(3),
    isWhole: (facts) => new Set(facts.map((fact) => (fact as PostFact).id)).size === 5,
    close: () => fake.close(),
  };
});

describe('a feed', () => {
  it('is told item by item, oldest first, with its own name where items have no author', async () => {
    const fake = await fakeFeed();
    fake.serve(rss([rssItem(TEN - MINUTE, { id: 'urn:b' }), rssItem(TEN - 2 * MINUTE, { id: '7' })]));
    const run = start(feedAt(fake), null);
    await run.until(has(2));
    await run.stop();
    expect(run.facts).toEqual([
      expect.objectContaining({ id: `${fake.url}#7`, at: TEN - 2 * MINUTE }),
      {
        kind: 'post',
        network: 'rss',
        id: 'urn:b',
        author: 'Reviews',
        name: 'Reviews',
        text: `Kind people\nSeen at ${TEN - MINUTE}`,
        lang: 'en',
        type: 'post',
        visibility: 'public',
        at: TEN - MINUTE,
        seen: TEN,
      },
    ]);
  });

  it('is asked for only what changed, and told of only once', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeFeed(clock);
    fake.serve(rss([rssItem(TEN)]));
    const run = follow(fake, {}, clock);
    await run.read(1);
    for (let n = 1; n <= 3; n += 1) {
      await clock.advance(EVERY);
      await run.read(1 + n);
    }
    fake.serve(rss([rssItem(TEN + HOUR, { id: 'new' }), rssItem(TEN)]));
    await clock.advance(EVERY);
    await run.until(has(2));
    await run.stop();
    expect(posts(run.facts).map(({ id }) => id.split('#')[1])).toEqual([`r${TEN}`, 'new']);
    expect(fake.attempts.map(({ at }) => at - TEN)).toEqual([0, 1, 2, 3, 4].map((n) => n * EVERY));
    expect(fake.attempts.map(({ headers }) => headers['if-none-match'] !== undefined)).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(run.signs() === 0 && run.notices.every((notice) => notice === null)).toBe(true);
  });

  it('goes on after a restart where it was, by its ETag or Last-Modified', async () => {
    const fake = await fakeFeed();
    const modified = 'Sun, 22 Nov 2026 09:00:00 GMT';
    fake.answer((_, headers) =>
      headers['if-modified-since'] === modified
        ? { status: 304 }
        : { headers: { 'last-modified': modified }, body: rss([rssItem(TEN)]) },
    );
    const before = start(feedAt(fake), null);
    await before.until(has(1));
    await before.stop();
    const after = start(feedAt(fake), before.cursor());
    await fake.asked(2);
    await after.stop();
    expect(after.facts).toEqual([]);
    fake.answer({ body: rss([rssItem(TEN)]) });
    const again = start(feedAt(fake), before.cursor());
    await fake.asked(3);
    await again.stop();
    expect(again.facts).toEqual([]);
  });

  it('tells an edit under the same id as a new version of it', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeFeed(clock);
    fake.serve(rss([rssItem(TEN, { id: 'a', text: 'First' })]));
    const run = follow(fake, {}, clock);
    await run.read(1);
    fake.serve(rss([rssItem(TEN, { id: 'a', text: 'Second' })]));
    await clock.advance(EVERY);
    await run.until(has(2));
    await run.stop();
    expect(posts(run.facts)).toMatchObject([
      { at: TEN, text: 'Kind people\nFirst' },
      { at: TEN, text: 'Kind people\nSecond', edited: TEN + EVERY },
    ]);
    expect(run.facts[0]).not.toHaveProperty('edited');
  });

  it('learns undated items at its first reading, and counts later ones as of when they came', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeFeed(clock);
    fake.serve(rss([rssItem(null, { id: 'old' })]));
    const run = follow(fake, {}, clock);
    await run.read(1);
    fake.serve(rss([rssItem(null, { id: 'new' }), rssItem(null, { id: 'old' })]));
    await clock.advance(EVERY);
    await run.until(has(1));
    await run.stop();
    expect(posts(run.facts)).toMatchObject([{ id: `${fake.url}#new`, at: TEN + EVERY }]);
  });

  it('whose items have no ids is known by their addresses, or by their words', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeFeed(clock);
    const date = `<pubDate>${new Date(TEN).toUTCString()}</pubDate>`;
    const items = [
      `<item><title>One</title><link>https://r.example/1</link>${date}</item>`,
      `<item><title>Two</title>${date}</item>`,
      `<item><title>Three</title>${date}</item>`,
    ];
    fake.answer({ body: rss(items) });
    const run = follow(fake, {}, clock);
    await run.read(1);
    await clock.advance(EVERY);
    await run.read(2);
    await run.stop();
    expect(new Set(posts(run.facts).map(({ id }) => id)).size).toBe(3);
    expect(run.facts).toHaveLength(3);
    expect(posts(run.facts).at(-1)?.id).toBe('https://r.example/1');
  });

  it('is looked through for keywords where there are some', async () => {
    const fake = await fakeFeed();
    fake.serve(
      rss([rssItem(TEN, { title: 'Harbor Health is kind' }), rssItem(TEN - 1, { title: 'Weather' })]),
    );
    const run = start(feedAt(fake, { keywords: ['harbor health'] }), null);
    await run.until(has(1));
    await run.stop();
    expect(posts(run.facts).map(({ at }) => at)).toEqual([TEN]);
  });

  it('that says how long it stays fresh is not asked before, and is live meanwhile', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeFeed(clock);
    fake.answer({ headers: { 'cache-control': 'public, max-age=2400' }, body: rss([rssItem(TEN)]) });
    const run = follow(fake, {}, clock);
    await run.read(1);
    await clock.advance(EVERY);
    await clock.advance(EVERY);
    expect(run.signs()).toBe(2);
    expect(fake.attempts).toHaveLength(1);
    await clock.advance(EVERY);
    await fake.asked(2);
    await run.stop();
    expect(fake.attempts.map(({ at }) => at - TEN)).toEqual([0, 3 * EVERY]);
  });
});

describe('a feed that misbehaves', () => {
  it.each([
    [
      '429 with Retry-After',
      { status: 429, headers: { 'retry-after': '7200' } },
      [0, 2 * HOUR],
      /again in 120 min \(429\)/,
    ],
    [
      '503 with a date',
      { status: 503, headers: { 'retry-after': new Date(TEN + 3 * HOUR).toUTCString() } },
      [0, 3 * HOUR],
      /again in 180 min \(503\)/,
    ],
    ['500', { status: 500 }, [0, 1, 3, 7, 15, 30].map((n) => n * MINUTE), /error \(500\)/],
    ['410', { status: 410 }, [0, 15, 45, 105].map((n) => n * MINUTE), /is gone for good/],
    ['404', { status: 404 }, [0, 15, 45, 105].map((n) => n * MINUTE), /is not there/],
    [
      'a move to another host',
      { status: 301, headers: { location: 'https://new.example/feed?key=1' } },
      [0, 15, 45].map((n) => n * MINUTE),
      /has moved to https:\/\/new\.example\/feed:/,
    ],
    ['a web page', { body: '<html></html>' }, [0, 15, 45].map((n) => n * MINUTE), /is a web page/],
    [
      'an entity bomb',
      { body: '<!DOCTYPE r [<!ENTITY a "b">]><rss/>' },
      [0, 15, 45].map((n) => n * MINUTE),
      /declares entities/,
    ],
    [
      'a feed too large',
      { body: `<rss>${' '.repeat(FEED_BYTES_MAX)}</rss>` },
      [0, 15].map((n) => n * MINUTE),
      /more than 3072 KB/,
    ],
    [
      'a cut connection',
      { body: rss([]), headers: { 'content-length': '500' }, cutAfter: 20 },
      [0, 1, 3].map((n) => n * MINUTE),
      /cannot be reached/,
    ],
  ])('by %s is asked again at its table, and told of', async (_, how, times, words) => {
    const clock = createTestClock(TEN);
    const fake = await fakeFeed(clock);
    fake.answer(how);
    const run = follow(fake, {}, clock);
    for (const [n, time] of times.entries()) {
      // Nothing comes a millisecond before its time.
      if (n > 0) await clock.moveTo(TEN + time - 1);
      expect(fake.attempts).toHaveLength(n === 0 ? fake.attempts.length : n);
      await clock.moveTo(TEN + time);
      await run.read(n + 1);
    }
    expect(fake.attempts.map(({ at }) => at - TEN)).toEqual(times);
    expect(run.notices[0]).toMatch(words);
    fake.serve(rss([rssItem(TEN)]));
    await clock.advance(6 * HOUR);
    await run.until(has(1));
    await run.stop();
    expect(run.notices.at(-1)).toBeNull();
  });

  it('by never answering is given up after half a minute', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeFeed(clock);
    fake.answer({ hang: true });
    const run = start(feedAt(fake, {}, clock), null);
    while (fake.attempts.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    await clock.advance(30 * SECOND);
    await run.until(() => run.notices.length > 0);
    await run.stop();
    expect(run.notices).toEqual(['The feed "reviews" does not answer within 30 s.']);
  });

  it('by redirects on its own host is followed, five times at most', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeFeed(clock);
    fake.answer((path) => {
      const hops = Number(/hop(\d)/.exec(path)?.[1] ?? 0);
      return hops < 5
        ? { status: 302, headers: { location: `/hop${hops + 1}` } }
        : { body: rss([rssItem(TEN)]) };
    });
    const run = follow(fake, {}, clock);
    await run.until(has(1));
    fake.answer({ status: 308, headers: { location: '/round' } });
    await clock.advance(EVERY);
    await run.until(() => run.notices.at(-1) !== null);
    await run.stop();
    expect(run.notices.at(-1)).toContain('more than 5 redirects');
    expect(fake.attempts).toHaveLength(12);
  });

  it('by a body that ends in the middle gives what came, and the rest at the next reading', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeFeed(clock);
    const whole = rss([rssItem(TEN, { id: 'a' }), rssItem(TEN - 1, { id: 'b' })]);
    fake.answer({
      headers: { etag: '"1"' },
      body: whole.slice(0, whole.indexOf('<guid isPermaLink="false">b')),
    });
    const run = follow(fake, {}, clock);
    await run.until(has(1));
    expect(run.notices.at(-1)).toContain('ends in the middle');
    fake.answer((_, headers) => (headers['if-none-match'] === '"1"' ? { status: 304 } : { body: whole }));
    await clock.advance(AGAIN_AFTER_MS);
    await run.until(has(2));
    await run.stop();
    expect(posts(run.facts).map(({ id }) => id.split('#')[1])).toEqual(['a', 'b']);
  });

  it('by items that cannot be read loses those, and counts them', async () => {
    const fake = await fakeFeed();
    const long = `<item><title>${'x'.repeat(300_000)}</title></item>`;
    fake.serve(rss([rssItem(TEN), '<item></item>', '<item><a></item>', long]));
    const run = start(feedAt(fake), null);
    await run.until(has(1));
    await run.stop();
    expect(run.refused).toHaveLength(3);
    expect(run.facts).toHaveLength(1);
  });

  it('by a huge feed holds up nothing for more than 50 ms', async () => {
    const fake = await fakeFeed();
    const text = '&lt;p&gt;word word word&lt;/p&gt;'.repeat(170);
    fake.serve(rss(Array.from({ length: 480 }, (_, n) => rssItem(TEN + n, { text }))));
    const run = start(feedAt(fake), null);
    const longest = await longestBlock(() => run.until(has(480)));
    await run.stop();
    expect(longest).toBeLessThan(50);
  });
});

it('waits by its table', () => {
  const waits = (kind: 'failed' | 'lasting') =>
    [1, 2, 3, 4, 5, 6, 60].map((n) => waitAfter({ kind }, n, EVERY) / MINUTE);
  expect(waits('failed')).toEqual([1, 2, 4, 8, 15, 15, 15]);
  expect(waits('lasting')).toEqual([15, 30, 60, 120, 240, 360, 360]);
  expect(waitAfter({ kind: 'lasting' }, 9, 24 * HOUR)).toBe(24 * HOUR);
  expect(waitAfter({ kind: 'asked', ms: SECOND }, 1, EVERY)).toBe(AGAIN_AFTER_MS);
  expect(LASTING_MAX_MS).toBe(6 * HOUR);
});

describe('checking a feed', () => {
  const stop = new AbortController().signal;

  it('says what was found', async () => {
    const fake = await fakeFeed();
    fake.serve(rss([rssItem(TEN)]));
    await expect(feedAt(fake).check?.(stop)).resolves.toBe(
      'Read the feed "Reviews": 1 items. It is read every 15 min.',
    );
  });

  it('says what to mend', async () => {
    const fake = await fakeFeed();
    await expect(feedAt(fake).check?.(stop)).rejects.toThrow(
      'The feed "reviews" is not there (404): check url.',
    );
  });
});
