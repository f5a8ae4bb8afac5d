import { describe, expect, it } from 'vitest';
import { CONFIRMED_FOR_MS, type ShownPosts } from '../../../server/sources/shown-posts.ts';
import { readCursor } from '../../../server/sources/x/cursor.ts';
import { RECHECK_AFTER_MS } from '../../../server/sources/x/recheck.ts';
import type { Snapshot } from '../../../shared/figure.ts';
import { aPost as aShownPost, aSnapshot, theMentions } from '../../support/a-snapshot.ts';
import { type FakePost, type FakeX, paths } from '../../support/fake-x.ts';
import { start } from '../each-source-check.ts';
import { aPost, fakeX, soon, wallOf, xAt } from './x-bench.ts';
import { createXClock } from './x-clock.ts';

const noon = Date.parse('2026-11-22T12:00:00Z');

/** Three posts of yesterday on the wall, of a source that has just been started. */
async function onTheWall(
  mode: 'stream' | 'search' = 'search',
  prepare: (fake: FakeX, posts: FakePost[]) => void = () => undefined,
) {
  const clock = createXClock(noon);
  const fake = await fakeX();
  const posts = [1, 2, 3].map((n) => aPost(noon - 86_400_000, n));
  fake.add(...posts);
  prepare(fake, posts);
  const shown = wallOf(() => posts.map(({ id }) => id));
  const source = start(xAt(fake, { mode, everyMs: 300_000, lookBackMs: 0 }, clock, shown), null);
  await source.until(() => source.signs() > 0);
  return { clock, fake, posts, shown, source };
}

const lookUps = (fake: FakeX) => fake.requests(paths.lookUp).map(({ query }) => query.get('ids')?.split(','));
const isConfirmed = (shown: ShownPosts, { id }: FakePost) => shown.confirmedAt('x', id) !== null;

describe('what is shown of X', () => {
  it('is looked up at the start, in one request without authors, and then within every hour', async () => {
    const { clock, fake, posts, shown, source } = await onTheWall();
    await soon(() => expect(posts.every((post) => isConfirmed(shown, post))).toBe(true));
    expect(lookUps(fake)).toEqual([posts.map(({ id }) => id)]);
    expect(fake.requests(paths.lookUp)[0]?.query.has('expansions')).toBe(false);
    await clock.advance(RECHECK_AFTER_MS - 300_000);
    expect(lookUps(fake)).toHaveLength(1);
    await clock.advance(600_000);
    expect(lookUps(fake)).toHaveLength(2);
    expect(RECHECK_AFTER_MS).toBeLessThan(CONFIRMED_FOR_MS);
    expect(CONFIRMED_FOR_MS).toBeLessThanOrEqual(3_600_000);
    await source.stop();
  });

  it.each<['stream' | 'search']>([['stream'], ['search']])(
    'is deleted with us when it is gone (%s)',
    async (mode) => {
      const { clock, posts, source } = await onTheWall(mode, (fake, [first, second]) => {
        fake.posts.delete(first?.id ?? '');
        if (second) second.withheld = ['US'];
      });
      await source.until((facts) => facts.length === 2);
      expect(source.facts).toEqual([
        { kind: 'post_delete', network: 'x', id: posts[0]?.id, at: clock.now() },
        { kind: 'post_delete', network: 'x', id: posts[1]?.id, at: clock.now() },
      ]);
      await source.stop();
    },
  );

  it('becomes its new version when it was edited: that one alone is read with its author', async () => {
    const { fake, posts, shown, source } = await onTheWall('search', (x, [first]) => {
      const chain = [first?.id ?? '', String(BigInt(first?.id ?? 0) + 999n)];
      if (first) first.chain = chain;
      x.add({ id: chain[1] ?? '', text: 'Edited', author: '4001', at: noon - 86_400_000, chain });
    });
    await source.until((facts) => facts.length === 1);
    expect(source.facts[0]).toMatchObject({
      kind: 'post',
      text: 'Edited',
      chain: [posts[0]?.id, expect.any(String)],
    });
    expect(source.facts[0]).toMatchObject({ handle: '@author4001' });
    expect(lookUps(fake).at(-1)).toEqual([String(BigInt(posts[0]?.id ?? 0) + 999n)]);
    expect(isConfirmed(shown, posts[0] as FakePost)).toBe(true);
    await source.stop();
    expect(readCursor(source.cursor())?.spent).toMatchObject({ posts: 4, users: 1 });
  });

  it('costs nothing when it was paid for today, and is left alone where the cap would not allow it', async () => {
    const { fake, posts, shown, source } = await onTheWall();
    await soon(() => expect(posts.every((post) => isConfirmed(shown, post))).toBe(true));
    await source.stop();
    expect(readCursor(source.cursor())?.spent).toMatchObject({ posts: 3, users: 0 });
    const more = [...posts, ...Array.from({ length: 17 }, (_, n) => aPost(noon - 86_400_000, n + 4))];
    fake.add(...more);
    const wall = wallOf(() => more.map(({ id }) => id));
    const cap = { posts: 15, microUsd: 1_000_000 };
    const clock = createXClock(noon);
    const capped = start(xAt(fake, { mode: 'search', lookBackMs: 0, cap }, clock, wall), source.cursor());
    await capped.until(() => capped.notices.at(-1)?.includes('used up') === true);
    await capped.stop();
    expect(lookUps(fake).at(-1)).toEqual(more.slice(0, 15).map(({ id }) => id));
    expect(readCursor(capped.cursor())?.spent).toMatchObject({ posts: 15 });
  });

  it('is looked up again after a failure, by the table, without harm to the link', async () => {
    const { clock, fake, shown, posts, source } = await onTheWall('search', (x) =>
      x.failNext(paths.lookUp, { status: 503 }, 2),
    );
    await soon(() => expect(source.notices.at(-1)).toContain('cannot be checked'));
    expect(posts.some((post) => isConfirmed(shown, post))).toBe(false);
    await clock.advance(900_000);
    await soon(() => expect(posts.every((post) => isConfirmed(shown, post))).toBe(true));
    expect(source.notices.at(-1)).toBeNull();
    expect(lookUps(fake)).toHaveLength(3);
    await source.stop();
  });

  it('is looked up within the hour also when X is searched less often', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    const post = aPost(noon - 86_400_000, 1);
    fake.add(post);
    const shown = wallOf(() => [post.id]);
    const settings = { mode: 'search' as const, everyMs: 6 * 3_600_000, lookBackMs: 0 };
    const source = start(xAt(fake, settings, clock, shown), null);
    await source.until(() => source.signs() > 0);
    for (let hour = 0; hour < 5; hour += 1) {
      await clock.advance(3_600_000);
      expect(clock.now() - (shown.confirmedAt('x', post.id) ?? 0)).toBeLessThan(CONFIRMED_FOR_MS);
    }
    expect(fake.requests(paths.search)).toHaveLength(1);
    await clock.advance(3_600_000);
    expect(fake.requests(paths.search)).toHaveLength(2);
    await source.stop();
  });

  it('says nothing of a look-up that the end of the link cut short', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    const post = aPost(noon - 86_400_000, 1);
    fake.add(post);
    fake.failNext(paths.lookUp, { status: 0, hang: true });
    const source = start(
      xAt(
        fake,
        { lookBackMs: 0 },
        clock,
        wallOf(() => [post.id]),
      ),
      null,
    );
    await soon(() => expect(fake.requests(paths.lookUp)).toHaveLength(1));
    fake.cut();
    await expect(source.ended).rejects.toMatchObject({ code: 'unavailable' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(source.notices.filter((words) => words !== null)).toEqual([]);
  });

  it('is confirmed by being read at all', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    const shown = wallOf(() => []);
    const source = start(xAt(fake, {}, clock, shown), null);
    await fake.streaming();
    const post = aPost(noon, 1);
    fake.say(post);
    await source.until((facts) => facts.length === 1);
    expect(shown.confirmedAt('x', post.id)).toBe(noon);
    await source.stop();
  });
});

