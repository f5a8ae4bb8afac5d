import { afterEach, describe, expect, it } from 'vitest';
import type { Fact, Post, PostFact } from '../../../server/fact.ts';
import { createLog } from '../../../server/log.ts';
import { Problem } from '../../../server/problem.ts';
import type { BlueskyConfig } from '../../../server/sources/bluesky/config.ts';
import { SILENT_AFTER_MS } from '../../../server/sources/bluesky/jetstream.ts';
import {
  createBluesky,
  LATE_AFTER_MS,
  PLACE_KEPT_EVERY_MS,
  REWIND_US,
} from '../../../server/sources/bluesky/source.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import {
  aSkyAccount,
  aSkyDeletion,
  aSkyPost,
  type FakeJetstream,
  openFakeJetstream,
} from '../../support/fake-jetstream.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { eachSourceCheck, start } from '../each-source-check.ts';

const log = createLog('silent');
const opened: FakeJetstream[] = [];
afterEach(async () => {
  for (const fake of opened.splice(0)) await fake.close();
});

const TEN = Date.parse('2026-11-22T10:00:00Z');
const OURS = 'did:plc:harbor';

async function fakeJetstream(clock = createTestClock(TEN)): Promise<FakeJetstream> {
  const fake = await openFakeJetstream({ clock });
  opened.push(fake);
  return fake;
}

function blueskyAt(fake: FakeJetstream, over: Partial<BlueskyConfig> = {}, clock = createTestClock(TEN)) {
  const config: BlueskyConfig = {
    id: 'sky',
    jetstream: fake.url,
    profiles: null,
    keywords: ['harbor health'],
    hashtags: ['harbor'],
    accounts: [OURS],
    reposts: false,
    ...over,
  };
  return createBluesky({ config, clock, log });
}

const posts = (facts: readonly Fact[]): Post[] => facts.filter((fact) => fact.kind === 'post');
const has = (count: number) => (facts: readonly Fact[]) => facts.length >= count;
const uri = (rkey: string, did = 'did:plc:ada'): string => `at://${did}/app.bsky.feed.post/${rkey}`;

eachSourceCheck('bluesky', async () => {
  const clock = createTestClock(TEN);
  const fake = await openFakeJetstream({ clock });
  let heard = 0;
  return {
    make: () => blueskyAt(fake, {}, clock),
    async firstHalf() {
      await fake.links(1);
      // The same events each time: a Jetstream that is read again from the same place.
      for (const n of [1, 2, 3]) fake.emit(aSkyPost(TEN + n * SECOND));
      heard = 3;
    },
    async secondHalf() {
      await fake.links(1);
      for (const n of [4, 5]) fake.emit(aSkyPost(TEN + n * SECOND));
    },
    isFirst: (facts) => facts.length >= heard && heard > 0,
    isWhole: (facts) => new Set(facts.map((fact) => (fact as PostFact).id)).size === 5,
    close: () => fake.close(),
  };
});

