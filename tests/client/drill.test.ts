import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { DESK_NEEDS, send } from '../support/a-desk.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { type DeskPage, type DeskPageNeeds, openDeskPage } from './desk-page.ts';
import { keepPicture } from './wall-page.ts';

let browser: Browser;
let app: AnApp;
let open: DeskPage[] = [];

/** Noon of yesterday in UTC, so that everything is over and lies on one day of London. */
const noon = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR - 12 * HOUR;
const span = { from: String(noon - 2 * HOUR), to: String(noon + 2 * HOUR) };
const listOf = (over: Record<string, string> = {}): string => {
  const words = { kind: 'calls', scope: 'site', figure: 'firstRing', verdict: 'missed', ...span, ...over };
  const said = Object.entries(words).map(([name, value]) => [`drill.${name}`, value] as [string, string]);
  return `/trends?${new URLSearchParams(said)}`;
};

function aCall(call: string, at: number, ringMs: number) {
  return [
    { kind: 'arrived', call, at: at - 4 * SECOND, number: '+44 20 7946 0001' },
    { kind: 'offered', call, at, queue: 'support' },
    { kind: 'alert', call, at: at + SECOND, agent: 'Maria' },
    { kind: 'pickup', call, at: at + SECOND + ringMs, agent: 'Maria' },
    { kind: 'end', call, at: at + 3 * MINUTE, why: 'hangup' },
  ];
}

/** Sixty answered late, a minute apart, five in time, one given up, one at once. */
const calls = [
  ...Array.from({ length: 60 }, (_, i) => aCall(`late${i}`, noon + i * MINUTE, (7 + i) * SECOND)).flat(),
  ...Array.from({ length: 5 }, (_, i) => aCall(`fast${i}`, noon - HOUR + i * MINUTE, 2 * SECOND)).flat(),
  ...['gone', 'short'].flatMap((call, i) => [
    { kind: 'offered', call, at: noon - 90 * MINUTE + i * MINUTE, queue: 'support' },
    { kind: 'alert', call, at: noon - 90 * MINUTE + i * MINUTE + SECOND, agent: 'Maria' },
    { kind: 'end', call, at: noon - 90 * MINUTE + i * MINUTE + (i === 0 ? 40 : 3) * SECOND, why: 'abandon' },
  ]),
];
const mails = ['early', 'tardy', 'never'].flatMap((name, i) => {
  const asked = { kind: 'mail_in', id: `<${name}@cust.example>`, at: noon + i * MINUTE };
  const answer = {
    kind: 'mail_out',
    id: `<re-${name}@acme.example>`,
    at: noon + (i === 0 ? 20 : 95) * MINUTE,
    from: 'maria@acme.example',
    to: [`${name}.person@cust.example`],
    refs: [`<${name}@cust.example>`],
  };
  const mail = { ...asked, from: `Jane Doe <${name}.person@cust.example>`, to: ['help@acme.example'] };
  return i === 2 ? [mail] : [mail, answer];
});

const desk = async (needs: Partial<DeskPageNeeds> = {}): Promise<DeskPage> => {
  const opened = await openDeskPage(browser, app, { path: listOf(), ...needs });
  open.push(opened);
  return opened;
};

