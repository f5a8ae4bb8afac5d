import { describe, expect, it } from 'vitest';
import type { Fact, Post } from '../../server/fact.ts';
import { nothingJudged } from '../../server/judge/verdict.ts';
import { pictureIdOf } from '../../server/store/picture-id.ts';
import type { Item, KeptFact, Store } from '../../server/store/store.ts';
import type { TakenQuote } from '../../server/store/voice.ts';
import { HOUR, type Instant, MINUTE } from '../../shared/time.ts';
import { changed, saved } from './changes.ts';
import type { Opened } from './each-store-check.ts';

const at: Instant = Date.parse('2026-03-10T10:00:00Z');
const ann = { by: 'Ann', at };

/** What every implementation of the Store port must do with what customers say. */
export function eachVoiceCheck(name: string, open: () => Promise<Opened>): void {
  const on = (claim: string, check: (store: Store, opened: Opened) => Promise<void>): void => {
    it(claim, async () => {
      const opened = await open();
      try {
        await check(opened.store, opened);
      } finally {
        await opened.close();
      }
    });
  };
  const shownOn = async (store: Store): Promise<string[]> => (await store.mentions(20)).map(({ id }) => id);

  describe(`${name} keeps what people decided of posts`, () => {
    on('a hidden post is on no board, still on the list, and back when restored', async (store) => {
      await keepPosts(store, aPost('mastodon', 'a', at), aPost('bluesky', 'b', at + 1));
      await store.markPost('mastodon/a', 'hidden', ann);
      expect(await shownOn(store)).toEqual(['bluesky/b']);
      const [b, a] = await store.posts({ after: null, limit: 10, mark: null });
      expect([b?.hidden, a?.hidden]).toEqual([null, ann]);
      expect(await store.marked()).toEqual({ hidden: 1, pinned: 0 });
      await store.markPost('mastodon/a', 'hidden', null);
      expect(await shownOn(store)).toEqual(['bluesky/b', 'mastodon/a']);
    });

    on('the first to say so is kept, however often it is said', async (store) => {
      await keepPosts(store, aPost('mastodon', 'a', at));
      await store.markPost('mastodon/a', 'hidden', ann);
      await store.markPost('mastodon/a', 'hidden', { by: 'Ben', at: at + 1 });
      expect((await store.post('mastodon/a'))?.hidden).toEqual(ann);
      await store.markPost('mastodon/a', 'hidden', null);
      await store.markPost('mastodon/a', 'hidden', null);
      expect((await store.post('mastodon/a'))?.hidden).toBeNull();
    });

    on('pinned posts come first, and are told as such', async (store) => {
      await keepPosts(store, aPost('mastodon', 'old', at), aPost('mastodon', 'new', at + HOUR));
      await store.markPost('mastodon/old', 'pinned', ann);
      expect((await store.mentions(1)).map(({ id, pinned }) => [id, pinned])).toEqual([
        ['mastodon/old', true],
        ['mastodon/new', false],
      ]);
      await store.markPost('mastodon/old', 'hidden', ann);
      expect(await shownOn(store)).toEqual(['mastodon/new']);
    });

    on('a mark stays with the post when two versions turn out to be one', async (store) => {
      await keepPosts(store, aPost('x', '2', at));
      await store.markPost('x/2', 'hidden', ann);
      await store.write(async (tx) => {
        await tx.tie(['post/x/1'], 'post/x/1');
        await tx.merge('post/x/2', 'post/x/1');
        await tx.save([changed(counted('x/2', at), null), saved(counted('x/1', at))]);
      });
      expect(await shownOn(store)).toEqual([]);
      expect((await store.post('x/1'))?.hidden).toEqual(ann);
      await store.markPost('x/1', 'hidden', null);
      expect(await shownOn(store)).toEqual(['x/1']);
    });

    on('enough posts that are not from X, however many are', async (store) => {
      const many = Array.from({ length: 5 }, (_, i) => aPost('x', String(i), at + i));
      await keepPosts(store, ...many, aPost('mastodon', 'old', at - HOUR));
      expect(await store.mentions(2)).toHaveLength(3);
      expect((await store.mentions(2)).map(({ id }) => id)).toEqual(['x/4', 'x/3', 'mastodon/old']);
    });

    on('pages that neither lose nor repeat a post, those of one instant too', async (store) => {
      const ids = ['a', 'b', 'c', 'd', 'e'];
      await keepPosts(store, ...ids.map((id, i) => aPost('rss', id, i < 3 ? at : at - i)));
      const seen: string[] = [];
      for (let after: { at: Instant; id: string } | null = null; ; ) {
        const page = await store.posts({ after, limit: 2, mark: null });
        const last = page.at(-1);
        seen.push(...page.map(({ id }) => id));
        if (last === undefined) break;
        after = { at: last.at, id: last.id };
      }
      expect(seen).toEqual(['rss/a', 'rss/b', 'rss/c', 'rss/d', 'rss/e']);
    });

    on('nothing of a post that was deleted', async (store) => {
      await keepPosts(store, aPost('mastodon', 'a', at));
      await store.markPost('mastodon/a', 'pinned', ann);
      await store.write((tx) =>
        tx.save([
          changed(counted('mastodon/a', at), { ...counted('mastodon/a', at), judged: nothingJudged }),
        ]),
      );
      expect(await store.post('mastodon/a')).toBeNull();
      expect(await shownOn(store)).toEqual([]);
      expect(await store.posts({ after: null, limit: 10, mark: 'pinned' })).toEqual([]);
      expect(await store.marked()).toEqual({ hidden: 0, pinned: 0 });
    });

    on('where a post can be read, unless that is something else than https', async (store) => {
      const urls = [
        'https://social.example/1',
        'javascript:alert(1)',
        'http://social.example/1',
        ' https://x',
      ];
      await keepPosts(store, ...urls.map((url, i) => aPost('rss', String(i), at - i, { url })));
      const posts = await store.posts({ after: null, limit: 10, mark: null });
      expect(posts.map(({ url }) => url)).toEqual(['https://social.example/1', null, null, null]);
    });
  });

  describe(`${name} keeps quotes of the day`, () => {
    on('the newest that stands, not one ahead and none too old', async (store) => {
      expect(await store.quote(at, 0)).toBeNull();
      await store.takeQuote(aQuote('one', at - HOUR));
      await store.takeQuote(aQuote('two', at));
      expect(await store.quote(at, 0)).toEqual({ text: 'two', cite: 'by email', at });
      expect(await store.quote(at - 1, 0)).toMatchObject({ text: 'one' });
      expect(await store.quote(at, at)).toBeNull();
      const [{ id } = { id: 0 }] = await store.quotesTaken(0);
      await store.withdrawQuote(id, ann);
      await store.withdrawQuote(id, { by: 'Ben', at });
      expect(await store.quote(at, 0)).toMatchObject({ text: 'one' });
      expect(await store.quotesTaken(at)).toMatchObject([{ text: 'two', withdrawn: ann, stands: false }]);
    });

    on('not one whose post was hidden or deleted', async (store) => {
      await keepPosts(store, aPost('mastodon', 'a', at), aPost('mastodon', 'b', at));
      await store.takeQuote({ ...aQuote('of a', at), post: 'mastodon/a' });
      await store.takeQuote({ ...aQuote('of b', at + 1), post: 'mastodon/b' });
      expect(await store.quote(at + 1, 0)).toMatchObject({ text: 'of b' });
      await store.markPost('mastodon/b', 'hidden', ann);
      expect(await store.quote(at + 1, 0)).toMatchObject({ text: 'of a' });
      await store.write((tx) =>
        tx.save([
          changed(counted('mastodon/a', at), { ...counted('mastodon/a', at), judged: nothingJudged }),
        ]),
      );
      expect(await store.quote(at + 1, 0)).toBeNull();
      expect((await store.quotesTaken(0)).map(({ stands }) => stands)).toEqual([false, false]);
    });

    on('and finds those that were sent, by their own date', async (store) => {
      const sent = (id: string, moment: Instant): KeptFact => ({
        item: `quote/desk/${id}`,
        source: 'desk',
        subject: id,
        part: '',
        fact: { kind: 'quote', id, at: moment, text: `words ${id}`, cite: 'by email' },
      });
      await store.write((tx) => tx.add([sent('a', at - 1), sent('b', at), sent('c', at + MINUTE)]));
      expect((await store.quotesSent({ from: at, to: at + MINUTE })).map(({ text }) => text)).toEqual([
        'words b',
      ]);
      expect(await store.quotesSent({ from: at - 1, to: at + 1 })).toMatchObject([
        { source: 'desk', text: 'words b', cite: 'by email', at },
        { text: 'words a' },
      ]);
    });
  });

  describe(`${name} keeps pictures`, () => {
    const url = 'https://pics.example/a.png';
    const picture = { type: 'image/png', bytes: Uint8Array.of(1, 2, 3) };

    on('once they were had, and says where they are; what failed is wanted again later', async (store) => {
      await keepPosts(store, aPost('mastodon', 'a', at, { avatar: url }));
      expect(await store.picturesWanted(10, 0)).toEqual([url]);
      expect(await store.mentions(1)).toMatchObject([{ avatar: null }]);
      await store.keepPicture(url, { trouble: 'gone' }, at);
      expect(await store.picturesWanted(10, at)).toEqual([]);
      expect(await store.picturesWanted(10, at + 1)).toEqual([url]);
      expect(await store.picture(pictureIdOf(url))).toBeNull();
      await store.keepPicture(url, picture, at + 2);
      expect(await store.picturesWanted(10, at + HOUR)).toEqual([]);
      const found = await store.picture(pictureIdOf(url));
      expect([found?.type, [...(found?.bytes ?? [])]]).toEqual(['image/png', [1, 2, 3]]);
      expect(await store.mentions(1)).toMatchObject([{ avatar: `/avatars/${pictureIdOf(url)}` }]);
    });
  });

  describe(`${name} tells`, () => {
    on('who marked which mail, the newest first', async (store) => {
      const mark = (kind: 'waive' | 'spam', ref: string, moment: Instant): KeptFact => ({
        item: `thread/${ref}`,
        source: 'page/mail',
        subject: ref,
        part: '',
        fact: { kind, ref, at: moment, by: 'Ann' },
      });
      await store.write((tx) => tx.add([mark('waive', '<1>', at), mark('spam', '<2>', at + 1)]));
      expect(await store.mailMarks(10)).toEqual([
        { kind: 'spam', ref: '<2>', at: at + 1, by: 'Ann', item: 'thread/<2>' },
        { kind: 'waive', ref: '<1>', at, by: 'Ann', item: 'thread/<1>' },
      ]);
      expect(await store.mailMarks(1)).toHaveLength(1);
    });

    on('what counts of each source inside a span, as the site sees it', async (store) => {
      const settled = (source: string, id: string, moment: Instant): Item => ({
        ...counted(id, moment),
        source,
        judged: {
          ...nothingJudged,
          settled: [
            { figure: 'shortAbandons', scope: 'site', at: moment, n: 1, d: 0 },
            { figure: 'shortAbandons', scope: 'team:help', at: moment, n: 1, d: 0 },
            { figure: 'firstRing', scope: 'site', at: moment, n: 1, d: 1 },
          ],
        },
      });
      await store.write((tx) =>
        tx.save(
          [settled('pbx', 'x/1', at), settled('pbx', 'x/2', at + 1), settled('branch', 'x/3', at - 1)].map(
            saved,
          ),
        ),
      );
      expect(await store.countedBySource({ from: at, to: at + HOUR }, ['shortAbandons'])).toEqual(
        new Map([['pbx', { shortAbandons: 2 }]]),
      );
    });
  });
}