describe('posts of Bluesky', () => {
  it('are told with their words, author, language and address', async () => {
    const fake = await fakeJetstream();
    const run = start(blueskyAt(fake), null);
    await fake.links(1);
    fake.emit(aSkyPost(TEN, { rkey: '3kabc' }));
    await run.until(has(1));
    await run.stop();
    expect(run.facts).toEqual([
      {
        kind: 'post',
        network: 'bluesky',
        id: uri('3kabc'),
        author: 'did:plc:ada',
        text: 'Kind people at Harbor Health',
        lang: 'en',
        url: 'https://bsky.app/profile/did:plc:ada/post/3kabc',
        type: 'post',
        visibility: 'public',
        at: TEN,
        seen: TEN,
      },
    ]);
    expect(fake.attempts[0]?.query.getAll('wantedCollections')).toEqual(['app.bsky.feed.post']);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a keyword', { text: 'I love HARBOR  health!' }, 'post'],
    ['a hashtag in the text', { text: 'so kind #Harbor' }, 'post'],
    ['a hashtag beside it', { text: 'so kind', tags: ['harbor'] }, 'post'],
    [
      'a hashtag of a facet',
      { text: 'so kind', facets: [{ features: [{ $type: 'app.bsky.richtext.facet#tag', tag: 'harbor' }] }] },
      'post',
    ],
    [
      'a mention of ours',
      { text: 'hi', facets: [{ features: [{ $type: 'app.bsky.richtext.facet#mention', did: OURS }] }] },
      'post',
    ],
    [
      'an answer to ours',
      { text: 'hi', reply: { parent: { uri: uri('a', OURS) }, root: { uri: uri('b', 'did:plc:x') } } },
      'reply',
    ],
    [
      'a quote of ours',
      { text: 'hi', embed: { $type: 'app.bsky.embed.record', record: { uri: uri('a', OURS) } } },
      'quote',
    ],
    [
      'a quote of ours with a picture',
      { text: 'hi', embed: { record: { record: { uri: uri('a', OURS) } }, media: {} } },
      'quote',
    ],
  ])('are found by %s', async (_, record, type) => {
    const fake = await fakeJetstream();
    const run = start(blueskyAt(fake), null);
    await fake.links(1);
    fake.emit(aSkyPost(TEN, { rkey: 'other', record: { text: 'harbored healthily, harborside' } }));
    fake.emit(aSkyPost(TEN + 1, { rkey: 'ours', record }));
    await run.until(has(1));
    await run.stop();
    expect(posts(run.facts)).toMatchObject([{ id: uri('ours'), type }]);
  });

  it('that were deleted or edited are told of only when they were known', async () => {
    const fake = await fakeJetstream();
    const run = start(blueskyAt(fake), null);
    await fake.links(1);
    const edit = aSkyPost(TEN + 9, { rkey: 'a', record: { text: 'Rather kind' } });
    fake.emit(aSkyPost(TEN, { rkey: 'a' }));
    fake.emit(aSkyDeletion(TEN + 5, { rkey: 'stranger' }));
    fake.emit({ ...edit, commit: { ...edit.commit, operation: 'update' } });
    fake.emit(aSkyDeletion(TEN + 10, { rkey: 'a' }));
    await run.until(has(3));
    await run.stop();
    expect(run.facts).toMatchObject([
      { kind: 'post', id: uri('a') },
      { kind: 'post', id: uri('a'), text: 'Rather kind', edited: TEN + 9 },
      { kind: 'post_delete', id: uri('a'), at: TEN + 10 },
    ]);
  });

  it.each(['takendown', 'suspended', 'deleted', 'deactivated'])(
    'go with an account that is %s',
    async (status) => {
      const fake = await fakeJetstream();
      const before = start(blueskyAt(fake), null);
      await fake.links(1);
      for (const rkey of ['a', 'b']) fake.emit(aSkyPost(TEN, { rkey, did: 'did:plc:gone' }));
      fake.emit(aSkyPost(TEN, { rkey: 'c', did: 'did:plc:stays' }));
      fake.emit(aSkyAccount(TEN + 1, 'did:plc:stays', true));
      await before.until(has(3));
      await before.stop();
      await fake.links(0);
      // Also after a restart, and once.
      const after = start(blueskyAt(fake), before.cursor());
      await fake.links(1);
      fake.emit(aSkyAccount(TEN + 2, 'did:plc:gone', false, status));
      fake.emit(aSkyAccount(TEN + 3, 'did:plc:gone', false, status));
      fake.emit(aSkyPost(TEN + 4, { rkey: 'd' }));
      await after.until(has(3));
      await after.stop();
      const deleted = after.facts.filter((fact) => fact.kind === 'post_delete').map(({ id }) => id);
      expect(deleted).toEqual([uri('a', 'did:plc:gone'), uri('b', 'did:plc:gone')]);
    },
  );

  it.each(['desynchronized', 'throttled'])(
    'stay when a host is in trouble with an account (%s)',
    async (status) => {
      const fake = await fakeJetstream();
      const run = start(blueskyAt(fake), null);
      await fake.links(1);
      fake.emit(aSkyPost(TEN, { rkey: 'a' }));
      fake.emit(aSkyAccount(TEN + 1, 'did:plc:ada', false, status));
      fake.emit(aSkyPost(TEN + 2, { rkey: 'b' }));
      await run.until(has(2));
      await run.stop();
      expect(run.facts.map(({ kind }) => kind)).toEqual(['post', 'post']);
    },
  );

  it('are told without a forged date, and as of when Jetstream saw them', async () => {
    const fake = await fakeJetstream();
    const run = start(blueskyAt(fake), null);
    await fake.links(1);
    for (const [n, createdAt] of ['2099-01-01T00:00:00Z', '1970-01-01T00:00:00Z', 'yesterday'].entries())
      fake.emit(aSkyPost(TEN + n, { record: { createdAt } }));
    await run.until(has(3));
    await run.stop();
    expect(posts(run.facts).map(({ at, seen }) => Math.min(at, seen))).toEqual([TEN, TEN + 1, TEN + 2]);
  });

  it('reposts of what was found count as reach, where they are wanted', async () => {
    const fake = await fakeJetstream();
    const run = start(blueskyAt(fake, { reposts: true }), null);
    await fake.links(1);
    const repost = (rkey: string, subject: string) => {
      const event = aSkyPost(TEN + 2, { did: 'did:plc:bo', rkey, record: { subject: { uri: subject } } });
      return { ...event, commit: { ...event.commit, collection: 'app.bsky.feed.repost' } };
    };
    fake.emit(aSkyPost(TEN, { rkey: 'a' }));
    fake.emit(repost('r1', uri('a')));
    fake.emit(repost('r2', uri('stranger')));
    fake.emit(repost('r3', uri('x', OURS)));
    await run.until(has(3));
    await run.stop();
    expect(posts(run.facts).map(({ id, type }) => [id.split('/').at(-1), type])).toEqual([
      ['a', 'post'],
      ['r1', 'repost'],
      ['r3', 'repost'],
    ]);
  });
});

