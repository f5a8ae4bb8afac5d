import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import { sourcesOf } from '../../server/sources/all.ts';
import { MINUTE } from '../../shared/time.ts';
import { createTestClock } from '../support/test-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'first-ring-networks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { MASTODON_TOKEN: 'a-token-of-the-account' };

function load(yaml: string) {
  writeFileSync(join(folder, 'some.yaml'), `site: { name: Harbor Health, zone: UTC }\n${yaml}`);
  return loadConfig({ ...env, CONFIG: 'some.yaml' }, folder);
}
/** `$TOKEN` stands for the variable that holds it. */
const source = (written: string) =>
  load(`sources: [{ id: one, ${written.replace('$TOKEN', `"\${MASTODON_TOKEN}"`)} }]`);

describe('networks in the configuration', () => {
  it('are read with what holds where nothing is said', async () => {
    const config = await load(`
sources:
  - { id: fedi, kind: mastodon, server: "https://mastodon.example/", token: "\${MASTODON_TOKEN}", hashtags: ["#harbor"] }
  - { id: sky, kind: bluesky, keywords: [harbor health], accounts: ["did:plc:Harbor"] }
  - { id: reviews, kind: rss, url: "https://reviews.example/feed.xml?key=1" }
`);
    expect(config.sources).toEqual([
      {
        kind: 'mastodon',
        id: 'fedi',
        mastodon: {
          id: 'fedi',
          server: 'https://mastodon.example',
          streaming: 'https://mastodon.example',
          token: env.MASTODON_TOKEN,
          hashtags: ['harbor'],
          keywords: [],
          keywordsIn: 'federated',
          mentions: true,
        },
      },
      {
        kind: 'bluesky',
        id: 'sky',
        bluesky: {
          id: 'sky',
          jetstream: 'wss://jetstream2.us-east.bsky.network',
          profiles: 'https://public.api.bsky.app',
          keywords: ['harbor health'],
          hashtags: [],
          accounts: ['did:plc:Harbor'],
          reposts: false,
        },
      },
      {
        kind: 'rss',
        id: 'reviews',
        rss: {
          id: 'reviews',
          url: 'https://reviews.example/feed.xml?key=1',
          name: null,
          everyMs: 15 * MINUTE,
          keywords: [],
        },
      },
    ]);
    const running = await sourcesOf(config, { clock: createTestClock(0), log: createLog('silent') } as never);
    expect(running.map(({ id, feeds }) => [id, ...feeds])).toEqual([
      ['fedi', 'mentions'],
      ['sky', 'mentions'],
      ['reviews', 'mentions'],
    ]);
  });

  it('leave out our own accounts on Bluesky by themselves, and judge again when those change', async () => {
    const one = await source('kind: bluesky, accounts: ["did:plc:Harbor"]');
    const two = await source('kind: bluesky, accounts: ["did:plc:other"]');
    expect(one.rules.ownAccounts).toEqual(['did:plc:harbor']);
    expect(one.rulesFingerprint).not.toBe(two.rulesFingerprint);
  });

  it('leave out what is muted, and judge again when that changes', async () => {
    const { rules, rulesFingerprint } = await load(
      'mentions: { muted_words: [giveaway], muted_accounts: ["@Spam@social.example"], languages: [en, pt-BR] }',
    );
    expect(rules.mentions.hasMutedWord('a Giveaway!')).toBe(true);
    expect(rules.mentions).toMatchObject({
      mutedAccounts: ['spam@social.example'],
      languages: ['en', 'pt-br'],
    });
    expect(rulesFingerprint).not.toBe((await load('')).rulesFingerprint);
    expect((await load('')).rules.mentions).toMatchObject({ mutedAccounts: [], languages: [] });
  });

  it.each([
    ['kind: mastodon, token: $TOKEN', /server: is missing: it must be the address of your server/],
    [
      'kind: mastodon, server: "http://mastodon.example", token: $TOKEN',
      /server: must be .*https:\/\/, a host, and nothing after it/,
    ],
    ['kind: mastodon, server: "https://mastodon.example/@ada", token: $TOKEN', /server: must be/],
    ['kind: mastodon, server: "https://a:b@mastodon.example", token: $TOKEN', /server: must be/],
    [
      'kind: mastodon, server: "https://mastodon.example", token: abcdefabcdefabcdef',
      /token: must not be written in this file/,
    ],
    [
      'kind: mastodon, server: "https://mastodon.example", token: $TOKEN, hashtags: ["two words"]',
      /hashtags\[0\]: must be a hashtag/,
    ],
    [
      'kind: mastodon, server: "https://mastodon.example", token: $TOKEN, mentions: false',
      /looks for nothing: write at least one of hashtags, keywords, mentions/,
    ],
    ['kind: bluesky', /looks for nothing: write at least one of keywords, hashtags, accounts/],
    ['kind: bluesky, keywords: [x], jetstream: "https://jetstream.example"', /jetstream: must be .*wss:\/\//],
    ['kind: bluesky, accounts: ["@harbor.example"]', /accounts\[0\]: must be the DID/],
    ['kind: rss', /url: is missing: it must be the address of an RSS or Atom feed/],
    ['kind: rss, url: "file:///etc/passwd"', /url: must be the address/],
    ['kind: rss, url: "https://a:secret@reviews.example/"', /url: must not hold a user name/],
    [
      'kind: rss, url: "https://reviews.example/", every: 5s',
      /every: must be a length of time with its unit .* from 1m/,
    ],
  ])('are told what is wrong: %s', async (written, words) => {
    const refused = source(written);
    await expect(refused).rejects.toThrow(words);
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('a:secret') });
  });

  it.each(['http://127.0.0.1:3001', 'http://localhost:3001', 'http://[::1]:3001'])(
    'may go without encryption on this machine: %s',
    async (server) => {
      const { sources } = await source(`kind: mastodon, server: "${server}", token: "\${MASTODON_TOKEN}"`);
      expect(sources).toMatchObject([{ mastodon: { server } }]);
    },
  );
});
