import { describe, expect, it } from 'vitest';
import { RETRY_MAX_MS } from '../../server/alerts/back-off.ts';
import { BUNCH_MS } from '../../server/alerts/telling.ts';
import type { AlertRule } from '../../shared/alert.ts';
import { MINUTE } from '../../shared/time.ts';
import type { ChannelsAnswer, UndeliveredAnswer } from '../../shared/wire-channels.ts';
import { CONFIGURATION, DESK_NEEDS, passOf, send } from '../support/a-desk.ts';
import { answering, openReceiver, type Receiver } from '../support/a-receiver.ts';
import { type AnApp, anApp, TV_TOKEN } from '../support/an-app.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

const NOW = Date.parse('2026-11-20T14:00:00Z');
const SIGNING = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

const withHook = ({ port }: Receiver): string => `${CONFIGURATION}
channels:
  - { id: hook, name: Our own, kind: webhook, url: "http://127.0.0.1:${port}/alerts", secrets: ["\${SIGNING}"] }
outgoing: { url: "https://wall.acme.example", allow_private: [127.0.0.1], allow_http: [127.0.0.1] }
`;

/** Fires at the second call of the day. */
const rule: AlertRule = {
  metric: 'callsOffered',
  scope: 'team:help',
  window: { kind: 'today' },
  direction: 'above',
  warning: 1,
  critical: null,
  margin: 0,
  minItems: 0,
  forMs: 0,
  clearForMs: 0,
  hours: 'always',
  quiet: [],
  wall: true,
  chime: false,
  channels: ['hook'],
  says: 'If you are free, pick up.',
  on: true,
  target: null,
  source: null,
  board: null,
};

interface Opened extends AsyncDisposable {
  app: AnApp;
  clock: TestClock;
  receiver: Receiver;
  ask: (path: string, headers?: Record<string, string>) => Promise<Response>;
  tell: (path: string, body: object, headers?: Record<string, string>) => Promise<Response>;
}

