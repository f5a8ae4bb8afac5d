import { describe, expect, it } from 'vitest';
import type { Channel } from '../../server/alerts/channels/channel.ts';
import { NotTold } from '../../server/alerts/channels/channel.ts';
import { isRetiredConnector } from '../../server/alerts/channels/teams.ts';
import { answering, type Receiver } from '../support/a-receiver.ts';
import { aTurn, FIRED_AT } from '../support/a-turn.ts';
import { createTestClock } from '../support/test-clock.ts';
import { eachChannelCheck, message } from './each-channel-check.ts';
import { type HttpBenchOptions, openHttpBench } from './http-bench.ts';

const never = new AbortController().signal;

const slack: HttpBenchOptions = {
  configOf: (url) => ({
    id: 'support',
    name: '#support',
    kind: 'slack',
    url: `${url}/services/T00000000/B00000000/slacksecret`,
  }),
  secrets: (url) => [
    `${url}/services/T00000000/B00000000/slacksecret`,
    '/services/T00000000/B00000000/slacksecret',
  ],
  taking: [200, 'ok'],
  refusing: [404, 'no_service'],
  busy: [429, 'rate_limited', { 'retry-after': '3' }],
  idOf: ({ json }) => json.blocks[0].block_id,
};

const teams: HttpBenchOptions = {
  configOf: (url) => ({
    id: 'teams',
    name: 'Support team',
    kind: 'teams',
    url: `${url}/workflows/abc/triggers/manual/paths/invoke?api-version=2016-06-01&sig=teamssignature`,
  }),
  secrets: () => ['teamssignature', '/workflows/abc/triggers/manual/paths/invoke'],
  taking: [202, ''],
  refusing: [401, '{"error":{"code":"DirectApiAuthorizationRequired"}}'],
  busy: [502, 'Bad gateway'],
  idOf: ({ json }) => json.attachments[0].content.body[0].id,
};

const ntfy: HttpBenchOptions = {
  configOf: (url) => ({
    id: 'phone',
    name: 'Phones',
    kind: 'ntfy',
    server: url,
    topic: 'harbor-topic-83hf',
    token: 'tk_ntfytoken',
  }),
  secrets: () => ['tk_ntfytoken', 'harbor-topic-83hf'],
  taking: [200, '{"id":"sPs71M8A2T","event":"message"}'],
  refusing: [403, '{"code":40301,"http":403,"error":"forbidden"}'],
  busy: [429, '{"code":42901,"http":429,"error":"limit reached: too many requests, please be nice"}'],
  idOf: ({ json }) => json.sequence_id,
};

const pagerduty: HttpBenchOptions = {
  configOf: (url) => ({
    id: 'oncall',
    name: 'On call',
    kind: 'pagerduty',
    endpoint: url,
    routingKey: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
  }),
  secrets: () => ['a1b2c3d4e5f60718293a4b5c6d7e8f90'],
  taking: [202, '{"status":"success","message":"Event processed","dedup_key":"x"}'],
  refusing: [400, '{"status":"invalid event","message":"Event object is invalid"}'],
  busy: [429, ''],
  idOf: ({ json }) => json.dedup_key,
};

for (const [name, options] of Object.entries({ slack, teams, ntfy }))
  eachChannelCheck(name, (clock) => openHttpBench(options, clock));
// A test opens an incident and closes it: that is one message to PagerDuty.
eachChannelCheck('pagerduty', async (clock) => {
  const bench = await openHttpBench(pagerduty, clock);
  const triggers = async (): Promise<string[]> =>
    bench.receiver.received.every(({ json }) => json.event_action !== 'resolve')
      ? bench.taken()
      : (await bench.taken()).slice(0, -1);
  return { ...bench, taken: triggers };
});

