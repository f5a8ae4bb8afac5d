import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { SECOND } from '../../shared/time.ts';
import { DESK_NEEDS, send } from '../support/a-desk.ts';
import { type AnApp, anApp, TV_TOKEN } from '../support/an-app.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { type DeskPage, openDeskPage } from './desk-page.ts';
import { keepPicture } from './wall-page.ts';

const CONFIGURATION = `
site: { name: Acme, zone: Europe/London, country: us, domains: [acme.example], hours: always }
teams:
  - id: help
    name: Help
    queues:
      - { id: support, kind: calls }
      - { id: inbox, kind: mailbox, addresses: [help@acme.example] }
boards: [{ id: help, name: Help, show: "team:help", chime: true }]
sources:
  - { id: desk, kind: http, token: "\${DESK_TOKEN}", feeds: [phones, emails] }
`;

/** Notes in the page when it cried, and every time that its audio element really starts, and can be heard. */
const LISTEN = `
  window.heard = 0;
  new MutationObserver(() => {
    if (document.querySelector('.head.is-crit') !== null) window.criedAt ??= Date.now();
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = async function () {
    const { volume, muted } = this;
    await play.call(this);
    if (volume > 0 && !muted) window.heard += 1;
  };
`;

let browser: Browser;
let app: AnApp;
const open: { close: () => Promise<void> }[] = [];
let calls = 0;

/** Calls that were answered, on the first ring or after half a minute of ringing. */
function answered(count: number, onFirstRing: boolean): object[] {
  return Array.from({ length: count }, () => {
    calls += 1;
    const call = `c-${calls}`;
    const offeredAt = Date.now() - 60 * SECOND;
    const pickedAt = offeredAt + (onFirstRing ? 2 : 30) * SECOND;
    return [
      { kind: 'offered', call, at: offeredAt, queue: 'support' },
      { kind: 'alert', call, at: offeredAt, agent: 'desk-4' },
      { kind: 'pickup', call, at: pickedAt, agent: 'desk-4' },
      { kind: 'bridged', call, at: pickedAt + 100, agent: 'desk-4' },
      { kind: 'end', call, at: pickedAt + 5 * SECOND, why: 'hangup' },
    ];
  }).flat();
}

const desk = async (path: string, more: object = {}): Promise<DeskPage> => {
  const opened = await openDeskPage(browser, app, { path, width: 1440, height: 900, ...more });
  open.push(opened);
  return opened;
};

/** A wall on a TV, with the TV's token. */
async function openTv(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  open.push(context);
  await context.addInitScript(LISTEN);
  const page = await context.newPage();
  await page.goto(`${app.url}/wall?token=${TV_TOKEN}`);
  await page.locator('.clock time i').waitFor({ state: 'attached' });
  return page;
}

/** Types over a word of the sentence. */
async function fill(page: Page, label: string, text: string): Promise<void> {
  const field = page.locator('.sent').getByLabel(label, { exact: true });
  await field.fill(text);
  await field.blur();
}

