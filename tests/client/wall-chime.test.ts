import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Chime, Snapshot } from '../../shared/figure.ts';
import { MINUTE } from '../../shared/time.ts';
import { aSnapshot, NOW } from '../support/a-snapshot.ts';
import { anAlert } from '../support/alert-states.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { openWallServer, type WallServer } from '../support/wall-server.ts';
import { keepPicture } from './wall-page.ts';

const chime: Chime = { path: '/chimes/support', volume: 40, quiet: null };
const calm = (but: Partial<Snapshot> = {}): Snapshot => aSnapshot({ chime, ...but });
const critical = (id: string, but: Partial<Snapshot> = {}): Snapshot =>
  calm({ alerts: [anAlert({ id })], ...but });

/**
 * Notes in the page every tone that its audio element really began, as loud as it was asked for. An element says
 * "playing" anew after each seek and each wait for data, but keeps the promise of each `play` once.
 */
const LISTEN = `
  window.heard = [];
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = async function () {
    const { volume, muted } = this;
    await play.call(this);
    if (volume === 0) return;
    window.heard.push({ volume, muted });
    console.log('it sounds');
  };
  new MutationObserver(() => {
    const note = document.querySelector('.sound')?.textContent ?? 'no note';
    if (note !== window.noted) console.log(window.noted = note);
    const cry = document.querySelector('.cry')?.textContent ?? 'calm';
    if (cry !== window.cried) console.log(window.cried = cry);
  }).observe(document, { subtree: true, childList: true, characterData: true });
`;

let allowing: Browser;
let blocking: Browser;
let server: WallServer;
let context: BrowserContext;

async function openOn(browser: Browser, before = ''): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  await context.addInitScript(before);
  await context.addInitScript(LISTEN);
  const page = await context.newPage();
  await page.goto(`${server.url}/wall`);
  await page.locator('.clock time i').waitFor({ state: 'attached' });
  return page;
}

const heard = (page: Page): Promise<{ volume: number; muted: boolean }[]> => page.evaluate('window.heard');
const cry = (page: Page): Promise<void> => page.getByText('Calls critical since 13:55').first().waitFor();

