import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../server/sources/x/answer.ts';
import { idAt } from '../../../server/sources/x/ids.ts';
import { postsOf } from '../../../server/sources/x/post.ts';

const at = Date.parse('2026-11-22T09:00:00.000Z');
const id = idAt(at);
const later = idAt(at + 300_000);
const author = {
  id: '4001',
  name: 'Ann O’Neill 🎈',
  username: 'ann',
  profile_image_url: 'https://pbs.twimg.com/profile_images/1/a_normal.png',
};
const post = {
  id,
  text: 'Thank you @harborhealth',
  author_id: '4001',
  created_at: '2026-11-22T09:00:00.000Z',
  edit_history_tweet_ids: [id],
  lang: 'en',
};
const fact = {
  kind: 'post',
  network: 'x',
  id,
  author: '4001',
  name: 'Ann O’Neill 🎈',
  handle: '@ann',
  avatar: 'https://pbs.twimg.com/profile_images/1/a_normal.png',
  text: 'Thank you @harborhealth',
  lang: 'en',
  url: `https://x.com/ann/status/${id}`,
  type: 'post',
  visibility: 'public',
  at,
  seen: at,
};
const factsOf = (changed: object, users: object[] = [author]) =>
  postsOf(readAnswer({ data: { ...post, ...changed }, includes: { users } }), 'us');

describe('a post of X as a fact', () => {
  it('carries everything that has to stand beside it on a wall', () => {
    expect(factsOf({})).toEqual([fact]);
  });

  it.each([
    ['a reply', { referenced_tweets: [{ type: 'replied_to', id: '1' }] }, { type: 'reply' }],
    ['a quote', { referenced_tweets: [{ type: 'quoted', id: '1' }] }, { type: 'quote' }],
    [
      'a quote in a reply',
      {
        referenced_tweets: [
          { type: 'replied_to', id: '1' },
          { type: 'quoted', id: '2' },
        ],
      },
      { type: 'quote' },
    ],
    ['a repost', { referenced_tweets: [{ type: 'retweeted', id: '1' }] }, { type: 'repost' }],
    [
      'a kind of reference that is new to us',
      { referenced_tweets: [{ type: 'sung', id: '1' }] },
      { type: 'post' },
    ],
    [
      'the whole text of a long post',
      { text: 'Long…', note_tweet: { text: 'Long, and whole' } },
      { text: 'Long, and whole' },
    ],
    ['the characters that X escapes', { text: 'a &lt;b&gt; &amp;amp; c' }, { text: 'a <b> &amp; c' }],
    ['a language that is not known', { lang: 'und' }, { lang: 'und' }],
    ['no language', { lang: 7 }, {}],
  ])('tells %s', (_, changed, expected) => {
    const [found] = factsOf(changed);
    expect(found).toMatchObject(expected);
    if (Object.keys(expected).length === 0) expect(found).not.toHaveProperty('lang');
  });

  it('leaves out the words of a post that is longer than any, rather than cut them', () => {
    const [found] = factsOf({ note_tweet: { text: 'x'.repeat(25_001) } });
    expect(found).not.toHaveProperty('text');
    expect(found?.id).toBe(id);
  });

  it('counts an edited post when its first version was written, whichever version was seen', () => {
    const edited = { id: later, edit_history_tweet_ids: [id, later], created_at: '2026-11-22T09:05:00.000Z' };
    expect(factsOf(edited)).toMatchObject([{ id: later, chain: [id, later], at, seen: at }]);
  });

  it('does not believe a chain of edits that spans more than an hour', () => {
    const far = idAt(at - 3_600_001);
    expect(factsOf({ edit_history_tweet_ids: [far, id] })).toMatchObject([{ at }]);
  });

  it('is told without its author when X leaves that out', () => {
    const [found] = factsOf({}, []);
    expect(found).toMatchObject({ author: '4001', url: `https://x.com/i/status/${id}` });
    for (const name of ['name', 'handle', 'avatar']) expect(found).not.toHaveProperty(name);
  });

  it.each(['http://pbs.twimg.com/a.png', 'https://x.example/a b.png', 'javascript:alert(1)'])(
    'takes no picture from %s',
    (address) => {
      expect(factsOf({}, [{ ...author, profile_image_url: address }])[0]).not.toHaveProperty('avatar');
    },
  );

  it.each([[['US']], [['XX']], [['DE', 'XY']]])('is left out when it is withheld in %j', (countries) => {
    expect(factsOf({ withheld: { country_codes: countries } })).toEqual([]);
  });

  it('is told when it is withheld elsewhere', () => {
    expect(factsOf({ withheld: { country_codes: ['DE'] } })).toHaveLength(1);
  });
});

describe('an answer of X', () => {
  it.each([
    ['nothing', undefined],
    ['a number', 7],
    ['a list', []],
    ['an empty object', {}],
    ['data that is no post', { data: 'hello' }],
    ['a post without an author', { data: { ...post, author_id: undefined } }],
    ['a post with a number for an id', { data: { ...post, id: 12 } }],
    ['a post without a date', { data: { ...post, created_at: 'yesterday' } }],
  ])('holds no post when it is %s', (_, payload) => {
    expect(readAnswer(payload)).toMatchObject({ posts: [], ending: null });
  });

  it('is paid for whether we can read it or not', () => {
    const { paid, unreadable } = readAnswer({
      data: [post, { id: later }],
      includes: { users: [author, { id: '4002' }], tweets: [{ id: '77' }] },
    });
    expect(paid).toEqual({ posts: [id, later, '77'], users: ['4001', '4002'] });
    expect(unreadable).toBe(1);
  });

  it.each([
    ['deleted', 'resource-not-found', { resource_id: id, parameter: 'ids', resource_type: 'tweet' }, [id]],
    [
      'protected',
      'not-authorized-for-resource',
      { value: id, parameter: 'ids', resource_type: 'post' },
      [id],
    ],
    [
      'an author that is gone',
      'resource-not-found',
      { value: '4001', parameter: 'author_id', resource_type: 'user' },
      [],
    ],
    ['a field that we may not read', 'not-authorized-for-field', { value: id, parameter: 'ids' }, []],
  ])('tells what is gone: %s', (_, type, rest, expected) => {
    const errors = [{ type: `https://api.twitter.com/2/problems/${type}`, ...rest }];
    expect(readAnswer({ errors }).gone).toEqual(expected);
  });

  it.each([
    [
      'wrapped',
      { errors: [{ title: 'operational-disconnect', disconnect_type: 'OperationalDisconnect', type: 'x' }] },
      'OperationalDisconnect',
    ],
    [
      'bare',
      { title: 'ConnectionException', connection_issue: 'TooManyConnections', type: 'x' },
      'TooManyConnections',
    ],
    ['without a kind', { errors: [{ title: 'Internal', type: 'x' }] }, 'Internal'],
    ['beside a post', { data: post, errors: [{ title: 'Not Found Error' }] }, null],
  ])('tells that the stream ends: %s', (_, payload, expected) => {
    expect(readAnswer(payload).ending).toBe(expected);
  });
});