async function makeRule(
  page: Page,
  metric: string,
  critical: string,
  says: string,
  channel: string | null = null,
): Promise<void> {
  await page.getByRole('button', { name: 'New rule' }).click();
  await page.getByLabel('What it watches').selectOption({ label: metric });
  await fill(page, 'Warning level', 'never');
  await fill(page, 'Critical level', critical);
  await fill(page, 'Held for', '0');
  await fill(page, 'Recovered for', '0');
  await fill(page, 'Margin of recovery', '0');
  const sample = page.getByLabel(/^At least so many/);
  if ((await sample.count()) > 0) {
    await sample.fill('5');
    await sample.blur();
  }
  await page.getByLabel('The wall says').fill(says);
  if (channel !== null) await page.getByRole('checkbox', { name: channel }).check();
  await page.getByRole('button', { name: 'Save rule' }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
}

describeInBrowser('an alert from rule to recovery', () => {
  beforeAll(async () => {
    browser = await openBrowser(['--autoplay-policy=no-user-gesture-required']);
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

  it('is made, breached, seen, heard, acknowledged in the hand, and over', async () => {
    const lead = await desk('/thresholds');
    await makeRule(lead.page, 'Calls on the first ring', '80%', 'If you are free, pick up.');
    await keepPicture(lead.page, 'story-rule');
    const tv = await openTv();
    await send(app, answered(10, true));
    await tv.getByText('10 of 10').waitFor();
    expect(await tv.locator('.is-crit').count()).toBe(0);

    await send(app, answered(9, false));
    const keptAt = Date.now();
    await tv
      .locator('.head.is-crit')
      .getByText(/Calls critical since \d\d:\d\d/)
      .waitFor();
    expect(((await tv.evaluate('window.criedAt')) as number) - keptAt).toBeLessThan(SECOND);
    await tv.locator('.promise.is-crit').getByText('Limit 80%').waitFor();
    await tv.getByText('10 of 19 calls').waitFor();
    await tv.getByText('If you are free, pick up.', { exact: true }).waitFor();
    await expect.poll(() => tv.evaluate('window.heard')).toBe(1);
    await keepPicture(tv, 'story-critical');
    await tv.reload();
    await tv.locator('.head.is-crit').waitFor();
    expect(await tv.evaluate('window.heard')).toBe(0);

    const phone = await desk('/wall', { width: 390, height: 844 });
    await phone.page.getByRole('button', { name: 'Acknowledge' }).click();
    await phone.page.getByText('Acknowledged by Ann.', { exact: true }).waitFor();
    await tv
      .locator('.promise.is-acked')
      .getByText(/Critical since \d\d:\d\d/)
      .waitFor();
    expect(await tv.locator('.head.is-crit').count()).toBe(0);
    await keepPicture(phone.page, 'story-phone');

    await send(app, answered(60, true));
    await tv
      .locator('.change.back')
      .getByText(/^Back above 80% at \d\d:\d\d$/)
      .waitFor();
    expect(await tv.locator('.is-crit, .is-acked').count()).toBe(0);
    expect(await tv.evaluate('window.heard')).toBe(0);

    await lead.page.getByRole('button', { name: 'Alerts', exact: true }).click();
    await lead.page.getByText('Nothing fires now').waitFor();
    const row = lead.page.locator('.history tbody tr');
    await row.getByText(/after \d+ s, Ann/).waitFor();
    expect(lead.complaints).toEqual([]);
    expect(phone.complaints).toEqual([]);
  });

  it('asks somebody without the pass to sign in, and lets them acknowledge then', async () => {
    const lead = await desk('/thresholds');
    await makeRule(lead.page, 'Calls on the first ring', '80%', '');
    await send(app, answered(9, false));
    await app.until(({ alerts }) => alerts.length === 1);
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    open.push(context);
    const page = await context.newPage();
    await page.goto(`${app.url}/wall?token=${TV_TOKEN}`);
    await page.locator('.alarm.is-crit').waitFor();
    expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Sign in to acknowledge' }).click();
    await page.getByLabel(/password/i).fill(DESK_NEEDS.adminPassword);
    await page.getByRole('button', { name: /sign in/i }).click();
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Say who you are first').waitFor();
    await page.getByLabel(/your name/i).fill('Ben');
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Acknowledged by Ben.', { exact: true }).waitFor();
    expect((await app.snapshot()).alerts[0]?.acked?.by).toBe('Ben');
  });

  it('names the oldest of two that are critical at once, and each keeps its plane', async () => {
    const lead = await desk('/thresholds');
    await makeRule(lead.page, 'Emails overdue', '0', 'To the inbox, please.');
    await makeRule(lead.page, 'Calls on the first ring', '80%', 'If you are free, pick up.');
    const tv = await openTv();
    const mail = { kind: 'mail_in', id: '<late@customer.example>', from: 'jo@customer.example' };
    await send(app, [{ ...mail, at: Date.now() - 7_200_000, to: ['help@acme.example'] }]);
    await tv.locator('.cell.is-crit').waitFor();
    await app.until(({ alerts }) => alerts.length === 1);
    await send(app, answered(9, false));
    await tv.locator('.promise.is-crit').waitFor();
    expect(await tv.locator('.cell.is-crit').count()).toBe(1);
    await tv
      .locator('.head.is-crit')
      .getByText(/Emails critical since/)
      .waitFor();
    await tv.getByText('To the inbox, please.', { exact: true }).waitFor();
    await keepPicture(tv, 'story-two');
    await lead.page.getByRole('button', { name: 'Alerts', exact: true }).click();
    await lead.page.getByRole('button', { name: 'Snooze' }).first().press('Enter');
    await lead.page.keyboard.type('Lunch');
    await lead.page.keyboard.press('Enter');
    await lead.page.getByText(/snoozed until/).waitFor();
    const phone = await desk('/wall', { width: 390, height: 844 });
    await phone.page.getByRole('button', { name: 'Snooze' }).first().press('Enter');
    await phone.page.keyboard.press('Tab');
    await phone.page.keyboard.type('At the door');
    await phone.page.keyboard.press('Enter');
    await lead.page
      .getByText(/snoozed until/)
      .nth(1)
      .waitFor();
  });

  it('is told on a channel, and what is refused for good is listed, told again or dropped', async () => {
    let answer = 200;
    const got: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => {
        body += part.toString();
      });
      request.on('end', () => {
        got.push(body);
        response.writeHead(answer).end();
      });
    });
    await new Promise<void>((listening) => {
      server.listen(0, '127.0.0.1', listening);
    });
    const { port } = server.address() as AddressInfo;
    await app[Symbol.asyncDispose]();
    const configuration = `${CONFIGURATION}
channels:
  - { id: desk-bell, kind: webhook, name: Desk bell, url: "http://127.0.0.1:${port}/bell", secrets: ["\${BELL}"] }
outgoing: { allow_private: [127.0.0.1], allow_http: [127.0.0.1] }
`;
    const BELL = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const env = { ...DESK_NEEDS.env, BELL };
    const clientDir = await builtClient();
    app = await anApp({ ...DESK_NEEDS, configuration, env, clock: systemClock, clientDir });

    const { page, complaints } = await desk('/thresholds?show=channels');
    await page.getByText('Nothing was told yet').waitFor();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText(/^Taken in /).waitFor();
    expect(got).toHaveLength(1);
    await page.getByText('Everything was told').waitFor();

    answer = 422;
    await page.getByRole('button', { name: 'Rules', exact: true }).click();
    await makeRule(page, 'Calls on the first ring', '80%', '', 'Desk bell');
    await send(app, answered(9, false));
    await page.getByRole('button', { name: 'Channels', exact: true }).click();
    const lost = page.getByRole('region', { name: 'Not told' });
    // Alerts of a team are gathered for half a minute before anybody is written to.
    await lost.getByText('1 could not be told').waitFor({ timeout: 60_000 });
    expect(got).toHaveLength(2);
    await lost.getByText(/To Desk bell: fired, 0%.* after one try/).waitFor();
    await keepPicture(page, 'story-undelivered');
    answer = 200;
    await lost.getByRole('button', { name: 'Tell it again' }).click();
    await lost.getByText('Everything was told').waitFor({ timeout: 30_000 });
    await expect.poll(() => got.length).toBe(3);
    expect(complaints).toEqual([]);
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }, 150_000);
});
