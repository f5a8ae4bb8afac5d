import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { anApp } from '../support/an-app.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { openFakeFeed, rss, rssItem } from '../support/fake-feed.ts';
import { aSkyPost, openFakeJetstream } from '../support/fake-jetstream.ts';
import { aStatus, MASTODON_TOKEN, openFakeMastodon } from '../support/fake-mastodon.ts';
import { textFaults } from './text-faults.ts';
import { openWall, SIZES, type Size } from './wall-page.ts';

let browser: Browser | undefined;
let clientDir = '';

const hostile = [
  '<script>globalThis.ran = 1</script><img src=x onerror="globalThis.ran = 2"> harbor health',
  `harbor health ${'W'.repeat(280)}`,
  `\u202eharbor health\u202c ${'Z\u0353\u0353\u0353\u0353\u0353\u0353\u0353\u0353\u0353algo '.repeat(20)}`,
  `harbor health ${'https://evil.example/x.png '.repeat(10)}`,
  `harbor health ${'👩‍👩‍👧‍👦'.repeat(25)}`,
  `harbor health\n\n\n\n\n\n\n${'line\n'.repeat(40)}`,
  'harbor health {{constructor.constructor("globalThis.ran = 3")()}} javascript:alert(1)',
];

describeInBrowser('hostile posts from every network', () => {
  beforeAll(async () => {
    browser = await openBrowser();
    clientDir = await builtClient();
  }, 120_000);
  afterAll(async () => browser?.close());

  it.each(Object.keys(SIZES) as Size[])(
    'run nothing, fetch nothing and leave no region of the wall at %s',
    async (size) => {
      await using site = await aSiteWithHostilePosts();
      const { app, count } = site;
      await app.until(({ mentions }) => mentions?.today === count);
      const wall = await openWall(browser!, app.url, size, {
        path: '/wall?token=a-token-for-the-television',
      });
      await wall.page.locator('.said li:not([hidden])').first().waitFor();
      expect(await textFaults(wall.page, { scrolls: size === '390x844' })).toEqual([]);
      expect(await wall.page.evaluate('globalThis.ran')).toBeUndefined();
      expect(await wall.page.locator('.said script, .said iframe, .said q img').count()).toBe(0);
      expect(wall.complaints).toEqual([]);
      await wall.close();
    },
    60_000,
  );
});

async function aSiteWithHostilePosts() {
  const now = Date.now();
  const mastodon = await openFakeMastodon({ clock: systemClock });
  const sky = await openFakeJetstream({ clock: systemClock });
  const feed = await openFakeFeed({ clock: systemClock });
  const inXml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  feed.serve(
    rss(
      hostile.map((text, n) =>
        rssItem(now - n, { title: inXml(inXml(text)).slice(0, 200), text: inXml(text) }),
      ),
    ),
  );
  const app = await anApp({
    clock: systemClock,
    port: 0,
    clientDir: clientDir,
    env: { MASTODON_TOKEN },
    configuration: `
site: { name: Harbor Health, zone: UTC, hours: always }
boards: [{ id: all, show: site }]
sources:
  - { id: fedi, kind: mastodon, server: "${mastodon.url}", token: "\${MASTODON_TOKEN}", hashtags: [harbor] }
  - { id: sky, kind: bluesky, jetstream: "${sky.url}", profiles: "${sky.httpUrl}", keywords: [harbor health] }
  - { id: reviews, kind: rss, url: "${feed.url}" }
`,
  });
  for (const [n, text] of hostile.entries()) {
    const did = `did:plc:p${n}`;
    sky.profiles.set(did, { did, handle: `${'long-'.repeat(9)}${n}.sky.example`, displayName: text });
    sky.emit(aSkyPost(now - n, { did, rkey: `k${n}`, record: { text } }), 'quietly');
    const account = { acct: `ada${n}@${'very-'.repeat(9)}long.example`, display_name: text };
    mastodon.publish(
      aStatus(now - 100 * n, { account, content: `<p>${inXml(text)}</p><p>${text}</p>` }),
      'quietly',
    );
  }
  await sky.links(1);
  for (const [n, text] of hostile.entries())
    sky.emit(aSkyPost(now + n, { did: `did:plc:p${n}`, rkey: `l${n}`, record: { text } }));
  return {
    app,
    count: 3 * hostile.length,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      for (const fake of [mastodon, sky, feed]) await fake.close();
    },
  };
}
