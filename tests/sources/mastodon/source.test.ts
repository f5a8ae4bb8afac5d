import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/clock.ts';
import type { Fact, Post, PostFact } from '../../../server/fact.ts';
import { createLog } from '../../../server/log.ts';
import { Problem } from '../../../server/problem.ts';
import type { MastodonConfig } from '../../../server/sources/mastodon/config.ts';
import { SILENT_AFTER_MS } from '../../../server/sources/mastodon/listen.ts';
import { createMastodon, LATE_AFTER_MS } from '../../../server/sources/mastodon/source.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import {
  aStatus,
  type FakeMastodon,
  MASTODON_TOKEN,
  openFakeMastodon,
  statusId,
} from '../../support/fake-mastodon.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { eachSourceCheck, start } from '../each-source-check.ts';

const log = createLog('silent');
const opened: FakeMastodon[] = [];
afterEach(async () => {
  for (const fake of opened.splice(0)) await fake.close();
});

const TEN = Date.parse('2026-11-22T10:00:00Z');

async function fakeMastodon(clock = createTestClock(TEN), streaming?: string) {
  const fake = await openFakeMastodon({ clock, ...(streaming === undefined ? {} : { streaming }) });
  opened.push(fake);
  return fake;
}

function mastodonAt(fake: FakeMastodon, over: Partial<MastodonConfig> = {}, clock = createTestClock(TEN)) {
  const config: MastodonConfig = {
    id: 'fedi',
    server: fake.url,
    streaming: fake.url,
    token: MASTODON_TOKEN,
    hashtags: ['harbor'],
    keywords: [],
    keywordsIn: 'federated',
    mentions: false,
    ...over,
  };
  return createMastodon({ config, clock, log });
}

const posts = (facts: readonly Fact[]): Post[] => facts.filter((fact) => fact.kind === 'post');
const has = (count: number) => (facts: readonly Fact[]) => facts.length >= count;
const uri = (id: string): string => `https://other.example/users/ada/statuses/${id}`;

eachSourceCheck('mastodon', async () => {
  // Our clock stands still, so that the same post seen twice is seen at the same time.
  const clock = createTestClock(TEN);
  const fake = await openFakeMastodon({ clock });
  const first = [1, 2, 3].map((n) => aStatus(TEN - n * SECOND));
  const second = [4, 5].map((n) => aStatus(TEN + n * SECOND));
  return {
    make: () => mastodonAt(fake, {}, clock),
    async firstHalf() {
      await fake.streams(1);
      for (const status of first) fake.publish(status);
    },
    async secondHalf() {
      await fake.streams(1);
      for (const status of second) fake.publish(status);
    },
    isFirst: has(3),
    isWhole: (facts) => new Set(facts.map((fact) => (fact as PostFact).id)).size === 5,
    close: () => fake.close(),
  };
});

