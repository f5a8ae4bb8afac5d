import { z } from 'zod';
import { MINUTE } from '../../shared/time.ts';
import { duration, id, listOf, mustBe, secret, settings, text } from './values.ts';

/** Settings of the networks on which people mention us, and of what of it is left out. */

export const WORDS_MAX = 100;
/** Each hashtag is a connection of its own to the server. */
export const HASHTAGS_MAX = 20;
export const ACCOUNTS_MAX = 100;
export const MUTED_MAX = 1_000;
export const ADDRESS_CHARS_MAX = 2_000;

const FEED_EVERY_MIN = { ms: MINUTE, said: '1m' };

const booleanError = mustBe('true or false');
const flag = z.boolean({ error: booleanError });
const word = text('a word or a phrase, e.g. harbor health');
const hashtag = hashtagOf(mustBe('a hashtag, letters and digits without spaces, e.g. harborhealth'));
const keywords = listOf(word, WORDS_MAX, 'words').default([]);
const hashtags = listOf(hashtag, HASHTAGS_MAX, 'hashtags').default([]);

/** What is left out of the mentions although it matches. */
export const mentionSettings = settings(
  {
    muted_words: listOf(word, MUTED_MAX, 'words').default([]),
    muted_accounts: listOf(text('an account, e.g. spammer@social.example'), MUTED_MAX, 'accounts').default(
      [],
    ),
    languages: listOf(
      languageOf(mustBe('a language in two or three letters, e.g. en')),
      50,
      'languages',
    ).default([]),
  },
  'muted_words: [giveaway]',
).default({ muted_words: [], muted_accounts: [], languages: [] });

export const mastodonSettings = (env: NodeJS.ProcessEnv) => {
  const server = origin('https', 'the address of your server, e.g. https://mastodon.example');
  return settings(
    {
      id: id('source'),
      kind: z.literal('mastodon'),
      server,
      streaming: origin('https', 'the address the server streams from').optional(),
      token: secret(env, 'MASTODON_TOKEN', 16),
      hashtags,
      keywords,
      keywords_in: z
        .enum(['local', 'federated'], {
          error: mustBe('local (posts of this server) or federated (all that it knows of)'),
        })
        .default('federated'),
      mentions: flag.default(true),
    },
    'server: https://mastodon.example',
  );
};

export const blueskySettings = settings(
  {
    id: id('source'),
    kind: z.literal('bluesky'),
    jetstream: origin(
      'wss',
      'the address of a Jetstream, e.g. wss://jetstream2.us-east.bsky.network',
    ).default('wss://jetstream2.us-east.bsky.network'),
    profiles: z.preprocess(
      (input) => (input === 'off' || input === false ? null : input),
      origin('https', 'the address that names are looked up at, or off')
        .nullable()
        .default('https://public.api.bsky.app'),
    ),
    keywords,
    hashtags,
    accounts: listOf(
      didOf(mustBe('the DID of an account of yours, e.g. did:plc:abc')),
      ACCOUNTS_MAX,
      'DIDs',
    ).default([]),
    reposts: flag.default(false),
  },
  'keywords: [harbor health]',
);

export const rssSettings = settings(
  {
    id: id('source'),
    kind: z.literal('rss'),
    url: feedAddress(mustBe('the address of an RSS or Atom feed, e.g. https://reviews.example/harbor.xml')),
    name: text('what the feed is called on the wall, e.g. Reviews').optional(),
    every: duration(FEED_EVERY_MIN, '15m').optional(),
    keywords,
  },
  'url: https://reviews.example/harbor.xml',
);

type Told = (issue: { input?: unknown }) => string;

function hashtagOf(error: Told) {
  return z
    .string({ error })
    .transform((written) => written.replace(/^#/, ''))
    .pipe(z.string().regex(/^[\p{L}\p{N}\p{M}_·]{1,100}$/u, { error: error({ input: '' }) }));
}

function languageOf(error: Told) {
  return z.string({ error }).regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, { error });
}

function didOf(error: Told) {
  return z.string({ error }).regex(/^did:[a-z]+:[A-Za-z0-9._:%-]{1,200}$/, { error });
}

/** Scheme and host alone; without encryption on this machine only, for a token would travel in clear. */
function origin(scheme: 'https' | 'wss', what: string) {
  const plain = scheme === 'https' ? 'http:' : 'ws:';
  const error = mustBe(`${what}: ${scheme}://, a host, and nothing after it`);
  return z
    .string({ error })
    .refine(
      (input) => {
        const url = URL.canParse(input) ? new URL(input) : null;
        if (url === null || url.username !== '' || url.search !== '' || url.hash !== '') return false;
        const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
        return url.pathname === '/' && (url.protocol === `${scheme}:` || (isHere && url.protocol === plain));
      },
      { error },
    )
    .transform((input) => new URL(input).origin);
}

function feedAddress(error: Told) {
  return z
    .string({ error })
    .max(ADDRESS_CHARS_MAX, { error })
    .refine((input) => URL.canParse(input) && /^https?:$/.test(new URL(input).protocol), { error })
    .refine((input) => !URL.canParse(input) || new URL(input).username === '', {
      error: 'must not hold a user name or a password: they would be shown with the address.',
    });
}
