import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fact, Post } from '../../server/fact.ts';
import { createModeration, type Moderation } from '../../server/voice/moderation.ts';
import { FRESH_MS, takeQuoteOfTheDay } from '../../server/voice/quote-desk.ts';
import { HOUR, type Instant, MINUTE } from '../../shared/time.ts';
import { type AnIntake, openIntake } from '../support/an-intake.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DAY = 24 * HOUR;
/** Tuesday, eleven in the morning in New York. */
const start: Instant = Date.parse('2026-11-17T16:00:00Z');
const zone = 'America/New_York';

let folder: ReturnType<typeof temporaryFolder>;
let opened: AnIntake;
let now: Instant;
let moderation: Moderation;

beforeEach(async () => {
  folder = temporaryFolder();
  opened = await openIntake(`${folder.path}/data.sqlite`, { at: start });
  now = start;
  moderation = createModeration({ store: opened.store, zone, changed: () => undefined });
});
afterEach(async () => {
  await opened[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const say = (...facts: Fact[]) => opened.intake.save('social', facts);
const take = () => takeQuoteOfTheDay({ store: opened.store, zone, ownAccounts: [] }, now);
const shown = async (): Promise<string | null> => (await moderation.quotes(now)).current?.text ?? null;
const post = (id: string, text: string, more: Partial<Post> = {}): Post => ({
  kind: 'post',
  network: 'mastodon',
  id,
  author: 'lee',
  text,
  type: 'post',
  at: now - HOUR,
  seen: now - HOUR,
  ...more,
});
const sent = (id: string, text: string, at: Instant): Fact => ({
  kind: 'quote',
  id,
  at,
  text,
  cite: 'by email',
});

const KIND = 'Thank you, you were kind to my mother.';
const KINDER = 'So grateful: a kind person answered the phone at once.';

describe('the quote of the day', () => {
  it('is the praise with the most points, with its channel and what it was taken for', async () => {
    await say(
      post('1', KIND),
      post('2', KINDER, { network: 'bluesky' }),
      post('3', 'When do you open on Friday, please?'),
    );
    expect(await take()).toBe(true);
    expect((await moderation.quotes(now)).current).toMatchObject({
      text: KINDER,
      cite: 'on Bluesky',
      date: '2026-11-17',
      post: 'bluesky/2',
      by: null,
      why: expect.stringMatching(/praises \(kind, grateful\).*\(answer…, phone, person\)\. 5 points/),
    });
  });

  it('stays for the day, whatever better comes', async () => {
    await say(post('1', KIND));
    await take();
    await say(post('2', KINDER));
    expect(await take()).toBe(false);
    expect(await shown()).toBe(KIND);
  });

  it('is another one the next day, by the site’s own midnight', async () => {
    await say(post('1', KIND), post('2', KINDER));
    await take();
    now = Date.parse('2026-11-18T04:59:59Z');
    expect(await take()).toBe(false);
    now += 1_000;
    expect(await take()).toBe(true);
    expect(await shown()).toBe(KIND);
  });

  it('is never one of the last 60 days, in the same words by anybody, and may be after that', async () => {
    await say(post('1', KIND));
    await take();
    now += DAY;
    await say(post('2', `  ${KIND.toUpperCase()} `));
    expect(await take()).toBe(false);
    now = start + 60 * DAY;
    await say(post('3', KIND));
    expect(await take()).toBe(false);
    now += 1;
    expect(await take()).toBe(true);
  });

  it('is fresh: nothing said more than three days ago, and nothing dated ahead', async () => {
    await say(post('1', KIND, { at: now - FRESH_MS - 1, seen: now - FRESH_MS - 1 }));
    expect(await take()).toBe(false);
    await say(post('2', KINDER, { at: now - FRESH_MS, seen: now - FRESH_MS }));
    expect(await take()).toBe(true);
    expect(await shown()).toBe(KINDER);
  });

  it('is never from X, never unlisted, never hidden, never deleted, never ours', async () => {
    await say(
      post('1', KIND, { network: 'x' }),
      post('2', KIND, { visibility: 'unlisted' }),
      post('3', KIND),
      post('4', KIND),
      post('5', KIND, { visibility: 'direct' }),
      { kind: 'post_delete', network: 'mastodon', id: '4', at: now },
    );
    await opened.store.markPost('mastodon/3', 'hidden', { by: 'Ann', at: now });
    expect(await take()).toBe(false);
  });

  it('gives way to one that was sent for today, and to the newest of those', async () => {
    await say(post('1', KINDER));
    await take();
    await say(sent('a', 'Sent at nine.', now - 2 * HOUR));
    expect(await take()).toBe(true);
    expect((await moderation.quotes(now)).current).toMatchObject({
      text: 'Sent at nine.',
      why: 'Sent by social.',
    });
    await say(sent('b', 'Sent at ten.', now - HOUR));
    expect([await take(), await take()]).toEqual([true, false]);
    expect(await shown()).toBe('Sent at ten.');
  });

  it('takes a quote that was sent lately where there is none for today', async () => {
    await say(sent('a', 'Sent yesterday.', now - DAY), post('1', KINDER));
    await take();
    expect(await shown()).toBe('Sent yesterday.');
  });

  it('is what a person chose, until another is chosen, whatever is sent', async () => {
    await moderation.choose(
      { text: 'By phone: lovely.', cite: 'from a caller', post: null },
      { by: 'Ann', at: now },
    );
    await say(sent('a', 'Sent today.', now), post('1', KINDER));
    now += MINUTE;
    expect(await take()).toBe(false);
    expect((await moderation.quotes(now)).current).toMatchObject({ text: 'By phone: lovely.', by: 'Ann' });
    await moderation.choose(
      { text: 'By phone: lovelier.', cite: 'from a caller', post: null },
      { by: 'Ben', at: now },
    );
    expect(await shown()).toBe('By phone: lovelier.');
  });

  it('is what a person chose, even where the rule took one in the same moment', async () => {
    const chosen = {
      date: '2026-11-17',
      at: now,
      text: 'Chosen.',
      cite: 'by phone',
      post: null,
      why: 'Typed.',
      by: 'Ann',
    };
    await opened.store.takeQuote(chosen);
    await opened.store.takeQuote({ ...chosen, at: now + 1, text: 'Taken.', by: null });
    expect(await shown()).toBe('Chosen.');
    expect(await opened.store.quote(now + 1, 0)).toMatchObject({ text: 'Chosen.' });
    const tomorrow = { ...chosen, date: '2026-11-18', at: now + DAY, text: 'Taken tomorrow.', by: null };
    await opened.store.takeQuote(tomorrow);
    expect(await opened.store.quote(now + DAY, 0)).toMatchObject({ text: 'Taken tomorrow.' });
  });

  it('is the next best when it is taken down, hidden or deleted', async () => {
    await say(post('1', KINDER), post('2', KIND), post('3', 'Thank you all for a lovely, great morning.'));
    await take();
    const { current } = await moderation.quotes(now);
    await moderation.withdraw(current?.id ?? 0, { by: 'Ann', at: now });
    expect(await shown()).toBeNull();
    await take();
    expect(await shown()).toBe('Thank you all for a lovely, great morning.');
    await moderation.act('mastodon/3', 'hide', { by: 'Ann', at: now });
    await take();
    expect(await shown()).toBe(KIND);
    await say({ kind: 'post_delete', network: 'mastodon', id: '2', at: now });
    expect([await take(), await shown()]).toEqual([false, null]);
    // What was taken down can be read again; what is gone or hidden cannot.
    expect((await moderation.quotes(now)).taken.map(({ text }) => text)).toEqual(['', '', KINDER]);
  });

  it('is the same for the same, in whatever order it comes', async () => {
    const facts = [
      post('a', 'Thank you kindly, dear people.'),
      post('b', 'Thank you kindly, dear team of you.'),
    ];
    await say(...facts.toReversed());
    await take();
    expect(await shown()).toBe('Thank you kindly, dear people.');
  });
});

describe('moderation', () => {
  const ann = { by: 'Ann', at: start };

  it('refuses a quote that is not in the post’s own words, of X, hidden or gone', async () => {
    await say(
      post('1', 'You rang me back. Nobody ever rings back, I tell you.'),
      post('2', KIND, { network: 'x' }),
    );
    const choose = (id: string, text: string) =>
      moderation.choose({ text, cite: 'on Mastodon', post: id }, ann);
    await expect(choose('mastodon/1', 'You rang back.')).rejects.toThrow('not the words of the post');
    await expect(choose('x/2', KIND)).rejects.toThrow('pin the post instead');
    await expect(choose('mastodon/9', KIND)).rejects.toMatchObject({ code: 'not_found' });
    await choose('mastodon/1', 'Nobody ever rings back');
    await moderation.act('mastodon/1', 'hide', ann);
    await expect(choose('mastodon/1', 'You rang me back.')).rejects.toThrow('hidden');
    await expect(moderation.act('mastodon/1', 'pin', ann)).rejects.toThrow('Restore it before you pin it');
  });

  it('pins three posts and no fourth, and the same one again without a word', async () => {
    await say(...['1', '2', '3', '4'].map((id) => post(id, `words ${id}`)));
    for (const id of ['1', '2', '3', '3']) await moderation.act(`mastodon/${id}`, 'pin', ann);
    await expect(moderation.act('mastodon/4', 'pin', ann)).rejects.toThrow('Unpin one first');
    await moderation.act('mastodon/1', 'unpin', ann);
    await moderation.act('mastodon/4', 'pin', ann);
    expect((await moderation.posts({ after: null, mark: 'pinned' })).posts.map(({ id }) => id)).toEqual([
      'mastodon/2',
      'mastodon/3',
      'mastodon/4',
    ]);
  });

  it('pins three posts and no fourth when several people pin at once', async () => {
    await say(...['1', '2', '3', '4', '5'].map((id) => post(id, `words ${id}`)));
    const told = await Promise.allSettled(
      ['1', '2', '3', '4', '5'].map((id) => moderation.act(`mastodon/${id}`, 'pin', ann)),
    );
    expect(told.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect((await moderation.posts({ after: null, mark: 'pinned' })).posts).toHaveLength(3);
  });

  it('refuses a place in the list that it never gave', async () => {
    for (const after of ['', 'x', '12', '-1/a', `${'9'.repeat(20)}/a`])
      await expect(moderation.posts({ after, mark: null })).rejects.toMatchObject({ code: 'invalid' });
  });
});