describeInBrowser('the list behind a figure', () => {
  beforeAll(async () => {
    browser = await openBrowser();
    app = await anApp({ ...DESK_NEEDS, clock: systemClock, clientDir: await builtClient() });
    await send(app, [...calls, ...mails]);
  }, 120_000);
  afterEach(async () => {
    for (const one of open) await one.close();
    open = [];
  });
  afterAll(async () => {
    await browser.close();
    await app[Symbol.asyncDispose]();
  });

  it('goes from the list to a story and to a cause, which is kept and counted', async () => {
    const { page, complaints, text } = await desk();
    const panel = page.locator('.drill');
    await panel.getByRole('heading', { name: 'Calls on the first ring' }).waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H2');
    const rows = panel.locator('tbody tr[data-verdict]');
    await rows.nth(49).waitFor();
    expect(await rows.count()).toBe(50);
    await panel.getByRole('button', { name: 'Show more' }).click();
    await panel.getByText('61 calls.').waitFor();
    expect(await rows.last().innerText()).toContain('Missed: gave up. Gave up after 40.0 s, unanswered.');

    await rows.last().getByRole('button', { name: 'the story' }).click();
    const story = page.getByRole('region', { name: 'The story of the call' });
    await story.getByText('The caller hung up before anybody answered.').waitFor();
    expect(await story.locator('ol li').count()).toBe(3);
    expect(await text()).not.toMatch(/maria|7946/i);
    expect(page.url()).toContain('drill.story=');
    await page.goBack();
    await story.waitFor({ state: 'detached' });

    await rows.last().getByRole('button', { name: 'Add a cause' }).click();
    await page.keyboard.type('Carrier trunk down');
    await rows.first().getByRole('checkbox').check();
    await panel.getByText('2 calls chosen').waitFor();
    await panel.getByRole('button', { name: 'Keep the cause' }).click();
    await panel.getByText('Kept for 2 calls: Carrier trunk down').waitFor();
    expect(await rows.last().locator('.cause').innerText()).toBe('Carrier trunk down');
    expect(await rows.first().locator('.cause').innerText()).toBe('Carrier trunk down');
    expect(await rows.nth(1).locator('.cause').innerText()).toBe('Add a cause');
    await page.locator('.causes').getByText('Carrier trunk down').waitFor();

    await rows.first().getByRole('checkbox').check();
    expect(await panel.locator('datalist option').getAttribute('value')).toBe('Carrier trunk down');
    await panel.getByRole('button', { name: 'Take the cause away' }).click();
    await panel.getByText('Taken away from 1 call.').waitFor();
    await rows.first().getByRole('button', { name: 'the story' }).click();
    await story.getByText('Taken away').waitFor();
    expect(await story.innerText()).toContain('“Carrier trunk down”, Ann');
    expect(complaints).toEqual([]);
  });

  it('filters, sorts and closes, and its address holds all of it', async () => {
    const { page, complaints } = await desk();
    const panel = page.locator('.drill');
    const rows = panel.locator('tbody tr[data-verdict]');
    await rows.first().waitFor();
    const firstRing = rows.first().locator('td[data-name="Ring"]');
    await panel.getByRole('button', { name: 'Ring' }).click();
    await page.waitForURL(/drill\.sort=ring/);
    expect(await panel.getByRole('columnheader', { name: 'Ring' }).getAttribute('aria-sort')).toBe(
      'descending',
    );
    await firstRing.filter({ hasText: /^1:06$/ }).waitFor();
    await panel.getByRole('button', { name: 'Ring' }).click();
    await firstRing.filter({ hasText: /^7\.0 s$/ }).waitFor();
    await panel.getByRole('button', { name: 'And left out' }).click();
    await panel.getByText('50 calls so far.').waitFor();
    await panel.getByRole('button', { name: 'Show more' }).click();
    await panel.getByText('67 calls.').waitFor();
    await panel.getByText('Gave up after 3.0 s: a short abandon, left out.').waitFor();
    await page.reload();
    await panel.getByText('50 calls so far.').waitFor();
    await panel.getByRole('button', { name: 'Met', exact: true }).click();
    await panel.getByText('5 calls.').waitFor();
    await panel.getByRole('button', { name: 'Close' }).click();
    await panel.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).not.toContain('drill');
    await page.goBack();
    await panel.getByText('5 calls.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('lists emails with the time they took, and nobody’s name or address', async () => {
    const path = listOf({ kind: 'emails', scope: 'queue:inbox', figure: 'emailsWithinHour', verdict: 'all' });
    const { page, text, complaints } = await desk({ path });
    await page.getByText('Answered 1 h 34 min of open time after it arrived; 60 min are allowed.').waitFor();
    await page.getByText('Not answered when the 60 min of open time allowed were over.').waitFor();
    expect(await text()).toMatch(/h-[\da-f]{16}@cust\.example/);
    expect(await text()).not.toMatch(/jane|doe|person|maria/i);
    expect(complaints).toEqual([]);
  });

  it('says when there is nothing, and when the address asks for what makes no sense', async () => {
    const { page } = await desk({ path: listOf({ from: '1000000000000', to: '1000000900000' }) });
    await page.getByText('No such calls here.').waitFor();
    const wrong = await desk({ path: listOf({ figure: 'emailsWithinHour' }) });
    await wrong.page
      .getByRole('alert')
      .getByText('figure: emailsWithinHour counts emails, not calls.')
      .waitFor();
  });

  it('keeps nothing without a name', async () => {
    const { page } = await desk({ name: null });
    await page.locator('.drill tbody').getByRole('checkbox').first().check();
    await page.getByRole('combobox', { name: 'Cause' }).fill('Four at lunch');
    await page.keyboard.press('Enter');
    await page.getByText('Say who you are first').waitFor();
    expect(await page.locator('.drill').getByText('Four at lunch').count()).toBe(0);
  });

  it.each([
    ['light', 1440, 900],
    ['dark', 1440, 900],
    ['light', 390, 844],
  ] as const)('looks well, %s at %i x %i', async (scheme, width, height) => {
    const { page, complaints } = await desk({ dark: scheme === 'dark', width, height });
    const panel = page.locator('.drill');
    const rows = panel.locator('tbody tr[data-verdict]');
    await rows.nth(3).waitFor();
    await rows.nth(1).getByRole('checkbox').check();
    await rows.nth(2).getByRole('button', { name: 'the story' }).click();
    await page.getByRole('region', { name: 'The story of the call' }).locator('li').first().waitFor();
    expect(await faultsIn(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await panel.scrollIntoViewIfNeeded();
    await page.evaluate("document.querySelector('.drill').scrollIntoView()");
    await keepPicture(page, `drill-${scheme}-${width}`);
  });
});

/** Does anything of the list leave the screen? What only screen readers read has no place on it. */
async function faultsIn(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.drill *:not(.sr)')]
      .filter((element) => {
        const { width, left, right } = element.getBoundingClientRect();
        return width > 0 && (right > window.innerWidth + 1 || left < -1);
      })
      .map((element) => `${element.tagName} "${(element.textContent ?? '').slice(0, 40)}"`),
  );
}
