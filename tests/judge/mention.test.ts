import { describe, expect, it } from 'vitest';
import type { Post, PostDelete, PostFact } from '../../server/fact.ts';
import { judgePost, rootOf, shownPost, versionsOf } from '../../server/judge/mention.ts';
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

  it.each<[string, PostFact[]]>([
    ['private', [post({ visibility: 'private' })]],
    ['direct', [post({ visibility: 'direct' })]],
    ['our own', [post({ author: 'Acme' })]],
    ['our own by its handle', [post({ author: '12345', handle: '@ACME' })]],
    ['deleted', [post(), deleted]],
    ['deleted before we heard of it', [deleted, post()]],
    ['deleted and never heard of', [deleted]],
    ['deleted in one of its versions', [post({ id: '102', chain: ['101', '102'] }), deleted]],
  ])('is not one that is %s, and is not shown', (_, facts) => {
    expect(counted(...facts)).toEqual([]);
    expect(shownPost(facts, rules.ownAccounts)).toBeNull();
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

  it('shows the version seen last where an edit keeps its id', () => {
    const edited = post({ text: 'twice', seen: TEN + 9_000 });
    expect(shownPost([edited, post()])).toEqual(edited);
    expect(shownPost([post(), edited])).toEqual(edited);
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