describe('names of authors', () => {
  const profile = (did: string, more: Record<string, unknown> = {}) => ({
    did,
    handle: 'ada.sky.example',
    displayName: 'Ada \u202eFairholt',
    avatar: 'https://cdn.example/ada.jpg',
    ...more,
  });

  it('are asked for many at once, and for each author once', async () => {
    const fake = await fakeJetstream();
    const run = start(blueskyAt(fake, { profiles: fake.httpUrl }), null);
    await fake.links(1);
    for (let n = 0; n < 30; n += 1) fake.profiles.set(`did:plc:p${n}`, profile(`did:plc:p${n}`));
    fake.emitAll(
      Array.from({ length: 60 }, (_, n) => aSkyPost(TEN + n, { did: `did:plc:p${n % 30}`, rkey: `k${n}` })),
    );
    await run.until(has(60));
    await run.stop();
    expect(
      posts(run.facts).every(({ handle, name }) => handle === '@ada.sky.example' && name === 'Ada Fairholt'),
    ).toBe(true);
    expect(posts(run.facts)[0]?.avatar).toBe('https://cdn.example/ada.jpg');
    expect(fake.profileRequests.flat()).toHaveLength(30);
    expect(Math.max(...fake.profileRequests.map((dids) => dids.length))).toBeLessThanOrEqual(25);
  });

  it('that are refused hold no post back, and are not asked for again before it is time', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeJetstream(clock);
    fake.profiles.set('did:plc:ada', profile('did:plc:ada'));
    fake.refuseProfiles(429, { 'retry-after': '90' });
    const run = start(blueskyAt(fake, { profiles: fake.httpUrl }, clock), null);
    await fake.links(1);
    fake.emit(aSkyPost(TEN, { rkey: 'a' }));
    await run.until(has(1));
    await clock.advance(20 * SECOND);
    fake.emit(aSkyPost(TEN + 20 * SECOND, { rkey: 'b' }));
    await run.until(has(2));
    clock.set(TEN + 91 * SECOND);
    fake.emit(aSkyPost(TEN + 91 * SECOND, { rkey: 'c' }));
    await run.until(has(3));
    await run.stop();
    expect(posts(run.facts).map(({ handle }) => handle)).toEqual([undefined, undefined, '@ada.sky.example']);
    expect(fake.profileRequests).toHaveLength(2);
  });

  it('decide that who wants to be seen by members only is counted, and not shown', async () => {
    const fake = await fakeJetstream();
    fake.profiles.set('did:plc:ada', profile('did:plc:ada', { labels: [{ val: '!no-unauthenticated' }] }));
    const run = start(blueskyAt(fake, { profiles: fake.httpUrl }), null);
    await fake.links(1);
    fake.emit(aSkyPost(TEN));
    await run.until(has(1));
    await run.stop();
    expect(posts(run.facts)[0]).not.toHaveProperty('text');
  });
});

