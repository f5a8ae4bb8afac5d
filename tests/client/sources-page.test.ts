import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { CONFIGURATION, DESK_NEEDS, send, TOKEN } from '../support/a-desk.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { type FakeAsterisk, openFakeAsterisk } from '../support/fake-asterisk.ts';
import { recording } from '../support/recording.ts';
import { type DeskPage, type DeskPageNeeds, openDeskPage, widthFaults } from './desk-page.ts';
import { keepPicture } from './wall-page.ts';

let browser: Browser;
let app: AnApp | null = null;
let fake: FakeAsterisk | null = null;
let open: DeskPage[] = [];

const withPhones = (port: number): string =>
  `${CONFIGURATION}  - { id: pbx, kind: asterisk, host: 127.0.0.1, port: ${port}, user: firstring, secret: "\${AMI_SECRET}", default_queue: support }\n`;

async function openApp(): Promise<{ app: AnApp; fake: FakeAsterisk }> {
  fake = await openFakeAsterisk();
  app = await anApp({
    ...DESK_NEEDS,
    configuration: withPhones(fake.port),
    clock: systemClock,
    clientDir: await builtClient(),
  });
  await fake.ready();
  return { app, fake };
}

async function desk(on: AnApp, needs: Partial<DeskPageNeeds> = {}): Promise<DeskPage> {
  const opened = await openDeskPage(browser, on, { path: '/sources', ...needs });
  open.push(opened);
  return opened;
}

const refuseSome = async (on: AnApp): Promise<void> => {
  const bad = [
    { kind: 'alert', call: 'c', at: Date.now() },
    { kind: 'alert', call: 'd', at: Date.now() },
  ];
  await fetch(`${on.url}/api/facts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify([...bad, { kind: 'alert', call: 'e', at: Date.now(), agent: 'a', colour: 'red' }]),
  });
};

describeInBrowser('the page of sources', () => {
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterEach(async () => {
    for (const one of open) await one.close();
    open = [];
    await app?.[Symbol.asyncDispose]();
    await fake?.close();
    app = null;
    fake = null;
  });
  afterAll(() => browser.close());

  it('tells of each source: its state, its last fact, what was counted, left out and refused, and why', async () => {
    const { app: on, fake: pbx } = await openApp();
    await pbx.play(recording('a-direct-2s').connections[0] ?? []);
    await refuseSome(on);
    const { page, complaints } = await desk(on);
    const phones = page.getByRole('region', { name: 'Source pbx' });
    await phones.getByText(/^Live since/).waitFor();
    await phones.getByText('asterisk, phones').waitFor();
    await expect.poll(() => phones.innerText(), { timeout: 15_000 }).toMatch(/[1-9]\d* kept/);
    const sender = page.getByRole('region', { name: 'Source desk' });
    await sender.getByText(/0 kept, 0 said before, 0 conflicts, 3 refused/).waitFor();
    await sender.getByText(/2 × agent is missing/).waitFor();
    await sender.getByText(/1 × colour is not a field of an alert fact/).waitFor();
    await sender.getByText('It sends to us, so there is no connection to test.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('tests a connection while the running link stands, and says what was found', async () => {
    const { app: on, fake: pbx } = await openApp();
    const { page } = await desk(on);
    const phones = page.getByRole('region', { name: 'Source pbx' });
    await phones.getByRole('button', { name: 'Test connection' }).click();
    await phones.getByText(/^Connected in .*let "firstring" in\. It may list calls/).waitFor();
    expect(pbx.logins()).toBe(2);
    await phones.getByText(/^Live since/).waitFor();
  });

  it('names a broken link, what is wrong and what to do, and what a test says of it', async () => {
    const { app: on, fake: pbx } = await openApp();
    await on.until(({ sources }) => sources.some(({ id, state }) => id === 'pbx' && state === 'live'));
    await pbx.close();
    const { page } = await desk(on);
    const phones = page.getByRole('region', { name: 'Source pbx' });
    await phones.getByText(/^Late since .*, silent for \d+ s$/).waitFor();
    await phones.getByRole('button', { name: 'Test connection' }).click();
    await phones
      .getByText(/^Not connected in .*ECONNREFUSED.*Nothing listens there: check host and port/)
      .waitFor();
    await keepPicture(page, 'sources-late');
    fake = null;
  });

  it('lets a TV look, and refuses its test in words', async () => {
    const { app: on } = await openApp();
    const { page } = await desk(on, { signedIn: false, path: '/wall?token=a-token-for-the-television' });
    await page.goto(`${on.url}/sources`);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('This needs the admin password').waitFor();
  });

  it('says what to do about a sender that promised to be heard and is silent', async () => {
    app = await anApp({
      ...DESK_NEEDS,
      configuration: CONFIGURATION.replace('feeds:', 'late_after: 1s, lost_after: 2s, feeds:'),
      clock: systemClock,
      clientDir: await builtClient(),
    });
    await send(app, [{ kind: 'alive', at: Date.now() }]);
    const { page } = await desk(app);
    await page.getByText(/^Lost since/).waitFor();
    await page.getByText(/It promised to be heard and is silent\. See whether the program/).waitFor();
    expect(await page.getByText('No trouble since the start.').count()).toBe(0);
  });

  it('says what to do when nothing is connected', async () => {
    app = await anApp({
      ...DESK_NEEDS,
      configuration: 'site: { name: Acme, zone: UTC }\n',
      clock: systemClock,
      clientDir: await builtClient(),
    });
    const { page } = await desk(app);
    await page.getByText('Nothing is connected yet').waitFor();
  });

  it.each([
    ['light', 1920, 1080],
    ['dark', 1920, 1080],
    ['light', 390, 844],
    ['light', 1024, 768],
  ] as const)('looks well, %s at %i x %i', async (scheme, width, height) => {
    const { app: on, fake: pbx } = await openApp();
    await pbx.play(recording('n-overlap10').connections[0] ?? []);
    await refuseSome(on);
    const { page, complaints } = await desk(on, { dark: scheme === 'dark', width, height });
    const phones = page.getByRole('region', { name: 'Source pbx' });
    await phones.getByRole('button', { name: 'Test connection' }).click();
    await phones.getByText(/^Connected in/).waitFor();
    expect(await widthFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await keepPicture(page, `sources-${scheme}-${width}`);
  });
});
