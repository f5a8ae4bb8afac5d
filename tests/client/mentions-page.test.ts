import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { DESK_NEEDS, send } from '../support/a-desk.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { type DeskPage, type DeskPageNeeds, openDeskPage, widthFaults } from './desk-page.ts';
import { keepPicture } from './wall-page.ts';

let browser: Browser;
let app: AnApp;
let open: DeskPage[] = [];

const desk = async (needs: Partial<DeskPageNeeds> = {}): Promise<DeskPage> => {
  const opened = await openDeskPage(browser, app, { path: '/mentions', ...needs });
  open.push(opened);
  return opened;
};

const post = (id: string, text: string, more: object = {}) => ({
  kind: 'post',
  network: 'mastodon',
  id,
  author: `author-${id}`,
  name: 'Tomas Reyes',
  handle: '@tomas@social.example',
  text,
  type: 'post',
  at: Date.now() - MINUTE,
  seen: Date.now() - MINUTE,
  ...more,
});

describeInBrowser('the page of mentions', () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  beforeEach(async () => {
    app = await anApp({ ...DESK_NEEDS, clock: systemClock, clientDir: await builtClient() });
  });
  afterEach(async () => {
    for (const one of open) await one.close();
    open = [];
    await app[Symbol.asyncDispose]();
  });
  afterAll(() => browser.close());

  const shown = async (): Promise<string[]> =>
    (await app.snapshot()).mentions?.latest.map(({ text }) => text) ?? [];

  it('hides a post from every board, says who did it, and restores it', async () => {
    await send(app, [post('1', 'Too rude for the wall.'), post('2', 'Something kind.')]);
    const { page, complaints } = await desk();
    const row = page.locator('.posts li', { hasText: 'Too rude' });
    await row.getByRole('button', { name: 'Hide' }).click();
    await row.getByText(/Hidden by Ann/).waitFor();
    expect(await shown()).toEqual(['Something kind.']);
    await keepPicture(page, 'mentions-hidden');
    await page.getByRole('button', { name: 'Hidden 1' }).click();
    await row.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('No post is hidden.').waitFor();
    expect(await shown()).toHaveLength(2);
    expect(complaints).toEqual([]);
  });

  it('pins a post to the top of every board, three at most', async () => {
    await send(
      app,
      ['1', '2', '3', '4'].map((id) => post(id, `words of ${id}`, { at: Date.now() - Number(id) * HOUR })),
    );
    const { page } = await desk();
    for (const id of ['4', '3', '2']) {
      const row = page.locator('.posts li', { hasText: `words of ${id}` });
      await row.getByRole('button', { name: 'Pin' }).click();
      await row.getByText(/Pinned by Ann/).waitFor();
    }
    expect((await shown())[0]).toBe('words of 2');
    await page.locator('.posts li', { hasText: 'words of 1' }).getByRole('button', { name: 'Pin' }).click();
    await page.getByText('Unpin one first').waitFor();
    expect(await shown()).toEqual(['words of 2', 'words of 3', 'words of 4', 'words of 1']);
  });

  it('asks for a name once, keeps it in the browser, and sends nothing without', async () => {
    await send(app, [post('1', 'Something kind.')]);
    const { page } = await desk({ name: null });
    await page.getByRole('button', { name: 'Hide' }).click();
    await page.getByText('Say who you are first').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('your-name');
    expect(await shown()).toHaveLength(1);
    await page.keyboard.type('Ben');
    await page.keyboard.press('Enter');
    await page.getByText('You are Ben').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Hide' }).click();
    await page.getByText(/Hidden by Ben/).waitFor();
  });

  it('shows a part of a post as the quote of the day, in its own words and no others', async () => {
    const long = `They picked up at once. ${'And then we talked for a while. '.repeat(6)}`;
    await send(app, [post('1', long)]);
    const { page } = await desk();
    await page.getByRole('button', { name: 'Quote' }).click();
    await page.getByText('characters too many').waitFor();
    expect(await page.getByRole('button', { name: 'Show it as' }).isEnabled()).toBe(false);
    const words = page.getByLabel('The words to show');
    await words.fill('They never picked up.');
    await page.getByRole('button', { name: 'Show it as' }).click();
    await page.getByText('These are not the words of the post').waitFor();
    await words.fill('They picked up at once.');
    await page.getByRole('button', { name: 'Show it as' }).click();
    await page.getByText('Chosen by Ann.').first().waitFor();
    expect((await app.snapshot()).quote).toMatchObject({
      text: 'They picked up at once.',
      cite: 'on Mastodon',
    });
  });

  it('shows what came by phone as it is typed, and takes it down again', async () => {
    const { page } = await desk();
    await page.getByText('None yet today').waitFor();
    await page.getByRole('button', { name: 'Type one' }).click();
    await page.keyboard.type('You rang me back. Nobody ever rings back.');
    await page.keyboard.press('Tab');
    await page.keyboard.type('from a caller in Queens');
    await page.keyboard.press('Enter');
    await page.getByText('Typed by Ann.').first().waitFor();
    expect((await app.snapshot()).quote).toMatchObject({ cite: 'from a caller in Queens' });
    await page.getByRole('button', { name: 'Take it down' }).click();
    await page.getByText('None yet today').waitFor();
    expect((await app.snapshot()).quote).toBeNull();
  });

  it('takes the best fresh praise by itself, and says what for', async () => {
    await send(app, [
      post('1', 'Thank you, you were kind.'),
      post('2', 'So grateful: a kind person answered the phone at once.', { network: 'bluesky' }),
      post('3', 'Thank you for the phone call, kind person!', { network: 'x' }),
    ]);
    const { page } = await desk();
    await page
      .getByText(/Taken by the rule: it praises \(kind, grateful\)/)
      .first()
      .waitFor();
    expect((await app.snapshot()).quote).toMatchObject({ cite: 'on Bluesky' });
    await keepPicture(page, 'mentions-rule');
  });

  it('has no Quote on a post of X, which may not be shown without its author', async () => {
    await send(app, [post('1', 'Something kind.', { network: 'x' })]);
    const { page } = await desk();
    await page.locator('.posts li').waitFor();
    expect(await page.getByRole('button', { name: 'Quote', exact: true }).count()).toBe(0);
  });

  const ODD = [
    ['a script', '<script>alert(1)</script><img src=x onerror=alert(2)>'],
    ['marks that turn the text round', '\u202Eevil\u202C \u2066text\u2069 اتصلت بالعيادة'],
    ['piled-up marks', `Z${'\u0337\u0341\u0352'.repeat(200)}algo`],
    ['10,000 characters without a space', 'x'.repeat(10_000)],
    ['emoji', '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(60)],
    ['line breaks', `${'a\n'.repeat(400)}end`],
  ] as const;

  it.each([
    [1920, 1080],
    [390, 844],
  ])(
    'never runs a post, never fetches from elsewhere and never lets it out of its row, at %i x %i',
    async (width, height) => {
      await send(
        app,
        ODD.map(([, text], i) =>
          post(String(i), text, { name: text.slice(0, 190), handle: `@${'h'.repeat(190)}` }),
        ),
      );
      const { page, complaints } = await desk({ width, height });
      await page
        .locator('.posts li')
        .nth(ODD.length - 1)
        .waitFor();
      expect(await widthFaults(page)).toEqual([]);
      const heights = await page
        .locator('.posts li')
        .evaluateAll((rows) => rows.map((row) => row.clientHeight));
      expect(Math.max(...heights)).toBeLessThan(height);
      expect(await page.locator('.posts script, .posts q img').count()).toBe(0);
      expect(complaints).toEqual([]);
      await keepPicture(page, `mentions-odd-${width}`);
    },
  );

  it('tells of a server that does not answer, and goes on when it does', async () => {
    await send(app, [post('1', 'Something kind.')]);
    const { page } = await desk();
    await page.locator('.posts li').waitFor();
    await page.route('**/api/**', (route) => route.abort());
    await page.getByRole('button', { name: 'Pinned 0' }).click();
    await page.getByText('The server does not answer').waitFor();
    await page.unroute('**/api/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('No post is pinned.').waitFor();
    expect(await page.getByText('The server does not answer').count()).toBe(0);
  });

  it.each([
    ['cut off in the middle', { contentType: 'application/json', body: '{"now":' }],
    ['a page of a proxy between', { contentType: 'text/html', body: '<h1>Welcome</h1>' }],
  ])('takes an answer that is %s for none, and asks again', async (_name, answer) => {
    await send(app, [post('1', 'Something kind.')]);
    const { page, complaints } = await desk();
    await page.locator('.posts li').waitFor();
    await page.route('**/api/**', (route) => route.fulfill({ status: 200, ...answer }));
    await page.getByRole('button', { name: 'Hide' }).click();
    await page.getByText('nobody knows whether this was done').waitFor();
    await page.getByText('The server does not answer').waitFor();
    await page.unroute('**/api/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Hide' }).click();
    await page.getByText(/Hidden by Ann/).waitFor();
    expect(complaints).toEqual([]);
  });

  it('keeps the focus where it was, with the keyboard alone', async () => {
    await send(app, [post('1', 'Something kind.')]);
    const { page } = await desk();
    const focused = () => page.evaluate('document.activeElement.textContent');
    await page.getByRole('button', { name: 'Hide' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(/Hidden by Ann/).waitFor();
    expect(await focused()).toBe('Restore');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Quote', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.locator('textarea').waitFor();
    await page.keyboard.press('Escape');
    expect(await focused()).toBe('Quote');
    await page.getByRole('button', { name: 'Type one' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('textarea').waitFor();
    await page.keyboard.press('Escape');
    expect(await focused()).toBe('Type one');
  });

  it('leads to the sign-in and back', async () => {
    const { page } = await desk({ signedIn: false });
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/sign-in?next=%2Fmentions');
  });

  it.each([
    ['light', 1920, 1080],
    ['dark', 1920, 1080],
    ['light', 390, 844],
    ['dark', 390, 844],
  ] as const)('looks well, %s at %i x %i', async (scheme, width, height) => {
    await send(app, [
      post('1', 'Called, braced for a phone menu. A person said hello after one ring. Thank you!'),
      post('2', 'Emailed at lunch about a referral, had a real answer before my sandwich was gone.', {
        network: 'x',
        name: 'Priya Raman',
        handle: '@priya_raman',
      }),
      post('3', 'Second reschedule this week and no reason given. Could someone look at this?', {
        network: 'bluesky',
        name: 'Oduya',
        handle: '@oduya.sky.example',
        url: 'https://sky.example/1',
      }),
      post('4', 'Is the Court Street office open on Friday?', { network: 'rss', name: '', handle: '' }),
    ]);
    const { page, complaints } = await desk({ dark: scheme === 'dark', width, height });
    await page.locator('.posts li').nth(3).waitFor();
    await page
      .getByText(/Taken by the rule/)
      .first()
      .waitFor();
    expect(await widthFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await keepPicture(page, `mentions-${scheme}-${width}`);
  });
});
