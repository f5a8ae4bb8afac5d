import { describe, expect, it } from 'vitest';
import { type Post, type PostDelete, type PostFact, partOf } from '../../server/fact.ts';
import { judgePost, rootOf, shownPost, versionsOf } from '../../server/judge/mention.ts';
import { wordMatcher } from '../../shared/word-match.ts';
import { someRules } from '../support/some-rules.ts';
import { TEN } from './a-call.ts';

const rules = someRules({ ownAccounts: ['acme'] });
const post = (over: Partial<Post> = {}): Post => ({
  kind: 'post',
  network: 'x',
  id: '101',
  author: 'u1',
  text: 'acme saved my morning',
  type: 'post',
  at: TEN,
  seen: TEN + 2_000,
  ...over,
});
const deleted: PostDelete = { kind: 'post_delete', network: 'x', id: '101', at: TEN + 60_000 };
const counted = (...facts: PostFact[]) => judgePost(facts, rules).settled;

describe('a mention', () => {
  it.each(['post', 'reply', 'quote'] as const)('is a %s', (type) => {
    expect(counted(post({ type }))).toEqual([{ figure: 'mentions', scope: 'site', at: TEN, n: 1, d: 0 }]);
  });

  it('is no repost: that is reach', () => {
    expect(counted(post({ type: 'repost' }))).toEqual([
      { figure: 'reach', scope: 'site', at: TEN, n: 1, d: 0 },
    ]);
  });

  it.each<[string, string, PostFact[]]>([
    ['private', 'mentionsNotPublic', [post({ visibility: 'private' })]],
    ['direct', 'mentionsNotPublic', [post({ visibility: 'direct' })]],
    ['our own', 'mentionsOwn', [post({ author: 'Acme' })]],
    ['our own by its handle', 'mentionsOwn', [post({ author: '12345', handle: '@ACME' })]],
    ['deleted', 'mentionsDeleted', [post(), deleted]],
    ['deleted before we heard of it', 'mentionsDeleted', [deleted, post()]],
    [
      'deleted in one of its versions',
      'mentionsDeleted',
      [post({ id: '102', chain: ['101', '102'] }), deleted],
    ],
  ])('is not one that is %s: it is counted as %s, and not shown', (_, figure, facts) => {
    expect(counted(...facts)).toEqual([{ figure, scope: 'site', at: TEN, n: 1, d: 0 }]);
    expect(shownPost(facts, rules.ownAccounts)).toBeNull();
  });

  it('is none when only its deletion was heard of', () => {
    expect(counted(deleted)).toEqual([]);
  });

  it.each(['public', 'unlisted'] as const)('is one that is %s', (visibility) => {
    expect(counted(post({ visibility }))).toHaveLength(1);
  });

  it.each([
    ['when we saw it, where it is dated in the future', TEN + 86_400_000, TEN + 2_000, TEN + 2_000],
    ['when it was written, where we saw it late', TEN - 86_400_000, TEN, TEN - 86_400_000],
  ])('counts %s', (_, at, seen, expected) => {
    expect(counted(post({ at, seen }))[0]?.at).toBe(expected);
  });

  it('counts once, at its first version, and shows the last', () => {
    const edited = post({
      id: '102',
      chain: ['101', '102'],
      text: 'twice',
      at: TEN + 60_000,
      seen: TEN + 61_000,
    });
    for (const facts of [
      [post({ chain: ['101'] }), edited],
      [edited, post({ chain: ['101'] }), edited],
    ]) {
      expect(counted(...facts)).toEqual([expect.objectContaining({ at: TEN })]);
      expect(shownPost(facts)).toEqual(edited);
    }
  });

  it('shows the version edited last where an edit keeps its id, in whatever order they came', () => {
    const versions = [
      post(),
      post({ text: 'twice', edited: TEN + 60_000, seen: TEN + 90_000 }),
      // Read back after a gap: edited later, and yet seen no later than the one before.
      post({ text: 'thrice', edited: TEN + 70_000, seen: TEN + 80_000 }),
    ];
    for (const facts of [versions, versions.toReversed(), [...versions, ...versions]]) {
      expect(shownPost(facts)?.text).toBe('thrice');
      expect(counted(...facts)).toEqual([{ figure: 'mentions', scope: 'site', at: TEN, n: 1, d: 0 }]);
    }
    expect(new Set(versions.map(partOf)).size).toBe(3);
  });
});

describe('a filter', () => {
  const filtered = someRules({
    ownAccounts: ['acme'],
    mentions: {
      hasMutedWord: wordMatcher(['giveaway', 'crypto coin']),
      mutedAccounts: ['spam@social.example', 'did:plc:spam'],
      languages: ['en', 'pt-br'],
    },
  });
  const figureOf = (...facts: PostFact[]) => judgePost(facts, filtered).settled.map(({ figure }) => figure);

  it.each<[string, Partial<Post>]>([
    ['mentions', {}],
    ['mentionsMutedWord', { text: 'A GIVEAWAY at acme' }],
    ['mentions', { text: 'giveaways at acme' }],
    ['mentionsMutedWord', { text: 'my Crypto  Coin', type: 'repost' }],
    ['mentionsMutedAccount', { handle: '@Spam@social.example' }],
    ['mentionsMutedAccount', { author: 'did:plc:spam' }],
    ['mentions', { author: 'spam@other.example' }],
    ['mentions', { lang: 'en-GB' }],
    ['mentions', { lang: 'pt-BR' }],
    ['mentionsOtherLanguage', { lang: 'pt' }],
    ['mentionsOtherLanguage', { lang: 'eng' }],
    ['mentionsOtherLanguage', { lang: 'de', type: 'repost' }],
    ['mentions', { lang: 'und' }],
    ['mentions', { lang: 'zxx' }],
    ['mentions', { lang: 'qme' }],
    ['mentionsOwn', { author: 'acme', text: 'giveaway', lang: 'de' }],
    ['mentionsNotPublic', { visibility: 'direct', lang: 'de' }],
  ])('makes it %s: %j', (figure, over) => {
    expect(figureOf(post(over))).toEqual([figure]);
  });

  it('looks at the newest words', () => {
    const edited = post({ text: 'no giveaway any more', edited: TEN + 1 });
    expect(figureOf(post(), edited)).toEqual(['mentionsMutedWord']);
    expect(figureOf(edited, post({ text: 'sorry', edited: TEN + 2 }))).toEqual(['mentions']);
  });

  it('says that it was deleted before it says anything else', () => {
    expect(figureOf(post({ text: 'giveaway' }), deleted)).toEqual(['mentionsDeleted']);
  });
});

it('names every version by its network, and the first as the root', () => {
  const edited = post({ id: '102', chain: ['101', '102'] });
  expect(rootOf(edited)).toBe('x/101');
  expect(versionsOf(edited)).toEqual(['x/101', 'x/102']);
  expect(rootOf(deleted)).toBe('x/101');
  expect(versionsOf(post({ network: 'mastodon', id: 'https://a.example/s/1' }))).toEqual([
    'mastodon/https://a.example/s/1',
  ]);
});
