import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHART_HEIGHT, CHART_WIDTH } from '../../server/report/chart-svg.ts';
import { LOOK_EVERY_MS } from '../../server/report/weekly.ts';
import { SECOND } from '../../shared/time.ts';
import { type SubscribersAnswer, subscribersAnswer } from '../../shared/wire-reports.ts';
import { DESK_NEEDS, passOf, send } from '../support/a-desk.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import { builtClient } from '../support/built-client.ts';
import { certificateIn } from '../support/certificate.ts';
import {
  DOMAIN,
  describeWithExim,
  type Exim,
  openExim,
  PUT_OFF,
  REFUSED,
  SMTP_PASSWORD,
  SMTP_USER,
} from '../support/exim.ts';
import { leaves, type Part, readMime } from '../support/mime.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

/** Monday at seven in London. */
const DUE = Date.parse('2026-11-16T07:00:00Z');
const BOSS = `boss@${DOMAIN}`;

/** A call on Wednesday that was picked up so many ms after its first ring. */
const call = (i: number, ringMs: number): object[] => {
  const at = Date.parse('2026-11-11T10:00:00Z') + i * 60 * SECOND;
  const told = (kind: string, ms: number, more: object = {}) => ({
    kind,
    call: `c${i}`,
    at: new Date(at + ms).toISOString(),
    ...more,
  });
  return [
    told('offered', 0, { queue: 'support' }),
    told('alert', 1_000, { leg: 'l', agent: 'desk-secret' }),
    told('pickup', 1_000 + ringMs, { leg: 'l', agent: 'desk-secret' }),
    told('bridged', 1_200 + ringMs, { leg: 'l', agent: 'desk-secret' }),
    told('end', 90_000, { why: 'hangup' }),
  ];
};