describe.each(Object.entries({ slack, teams, ntfy, pagerduty }))(
  'over a bad line, a message to %s',
  (_, options) => {
    it('that is cut before the answer is told again', () =>
      withBench(options, async ({ channel, receiver }) => {
        receiver.answer((response) => void response.socket?.destroy());
        expect(await troubleOf(channel)).toMatchObject({ lasting: false });
      }));

    it('that is answered with rubbish is told again', () =>
      withBench(options, async ({ channel, receiver }) => {
        receiver.answer((response) => void response.socket?.end('SSH-2.0-OpenSSH_9.6\r\n'));
        expect(await troubleOf(channel)).toMatchObject({ lasting: false });
      }));

    it('that was taken is told, though the words of the answer are endless or cut off', () =>
      withBench(options, async ({ channel, receiver }) => {
        const [status] = options.taking;
        receiver.answer((response) => {
          response.writeHead(status);
          const more = (): void => {
            while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
          };
          response.on('drain', more);
          more();
        });
        expect((await channel.send(message, never)).length).toBeLessThan(300);
        receiver.answer((response) => {
          response.writeHead(status, { 'content-length': 1_000 });
          response.write('{"half', () => response.destroy());
        });
        expect(await channel.send(message, never)).toBe(`${status} {"half.`);
      }));
  },
);

it('a part of a secret address that the other side says back is not told', () =>
  withBench(slack, async ({ channel, receiver }) => {
    receiver.answer(answering(404, 'no hook slacksecret of B00000000'));
    expect((await troubleOf(channel)).message).toContain('404 no hook … of … ');
  }));

it('a fault is no wish to be left alone, though it says when some limit ends', () =>
  withBench(slack, async ({ channel, receiver }) => {
    const limit = { 'x-ratelimit-reset': String(FIRED_AT / 1_000 + 3_600) };
    receiver.answer(answering(503, '', limit));
    expect((await troubleOf(channel)).waitMs).toBeNull();
    receiver.answer(answering(429, '', limit));
    expect((await troubleOf(channel)).waitMs).toBe(3_600_000);
    receiver.answer(answering(503, '', { 'retry-after': new Date(FIRED_AT + 90_000).toUTCString() }));
    expect((await troubleOf(channel)).waitMs).toBe(90_000);
  }));

interface Open {
  channel: Channel;
  receiver: Receiver;
}

async function withBench(options: HttpBenchOptions, check: (open: Open) => Promise<void>): Promise<void> {
  const bench = await openHttpBench(options, createTestClock(FIRED_AT));
  try {
    await check(bench);
  } finally {
    await bench.close();
  }
}

async function troubleOf(channel: Channel): Promise<NotTold> {
  const error = await channel.send(message, never).catch((reason: unknown) => reason);
  if (error instanceof NotTold) return error;
  throw new Error('It was told.');
}

/** What each answer must mean. */
function meanings(options: HttpBenchOptions, table: readonly [number, string, boolean | 'told'][]): void {
  it.each(table)('answered %d "%s"', (status, text, meant) =>
    withBench(options, async ({ channel, receiver }) => {
      receiver.answer(answering(status, text));
      if (meant === 'told') expect(await channel.send(message, never)).toContain(String(status));
      else expect(await troubleOf(channel)).toMatchObject({ lasting: meant });
    }),
  );
}