describeInBrowser('the chime', () => {
  beforeAll(async () => {
    allowing = await openBrowser(['--autoplay-policy=no-user-gesture-required']);
    blocking = await openBrowser();
  }, 120_000);
  beforeEach(async () => {
    server = await openWallServer(await builtClient(), calm());
  });
  afterEach(async () => {
    await context.close();
    await server.close();
  });
  afterAll(async () => {
    await allowing.close();
    await blocking.close();
  });

  it('sounds once for a critical alert, as loud as it is set', async () => {
    const page = await openOn(allowing);
    expect(await heard(page)).toEqual([]);
    server.show(critical('one'));
    await expect.poll(() => heard(page)).toEqual([{ volume: 0.4, muted: false }]);
    expect(await page.locator('.sound').count()).toBe(0);
    server.show(critical('one', { at: NOW + 1_000 }));
    server.show(critical('one', { at: NOW + 2_000 }));
    await page.getByText('14:07:34').first().waitFor();
    expect(await heard(page)).toHaveLength(1);
  });

  it('sounds again for another alert, and once for two that come together', async () => {
    const page = await openOn(allowing);
    server.show(critical('one'));
    await expect.poll(() => heard(page)).toHaveLength(1);
    server.show(calm({ alerts: ['one', 'two', 'three'].map((id) => anAlert({ id })) }));
    await expect.poll(() => heard(page)).toHaveLength(2);
  });

  it('does not sound again when the page is loaded anew, or the line is', async () => {
    const page = await openOn(allowing);
    server.show(critical('one'));
    await expect.poll(() => heard(page)).toHaveLength(1);
    await page.reload();
    await cry(page);
    server.cut();
    server.mend();
    await expect.poll(() => server.boards.length, { timeout: 15_000 }).toBeGreaterThan(2);
    server.show(critical('one', { at: NOW + 60_000 }));
    await page.getByText('14:08:3').first().waitFor();
    expect(await heard(page)).toEqual([]);
  });

  it.each([
    ['keeps rubbish', `localStorage.setItem('first-ring.chimed.' + 'support', '{"')`],
    [
      'forbids to keep anything',
      `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })`,
    ],
  ])('sounds once all the same, and the wall stands, in a browser that %s', async (_what, before) => {
    const page = await openOn(allowing, before);
    server.show(critical('one'));
    await expect.poll(() => heard(page)).toHaveLength(1);
    server.show(critical('one', { at: NOW + 1_000 }));
    await page.getByText('14:07:33').first().waitFor();
    await cry(page);
    expect(await heard(page)).toHaveLength(1);
  });

  it('sounds once for one that came while the line was cut, and not for one that is over by then', async () => {
    const page = await openOn(allowing);
    server.cut();
    server.mend();
    await expect.poll(() => server.boards.length, { timeout: 15_000 }).toBeGreaterThan(1);
    server.show(
      calm({ alerts: [anAlert({ id: 'came' }), anAlert({ id: 'went', recoveredAt: NOW - 1_000 })] }),
    );
    await expect.poll(() => heard(page)).toHaveLength(1);
    await cry(page);
    expect(await heard(page)).toHaveLength(1);
  });

  it('is silent for a warning, for what is acknowledged, for a rule that shall not sound, and when it is over', async () => {
    const page = await openOn(allowing);
    server.show(
      calm({
        alerts: [
          anAlert({ id: 'w', level: 'warning' }),
          anAlert({ id: 'a', acked: { by: 'Ann', at: NOW } }),
          anAlert({ id: 'r', recoveredAt: NOW - 1_000 }),
        ],
      }),
    );
    await page.getByText('Critical since 13:55').first().waitFor();
    server.show(calm({ alerts: [anAlert({ id: 'c', chime: false })] }));
    await cry(page);
    expect(await heard(page)).toEqual([]);
  });

  it('is silent in its quiet hours, which may pass midnight, and does not make up for it', async () => {
    const page = await openOn(allowing);
    // The clock of this board says 14:07.
    server.show(critical('one', { chime: { ...chime, quiet: { from: '22:00', to: '14:08' } } }));
    await cry(page);
    const after = { ...chime, quiet: { from: '22:00', to: '14:07' } };
    server.show(critical('one', { at: NOW + MINUTE, chime: after }));
    await page.getByText('14:08:3').first().waitFor();
    expect(await heard(page)).toEqual([]);
    server.show(critical('two', { at: NOW + MINUTE, chime: after }));
    await expect.poll(() => heard(page)).toHaveLength(1);
  });

  it('has no sound at all on a board without it', async () => {
    const page = await openOn(allowing);
    server.show(critical('one', { chime: null }));
    await cry(page);
    expect(await page.locator('audio').count()).toBe(0);
    expect(await heard(page)).toEqual([]);
  });

  it('says from the start that the browser blocks it, and sounds after one click', async () => {
    context = await blocking.newContext({ viewport: { width: 1920, height: 1080 } });
    await context.addInitScript(LISTEN);
    const page = await context.newPage();
    // Whatever a test asks of a page counts as a gesture there, so until the click the page speaks by itself.
    const said: string[] = [];
    page.on('console', (line) => said.push(line.text()));
    await page.goto(`${server.url}/wall`);
    await expect.poll(() => said).toContain('Sound is blocked: click once');
    server.show(critical('one'));
    await expect.poll(() => said).toContain('Calls critical since 13:55');
    expect(said).not.toContain('it sounds');
    await keepPicture(page, 'chime-blocked');
    const note = page.getByRole('button', { name: 'Sound is blocked: click once' });
    await note.click();
    await expect.poll(() => heard(page)).toHaveLength(1);
    await note.waitFor({ state: 'detached' });
    server.show(critical('two'));
    await expect.poll(() => heard(page)).toHaveLength(2);
  });
});
