import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { DESK_NEEDS, send } from '../support/a-desk.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { type DeskPage, type DeskPageNeeds, openDeskPage } from './desk-page.ts';

let browser: Browser;
let app: AnApp;
let open: DeskPage[] = [];

/** Noon of yesterday in UTC, so that everything is over and lies on one day of London. */
const noon = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR - 12 * HOUR;
const date = new Date(noon).toISOString().slice(0, 10);
const day = `?from=${date}&to=${date}`;

/** Picked up after 2, 5, 8 and 11 seconds of ringing, ten of each. */
const calls = Array.from({ length: 40 }, (_, i) => {
  const call = `call${i}`;
  const at = noon + i * MINUTE;
  return [
    { kind: 'offered', call, at, queue: 'support' },
    { kind: 'alert', call, at, agent: 'Maria' },
    { kind: 'pickup', call, at: at + (2 + 3 * (i % 4)) * SECOND, agent: 'Maria' },
    { kind: 'end', call, at: at + 40 * SECOND, why: 'hangup' },
  ];
}).flat();

const trends = async (search = '', needs: Partial<DeskPageNeeds> = {}): Promise<DeskPage> => {
  const path = `/trends${search}`;
  const opened = await openDeskPage(browser, app, { path, width: 1440, height: 900, ...needs });
  open.push(opened);
  return opened;
};

const callsOn = (page: Page) => page.getByRole('slider', { name: /^Calls on the first ring/ });
const focused = (page: Page) => page.evaluate('document.activeElement.getAttribute("aria-label")');

describeInBrowser('the page of trends and its server', () => {
  beforeAll(async () => {
    browser = await openBrowser();
    app = await anApp({ ...DESK_NEEDS, clock: systemClock, clientDir: await builtClient() });
    await send(app, calls);
  }, 120_000);
  afterEach(async () => {
    const complaints = open.flatMap((one) => one.complaints);
    for (const one of open) await one.close();
    open = [];
    expect(complaints).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await app[Symbol.asyncDispose]();
  });

  it('says what the tallies of the wall hold', async () => {
    const { page, text } = await trends(day);
    await callsOn(page).waitFor();
    expect(app.stored('firstRing')).toEqual({ n: 20, d: 40 });
    expect(await text()).toContain('Calls on the first ring 50% 20 of 40 calls');
    expect(await text()).toContain('Emails within the hour – no emails yet');
    await callsOn(page).focus();
    await page.keyboard.press('Home');
    expect(await callsOn(page).getAttribute('aria-valuetext')).toMatch(
      /50%, 20 of 40 calls, 95% interval 35 to 65%$/,
    );
  });

  it('judges the calls again to the half-second, and changes nothing', async () => {
    const { page } = await trends(day);
    const row = page.getByRole('region', { name: /^Calls on the first ring/ });
    await row.getByRole('button', { name: 'What if' }).click();
    await row.getByRole('spinbutton').fill('8.5');
    await page.keyboard.press('Enter');
    await row
      .getByText('75% instead of 50%, had 8.5 s been allowed: 30 of 40 calls instead of 20.')
      .waitFor();
    await row.getByRole('spinbutton').fill('8');
    await page.keyboard.press('Enter');
    await row.getByText('50% instead of 50%, had 8 s been allowed').waitFor();
    expect(app.stored('firstRing')).toEqual({ n: 20, d: 40 });
  });

  it('leads from a step to its calls, and back to where one was', async () => {
    const { page } = await trends(day);
    await callsOn(page).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const list = page.getByRole('region', { name: 'Calls on the first ring: the calls' });
    await list.waitFor();
    await expect.poll(() => list.locator('tbody tr').count()).toBeGreaterThanOrEqual(40);
    const address = page.url();
    await list.getByRole('button', { name: 'Close' }).click();
    await list.waitFor({ state: 'detached' });
    expect(await focused(page)).toMatch(/^Calls on the first ring/);
    await page.goBack();
    await list.waitFor();
    const other = await trends(new URL(address).search);
    await other.page
      .getByRole('region', { name: 'Calls on the first ring: the calls' })
      .locator('tbody tr')
      .first()
      .waitFor();
  });

  it('keeps what somebody wrote, where it happened, until it is removed', async () => {
    const { page, text } = await trends(day, { name: 'Ann' });
    await page.getByRole('button', { name: 'Add a note' }).click();
    await page.getByLabel('Date').fill(date);
    await page.getByLabel('Time').fill('12:30');
    await page.getByLabel('What happened').fill('Fire drill <b>again</b>');
    await page.keyboard.press('Enter');
    const note = page.getByRole('region', { name: 'Notes' }).getByRole('listitem');
    await note.getByText('Fire drill <b>again</b> Ann').waitFor();
    await callsOn(page).locator('.marks text', { hasText: 'Fire drill' }).waitFor();
    const other = await trends(day, { name: 'Ben' });
    await other.page.getByText('Fire drill <b>again</b> Ann').waitFor();
    await note.getByRole('button', { name: /^Remove/ }).click();
    await note.getByRole('button', { name: 'Yes, remove it' }).click();
    await note.waitFor({ state: 'detached' });
    expect(await text()).not.toContain('Fire drill');
  });

  it('keeps no note of nobody', async () => {
    const { page } = await trends(day, { name: null });
    await page.getByRole('button', { name: 'Add a note' }).click();
    await page.getByLabel('What happened').fill('Fire drill');
    await page.keyboard.press('Enter');
    await page.getByText('Say who you are first').waitFor();
    expect(await page.getByRole('region', { name: 'Notes' }).getByRole('listitem').count()).toBe(0);
  });

  it('is exported as it is shown', async () => {
    const { page } = await trends(`${day}&by=hour&figures=firstRing&against=none`);
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export CSV' }).click(),
    ]);
    expect(csv.suggestedFilename()).toMatch(/\.csv$/);
    const bytes: Buffer[] = [];
    for await (const part of await csv.createReadStream()) bytes.push(part as Buffer);
    const lines = Buffer.concat(bytes).toString('utf8').trim().split('\r\n');
    expect(lines.filter((line) => /,20,40(,|$)/.test(line))).toHaveLength(1);
    const [json] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'JSON' }).click(),
    ]);
    expect(json.suggestedFilename()).toMatch(/\.json$/);
  });

  it('is worked by keys alone', async () => {
    const { page } = await trends(day);
    await callsOn(page).waitFor();
    const tabTo = async (name: RegExp) => {
      for (let i = 0; i < 40; i += 1) {
        await page.keyboard.press('Tab');
        const said = await page.evaluate(
          '(document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent)',
        );
        if (name.test(String(said))) return;
      }
      throw new Error(`Tab never came to ${name}`);
    };
    await tabTo(/^Period/);
    await page.keyboard.press('Enter');
    await tabTo(/^Last 7 days$/);
    await page.keyboard.press('Space');
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).not.toBe(date);
    expect(await focused(page)).toMatch(/^Period/);
    await tabTo(/^Hour$/);
    await page.keyboard.press('Enter');
    await expect.poll(() => callsOn(page).getAttribute('aria-valuemax')).toBe('168');
    await tabTo(/^Calls on the first ring/);
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineWidth');
    expect(outline).toBe('3px');
  });

  it('asks for the password first, and comes back to what was to be seen', async () => {
    const { page } = await trends(`${day}&by=hour`, { signedIn: false });
    const { pathname, searchParams } = new URL(page.url());
    expect(pathname).toBe('/sign-in');
    expect(searchParams.get('next')).toBe(`/trends${day}&by=hour`);
  });
});
