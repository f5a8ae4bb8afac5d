import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { subscribersAnswer } from '../../shared/wire-reports.ts';
import { DESK_NEEDS, passOf } from '../support/a-desk.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { DOMAIN, describeWithExim, type Exim, openExim, REFUSED } from '../support/exim.ts';
import { type DeskPage, openDeskPage, widthFaults } from './desk-page.ts';
import { keepPicture } from './wall-page.ts';

const BOSS = `boss@${DOMAIN}`;

describeInBrowser('subscribers of the weekly summary, on the trends page', () => {
  let browser: Browser;
  let open: DeskPage[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    for (const one of open) await one.close();
    open = [];
  });
  afterAll(() => browser.close());

  const trends = async (app: AnApp, width = 1440): Promise<DeskPage> => {
    const opened = await openDeskPage(browser, app, { path: '/trends', width });
    open.push(opened);
    return opened;
  };

  it('says what to do where no mail server is named', async () => {
    await using app = await anApp({ ...DESK_NEEDS, clock: systemClock, clientDir: await builtClient() });
    const { page, complaints } = await trends(app);
    await page.getByText('No mail server is named, so no mail is sent').waitFor();
    expect(await page.getByRole('button', { name: 'Add an address' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  describeWithExim('with a mail server', () => {
    let exim: Exim;
    let app: AnApp;
    beforeAll(async () => {
      exim = await openExim();
      app = await anApp({
        ...DESK_NEEDS,
        clock: systemClock,
        clientDir: await builtClient(),
        configuration: `${DESK_NEEDS.configuration}
mail: { host: 127.0.0.1, port: ${exim.port}, from: wall@${DOMAIN}, url: "http://wall.example" }
`,
      });
    });
    afterAll(async () => {
      await app?.[Symbol.asyncDispose]();
      await exim?.[Symbol.asyncDispose]();
    });
    const listed = async () => {
      const { name, value } = await passOf(app);
      const answer = await fetch(`${app.url}/api/reports/subscribers`, {
        headers: { cookie: `${name}=${value}` },
      });
      return subscribersAnswer.parse(await answer.json()).subscribers;
    };

    it('adds an address with the keyboard alone, and sends it one at once', async () => {
      const { page, complaints } = await trends(app);
      const panel = page.getByRole('region', { name: 'Weekly summary by mail' });
      await panel.getByText('Nobody is sent it yet.').waitFor();
      await panel.getByRole('button', { name: 'Add an address' }).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.type(BOSS);
      await page.keyboard.press('Enter');
      await panel.getByText(`${BOSS} is sent the summary from now on.`).waitFor();
      expect(await page.evaluate('document.activeElement.tagName')).toBe('H2');
      expect((await listed()).map(({ address, scope, by, state }) => [address, scope, by, state])).toEqual([
        [BOSS, 'site', 'Ann', 'fresh'],
      ]);
      await panel.getByRole('button', { name: `Send one to ${BOSS} now` }).click();
      await panel.getByText(`Sent to ${BOSS}.`).waitFor();
      const [text = ''] = await exim.deliveredCount(1);
      expect(text).toContain(`To: ${BOSS}`);
      // Without https there is no one click.
      expect(text).not.toContain('List-Unsubscribe-Post');
      expect(await widthFaults(page)).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it('says in words why one was not taken, and removes it only when it was asked twice', async () => {
      const { page } = await trends(app, 720);
      const panel = page.getByRole('region', { name: 'Weekly summary by mail' });
      await panel.getByRole('button', { name: 'Add an address' }).click();
      await panel.getByLabel('Address').fill(REFUSED);
      await panel.getByLabel('About').selectOption({ label: 'Help' });
      await panel.getByRole('button', { name: 'Send it every week' }).click();
      await panel.getByRole('button', { name: `Send one to ${REFUSED} now` }).click();
      await panel.getByText('The mail server refuses this address. It says: 550').waitFor();
      await panel.scrollIntoViewIfNeeded();
      await keepPicture(page, 'subscribers');
      await panel.getByRole('button', { name: 'Close' }).click();
      await panel.getByRole('button', { name: `Remove ${REFUSED}` }).click();
      await panel.getByRole('button', { name: 'Cancel' }).click();
      expect(await listed()).toHaveLength(2);
      await panel.getByRole('button', { name: `Remove ${REFUSED}` }).click();
      await panel.getByRole('button', { name: 'Yes, remove it' }).click();
      await panel.getByText(`${REFUSED} is sent nothing more.`).waitFor();
      expect((await listed()).map(({ address }) => address)).toEqual([BOSS]);
      expect(await widthFaults(page)).toEqual([]);
    });
  });
});