describe('a message to Slack', () => {
  it('says what is wrong, since when and what to do, and no name in it can call anybody', () =>
    withBench(slack, async ({ channel, receiver }) => {
      await channel.send(message, never);
      const { method, headers, json } = receiver.received[0]!;
      expect([method, headers['content-type']]).toEqual(['POST', 'application/json']);
      expect(json.mrkdwn).toBe(false);
      expect(json.text).toMatch(
        /^Critical: Calls on the first ring, Patient &lt;Support&gt; &amp; \*friends\*\n\nValue: 61%\n/,
      );
      expect(json.blocks[0]).toMatchObject({
        type: 'header',
        text: {
          type: 'plain_text',
          text: 'Critical: Calls on the first ring, Patient <Support> & *friends*',
        },
      });
      // Nothing in it is mrkdwn, which would read stars in a name as bold.
      expect(JSON.stringify(json.blocks)).not.toContain('mrkdwn"');
      const [{ type, elements }] = json.blocks[1].elements;
      expect([json.blocks[1].type, type]).toEqual(['rich_text', 'rich_text_section']);
      expect(elements.map(({ text }: { text: string }) => text).join('')).toBe(
        [
          'Value: 61%',
          'Limit: 65%',
          'Since: Fri 20 Nov, 09:02',
          'Rule: first ring below 65% over 30 minutes, for 5 minutes, 10 calls or more',
          'To do: If you are free, pick up.',
          'Open and acknowledge',
        ].join('\n'),
      );
      expect(elements[0]).toEqual({ type: 'text', text: 'Value: ', style: { bold: true } });
      expect(elements.at(-1)).toEqual({
        type: 'link',
        url: 'https://wall.harbor.example/wall/support',
        text: 'Open and acknowledge',
      });
    }));

  it('is within the limits of Block Kit, however long and many the alerts are', () =>
    withBench(slack, async ({ channel, receiver }) => {
      const long = '👩‍🚀'.repeat(2_000);
      const turns = Array.from({ length: 40 }, (_, i) =>
        aTurn('fired', { id: `rule${i}.1.1`, about: long, words: long }),
      );
      await channel.send({ id: 'bunch-1', turns }, never);
      const { json } = receiver.received[0]!;
      expect(json.blocks.length).toBeLessThanOrEqual(50);
      expect(json.blocks[0].text.text.length).toBeLessThanOrEqual(150);
      expect(JSON.stringify(json.blocks).length).toBeLessThan(40_000);
      expect(json.text.length).toBeLessThan(40_000);
      expect(json.blocks.at(-1).text.text).toBe('And 25 more.');
      expect(receiver.received[0]!.text.isWellFormed()).toBe(true);
    }));

  it('calls nobody where Mattermost takes it, which knows no blocks and reads @channel anywhere', () =>
    withBench(slack, async ({ channel, receiver }) => {
      await channel.send({ id: 'x', turns: [aTurn('fired', { about: '@channel <!here> @ALL' })] }, never);
      expect(receiver.received[0]!.json.text).not.toMatch(/@(channel|here|all)|<!/i);
    }));

  describe('is taken for', () => {
    meanings(slack, [
      [200, 'ok', 'told'],
      [400, 'invalid_payload', true],
      [400, 'invalid_token', true],
      [403, 'invalid_token', true],
      [403, 'action_prohibited', true],
      [404, 'channel_not_found', true],
      [404, 'no_service', true],
      [410, 'channel_is_archived', true],
      [500, 'no_service', true],
      [500, 'rollup_error', false],
      [503, '', false],
      [408, '', false],
    ]);
  });

  it('waits as long as Slack wants it to', () =>
    withBench(slack, async ({ channel, receiver }) => {
      receiver.answer(answering(429, 'rate_limited', { 'retry-after': '30' }));
      expect(await troubleOf(channel)).toMatchObject({ lasting: false, waitMs: 30_000 });
    }));
});