describe('a gap of Jetstream', () => {
  it('is gone on with from the last message, a little rewound, without loss or double', async () => {
    const fake = await fakeJetstream();
    const source = blueskyAt(fake);
    const before = start(source, null);
    await fake.links(1);
    for (let n = 0; n < 50; n += 1) fake.emit(aSkyPost(TEN + n * 100, { rkey: `k${n}` }));
    await before.until(has(50));
    fake.cut();
    await expect(before.ended).rejects.toThrow(Problem);
    for (let n = 50; n < 90; n += 1) fake.emit(aSkyPost(TEN + n * 100, { rkey: `k${n}` }), 'quietly');
    // One that came late, out of order, dated before the last message.
    fake.emit(aSkyPost(TEN + 4_850, { rkey: 'late' }), 'quietly');
    const after = start(source, before.cursor());
    await after.until(has(41));
    await after.stop();
    const ids = [...before.facts, ...after.facts].map((fact) => (fact as PostFact).id);
    expect(new Set(ids).size).toBe(91);
    expect(ids).toHaveLength(91);
    const cursors = fake.attempts.map(({ query }) => Number(query.get('cursor')));
    expect(cursors).toEqual([TEN * 1_000, (TEN + 4_900) * 1_000 - REWIND_US]);
  });

  it('longer than Jetstream keeps posts is said', async () => {
    const fake = await fakeJetstream();
    const before = start(blueskyAt(fake), null);
    await fake.links(1);
    fake.emit(aSkyPost(TEN, { rkey: 'a' }));
    await before.until(has(1));
    await before.stop();
    await fake.links(0);
    fake.forget();
    const clock = createTestClock(TEN + 48 * HOUR);
    const after = start(blueskyAt(fake, {}, clock), before.cursor());
    await fake.links(1);
    fake.emit(aSkyPost(TEN + 48 * HOUR, { rkey: 'b' }));
    await after.until(has(1));
    await after.stop();
    expect(after.notices.at(-1)).toContain('misses those from 2026-11-22 10:00 UTC to 2026-11-24 10:00 UTC');
  });

  it('is not live before it is read: what was missed is no sign of life', async () => {
    const clock = createTestClock(TEN + HOUR);
    const fake = await fakeJetstream(clock);
    const run = start(blueskyAt(fake, {}, clock), null);
    await fake.links(1);
    fake.emit(aSkyPost(TEN, { rkey: 'a' }));
    await run.until(has(1));
    expect(run.signs()).toBe(0);
    expect(run.notices.at(-1)).toContain('Reading what was missed: it is at 2026-11-22 10:00 UTC');
    await clock.advance(SECOND);
    fake.emit(aSkyPost(TEN + HOUR, { rkey: 'b' }));
    await run.until(() => run.signs() === 1);
    expect(run.notices.at(-1)).toBeNull();
    await run.stop();
  });

  it('is short even when nothing is found: the place is kept every minute, and at the end', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeJetstream(clock);
    const run = start(blueskyAt(fake, {}, clock), null);
    await fake.links(1);
    const other = (at: number) => aSkyPost(at, { record: { text: 'something else' } });
    let signs = 0;
    const pass = async (ms: number): Promise<void> => {
      await clock.advance(ms);
      fake.emit(other(clock.now()));
      signs += 1;
      await run.until(() => run.signs() === signs);
    };
    await pass(0);
    // Less at a time than the silence that ends the link.
    for (let passed = 15 * SECOND; passed < PLACE_KEPT_EVERY_MS; passed += 15 * SECOND)
      await pass(15 * SECOND);
    expect(run.cursor()).toBeNull();
    await pass(15 * SECOND);
    await run.until(() => run.cursor() !== null);
    await pass(2 * SECOND);
    await run.stop();
    expect(run.facts).toEqual([]);
    expect(JSON.parse(run.cursor() ?? '')).toMatchObject({
      us: (TEN + PLACE_KEPT_EVERY_MS + 2 * SECOND) * 1_000,
    });
  });
});

