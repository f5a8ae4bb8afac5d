import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { aSnapshot, NOW } from '../support/a-snapshot.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { openWallServer, type WallServer } from '../support/wall-server.ts';
import { STATES } from '../support/wall-states.ts';
import { textFaults } from './text-faults.ts';
import { openWall, type WallPage } from './wall-page.ts';

/** Units of the drawing: where a line at 100% lies, and how wide it is drawn. */
const LINE_AT_100 = 8;
const STROKE = 5;

describeInBrowser('the drawing of the wall', () => {
  let browser: Browser;
  let server: WallServer;
  let wall: WallPage;

  beforeAll(async () => {
    browser = await openBrowser();
    server = await openWallServer(await builtClient(), aSnapshot());
    wall = await openWall(browser, server.url, '1920x1080');
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it('keeps posts whole also when their ages grow wider', async () => {
    server.show(aSnapshot({ at: NOW - 30 * MINUTE }));
    await wall.page.getByText('new, 0 s').first().waitFor();
    expect(await textFaults(wall.page, { scrolls: false })).toEqual([]);
  });

  it('has a line at 100% in its full width', async () => {
    server.show(STATES.perfect ?? aSnapshot());
    await wall.page.getByText('274 of 274').waitFor();
    const cutAt = await wall.page
      .locator('.day .step clipPath rect, .day .lw clipPath rect')
      .evaluateAll((all) => all.map((rect) => Number(rect.getAttribute('y'))));
    expect(cutAt).toHaveLength(4);
    expect(Math.max(...cutAt)).toBeLessThanOrEqual(LINE_AT_100 - STROKE / 2);
  });

  it('hides the pointer when it rests', async () => {
    const calm = await openWall(browser, server.url, '1920x1080', { clock: true });
    const pointer = () => calm.page.evaluate(() => getComputedStyle(document.body).cursor);
    await calm.page.mouse.move(300, 300);
    expect(await pointer()).toBe('auto');
    await calm.page.clock.fastForward(5 * SECOND);
    expect(await pointer()).toBe('none');
  });
});
