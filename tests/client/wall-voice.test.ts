import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Mention, Snapshot } from '../../shared/figure.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { aPost, aSnapshot, LOST_AT, NOW, POSTS, theEmails, theMentions } from '../support/a-snapshot.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { openWallServer, type WallServer } from '../support/wall-server.ts';
import { textFaults } from './text-faults.ts';
import { keepPicture, openWall, SIZES, type Size, type WallPage } from './wall-page.ts';

let browser: Browser;
let client: string;
let server: WallServer | null = null;
let wall: WallPage | null = null;

/** A 2 × 2 picture. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFElEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg==',
  'base64',
);

async function show(snapshot: Snapshot, size: Size = '1920x1080'): Promise<WallPage> {
  server = await openWallServer(client, snapshot);
  const context = { before: '' };
  wall = await openWall(browser, server.url, size, context);
  return wall;
}

const sizes = Object.keys(SIZES) as Size[];
const withPictures = (posts: readonly Mention[]): Mention[] =>
  posts.map((post) => ({ ...post, avatar: `/avatars/${post.id}` }));

describeInBrowser('what customers say on the wall', () => {
  beforeAll(async () => {
    client = await builtClient();
    browser = await openBrowser();
  });
  afterEach(async () => {
    await wall?.close();
    await server?.close();
    wall = null;
    server = null;
  });
  afterAll(() => browser.close());

  it.each(sizes)('shows authors by their pictures, and whole posts beside them, at %s', async (size) => {
    const { page, complaints } = await show(aSnapshot({ mentions: theMentions({ latest: POSTS }) }), size);
    await page.route('**/avatars/**', (route) => route.fulfill({ body: PICTURE, contentType: 'image/png' }));
    const mentions = theMentions({ latest: withPictures(POSTS) });
    server?.show(aSnapshot({ mentions }));
    await expect.poll(() => page.locator('.said li:not([hidden]) .avatar').count()).toBeGreaterThan(0);
    expect(await page.locator('.said li:not([hidden]) .src').count()).toBeGreaterThan(0);
    expect(await textFaults(page, { scrolls: size === '390x844' })).toEqual([]);
    expect(complaints).toEqual([]);
    await keepPicture(page, `wall-avatars-${size}`);
  });

  it('leaves out a picture that cannot be drawn', async () => {
    const { page } = await show(aSnapshot({ mentions: theMentions({ latest: withPictures(POSTS) }) }));
    await expect.poll(() => page.locator('.said .avatar').count()).toBe(0);
    expect(await page.locator('.said li:not([hidden]) .src').count()).toBeGreaterThan(0);
  });

  it('names nobody on a board without names', async () => {
    const latest = POSTS.filter(({ network }) => network !== 'x').map((post) => ({
      ...post,
      name: '',
      handle: '',
    }));
    const { page, text } = await show(aSnapshot({ mentions: theMentions({ latest, names: false }) }));
    expect(await text()).toContain('on Mastodon');
    expect(await text()).not.toMatch(/@|Tomas|Priya/);
    expect(await textFaults(page, { scrolls: false })).toEqual([]);
    await keepPicture(page, 'wall-no-names');
  });

  it('shows pinned posts first, and says that they are', async () => {
    const pinned = aPost({ id: 'old', text: 'A kind word of last week.', at: NOW - 50 * HOUR, pinned: true });
    const { page } = await show(aSnapshot({ mentions: theMentions({ latest: [pinned, ...POSTS] }) }));
    const first = page.locator('.said li').first();
    expect(await first.innerText()).toMatch(/pinned, Sunday/);
    expect(await textFaults(page, { scrolls: false })).toEqual([]);
  });

  const RUDE = [
    aPost({
      id: '1',
      text: '<script>alert(1)</script><img src=x onerror=alert(2)>',
      name: '<b>bold</b>',
      network: 'x',
    }),
    aPost({
      id: '2',
      text: '\u202Eevil\u202C \u2066x\u2069 اتصلت بالعيادة',
      name: '\u202Erotsac',
      network: 'x',
    }),
    aPost({ id: '3', text: `Z${'\u0337\u0341\u0352'.repeat(200)}algo` }),
    aPost({ id: '4', text: 'x'.repeat(10_000) }),
    aPost({ id: '5', text: '👩‍👩‍👧‍👦'.repeat(40), handle: `@${'h'.repeat(190)}` }),
    aPost({ id: '6', text: 'A short kind word.', at: NOW - 2 * MINUTE }),
  ];

  it.each(sizes)('neither runs nor spills what a post holds, at %s', async (size) => {
    const quote = { text: `“<i>${'q'.repeat(110)}`, cite: '<script>alert(3)</script>', at: NOW - HOUR };
    const { page, complaints } = await show(
      aSnapshot({ mentions: theMentions({ latest: RUDE }), quote }),
      size,
    );
    expect(await textFaults(page, { scrolls: size === '390x844' })).toEqual([]);
    expect(await page.locator('main script, main q img, main i i, main b b').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(complaints).toEqual([]);
    await keepPicture(page, `wall-rude-${size}`);
  });

  it('names the network that is lost where others are not', async () => {
    const lost = { state: 'lost', since: LOST_AT, heardAt: LOST_AT, trouble: null } as const;
    const well = { state: 'live', since: NOW, heardAt: NOW, trouble: null } as const;
    const snapshot = aSnapshot({
      sources: [
        { id: 'fediverse', feeds: ['mentions'], ...lost },
        { id: 'reviews', feeds: ['mentions'], ...well },
      ],
      mentions: theMentions({ feed: 'lost', asOf: LOST_AT }),
    });
    const { page, text } = await show(snapshot);
    expect(await text()).toContain('fediverse not connected. New mentions may be waiting.');
    expect(await textFaults(page, { scrolls: false })).toEqual([]);
  });

  it.each(sizes)('names the source that is lost where others of its kind are not, at %s', async (size) => {
    const lost = { state: 'lost', since: LOST_AT, heardAt: LOST_AT, trouble: null } as const;
    const well = { state: 'live', since: NOW, heardAt: NOW, trouble: null } as const;
    const snapshot = aSnapshot({
      sources: [
        { id: 'front-desk-mail', feeds: ['emails'], ...lost },
        { id: 'billing-mail', feeds: ['emails'], ...well },
        { id: 'pbx', feeds: ['phones'], ...well },
      ],
      emails: theEmails({ live: null }, { feed: 'lost', asOf: LOST_AT }),
    });
    const { page, text } = await show(snapshot, size);
    expect(await text()).toContain('front-desk-mail not connected');
    expect(await page.locator('.promise.is-stale').count()).toBe(1);
    expect(await textFaults(page, { scrolls: size === '390x844' })).toEqual([]);
    await keepPicture(page, `wall-one-lost-${size}`);
  });
});