describe('a Jetstream that misbehaves', () => {
  it('and goes silent with the connection open is given up', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeJetstream(clock);
    const run = start(blueskyAt(fake, {}, clock), null);
    await fake.links(1);
    fake.emit(aSkyPost(TEN));
    await run.until(has(1));
    const refused = expect(run.ended).rejects.toThrow('went silent for 30 s');
    await clock.advance(SILENT_AFTER_MS);
    await refused;
    expect(SILENT_AFTER_MS).toBeLessThan(LATE_AFTER_MS);
  });

  it('and asks to be left alone is left alone for as long, and told of', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeJetstream(clock);
    fake.refuse(503, { 'retry-after': '600' });
    const run = start(blueskyAt(fake, {}, clock), null);
    await run.until(() => run.notices.length > 0);
    expect(run.notices[0]).toContain('2026-11-22 10:10 UTC');
    let isOver = false;
    const over = run.ended.catch(() => {
      isOver = true;
    });
    await clock.advance(10 * MINUTE - 1);
    expect(isOver).toBe(false);
    await clock.advance(1);
    await over;
    expect(fake.attempts).toHaveLength(2);
  });

  it.each([
    [404, /There is no Jetstream at that address/],
    [500, /refuses the connection \(500\)/],
  ])('and refuses with %i is told of in words', async (status, words) => {
    const fake = await fakeJetstream();
    fake.refuse(status);
    await expect(start(blueskyAt(fake), null).ended).rejects.toThrow(words);
  });

  it('and closes is told of with its reason', async () => {
    const fake = await fakeJetstream();
    const run = start(blueskyAt(fake), null);
    await fake.links(1);
    fake.emit(aSkyPost(TEN));
    await run.until(has(1));
    fake.closeWith(1008, 'consumer too slow');
    await expect(run.ended).rejects.toThrow(/closed by the server \(1008: consumer too slow\)/);
  });

  it('and is not there is told of', async () => {
    const fake = await fakeJetstream();
    await fake.close();
    await expect(start(blueskyAt(fake), null).ended).rejects.toThrow(/cannot be reached \(ECONNREFUSED\)/);
  });

  it('and dates a message far ahead moves no place beyond what comes', async () => {
    const fake = await fakeJetstream();
    const run = start(blueskyAt(fake), null);
    await fake.links(1);
    fake.emit({ ...aSkyPost(TEN, { rkey: 'a' }), time_us: Number.MAX_SAFE_INTEGER });
    await run.until(has(1));
    await run.stop();
    expect(posts(run.facts)[0]?.seen).toBe(TEN + 5 * MINUTE);
    expect(JSON.parse(run.cursor() ?? '')).toMatchObject({ us: (TEN + 5 * MINUTE) * 1_000 });
  });

  it('and says rubbish, in pieces, is read on: the rubbish is counted', async () => {
    const fake = await fakeJetstream();
    const run = start(blueskyAt(fake), null);
    await fake.links(1);
    for (const text of [
      '',
      '{',
      '[]',
      '{"time_us":"x"}',
      '{"time_us":1,"kind":"commit"}',
      '{"time_us":1,"kind":"account"}',
    ])
      fake.say(text);
    fake.say('{"did":"did:plc:a","time_us":1,"kind":"identity","identity":{}}');
    await fake.sayInPieces(JSON.stringify(aSkyPost(TEN, { record: { text: 'Harbor Health 😀' } })));
    await run.until(has(1));
    await run.stop();
    expect(run.refused).toHaveLength(6);
    expect(posts(run.facts)[0]?.text).toBe('Harbor Health 😀');
  });
});

it('checks a Jetstream by waiting for its first post', async () => {
  const fake = await fakeJetstream();
  const checked = blueskyAt(fake).check?.(new AbortController().signal);
  await fake.links(1);
  fake.emit(aSkyPost(TEN));
  await expect(checked).resolves.toMatch(/posts come in. Looks for 1 keywords, 1 hashtags and 1 accounts/);
});
