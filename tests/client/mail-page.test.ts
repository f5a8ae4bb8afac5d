import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { DESK_NEEDS, passOf, send } from '../support/a-desk.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { type DeskPage, type DeskPageNeeds, openDeskPage, widthFaults } from './desk-page.ts';
import { keepPicture } from './wall-page.ts';

let browser: Browser;
let app: AnApp;
let open: DeskPage[] = [];

const desk = async (needs: Partial<DeskPageNeeds> = {}): Promise<DeskPage> => {
  const opened = await openDeskPage(browser, app, { path: '/mail', ...needs });
  open.push(opened);
  return opened;
};

const mail = (id: string, agoMs: number, more: object = {}) => ({
  kind: 'mail_in',
  id: `<${id}@customer.example>`,
  at: Date.now() - agoMs,
  from: `${id}@customer.example`,
  to: ['help@acme.example'],
  ...more,
});

describeInBrowser('the page of mail', () => {
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

  it('waives an email in two steps, and keeps who did it', async () => {
    await send(app, [mail('thanks', 5 * MINUTE)]);
    await app.until(({ emails }) => emails?.live?.open === 1);
    const { page, complaints } = await desk();
    await page.getByRole('heading', { name: '1 waiting, 0 overdue' }).waitFor();
    await page.getByRole('button', { name: 'No reply needed' }).click();
    expect((await app.snapshot()).emails?.live?.open).toBe(1);
    await page.keyboard.press('Enter');
    await page.getByText('Marked: no reply needed.').waitFor();
    await page.getByRole('heading', { name: 'No email is waiting' }).waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H2');
    expect((await app.snapshot()).emails?.live?.open).toBe(0);
    expect(app.stored('emailsWaived')).toEqual({ n: 1, d: 0 });
    await page
      .getByText(/No reply needed, \d\d:\d\d, by Ann, from h-[0-9a-f]{16}@customer\.example/)
      .waitFor();
    expect(complaints).toEqual([]);
  });

  it('takes an email that was overdue out of the promise, and counts the waive as late', async () => {
    await send(app, [mail('late', 2 * HOUR), mail('other', 3 * HOUR)]);
    await app.until(({ emails }) => emails?.live?.overdue === 2);
    const { page } = await desk();
    await page.getByRole('heading', { name: '2 waiting, 2 overdue' }).waitFor();
    await page.getByRole('button', { name: 'No reply needed' }).first().click();
    await page.getByRole('button', { name: 'Yes, no reply needed' }).click();
    await page.getByRole('heading', { name: '1 waiting, 1 overdue' }).waitFor();
    expect((await app.snapshot()).emails?.withinHour.tally).toEqual({ n: 0, d: 1 });
    expect(app.stored('emailsWaivedLate')).toEqual({ n: 1, d: 0 });
  });

  it('takes spam out of the mail that came in', async () => {
    await send(app, [mail('offer', MINUTE), mail('real', 2 * MINUTE)]);
    await app.until(({ emails }) => emails?.received === 2);
    const { page } = await desk();
    const row = page.locator('.mailbox li').last();
    await row.getByRole('button', { name: 'Spam' }).click();
    await page.getByRole('button', { name: 'Yes, it is spam' }).click();
    await page.getByText('Marked as spam.').waitFor();
    await app.until(({ emails }) => emails?.received === 1);
    expect(app.stored('emailsSpam')).toEqual({ n: 1, d: 0 });
  });

  it('marks nothing when the question is closed with Escape, or without a name', async () => {
    await send(app, [mail('thanks', 5 * MINUTE)]);
    const { page } = await desk({ name: null });
    await page.getByRole('button', { name: 'No reply needed' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'No reply needed' }).click();
    await page.getByRole('button', { name: 'Yes, no reply needed' }).click();
    await page.getByText('Say who you are first').waitFor();
    expect((await app.snapshot()).emails?.live?.open).toBe(1);
  });

  it('says so when somebody answered in the meantime', async () => {
    await send(app, [mail('asked', 5 * MINUTE)]);
    const { page } = await desk();
    await page.getByRole('button', { name: 'No reply needed' }).click();
    const answer = {
      kind: 'mail_out',
      id: '<re@acme.example>',
      from: 'help@acme.example',
      to: ['asked@customer.example'],
    };
    await send(app, [{ ...answer, at: Date.now() - 1, refs: ['<asked@customer.example>'] }]);
    await page.getByRole('button', { name: 'Yes, no reply needed' }).click();
    await page.getByText('does not wait for an answer any more').waitFor();
    expect(app.stored('emailsWaived')).toEqual({ n: 0, d: 0 });
  });

  it('is marked once when two people mark it at the same time', async () => {
    await send(app, [mail('thanks', 5 * MINUTE)]);
    await app.until(({ emails }) => emails?.live?.open === 1);
    const { name, value } = await passOf(app);
    const mark = async (kind: string, by: string): Promise<number> => {
      const answer = await fetch(`${app.url}/api/mail`, {
        method: 'POST',
        headers: { cookie: `${name}=${value}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ref: '<thanks@customer.example>', kind, by }),
      });
      return answer.status;
    };
    expect((await Promise.all([mark('waive', 'Ann'), mark('spam', 'Ben')])).sort()).toEqual([200, 404]);
    const read = await fetch(`${app.url}/api/mail`, { headers: { cookie: `${name}=${value}` } });
    expect(((await read.json()) as { marks: unknown[] }).marks).toHaveLength(1);
  });

  it('never names a customer', async () => {
    await send(app, [mail('jane.doe', MINUTE, { from: '"Jane Doe" <jane.doe@customer.example>' })]);
    const { page, text } = await desk();
    await page.locator('.mailbox li').waitFor();
    expect(await text()).not.toMatch(/jane|doe/i);
  });

  it('says that nothing waits', async () => {
    const { page } = await desk();
    await page.getByRole('heading', { name: 'No email is waiting' }).waitFor();
  });

  it.each([
    ['light', 1920, 1080],
    ['dark', 1920, 1080],
    ['light', 390, 844],
  ] as const)('looks well, %s at %i x %i', async (scheme, width, height) => {
    await send(app, [
      mail('a', 3 * HOUR),
      mail('b', 70 * MINUTE),
      mail('c', 20 * MINUTE),
      mail('c2', 10 * MINUTE, { refs: ['<c@customer.example>'] }),
      mail('d', 2 * MINUTE, { to: ['billing@acme.example'] }),
      mail('e', 5 * MINUTE),
      { kind: 'waive', ref: '<e@customer.example>', at: Date.now() - MINUTE, by: 'Ben' },
    ]);
    const { page, complaints } = await desk({ dark: scheme === 'dark', width, height });
    await page.locator('.mailbox li').nth(3).waitFor();
    await page.locator('.mailbox li').first().getByRole('button', { name: 'Spam' }).click();
    expect(await widthFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await keepPicture(page, `mail-${scheme}-${width}`);
  });
});
