import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { aRule } from '../alerts/a-rule.ts';
import { CONFIGURATION, DESK_NEEDS, passOf } from '../support/a-desk.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { type DeskPage, openDeskPage } from './desk-page.ts';
import { keepPicture } from './wall-page.ts';

const RULE = aRule({
  scope: 'team:help',
  window: { kind: 'rolling', minutes: 240 },
  warning: 60,
  critical: 40,
  minItems: 5,
  forMs: 0,
  clearForMs: 0,
  says: '',
  on: false,
});

let browser: Browser;
let app: AnApp;
let desk: DeskPage | null = null;

async function made(): Promise<string> {
  const { name, value } = await passOf(app);
  const answer = await fetch(`${app.url}/api/alerts/rules`, {
    method: 'POST',
    headers: { cookie: `${name}=${value}`, 'content-type': 'application/json' },
    body: JSON.stringify({ rule: RULE, by: 'Ann' }),
  });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { rule: { id: string } }).rule.id;
}

async function opened(path: string, width = 1440, height = 900): Promise<DeskPage> {
  desk = await openDeskPage(browser, app, { path, width, height });
  return desk;
}

const warningOf = ({ page }: DeskPage) => page.locator('.sent').getByLabel('Warning level', { exact: true });

describeInBrowser('the page of thresholds in trouble', () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  beforeEach(async () => {
    const clientDir = await builtClient();
    app = await anApp({ ...DESK_NEEDS, configuration: CONFIGURATION, clock: systemClock, clientDir });
  }, 120_000);
  afterEach(async () => {
    await desk?.close();
    desk = null;
    await app[Symbol.asyncDispose]();
  });
  afterAll(() => browser.close());

  it('keeps the drawing while the server is away, says so, and asks again by itself', async () => {
    const id = await made();
    const { page } = await opened(`/thresholds?rule=${id}`);
    await page.getByText('Would not have fired in four weeks').waitFor();
    await page.route('**/api/alerts/preview', (route) => route.abort());
    await page.getByRole('slider', { name: 'Warning level' }).press('ArrowDown');
    await page.getByText('The server does not answer. It is asked again.').waitFor();
    expect(await page.locator('.pc').count()).toBe(1);
    await page.unroute('**/api/alerts/preview');
    await page.getByText('The server does not answer. It is asked again.').waitFor({ state: 'detached' });
  });

  it('never shows the past of one metric as that of another', async () => {
    const { page } = await opened('/thresholds?rule=new&metric=firstRing');
    await page.getByText('Would not have fired in four weeks').waitFor();
    await page.route('**/api/alerts/preview', () => undefined);
    await page.getByLabel('What it watches').selectOption('longestWaiting');
    await page.locator('.pc').waitFor({ state: 'detached' });
  });

  it('says so where no past is kept', async () => {
    const { page } = await opened('/thresholds?rule=new&metric=emailsAtRisk');
    await page.getByText('No record is kept of how this stood in the past').waitFor();
  });

  it('keeps what was typed when the session ends in the middle, and while another rule is looked at', async () => {
    const id = await made();
    const here = await opened(`/thresholds?rule=${id}`);
    await warningOf(here).fill('55');
    await here.page.context().clearCookies();
    await here.page.waitForURL(/\/sign-in\?next=/, { timeout: 15_000 });
    await here.page.context().addCookies([{ ...(await passOf(app)), url: app.url }]);
    await here.page.goto(`${app.url}/thresholds?rule=${id}`);
    await here.page.getByText('Not saved yet.').waitFor();
    expect(await warningOf(here).inputValue()).toBe('55%');
    await here.page.locator('.rules a').filter({ hasText: 'Longest wait on hold' }).click();
    await here.page.locator(`.rules a[href="?rule=${id}"]`).click();
    expect(await warningOf(here).inputValue()).toBe('55%');
    await here.page.getByRole('button', { name: 'Discard' }).click();
    await here.page.reload();
    await here.page.getByText('Saved by Ann.').waitFor();
    expect(await warningOf(here).inputValue()).toBe('60%');
  });

  it('does not switch a rule off again that was switched on while it was edited', async () => {
    const id = await made();
    const here = await opened(`/thresholds?rule=${id}`);
    await warningOf(here).fill('55');
    const row = here.page.locator('.rules li').filter({ has: here.page.locator(`a[href="?rule=${id}"]`) });
    await row.getByRole('switch').click();
    await row.getByRole('switch', { checked: true }).waitFor();
    expect(await here.page.getByText('changed this rule meanwhile').count()).toBe(0);
    await here.page.getByRole('button', { name: 'Save rule' }).click();
    await here.page.getByText('Saved.', { exact: true }).waitFor();
    await row.getByText('55%').waitFor();
    expect(await row.getByRole('switch').getAttribute('aria-checked')).toBe('true');
  });

  it('moves a level to its ends with Home and End', async () => {
    const id = await made();
    const { page } = await opened(`/thresholds?rule=${id}`);
    const handle = page.getByRole('slider', { name: 'Critical level' });
    await handle.press('End');
    await expect.poll(() => handle.getAttribute('aria-valuenow')).toBe('59');
    await handle.press('Home');
    await expect
      .poll(
        async () =>
          (await handle.getAttribute('aria-valuenow')) === (await handle.getAttribute('aria-valuemin')),
      )
      .toBe(true);
  });

  it.each([
    [1440, 900],
    [390, 844],
  ])('shows the chosen rule of a thousand at once, at %i x %i', async (width, height) => {
    await made();
    const here = await opened('/thresholds', width, height);
    await here.page.route('**/api/alerts/rules', async (route) => {
      const answer = await route.fetch();
      const all = (await answer.json()) as { rules: { rule: { id: string } }[] };
      const [first] = all.rules;
      if (first === undefined) throw new Error('There is no rule.');
      const rules = Array.from({ length: 1_000 }, (_none, i) => ({
        ...first,
        rule: { ...first.rule, id: `r${i}` },
      }));
      await route.fulfill({ response: answer, json: { ...all, rules } });
    });
    await here.page.goto(`${app.url}/thresholds?rule=r0`);
    await here.page.locator('.rules a[href="?rule=r900"]').click();
    await here.page.locator('.rules a[href="?rule=r900"][aria-current]').waitFor();
    const top = await here.page.locator('.ed h2').evaluate((element) => element.getBoundingClientRect().top);
    await keepPicture(here.page, `thresholds-thousand-${width}`);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThan(height);
    await here.page.reload();
    const row = here.page.locator('.rules a[href="?rule=r900"]');
    await row.waitFor();
    await expect.poll(async () => (await row.boundingBox())?.y ?? -1).toBeLessThan(height);
    expect((await row.boundingBox())?.y ?? -1).toBeGreaterThan(0);
    expect(here.complaints).toEqual([]);
  });
});
