import { z } from 'zod';
import { MINUTE } from '../../shared/time.ts';
import { MICRO_USD, type XConfig, xDefaults } from '../sources/x/config.ts';
import { QUERY_CHARS_MAX } from '../sources/x/rules.ts';
import { duration, id, listOf, mustBe, secret, settings, wholeNumber } from './values.ts';

/** Rules that an app with pay-per-use may have. */
export const X_RULES_MAX = 1_000;
/** Fewer are not worth a page of a search. */
export const X_DAILY_POSTS_MIN = 10;
const DAILY_POSTS_MAX = 100_000;
const USD_MAX = 100_000;
const BEARER_CHARS_MIN = 20;

const ruleError = mustBe(
  `a rule in X's own language, up to ${QUERY_CHARS_MAX} characters, e.g. '@harborhealth -is:retweet'`,
);
const rule = z.string({ error: ruleError }).trim().min(1, { error: ruleError }).max(QUERY_CHARS_MAX, {
  error: ruleError,
});

/** Dollars as written, kept in millionths of one. */
const dollars = (example: number) => {
  const error = mustBe(`an amount in US dollars from 0 to ${USD_MAX}, e.g. ${example}`);
  return z
    .number({ error })
    .min(0, { error })
    .max(USD_MAX, { error })
    .transform((usd) => Math.round(usd * MICRO_USD));
};

const addressError = mustBe('https:// and a host, and nothing after it');
/** Without encryption on this machine only: the token would travel in clear. */
const address = z.string({ error: addressError }).refine(
  (input) => {
    if (!URL.canParse(input)) return false;
    const { protocol, hostname, origin } = new URL(input);
    const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
    return input === origin && (protocol === 'https:' || (protocol === 'http:' && isHere));
  },
  { error: addressError },
);

/** An X app and what it is to find. */
export const xSettings = (env: NodeJS.ProcessEnv) =>
  settings(
    {
      id: id('source'),
      kind: z.literal('x'),
      token: secret(env, 'X_BEARER_TOKEN', BEARER_CHARS_MIN),
      rules: listOf(rule, X_RULES_MAX, 'rules').min(1, {
        error: "is empty: say what counts as a mention, e.g. '@harborhealth -is:retweet'.",
      }),
      mode: z
        .enum(['stream', 'search'], {
          error: mustBe('stream (as it is written) or search (asked every few minutes)'),
        })
        .default(xDefaults.mode),
      every: duration({ ms: MINUTE, said: '1m' }, '5m').optional(),
      look_back: duration({ ms: 0, said: '0s' }, '1h').optional(),
      daily_cap: settings(
        {
          posts: wholeNumber(X_DAILY_POSTS_MIN, DAILY_POSTS_MAX, 500).optional(),
          usd: dollars(5).optional(),
        },
        '{ posts: 500, usd: 5 }',
      ).optional(),
      prices: settings(
        { post: dollars(0.005).optional(), user: dollars(0.01).optional() },
        '{ post: 0.005, user: 0.01 }',
      ).optional(),
      base_url: address.default(xDefaults.baseUrl),
    },
    "rules: ['@harborhealth -is:retweet']",
  );

type XSettings = z.output<ReturnType<typeof xSettings>>;

/** An X app as the configuration writes it, in the words of its source. */
export function xConfigOf(source: XSettings, site: { country: string }): XConfig {
  const { cap, prices } = xDefaults;
  return {
    id: source.id,
    token: source.token,
    rules: [...new Set(source.rules)],
    mode: source.mode,
    everyMs: source.every ?? xDefaults.everyMs,
    lookBackMs: source.look_back ?? xDefaults.lookBackMs,
    cap: {
      posts: source.daily_cap?.posts ?? cap.posts,
      microUsd: source.daily_cap?.usd ?? cap.microUsd,
    },
    prices: { post: source.prices?.post ?? prices.post, user: source.prices?.user ?? prices.user },
    country: site.country,
    baseUrl: source.base_url,
  };
}