function aQuote(text: string, moment: Instant): TakenQuote {
  return { date: '2026-03-10', at: moment, text, cite: 'by email', post: null, why: 'Typed.', by: 'Ann' };
}

function aPost(network: Post['network'], id: string, moment: Instant, more: Partial<Post> = {}): Post {
  const said = { author: 'lee', name: 'Lee', handle: '@lee', text: `words ${id}` };
  return { kind: 'post', network, id, ...said, type: 'post', at: moment, seen: moment, ...more };
}

function counted(id: string, moment: Instant): Item {
  return {
    key: `post/${id}`,
    source: 'social',
    person: null,
    at: moment,
    foldedTo: 0,
    judged: {
      ...nothingJudged,
      settled: [{ figure: 'mentions', scope: 'site', at: moment, n: 1, d: 0 }],
    },
  };
}

/** As intake keeps them. */
async function keepPosts(store: Store, ...posts: readonly Post[]): Promise<void> {
  await store.write(async (tx) => {
    for (const post of posts) {
      const id = `${post.network}/${post.id}`;
      const fact: Fact = post;
      await tx.add([{ item: `post/${id}`, source: 'social', subject: id, part: '', fact }]);
      await tx.tie([`post/${id}`], `post/${id}`);
      await tx.save([saved(counted(id, post.at))]);
    }
  });
}