describe('posts of a Mastodon server', () => {
  it('come as plain text, with their author, address, language and picture', async () => {
    const fake = await fakeMastodon();
    const run = start(mastodonAt(fake), null);
    await fake.streams(1);
    const status = aStatus(TEN);
    fake.publish(status);
    await run.until(has(1));
    await run.stop();
    expect(run.facts).toEqual([
      {
        kind: 'post',
        network: 'mastodon',
        id: status.uri,
        author: 'ada@other.example',
        handle: '@ada@other.example',
        name: 'Ada Fairholt',
        text: `Kind people at #harbor, number ${status.id}`,
        lang: 'en',
        url: `https://other.example/@ada/${status.id}`,
        avatar: 'https://files.example/ada.png',
        type: 'post',
        visibility: 'public',
        at: TEN,
        seen: TEN,
      },
    ]);
  });

  it('come once, whichever of two streams and however often they come on', async () => {
    const fake = await fakeMastodon();
    const run = start(mastodonAt(fake, { hashtags: ['harbor', 'clinic'], keywords: ['kind people'] }), null);
    await fake.streams(3);
    const status = aStatus(TEN, { tags: [{ name: 'harbor' }, { name: 'Clinic' }] });
    fake.publish(status);
    fake.publish(status);
    fake.publish(aStatus(TEN + 1));
    await run.until(has(2));
    await run.stop();
    expect(posts(run.facts).map(({ id }) => id)).toEqual([uri(status.id), uri(statusId(TEN + 1))]);
  });

  it('are shown in their newest words after an edit, and gone after a deletion', async () => {
    const fake = await fakeMastodon();
    const run = start(mastodonAt(fake), null);
    await fake.streams(1);
    const { id } = aStatus(TEN);
    fake.publish(aStatus(TEN));
    fake.edit(id, { content: '<p>Rather kind #harbor</p>', edited_at: '2026-11-22T10:05:00.000Z' });
    fake.edit(id, { content: '<p>Rather kind #harbor</p>', edited_at: '2026-11-22T10:05:00.000Z' });
    fake.remove(id);
    fake.remove('109348677773283527');
    await run.until(has(3));
    await run.stop();
    expect(run.facts).toEqual([
      expect.objectContaining({ kind: 'post', id: uri(id) }),
      expect.objectContaining({
        id: uri(id),
        text: 'Rather kind #harbor',
        edited: TEN + 5 * MINUTE,
        at: TEN,
      }),
      { kind: 'post_delete', network: 'mastodon', id: uri(id), at: TEN },
    ]);
  });

  it('are looked through for keywords in the public timeline, and left alone without one', async () => {
    const fake = await fakeMastodon();
    const run = start(mastodonAt(fake, { hashtags: [], keywords: ['Harbor Health'] }), null);
    await fake.streams(1);
    fake.publish(aStatus(TEN, { content: '<p>Nothing of it</p>', tags: [] }));
    fake.publish(aStatus(TEN + 1, { content: '<p>I like <b>harbor</b>  HEALTH.</p>', tags: [] }));
    await run.until(has(1));
    await run.stop();
    expect(posts(run.facts)).toMatchObject([{ id: uri(statusId(TEN + 1)), text: 'I like harbor HEALTH.' }]);
  });

  it('that name the account come as notifications; boosts of ours as reach, other news not at all', async () => {
    const fake = await fakeMastodon();
    const run = start(mastodonAt(fake, { hashtags: [], mentions: true }), null);
    await fake.streams(1);
    const mention = aStatus(TEN, { in_reply_to_id: '1', tags: [] });
    fake.notify('favourite', aStatus(TEN - 5));
    fake.notify('mention', mention);
    fake.notify('reblog', aStatus(TEN - 9), { account: { acct: 'bo@far.example' } });
    fake.edit(mention.id, { content: '<p>Changed</p>', edited_at: '2026-11-22T10:00:09Z' });
    fake.say(`event: update\ndata: ${JSON.stringify(aStatus(TEN + 3))}\n\n`);
    await run.until(has(3));
    await run.stop();
    expect(posts(run.facts).map(({ id, type, author }) => [id, type, author])).toEqual([
      [uri(mention.id), 'reply', 'ada@other.example'],
      [`${new URL(fake.url).host}/notifications/104`, 'repost', 'bo@far.example'],
      [uri(mention.id), 'reply', 'ada@other.example'],
    ]);
  });

  it('that are not for all keep no words', async () => {
    const fake = await fakeMastodon();
    const run = start(mastodonAt(fake, { hashtags: [], mentions: true }), null);
    await fake.streams(1);
    fake.notify('mention', aStatus(TEN, { visibility: 'direct', content: '<p>My phone is 555 0100</p>' }));
    await run.until(has(1));
    await run.stop();
    expect(run.facts).toMatchObject([{ visibility: 'direct' }]);
    expect(JSON.stringify(run.facts)).not.toContain('555');
  });
});

