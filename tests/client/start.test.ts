import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aSnapshot } from '../support/a-snapshot.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { openWallServer, type WallServer } from '../support/wall-server.ts';

let browser: Browser;
let server: WallServer;

describeInBrowser('the start of a page', () => {
  beforeAll(async () => {
    browser = await openBrowser();
    server = await openWallServer(await builtClient(), aSnapshot());
  });
  afterAll(async () => {
    await server.close();
    await browser.close();
  });

  it('is tried again when a part of it did not come', async () => {
    const page = await (await browser.newContext()).newPage();
    let broken = true;
    let away = 0;
    await page.route(/assets\/wall-[\w-]+\.js$/, (route) => (broken ? route.abort() : route.continue()));
    await page.goto(`${server.url}/wall`);
    // While the server is away nothing is loaded: the browser's own page would stay.
    await page.route(/\/wall$/, async (route) => {
      away += 1;
      await route.abort();
    });
    await expect.poll(() => away, { timeout: 15_000 }).toBe(1);
    broken = false;
    await page.unroute(/\/wall$/);
    await page.getByText('Emails within the hour').first().waitFor();
    await page.context().close();
  });

  it('fetches the wall alone on a TV, and no page for people', async () => {
    const page = await (await browser.newContext()).newPage();
    const asked: string[] = [];
    page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
    await page.goto(`${server.url}/wall`);
    await page.getByText('Emails within the hour').first().waitFor();
    expect(asked.filter((path) => /(sources|mentions|mail)-page/.test(path))).toEqual([]);
    await page.context().close();
  });
});
