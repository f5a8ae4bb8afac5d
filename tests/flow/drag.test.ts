import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { CONFIGURATION, DESK_NEEDS, passOf, send } from '../support/a-desk.ts';
import { anApp } from '../support/an-app.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';

const MOVES = 60;
/** From the pointer's move until the frame after it is drawn: what a hand does not feel as late. */
const DRAWN_WITHIN_MS = 50;
/** And no single move may hold the page up for longer. */
const WORST_MS = 250;
const CALLS_A_DAY = 200;

/** Four weeks of calls; on some days the phones were slow. */
function weeks(): object[] {
  const now = Date.now();
  return Array.from({ length: 27 * CALLS_A_DAY }, (_none, i) => {
    const day = Math.floor(i / CALLS_A_DAY);
    const at = now - (day + 1) * 24 * HOUR + (i % CALLS_A_DAY) * 3 * MINUTE;
    const pickedAt = at + (i % (day % 4 === 0 ? 2 : 6) === 0 ? 30 : 2) * SECOND;
    const call = `d-${i}`;
    return [
      { kind: 'offered', call, at, queue: 'support' },
      { kind: 'alert', call, at, agent: 'desk-4' },
      { kind: 'pickup', call, at: pickedAt, agent: 'desk-4' },
      { kind: 'end', call, at: pickedAt + 60 * SECOND, why: 'hangup' },
    ];
  }).flat();
}

describeInBrowser('a level that is dragged', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('is drawn with the hand, on four weeks of calls, while the preview is asked for', {
    timeout: 120_000,
  }, async () => {
    const clientDir = await builtClient();
    await using app = await anApp({
      ...DESK_NEEDS,
      configuration: CONFIGURATION,
      clock: systemClock,
      clientDir,
    });
    const facts = weeks();
    for (let from = 0; from < facts.length; from += 8_000) await send(app, facts.slice(from, from + 8_000));
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addCookies([{ ...(await passOf(app)), url: app.url }]);
    const page = await context.newPage();
    await page.goto(`${app.url}/thresholds?rule=new&metric=firstRing`);
    await page.getByLabel('When it watches').selectOption('always');
    await page.getByText(/^Would have fired \d+ times in four weeks$/).waitFor();
    await page.evaluate(`
      window.took = [];
      document.addEventListener('pointermove', () => {
        const at = performance.now();
        requestAnimationFrame(() => requestAnimationFrame(() => window.took.push(performance.now() - at)));
      }, true);
    `);
    const box = await page.getByRole('slider', { name: 'Warning level' }).locator('.shape').boundingBox();
    if (box === null) throw new Error('The handle has no box.');
    const before = await page.locator('.pv h3').innerText();
    await page.mouse.move(box.x + 4, box.y + 8);
    await page.mouse.down();
    for (let step = 1; step <= MOVES; step += 1) await page.mouse.move(box.x + 4, box.y + 8 - step * 2);
    await page.mouse.up();
    await expect.poll(() => page.locator('.pv h3').innerText()).not.toBe(before);
    const took = ((await page.evaluate('window.took')) as number[]).sort((a, b) => a - b);
    expect(took.length).toBeGreaterThan(MOVES / 2);
    expect(took[Math.floor(took.length / 2)]).toBeLessThan(DRAWN_WITHIN_MS);
    expect(took.at(-1)).toBeLessThan(WORST_MS);
    await context.close();
  });
});