describe('a message to Microsoft Teams', () => {
  it('is an Adaptive Card, as workflows take it, in which no name is read as Markdown', () =>
    withBench(teams, async ({ channel, receiver }) => {
      await channel.send(message, never);
      const { path, json } = receiver.received[0]!;
      expect(path).toContain('sig=teamssignature');
      expect(json.type).toBe('message');
      const [{ contentType, contentUrl, content }] = json.attachments;
      expect([contentType, contentUrl]).toEqual(['application/vnd.microsoft.card.adaptive', null]);
      expect([content.type, content.version]).toEqual(['AdaptiveCard', '1.4']);
      expect(JSON.stringify(content)).not.toContain('"TextBlock"');
      const texts = content.body.map(({ inlines }: { inlines: { text: string }[] }) =>
        inlines.map(({ text }) => text).join(''),
      );
      expect(texts).toEqual([
        'Critical: Calls on the first ring, Patient <Support> & *friends*',
        'Value: 61%',
        'Limit: 65%',
        'Since: Fri 20 Nov, 09:02',
        'Rule: first ring below 65% over 30 minutes, for 5 minutes, 10 calls or more',
        'To do: If you are free, pick up.',
      ]);
      expect(content.actions).toEqual([
        {
          type: 'Action.OpenUrl',
          title: 'Open and acknowledge',
          url: 'https://wall.harbor.example/wall/support',
        },
      ]);
    }));

  it('is under 28 KB, however long and many the alerts are', () =>
    withBench(teams, async ({ channel, receiver }) => {
      const long = 'ü'.repeat(2_000);
      const turns = Array.from({ length: 100 }, (_, i) =>
        aTurn('fired', { id: `rule${i}.1.1`, about: long, words: long }),
      );
      await channel.send({ id: 'bunch-1', turns }, never);
      expect(Buffer.byteLength(receiver.received[0]!.text)).toBeLessThan(28 * 1_024);
    }));

  it.each(['"', '\\', '\u0001'])('is under 28 KB where every sign takes more room as JSON: %j', (sign) =>
    withBench(teams, async ({ channel, receiver }) => {
      const long = sign.repeat(500);
      const acked = { by: long, at: FIRED_AT, why: long };
      const turns = Array.from({ length: 100 }, (_, i) => ({
        ...aTurn('repeated', { id: `rule${i}.1.1`, about: long, words: long, acked }),
        says: long,
      }));
      await channel.send({ id: 'bunch-1', turns }, never);
      expect(Buffer.byteLength(receiver.received[0]!.text)).toBeLessThan(28 * 1_024);
    }),
  );

  describe('is taken for', () => {
    meanings(teams, [
      [202, '', 'told'],
      [200, '1', 'told'],
      [400, '{"error":{"code":"WorkflowTriggerIsNotEnabled"}}', true],
      [401, '', true],
      [403, '', true],
      [404, '', true],
      [413, '', true],
      [429, '', false],
      [502, '', false],
      [504, '', false],
    ]);
  });

  it('does not go to an Office 365 connector: Microsoft has retired them', () => {
    expect(isRetiredConnector('https://harbor.webhook.office.com/webhookb2/x/IncomingWebhook/y')).toBe(true);
    expect(isRetiredConnector('https://outlook.office.com/webhook/x')).toBe(true);
    expect(isRetiredConnector('https://prod-01.westeurope.logic.azure.com/workflows/x')).toBe(false);
  });
});

describe('a message to ntfy', () => {
  it('has title, priority, tags, what a tap opens and a button, under the token', () =>
    withBench(ntfy, async ({ channel, receiver }) => {
      await channel.send(message, never);
      const { path, headers, json } = receiver.received[0]!;
      expect([path, headers.authorization]).toEqual(['/', 'Bearer tk_ntfytoken']);
      expect(json).toMatchObject({
        topic: 'harbor-topic-83hf',
        title: 'Critical: Calls on the first ring, Patient <Support> & *friends*',
        priority: 5,
        tags: ['rotating_light'],
        click: 'https://wall.harbor.example/wall/support',
        actions: [{ action: 'view', label: 'Open and acknowledge', clear: true }],
        sequence_id: message.id,
      });
      expect(json.message).toContain('Value: 61%\nLimit: 65%\n');
    }));

  it.each([
    [aTurn('fired', { level: 'warning' }), 4, 'warning'],
    [aTurn('risen'), 5, 'rotating_light'],
    [aTurn('acknowledged'), 2, 'eyes'],
    [aTurn('resolved'), 3, 'white_check_mark'],
  ])('rings as loudly as it should: %#', (turn, priority, tag) =>
    withBench(ntfy, async ({ channel, receiver }) => {
      await channel.send({ id: 'x', turns: [turn] }, never);
      expect(receiver.received[0]!.json).toMatchObject({ priority, tags: [tag] });
    }),
  );

  it('is no attachment: at most 4,096 bytes, and whole characters', () =>
    withBench(ntfy, async ({ channel, receiver }) => {
      const turns = Array.from({ length: 15 }, (_, i) =>
        aTurn('fired', { id: `rule${i}.1.1`, words: '👩‍🚀é'.repeat(500) }),
      );
      await channel.send({ id: 'x', turns }, never);
      const { message: text } = receiver.received[0]!.json;
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_096);
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toContain('\ufffd');
    }));

  it('is read by ntfy, which takes 8,192 bytes of JSON, whatever is in it', () =>
    withBench(ntfy, async ({ channel, receiver }) => {
      const turns = Array.from({ length: 15 }, (_, i) =>
        aTurn('fired', { id: `rule${i}.1.1`, about: '"'.repeat(300), words: '"\\'.repeat(500) }),
      );
      await channel.send({ id: 'x', turns }, never);
      expect(Buffer.byteLength(receiver.received[0]!.text)).toBeLessThanOrEqual(8_192);
    }));

  describe('is taken for', () => {
    meanings(ntfy, [
      [200, '{}', 'told'],
      [400, '{"code":40009}', true],
      [401, '{"code":40101}', true],
      [403, '{"code":40301}', true],
      [404, '{"code":40401}', true],
      [413, '{"code":41303}', true],
      [429, '{"code":42908}', false],
      [500, '{"code":50001}', false],
      [507, '', false],
    ]);
  });
});