describeWithExim('the weekly summary by a real mail server', () => {
  const folder = temporaryFolder();
  let exim: Exim;
  let app: AnApp;
  let clock: TestClock;
  let cookie: string;

  beforeAll(async () => {
    const tls = certificateIn(folder.path);
    exim = await openExim({ tls, login: true });
    clock = createTestClock('2026-11-13T12:00:00Z');
    app = await anApp({
      clock,
      ...DESK_NEEDS,
      clientDir: await builtClient(),
      configuration: `${DESK_NEEDS.configuration}
mail:
  host: 127.0.0.1
  port: ${exim.port}
  security: starttls
  certificate_authority: ${tls.cert}
  user: ${SMTP_USER}
  password: "\${SMTP_PASSWORD}"
  from: "Acme wall <wall@${DOMAIN}>"
  url: https://wall.acme.example
`,
      env: { ...DESK_NEEDS.env, SMTP_PASSWORD },
    });
    const { name, value } = await passOf(app);
    cookie = `${name}=${value}`;
    await send(
      app,
      [0, 1, 2, 3, 4, 5, 6].flatMap((i) => call(i, i < 5 ? 3_000 : 20_000)),
    );
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await exim?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const ask = (path: string, method = 'GET', body?: object): Promise<Response> =>
    fetch(`${app.url}${path}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const listed = async (): Promise<SubscribersAnswer> =>
    subscribersAnswer.parse(await (await ask('/api/reports/subscribers')).json());
  const stateOf = async (address: string) =>
    (await listed()).subscribers.find((one) => one.address === address);
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    const giveUpAt = Date.now() + 20_000;
    while (!(await isSo())) {
      if (Date.now() > giveUpAt) throw new Error(`It never came true: ${JSON.stringify(await listed())}`);
      await clock.advance(LOOK_EVERY_MS);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  let first: Part;

  it('takes subscribers from the admin alone', async () => {
    const subscribe = { address: BOSS, scope: 'team:help', by: 'Ann' };
    expect((await ask('/api/reports/subscribers', 'POST', subscribe)).status).toBe(200);
    for (const address of [REFUSED, PUT_OFF])
      expect((await ask('/api/reports/subscribers', 'POST', { ...subscribe, address })).status).toBe(200);
    expect((await ask('/api/reports/subscribers', 'POST', subscribe)).status).toBe(400);
    for (const wrong of [
      { address: 'nobody' },
      { address: 'a@b.example\r\nBcc: c@d.example' },
      { scope: 'team:none' },
      { by: '' },
    ])
      expect((await ask('/api/reports/subscribers', 'POST', { ...subscribe, ...wrong })).status).toBe(400);
    const stranger = await fetch(`${app.url}/api/reports/subscribers`);
    expect(stranger.status).toBe(401);
    const { subscribers, sends, nextAt } = await listed();
    expect(sends).toBe(true);
    expect(nextAt).toBe(DUE);
    expect(subscribers.map(({ address, name, state, by }) => [address, name, state, by])).toEqual([
      [BOSS, 'Help', 'fresh', 'Ann'],
      [REFUSED, 'Help', 'fresh', 'Ann'],
      [PUT_OFF, 'Help', 'fresh', 'Ann'],
    ]);
    expect(JSON.stringify(subscribers)).not.toContain('token');
  });

  it('arrives on Monday with both promises, their charts, and no name of anybody', async () => {
    clock.set(DUE - 20 * SECOND);
    await until(async () => (await stateOf(PUT_OFF))?.trouble !== null);
    const [text = '', ...more] = await exim.deliveredCount(1);
    expect(more).toEqual([]);
    first = readMime(text);
    const { headers } = first;
    expect(headers).toMatchObject({
      from: `Acme wall <wall@${DOMAIN}>`,
      to: BOSS,
      subject: 'Help: Mon 9 Nov to Sun 15 Nov 2026',
      'envelope-to': BOSS,
      'auto-submitted': 'auto-generated',
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
    expect(headers.date).toContain('Mon, 16 Nov 2026 07:0');
    expect(headers['list-unsubscribe']).toMatch(
      /^<https:\/\/wall\.acme\.example\/unsubscribe\?token=[\w-]{32}>$/,
    );
    const [plain, html, ...pictures] = leaves(first);
    expect([plain?.type, html?.type, ...pictures.map(({ type }) => type)]).toEqual([
      'text/plain',
      'text/html',
      'image/png',
      'image/png',
    ]);
    expect(plain?.body.toString()).toContain(
      'Calls on the first ring: 71%\n5 of 7 calls, target 70%\nnothing in the week before to compare with\n',
    );
    expect(plain?.body.toString()).toContain('Wed 11 Nov 10:00 to 11:00: missed for 2 of 7 calls');
    expect(plain?.body.toString()).toContain('Emails within the hour: –\nno emails this week');
    for (const picture of pictures) {
      const cid = /<(.*)>/.exec(picture.headers['content-id'] ?? '')?.[1];
      expect(html?.body.toString()).toContain(`src="cid:${cid}"`);
      expect(picture.headers['content-disposition']).toMatch(/^inline/);
      expect(picture.body.subarray(1, 4).toString()).toBe('PNG');
      expect([picture.body.readUInt32BE(16), picture.body.readUInt32BE(20)]).toEqual([
        2 * CHART_WIDTH,
        2 * CHART_HEIGHT,
      ]);
    }
    expect(
      text +
        leaves(first)
          .map(({ body }) => body.toString())
          .join(''),
    ).not.toMatch(/desk-secret|Ann/);
  });

  it('is given up where the server refuses for good, and tried again where it puts off', async () => {
    expect(await stateOf(BOSS)).toMatchObject({ state: 'sent', trouble: null });
    expect(await stateOf(REFUSED)).toMatchObject({
      state: 'failed',
      trouble: 'The mail server refuses this address. It says: 550 there is no … here.',
    });
    const later = await stateOf(PUT_OFF);
    expect(later).toMatchObject({ state: 'due' });
    expect(later?.trouble).toContain('451 come again later');
    expect(later?.nextAt).toBeGreaterThan(DUE);
    expect(JSON.stringify(app.logged)).not.toContain('@');
  });

  it('is sent when somebody asks for one now, and why not is told', async () => {
    const { subscribers } = await listed();
    const [boss, refused] = subscribers;
    expect((await ask('/api/reports/send', 'POST', { id: boss?.id, by: 'Ann' })).status).toBe(200);
    const mails = (await exim.deliveredCount(2)).map(readMime);
    expect(new Set(mails.map(({ headers }) => headers['message-id'])).size).toBe(2);
    const answer = await ask('/api/reports/send', 'POST', { id: refused?.id, by: 'Ann' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('550') } });
    expect((await ask('/api/reports/send', 'POST', { id: 999, by: 'Ann' })).status).toBe(404);
  });

  it('is left by the link in the mail: looking changes nothing, one click does, twice is no harm', async () => {
    const link = new URL(/<(.*)>/.exec(first.headers['list-unsubscribe'] ?? '')?.[1] ?? '');
    const path = `${link.pathname}${link.search}`;
    // A scanner of mail follows links, signed in nowhere.
    const looked = await fetch(`${app.url}${path}`);
    expect(looked.status).toBe(200);
    expect(looked.headers.get('cache-control')).toBe('no-store');
    expect(looked.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await looked.text()).toContain(`<form method="post" action="${path}">`);
    expect(await stateOf(BOSS)).toBeDefined();
    for (const words of ['is not sent to this address any more', 'No weekly summary is sent by this link']) {
      // RFC 8058, 3.2: a mail program posts this, with no cookie and no Origin of ours.
      const left = await fetch(`${app.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://mail.example' },
        body: 'List-Unsubscribe=One-Click',
      });
      expect(left.status).toBe(200);
      expect(await left.text()).toContain(words);
      expect(await stateOf(BOSS)).toBeUndefined();
    }
    for (const wrong of [
      '/unsubscribe',
      '/unsubscribe?token=',
      '/unsubscribe?token=a%22b',
      `/unsubscribe?token=${'x'.repeat(99)}`,
    ])
      for (const method of ['GET', 'POST'])
        expect((await fetch(`${app.url}${wrong}`, { method })).status).toBe(400);
    expect((await fetch(`${app.url}${path}`, { method: 'DELETE' })).status).toBe(405);
  });

  it('is taken from the list by the admin', async () => {
    for (const { id } of (await listed()).subscribers)
      expect((await ask('/api/reports/subscribers', 'DELETE', { id, by: 'Ann' })).status).toBe(200);
    expect((await listed()).subscribers).toEqual([]);
    expect((await ask('/api/reports/subscribers', 'DELETE', { id: 1, by: 'Ann' })).status).toBe(404);
    expect((await ask('/api/reports/subscribers', 'PUT', {})).status).toBe(405);
  });
});