describe('a wall', () => {
  const wall = (ids: readonly string[], at: number): Snapshot => {
    const latest = ids.map((id) =>
      aShownPost({ id, name: 'Ann Lee', network: id.startsWith('x/') ? 'x' : 'mastodon' }),
    );
    return aSnapshot({ at, mentions: theMentions({ latest }) });
  };
  const left = (snapshot: Snapshot) => snapshot.mentions?.latest.map(({ id }) => id);

  it('shows a post of X only for an hour after X confirmed it, and others always', () => {
    const shown = wallOf(() => []);
    const ids = ['x/1', 'mastodon/2', 'x/3'];
    expect(left(shown.onlyConfirmed(wall(ids, noon)))).toEqual(['mastodon/2']);
    shown.confirm('x', '1', noon);
    expect(left(shown.onlyConfirmed(wall(ids, noon + CONFIRMED_FOR_MS - 1)))).toEqual(['x/1', 'mastodon/2']);
    expect(left(shown.onlyConfirmed(wall(ids, noon + CONFIRMED_FOR_MS)))).toEqual(['mastodon/2']);
  });

  it('shows no post of X without its author’s name and handle, however well confirmed', () => {
    const shown = wallOf(() => []);
    for (const id of ['1', '2', '3']) shown.confirm('x', id, noon);
    const whole = aShownPost({ id: 'x/1', network: 'x', name: 'Ann Lee', handle: '@annlee' });
    const latest = [whole, { ...whole, id: 'x/2', name: '' }, { ...whole, id: 'x/3', handle: '' }];
    const snapshot = aSnapshot({ at: noon, mentions: theMentions({ latest }) });
    expect(left(shown.onlyConfirmed(snapshot))).toEqual(['x/1']);
  });

  it('leaves everything else of the snapshot as it is', () => {
    const shown = wallOf(() => []);
    const before = wall(['mastodon/2'], noon);
    expect(shown.onlyConfirmed(before)).toBe(before);
    expect(shown.onlyConfirmed({ ...before, mentions: null }).mentions).toBeNull();
  });
});