describe('an event to PagerDuty', () => {
  it.each([
    [aTurn('fired'), 'trigger'],
    [aTurn('risen'), 'trigger'],
    [aTurn('repeated'), 'trigger'],
    [aTurn('acknowledged'), 'acknowledge'],
    [aTurn('resolved'), 'resolve'],
  ] as const)('of one alert has one key from end to end: %#', (turn, action) =>
    withBench(pagerduty, async ({ channel, receiver }) => {
      await channel.send({ id: 'x', turns: [turn] }, never);
      const { path, json } = receiver.received[0]!;
      expect(path).toBe('/v2/enqueue');
      expect(json).toMatchObject({
        routing_key: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
        event_action: action,
        dedup_key: turn.alert.id,
      });
      expect('payload' in json).toBe(action === 'trigger');
    }),
  );

  it('says how grave it is and what is known', () =>
    withBench(pagerduty, async ({ channel, receiver }) => {
      await channel.send({ id: 'x', turns: [aTurn('fired', { level: 'warning' })] }, never);
      expect(receiver.received[0]!.json).toMatchObject({
        client: 'First Ring',
        client_url: 'https://wall.harbor.example/wall/support',
        payload: {
          summary: 'Warning: Calls on the first ring, Patient <Support> & *friends*: 61%',
          source: 'Patient <Support> & *friends*',
          severity: 'warning',
          timestamp: '2026-11-20T14:02:11.000Z',
          component: 'team:support',
          class: 'firstRing',
          custom_details: { Value: '61%', Limit: '65%' },
        },
      });
    }));

  it('takes its key to no other host: a redirect is not followed', () =>
    withBench(pagerduty, async ({ channel, receiver }) => {
      receiver.answer(answering(307, '', { location: `${receiver.url}/elsewhere` }));
      expect(await troubleOf(channel)).toMatchObject({ lasting: false });
      expect(receiver.received).toHaveLength(1);
    }));

  it('is sent once when a later one of its message was put off: a trigger after the resolve would page again', () =>
    withBench(pagerduty, async ({ channel, receiver }) => {
      const turns = [aTurn('fired'), aTurn('resolved'), aTurn('fired', { id: 'other.1.1' })];
      receiver.answer((response, { json }) =>
        answering(json.dedup_key === 'other.1.1' ? 429 : 202, '')(response),
      );
      await channel.send({ id: 'b', turns }, never).catch(() => undefined);
      receiver.answer(answering(202, ''));
      await channel.send({ id: 'b', turns }, never);
      const events = receiver.received.map(({ json }) => `${json.event_action} ${json.dedup_key}`);
      const [alert] = turns.map((turn) => turn.alert.id);
      expect(events).toEqual([
        `trigger ${alert}`,
        `resolve ${alert}`,
        'trigger other.1.1',
        'trigger other.1.1',
      ]);
    }));

  it('is one for each alert of a message', () =>
    withBench(pagerduty, async ({ channel, receiver }) => {
      const turns = [
        aTurn('fired', { id: 'a.1.1' }),
        aTurn('fired', { id: 'b.1.1', about: 'x'.repeat(2_000) }),
      ];
      await channel.send({ id: 'bunch', turns }, never);
      expect(receiver.received.map(({ json }) => json.dedup_key)).toEqual(['a.1.1', 'b.1.1']);
      expect(receiver.received[1]!.json.payload.summary.length).toBeLessThanOrEqual(1_024);
    }));

  describe('is taken for', () => {
    meanings(pagerduty, [
      [202, '', 'told'],
      [400, '', true],
      [403, '', true],
      [404, '', true],
      [429, '', false],
      [500, '', false],
      [503, '', false],
    ]);
  });
});