describe('a gap', () => {
  it('is read back, page by page and once, before the place moves beyond it', async () => {
    const fake = await fakeMastodon();
    fake.publish(aStatus(TEN), 'quietly');
    const before = start(mastodonAt(fake), null);
    await fake.streams(1);
    await before.until(has(1));
    fake.cut();
    await expect(before.ended).rejects.toThrow(Problem);
    for (let n = 1; n <= 95; n += 1) fake.publish(aStatus(TEN + n * SECOND), 'quietly');
    const clock = createTestClock(TEN + 2 * MINUTE);
    const after = start(mastodonAt(fake, {}, clock), before.cursor());
    await fake.streams(1);
    fake.publish(aStatus(TEN + 100 * SECOND));
    await after.until(has(96));
    await after.stop();
    await fake.streams(0);
    const ids = posts([...before.facts, ...after.facts]).map(({ id }) => id);
    expect(new Set(ids).size).toBe(97);
    expect(ids).toHaveLength(97);
    const again = start(mastodonAt(fake, {}, clock), after.cursor());
    await fake.streams(1);
    fake.publish(aStatus(TEN + 101 * SECOND));
    await again.until(has(1));
    await again.stop();
    expect(posts(again.facts).map(({ id }) => id)).toEqual([uri(statusId(TEN + 101 * SECOND))]);
  });

  it('leaves out no post that another server sent late, dated before the last one', async () => {
    const fake = await fakeMastodon();
    const before = start(mastodonAt(fake), null);
    await fake.streams(1);
    fake.publish(aStatus(TEN));
    await before.until(has(1));
    await before.stop();
    await fake.streams(0);
    fake.publish(aStatus(TEN - 3 * MINUTE), 'quietly');
    const after = start(mastodonAt(fake), before.cursor());
    await after.until(has(1));
    await after.stop();
    expect(posts(after.facts).map(({ id }) => id)).toEqual([uri(statusId(TEN - 3 * MINUTE))]);
  });

  it('tells what was edited and deleted in it', async () => {
    const fake = await fakeMastodon();
    const before = start(mastodonAt(fake), null);
    await fake.streams(1);
    for (let n = 0; n < 25; n += 1) fake.publish(aStatus(TEN + n));
    await before.until(has(25));
    await before.stop();
    await fake.streams(0);
    fake.remove(statusId(TEN + 3), 'quietly');
    fake.edit(statusId(TEN + 4), { content: '<p>Better</p>', edited_at: '2026-11-22T11:00:00Z' }, 'quietly');
    const after = start(mastodonAt(fake, {}, createTestClock(TEN + HOUR)), before.cursor());
    await after.until(has(2));
    await after.stop();
    expect(after.facts).toContainEqual({
      kind: 'post_delete',
      network: 'mastodon',
      id: uri(statusId(TEN + 3)),
      at: TEN + HOUR,
    });
    expect(posts(after.facts)).toMatchObject([{ id: uri(statusId(TEN + 4)), text: 'Better' }]);
  });

  it('is read back on old servers too, which cannot be asked for many posts at once', async () => {
    const fake = await fakeMastodon();
    const before = start(mastodonAt(fake), null);
    await fake.streams(1);
    fake.publish(aStatus(TEN));
    await before.until(has(1));
    await before.stop();
    await fake.streams(0);
    fake.publish(aStatus(TEN + SECOND), 'quietly');
    fake.misbehave('/api/v1/statuses', { status: 404 }, 9);
    fake.misbehave('/api/v2/instance', { status: 404 });
    const after = start(mastodonAt(fake), before.cursor());
    await after.until(has(1));
    await after.stop();
    expect(after.facts).toHaveLength(1);
  });

  it('moves no place while it is open: who dies in the middle reads it again', async () => {
    const fake = await fakeMastodon();
    fake.publish(aStatus(TEN), 'quietly');
    const before = start(mastodonAt(fake), null);
    await fake.streams(1);
    await before.until(has(1));
    await before.stop();
    await fake.streams(0);
    for (let n = 1; n <= 3; n += 1) fake.publish(aStatus(TEN + n), 'quietly');
    fake.misbehave('/api/v1/timelines/tag', 'hang', 99);
    const stuck = start(mastodonAt(fake), before.cursor());
    await fake.streams(1);
    fake.publish(aStatus(TEN + 50));
    await stuck.until(has(1));
    await stuck.stop();
    await fake.streams(0);
    fake.behave();
    const after = start(mastodonAt(fake), stuck.cursor());
    await after.until(has(3));
    await after.stop();
    expect(
      posts(after.facts)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([1, 2, 3].map((n) => uri(statusId(TEN + n))));
  });
});

describe('a Mastodon server that misbehaves', () => {
  it('gets its 429 honoured to the second, and is told of', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeMastodon(clock);
    const reset = new Date(TEN + 3 * MINUTE).toISOString();
    fake.misbehave('/api/v1/timelines', { status: 429, headers: { 'x-ratelimit-reset': reset } });
    fake.publish(aStatus(TEN - SECOND), 'quietly');
    const run = start(mastodonAt(fake, {}, clock), null);
    await run.until(() => run.notices.length > 0);
    expect(run.notices[0]).toContain('until 10:03 UTC');
    for (let n = 0; n < 12; n += 1) {
      fake.thump();
      await clock.advance(14 * SECOND);
    }
    expect(fake.attempts.filter(({ path }) => path.includes('/timelines/'))).toHaveLength(1);
    fake.thump();
    await clock.advance(12 * SECOND);
    await run.until(has(1));
    await run.stop();
    const asked = fake.attempts.filter(({ path }) => path.includes('/timelines/')).map(({ at }) => at - TEN);
    expect(asked[0]).toBe(0);
    expect(new Set(asked.slice(1))).toEqual(new Set([3 * MINUTE]));
    expect(run.notices.at(-1)).toBeNull();
  });

  it.each([
    [{ status: 401 }, 'forbidden', /refuses the token.*read:statuses/],
    [
      { status: 403, body: '{"error":"outside the authorized scopes"}' },
      'forbidden',
      /outside the authorized scopes/,
    ],
    [{ status: 500 }, 'unavailable', /answers with an error \(500\)/],
    [
      { status: 302, headers: { location: 'https://evil.example/' } },
      'invalid',
      /has moved to https:\/\/evil\.example/,
    ],
    [{ status: 200, body: '<html>' }, 'unavailable', /not JSON/],
    ['drop' as const, 'unavailable', /cannot be reached/],
  ])('is told of in words: %j', async (how, code, words) => {
    const fake = await fakeMastodon();
    fake.misbehave('/api/v2/instance', how);
    const { ended } = start(mastodonAt(fake), null);
    await expect(ended).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
    await expect(ended).rejects.toMatchObject({ message: expect.not.stringContaining(MASTODON_TOKEN) });
  });

  it('never gets the token to another host: one that streams elsewhere must be written down', async () => {
    const fake = await fakeMastodon(createTestClock(TEN), 'https://streaming.example');
    await expect(start(mastodonAt(fake), null).ended).rejects.toThrow(
      'write streaming: https://streaming.example beside server',
    );
  });

  it('that goes silent without closing is given up, after three missed heartbeats', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeMastodon(clock);
    const run = start(mastodonAt(fake, {}, clock), null);
    await fake.streams(1);
    await run.until(() => run.signs() > 0);
    const signs = run.signs();
    fake.thump();
    await run.until(() => run.signs() > signs);
    await clock.advance(SILENT_AFTER_MS - 1);
    await clock.advance(1);
    await expect(run.ended).rejects.toThrow('went silent');
    expect(3 * 15 * SECOND).toBeLessThan(SILENT_AFTER_MS);
    expect(2 * 15 * SECOND).toBeLessThan(LATE_AFTER_MS);
  });

  it('that never answers is given up after half a minute', async () => {
    const clock = createTestClock(TEN);
    const fake = await fakeMastodon(clock);
    fake.misbehave('/api/v1/streaming', 'hang');
    const run = start(mastodonAt(fake, {}, clock), null);
    const refused = expect(run.ended).rejects.toThrow('does not answer within 30 s');
    while (!fake.attempts.some(({ path }) => path.startsWith('/api/v1/streaming')))
      await new Promise((resolve) => setTimeout(resolve, 5));
    await clock.advance(30 * SECOND);
    await refused;
  });

  it('with one of several streams closes the others, and is told of', async () => {
    const fake = await fakeMastodon();
    fake.misbehave('/api/v1/streaming/hashtag', { status: 500 });
    const run = start(mastodonAt(fake, { hashtags: ['harbor', 'clinic', 'care'] }), null);
    await expect(run.ended).rejects.toThrow(/streaming of Mastodon "fedi" answers with an error \(500\)/);
    await fake.streams(0);
    const again = start(mastodonAt(fake, { hashtags: ['harbor', 'clinic', 'care'] }), null);
    await fake.streams(3);
    fake.cut();
    await expect(again.ended).rejects.toThrow(Problem);
  });

  it('sends an edit before the post, or twice, and the newest words stay', async () => {
    const fake = await fakeMastodon();
    const run = start(mastodonAt(fake), null);
    await fake.streams(1);
    const say = (event: string, content: string, edited_at: string | null) =>
      fake.say(`event: ${event}\ndata: ${JSON.stringify(aStatus(TEN, { content, edited_at }))}\n\n`);
    say('update', 'third', '2026-11-22T10:02:00Z');
    say('status.update', 'second', '2026-11-22T10:01:00Z');
    say('update', 'first', null);
    say('status.update', 'third', '2026-11-22T10:02:00Z');
    fake.publish(aStatus(TEN + 1));
    await run.until(has(2));
    await run.stop();
    expect(posts(run.facts).map(({ text }) => text)).toEqual(['third', expect.stringContaining('Kind')]);
  });

  it('sends events cut anywhere, rubbish and unknown ones: what is sound is read, the rest counted', async () => {
    const fake = await fakeMastodon();
    const run = start(mastodonAt(fake), null);
    await fake.streams(1);
    const status = aStatus(TEN, { content: '<p>Smile 😀 #harbor</p>' });
    const bytes = `event: update\ndata: ${JSON.stringify(status)}\n\n`;
    const middle = bytes.indexOf('😀') + 1;
    fake.say(
      ':thump\r\nevent: announcement\r\ndata: {"id":"1"}\r\n\r\nevent: filters_changed\ndata: undefined\n\n',
    );
    fake.say(
      'event: update\ndata: {"id":\n\nevent: update\ndata: null\n\nevent: update\ndata: {"id":"5"}\n\n',
    );
    fake.say(bytes.slice(0, middle));
    await new Promise((resolve) => setTimeout(resolve, 20));
    fake.say(bytes.slice(middle));
    await run.until(has(1));
    await run.stop();
    expect(run.refused).toHaveLength(3);
    expect(run.facts).toMatchObject([{ id: status.uri }]);
  });

  it('does not fill the memory with an event that never ends', async () => {
    const fake = await fakeMastodon();
    const run = start(mastodonAt(fake), null);
    await fake.streams(1);
    fake.say('event: update\ndata: ');
    fake.say('x'.repeat(2 * 1024 * 1024));
    await expect(run.ended).rejects.toThrow('does not end');
  });
});

describe('checking a Mastodon server', () => {
  const stop = new AbortController().signal;

  it('says what was found', async () => {
    const fake = await fakeMastodon(systemClock as never);
    const source = mastodonAt(fake, { mentions: true });
    await expect(source.check?.(stop)).resolves.toMatch(
      /^Connected to 127.*4\.5\.1.*#harbor, mentions of your account/,
    );
  });

  it('says what to mend', async () => {
    const fake = await fakeMastodon();
    const source = mastodonAt(fake, { token: 'another-token-altogether' });
    await expect(source.check?.(stop)).rejects.toThrow(
      /refuses the token \(401\).*The access token is invalid/,
    );
  });
});