async function openApp(): Promise<Opened> {
  const clock = createTestClock(NOW);
  const receiver = await openReceiver();
  const app = await anApp({
    ...DESK_NEEDS,
    clock,
    configuration: withHook(receiver),
    env: { ...DESK_NEEDS.env, SIGNING },
  });
  const { name, value } = await passOf(app);
  const cookie = { cookie: `${name}=${value}` };
  return {
    app,
    clock,
    receiver,
    ask: (path, headers = cookie) =>
      fetch(`${app.url}/api/alerts${path === '' ? '' : '/'}${path}`, { headers }),
    tell: (path, body, headers = cookie) =>
      fetch(`${app.url}/api/alerts/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    async [Symbol.asyncDispose]() {
      const closing = app[Symbol.asyncDispose]();
      // Closing waits a little for what is on its way.
      const pushing = setInterval(() => void clock.advance(MINUTE), 20);
      await closing;
      clearInterval(pushing);
      await receiver[Symbol.asyncDispose]();
    },
  };
}

const jsonOf = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;
const aCall = (call: string, at: number) => ({ kind: 'offered', call, at, queue: 'support' });

/** Lets the clock run until this is so. */
async function runUntil(clock: TestClock, isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let steps = 0; steps < 400; steps += 1) {
    if (await isSo()) return;
    await clock.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('It never came true.');
}

describe('an alert of the whole of First Ring', () => {
  it('is told on its channel after the wait of its team, and again when a person sends it again', async () => {
    await using opened = await openApp();
    const { app, clock, receiver, ask, tell } = opened;
    receiver.answer(answering(422, 'no such field'));
    const made = await tell('rules', { rule, by: 'Ana' });
    expect([made.status, await made.text()]).toEqual([200, expect.stringContaining('"hook"')]);
    await send(app, [aCall('a', NOW - 2_000), aCall('b', NOW - 1_000)]);
    await runUntil(clock, async () => {
      const { messages } = await jsonOf<UndeliveredAnswer>(ask('undelivered'));
      return messages.length > 0;
    });
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]?.json).toMatchObject({
      type: 'alert.fired',
      data: {
        alerts: [
          {
            kind: 'fired',
            level: 'warning',
            metric: 'callsOffered',
            about: 'Help',
            value: { n: 2, text: '2' },
            limit: { number: 1, text: '1' },
            link: 'https://wall.acme.example/wall/all',
          },
        ],
      },
    });
    const { messages } = await jsonOf<UndeliveredAnswer>(ask('undelivered'));
    expect(messages).toMatchObject([
      {
        channel: 'hook',
        kind: 'fired',
        about: 'Help',
        tries: 1,
        trouble: expect.stringContaining('refuses it: 422 no such field.'),
      },
    ]);
    expect(messages[0]!.gaveUpAt - messages[0]!.at).toBeGreaterThanOrEqual(BUNCH_MS);
    const { channels } = await jsonOf<ChannelsAnswer>(ask('channels'));
    expect(channels).toEqual([
      {
        id: 'hook',
        name: 'Our own',
        kind: 'webhook',
        state: 'failing',
        at: expect.any(Number),
        trouble: expect.any(String),
        waiting: 0,
      },
    ]);

    receiver.answer(answering(200, 'ok'));
    const id = encodeURIComponent(messages[0]!.id);
    expect(await jsonOf(tell(`undelivered/${id}/again`, { by: 'Ana' }))).toEqual({ done: true });
    await expect.poll(() => receiver.received.length).toBe(2);
    expect(receiver.received[1]?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id']);
    await expect
      .poll(async () => (await jsonOf<ChannelsAnswer>(ask('channels'))).channels[0]?.state)
      .toBe('well');
    expect((await tell(`undelivered/${id}/again`, { by: 'Ana' })).status).toBe(404);
    expect((await tell(`undelivered/${id}/drop`, { by: 'Ana' })).status).toBe(404);
    await clock.advance(RETRY_MAX_MS);
    expect(receiver.received.filter(({ json }) => json.type === 'alert.fired')).toHaveLength(2);
    expect(JSON.stringify(app.logged)).not.toContain(SIGNING);
  });

  it('is told of as it is taken up, and as it ends, in that order and about one alert', async () => {
    await using opened = await openApp();
    const { app, clock, receiver, ask, tell } = opened;
    const made = await jsonOf<{ rule: { id: string } }>(tell('rules', { rule, by: 'Ana' }));
    await send(app, [aCall('a', NOW - 2_000), aCall('b', NOW - 1_000)]);
    await runUntil(clock, () => receiver.received.length === 1);
    const { open } = await jsonOf<{ open: { id: string }[] }>(ask(''));
    const ack = { by: 'Ana', why: 'On it.' };
    expect(await jsonOf(tell(`${encodeURIComponent(open[0]!.id)}/ack`, ack))).toEqual({ done: true });
    await runUntil(clock, () => receiver.received.length === 2);
    await tell(`rules/${made.rule.id}/off`, { by: 'Ana' });
    await runUntil(clock, () => receiver.received.length === 3);
    expect(receiver.received.map(({ json }) => json.type)).toEqual([
      'alert.fired',
      'alert.acknowledged',
      'alert.resolved',
    ]);
    const alerts = receiver.received.map(({ json }) => json.data.alerts[0]);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(1);
    expect(alerts[1]).toMatchObject({ acknowledged: { by: 'Ana', why: 'On it.' } });
    expect(alerts[2]).toMatchObject({ ended: 'changed', resolved_at: expect.any(String) });
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  });

  it('is tried out by the test button, whose answer says what was said', async () => {
    await using opened = await openApp();
    const { receiver, tell } = opened;
    receiver.answer(answering(200, 'thank you'));
    expect(await jsonOf(tell('channels/hook/test', {}))).toMatchObject({
      ok: true,
      said: 'Delivered. It was answered: 200 thank you.',
    });
    expect(receiver.received[0]?.json).toMatchObject({ type: 'alert.test' });
    receiver.answer(answering(503, `${SIGNING} is what you sign with`));
    const failed = await jsonOf<{ ok: boolean; said: string }>(tell('channels/hook/test', {}));
    expect(failed).toMatchObject({
      ok: false,
      said: expect.stringContaining('does not take it just now: 503'),
    });
    expect(failed.said).not.toContain(SIGNING);
    expect((await tell('channels/nobody/test', {})).status).toBe(404);
    expect((await tell('channels/hook/test', { rubbish: 1 })).status).toBe(400);
  });

  it('is nobody’s business but the admin’s: not a TV’s, not another page’s', async () => {
    await using opened = await openApp();
    const { ask, tell, receiver } = opened;
    const tv = { authorization: `Bearer ${TV_TOKEN}` };
    for (const path of ['channels', 'undelivered']) {
      expect((await ask(path, tv)).status).toBe(403);
      expect((await ask(path, {})).status).toBe(401);
      const text = await (await ask(path)).text();
      for (const secret of [SIGNING, '/alerts"', 'whsec']) expect(text).not.toContain(secret);
    }
    for (const [path, body] of [
      ['channels/hook/test', {}],
      ['undelivered/hook:x/again', { by: 'Ana' }],
      ['undelivered/hook:x/drop', { by: 'Ana' }],
    ] as const) {
      expect((await tell(path, body, tv)).status).toBe(403);
      expect((await tell(path, body, {})).status).toBe(401);
    }
    expect((await tell('undelivered/hook:x/again', {})).status).toBe(400);
    expect((await tell('undelivered/%00/again', { by: 'Ana' })).status).toBe(404);
    expect(receiver.received).toEqual([]);
  });
});
