import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../server/clock.ts';
import { systemClock } from '../../server/clock.ts';
import { anApp } from '../support/an-app.ts';
import { type FakeFeed, openFakeFeed, rss, rssItem } from '../support/fake-feed.ts';
import { aSkyAccount, aSkyPost, type FakeJetstream, openFakeJetstream } from '../support/fake-jetstream.ts';
import {
  aStatus,
  type FakeMastodon,
  MASTODON_TOKEN,
  openFakeMastodon,
  statusId,
} from '../support/fake-mastodon.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const fake of opened.splice(0)) await fake.close();
});

interface Fakes {
  mastodon: FakeMastodon;
  sky: FakeJetstream;
  feed: FakeFeed;
}

async function networks(): Promise<Fakes> {
  const mastodon = await openFakeMastodon({ clock: systemClock });
  const sky = await openFakeJetstream({ clock: systemClock });
  const feed = await openFakeFeed({ clock: systemClock });
  opened.push(mastodon, sky, feed);
  return { mastodon, sky, feed };
}

const appOn = ({ mastodon, sky, feed }: Fakes, clock: Clock = systemClock) =>
  anApp({
    clock,
    port: 0,
    env: { MASTODON_TOKEN },
    configuration: `
site: { name: Harbor Health, zone: UTC, hours: always }
boards: [{ id: all, show: site }]
own_accounts: [harborhealth@mastodon.example]
mentions: { muted_words: [giveaway], muted_accounts: ["did:plc:spam"], languages: [en] }
sources:
  - { id: fedi, kind: mastodon, server: "${mastodon.url}", token: "\${MASTODON_TOKEN}", hashtags: [harbor] }
  - { id: sky, kind: bluesky, jetstream: "${sky.url}", profiles: off, keywords: [harbor health] }
  - { id: reviews, kind: rss, url: "${feed.url}", every: 1m }
`,
  });

describe('three networks on one wall', () => {
  it('are shown together, each post once, in its newest words, and gone when it is gone', async () => {
    const fakes = await networks();
    const { mastodon, sky, feed } = fakes;
    const now = Date.now();
    feed.serve(
      rss([rssItem(now - 60_000, { title: 'A kind review', text: '&lt;b&gt;Five&lt;/b&gt; stars' })]),
    );
    await using app = await appOn(fakes);
    await mastodon.streams(2);
    await sky.links(1);
    mastodon.publish(aStatus(now, { content: '<p>First words #harbor <script>alert(1)</script></p>' }));
    sky.emit(
      aSkyPost(now, { rkey: 'a', record: { text: 'Harbor Health was quick <img src=x onerror=alert(1)>' } }),
    );
    sky.emit(aSkyPost(now, { rkey: 'b', did: 'did:plc:gone' }));
    const before = await app.until((seen) => seen.mentions?.today === 4);
    expect(before.mentions?.latest.map(({ network, text }) => [network, text])).toEqual(
      expect.arrayContaining([
        ['mastodon', 'First words #harbor'],
        ['bluesky', 'Harbor Health was quick <img src=x onerror=alert(1)>'],
        ['rss', 'A kind review\nFive stars'],
      ]),
    );
    mastodon.edit(statusId(now), {
      content: '<p>Second words</p>',
      edited_at: new Date(now + 1_000).toISOString(),
    });
    sky.emit(aSkyAccount(now + 1, 'did:plc:gone', false, 'takendown'));
    const after = await app.until((seen) => seen.mentions?.today === 3);
    const edited = await app.until(
      (seen) => seen.mentions?.latest.some(({ text }) => text === 'Second words') === true,
    );
    expect(edited.mentions?.latest.some(({ text }) => text.includes('First words'))).toBe(false);
    expect(after.mentions?.latest).toHaveLength(3);
    expect(app.stored('mentionsDeleted')).toEqual({ n: 1, d: 0 });
    expect(after.sources.map(({ id, state }) => [id, state])).toEqual([
      ['fedi', 'live'],
      ['sky', 'live'],
      ['reviews', 'live'],
    ]);
  });

  it('leave out what is ours, muted or in another language, and count it by its reason', async () => {
    const fakes = await networks();
    const { mastodon, sky, feed } = fakes;
    feed.serve(rss([]));
    await using app = await appOn(fakes);
    await mastodon.streams(2);
    await sky.links(1);
    const now = Date.now();
    mastodon.publish(aStatus(now, { account: { acct: 'harborhealth@mastodon.example' } }));
    mastodon.publish(aStatus(now + 1, { language: 'de' }));
    mastodon.publish(aStatus(now + 2, { content: '<p>A #harbor <b>give</b>away</p>' }));
    mastodon.notify('mention', aStatus(now + 3, { visibility: 'direct' }));
    sky.emit(aSkyPost(now, { did: 'did:plc:spam' }));
    sky.emit(aSkyPost(now, { rkey: 'two', record: { langs: ['de', 'fr'] } }));
    mastodon.publish(aStatus(now + 5, { language: null }));
    const seen = await app.until(({ mentions }) => mentions?.today === 2);
    for (const reason of ['Own', 'OtherLanguage', 'MutedWord', 'NotPublic', 'MutedAccount'])
      await expect.poll(() => app.stored(`mentions${reason}`), { message: reason }).toEqual({ n: 1, d: 0 });
    expect(seen.mentions?.latest).toHaveLength(2);
    // A busy machine may be slow; no link was lost and no message skipped.
    const said = app.logged.flat().filter((one) => typeof one === 'string' && one !== 'slow operation');
    expect(said).toEqual([]);
  });
});
