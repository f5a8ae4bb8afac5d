import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { aRule } from '../alerts/a-rule.ts';
import { CONFIGURATION, DESK_NEEDS, passOf, send } from '../support/a-desk.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { type DeskPage, type DeskPageNeeds, openDeskPage, widthFaults } from './desk-page.ts';
import { keepPicture } from './wall-page.ts';

const DAYS = 21;

let browser: Browser;
let app: AnApp;
let open: DeskPage[] = [];

const desk = async (needs: Partial<DeskPageNeeds> = {}): Promise<DeskPage> => {
  const opened = await openDeskPage(browser, app, {
    path: '/thresholds',
    width: 1440,
    height: 900,
    ...needs,
  });
  open.push(opened);
  return opened;
};

/** Three weeks in which seven of ten calls are answered on the first ring, and one afternoon in which none is. */
function weeks(): object[] {
  const now = Date.now();
  return Array.from({ length: DAYS }, (_none, day) =>
    Array.from({ length: 24 }, (_hour, slot) => {
      const at = now - (day + 1) * 24 * HOUR + slot * 20 * MINUTE;
      const call = `w-${day}-${slot}`;
      const late = day === 3 ? slot > 8 : slot % 10 > 6;
      const pickedAt = at + (late ? 30 : 2) * SECOND;
      return [
        { kind: 'offered', call, at, queue: 'support' },
        { kind: 'alert', call, at, agent: 'desk-4' },
        { kind: 'pickup', call, at: pickedAt, agent: 'desk-4' },
        { kind: 'bridged', call, at: pickedAt + 100, agent: 'desk-4' },
        { kind: 'end', call, at: pickedAt + 60 * SECOND, why: 'hangup' },
      ];
    }).flat(),
  ).flat();
}

const api = async (path: string, command: object): Promise<Response> => {
  const { name, value } = await passOf(app);
  return fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { cookie: `${name}=${value}`, 'content-type': 'application/json' },
    body: JSON.stringify(command),
  });
};

const firstRing = aRule({
  scope: 'team:help',
  window: { kind: 'rolling', minutes: 240 },
  warning: 60,
  critical: 40,
  minItems: 5,
  forMs: 0,
  clearForMs: 0,
});

/** Makes a rule of calls on the first ring; its id. */
async function made(but: object = {}): Promise<string> {
  const answer = await api('/api/alerts/rules', { rule: { ...firstRing, ...but }, by: 'Ann' });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { rule: { id: string } }).rule.id;
}

describeInBrowser('the page of thresholds', () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  beforeEach(async () => {
    const clientDir = await builtClient();
    app = await anApp({ ...DESK_NEEDS, configuration: CONFIGURATION, clock: systemClock, clientDir });
  }, 120_000);
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    await app[Symbol.asyncDispose]();
  });
  afterAll(() => browser.close());

  it('has the usual rules ready, off, and switches one on with one click', async () => {
    const { page, complaints } = await desk();
    const row = page.locator('.rules li').filter({ hasText: 'Calls on the first ring' }).first();
    expect(await page.locator('.rules li:not(.off)').count()).toBe(0);
    await row.getByRole('switch').click();
    await page.getByText('Switched on.').waitFor();
    await row.getByRole('switch', { checked: true }).waitFor();
    await page.getByRole('button', { name: 'Changes' }).click();
    await page.getByText(/Switched on by Ann/).waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows what a rule would have done, and follows a drag with one question at a time', async () => {
    await send(app, weeks());
    const id = await made();
    const { page, complaints } = await desk({ path: `/thresholds?rule=${id}` });
    await page.getByText(/^Would have fired .* in four weeks$/).waitFor();
    expect(await page.locator('.pc .step').getAttribute('d')).toMatch(/^M.*H.*V/);
    let asking = 0;
    let most = 0;
    let asked = 0;
    page.on('request', (request) => {
      if (!request.url().endsWith('/preview')) return;
      asked += 1;
      asking += 1;
      most = Math.max(most, asking);
    });
    const ended = (request: { url(): string }) => {
      if (request.url().endsWith('/preview')) asking -= 1;
    };
    page.on('requestfinished', ended);
    page.on('requestfailed', ended);

    const handle = page.getByRole('slider', { name: 'Critical level' });
    const box = await handle.locator('.shape').boundingBox();
    if (box === null) throw new Error('The handle has no box.');
    await page.mouse.move(box.x + 4, box.y + 8);
    await page.mouse.down();
    for (let step = 1; step <= 30; step += 1) await page.mouse.move(box.x + 4, box.y + 8 + step);
    await page.mouse.up();
    const level = Number(await handle.getAttribute('aria-valuenow'));
    expect(level).toBeLessThan(40);
    expect(await page.locator('.sent').getByLabel('Critical level', { exact: true }).inputValue()).toBe(
      `${level}%`,
    );
    await expect.poll(() => asking).toBe(0);
    expect(most).toBe(1);
    expect(asked).toBeGreaterThan(1);
    expect(complaints).toEqual([]);
  });

  it('moves a level with the keyboard, in its field and on its handle, and says at once what is wrong', async () => {
    const id = await made();
    const { page } = await desk({ path: `/thresholds?rule=${id}` });
    const field = page.locator('.sent').getByLabel('Warning level', { exact: true });
    await field.press('ArrowUp');
    await expect.poll(() => field.inputValue()).toBe('61%');
    await page.getByRole('slider', { name: 'Warning level' }).press('ArrowDown');
    await page.getByRole('slider', { name: 'Warning level' }).press('ArrowDown');
    await expect.poll(() => field.inputValue()).toBe('59%');
    await field.fill('30');
    await page.getByText('The critical level must be lower than the warning level.').waitFor();
    expect(await page.getByRole('button', { name: 'Save rule' }).getAttribute('aria-disabled')).toBe('true');
  });

  it('keeps who changed a rule, and undoes it', async () => {
    const id = await made();
    const { page, complaints } = await desk({ path: `/thresholds?rule=${id}` });
    const field = page.locator('.sent').getByLabel('Warning level', { exact: true });
    await field.fill('72');
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.getByText('Saved.', { exact: true }).waitFor();
    await page.getByText('Saved by Ann.').waitFor();
    await page.getByRole('button', { name: 'Changes' }).click();
    const change = page.locator('.changes li').filter({ hasText: 'Changed by Ann' });
    await change.getByText(/Was: .* below 60%/).waitFor();
    await change.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(/Undone by Ann/).waitFor();
    await page.getByRole('button', { name: 'Rules', exact: true }).click();
    await page.locator(`.rules a[href="?rule=${id}"]`).getByText('60%').waitFor();
    await page.goBack();
    await page.getByText(/Undone by Ann/).waitFor();
    const changes = page.locator('.changes li');
    await changes
      .filter({ hasText: /^Made by Ann/ })
      .getByRole('button', { name: 'Undo' })
      .click();
    await changes.first().getByText('There is no such rule any more.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('says so when somebody else was faster, and loses nothing that was typed', async () => {
    const id = await made();
    const { page } = await desk({ path: `/thresholds?rule=${id}` });
    const field = page.locator('.sent').getByLabel('Warning level', { exact: true });
    await field.fill('72');
    const other = await api(`/api/alerts/rules/${id}`, {
      rule: { ...firstRing, warning: 65 },
      version: 1,
      by: 'Ben',
    });
    expect(other.status).toBe(200);
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.getByText('Ben changed this rule meanwhile.').waitFor();
    expect(await field.inputValue()).toBe('72%');
    await page.getByRole('button', { name: 'Take theirs' }).click();
    expect(await field.inputValue()).toBe('65%');
    await field.fill('72');
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.getByText('Saved.', { exact: true }).waitFor();
    await page.getByText('Saved by Ann.').waitFor();
    expect(await field.inputValue()).toBe('72%');
  });

  it('saves nothing without a name', async () => {
    const id = await made();
    const { page } = await desk({ path: `/thresholds?rule=${id}`, name: null });
    await page.locator('.sent').getByLabel('Warning level', { exact: true }).fill('72');
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page.getByText('Say who you are first').waitFor();
    const { name, value } = await passOf(app);
    const answer = await fetch(`${app.url}/api/alerts/rules`, { headers: { cookie: `${name}=${value}` } });
    const { rules } = (await answer.json()) as { rules: { rule: { id: string; warning: number } }[] };
    expect(rules.find(({ rule }) => rule.id === id)?.rule.warning).toBe(60);
  });

  it('deletes a rule when asked twice, and undo brings it back', async () => {
    const id = await made();
    const { page } = await desk({ path: `/thresholds?rule=${id}` });
    await page.getByRole('button', { name: 'Delete rule' }).click();
    await page.getByRole('button', { name: 'Yes, delete it' }).click();
    await page.getByText('Deleted.').waitFor();
    expect(await page.locator(`.rules a[href="?rule=${id}"]`).count()).toBe(0);
    await page.getByRole('button', { name: 'Changes' }).click();
    await page
      .locator('.changes li')
      .filter({ hasText: 'Deleted by Ann' })
      .getByRole('button', { name: 'Undo' })
      .click();
    await page.getByText(/Undone by Ann/).waitFor();
    await page.getByRole('button', { name: 'Rules', exact: true }).click();
    await page.locator('.rules li:not(.off)').filter({ hasText: '60%' }).waitFor();
  });

  it('silences a team with a reason, and ends it', async () => {
    const { page, complaints } = await desk({ path: '/thresholds?show=alerts' });
    await page.getByLabel('What to silence').selectOption({ label: 'All of Help' });
    await page.getByLabel('Why it is silenced').fill('Fire drill');
    await page.getByRole('button', { name: 'Silence', exact: true }).click();
    const row = page.locator('.silences li');
    await row.getByText(/All of Help until .*: Fire drill/).waitFor();
    await row.getByRole('button', { name: 'End it' }).click();
    await row.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  it.each([
    ['light', 1440, 900],
    ['dark', 1440, 900],
    ['light', 390, 844],
    ['dark', 390, 844],
  ] as const)('looks well, %s at %i x %i', async (scheme, width, height) => {
    await send(app, weeks());
    const id = await made();
    const needs = { dark: scheme === 'dark', width, height };
    for (const [name, path] of [
      ['rule', `?rule=${id}`],
      ['new', '?rule=new&metric=longestWaiting'],
      ['alerts', '?show=alerts'],
      ['changes', '?show=changes'],
      ['channels', '?show=channels'],
    ] as const) {
      const { page, complaints, close } = await desk({ ...needs, path: `/thresholds${path}` });
      if (name === 'rule') await page.getByText(/^Would have fired/).waitFor();
      else await page.locator('.row h2, .sent').first().waitFor();
      expect.soft(await widthFaults(page), name).toEqual([]);
      expect.soft(complaints, name).toEqual([]);
      await keepPicture(page, `thresholds-${name}-${scheme}-${width}`);
      await close();
      open = [];
    }
  });
});
