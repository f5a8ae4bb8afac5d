import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RETRY_MAX_MS } from '../../server/alerts/back-off.ts';
import { channelsOf } from '../../server/alerts/channels/all.ts';
import type { Channel } from '../../server/alerts/channels/channel.ts';
import { keyOf, signatureOf } from '../../server/alerts/channels/webhook.ts';
import { answering, openReceiver, type Received } from '../support/a-receiver.ts';
import { aTurn, FIRED_AT } from '../support/a-turn.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestClock } from '../support/test-clock.ts';
import { eachChannelCheck, message, startTelling } from './each-channel-check.ts';
import { type HttpBenchOptions, needsOn, openHttpBench } from './http-bench.ts';

const never = new AbortController().signal;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OLD_SECRET = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;

const webhook: HttpBenchOptions = {
  configOf: (url) => ({
    id: 'hook',
    name: 'Our own',
    kind: 'webhook',
    url: `${url}/alerts/secret-place`,
    secrets: [SECRET, OLD_SECRET],
  }),
  secrets: () => [SECRET, OLD_SECRET, '/alerts/secret-place'],
  taking: [204, ''],
  refusing: [422, 'no such field'],
  busy: [503, 'Come back later', { 'retry-after': '20' }],
  idOf: ({ headers }) => String(headers['webhook-id']),
};

eachChannelCheck('webhook', (clock) => openHttpBench(webhook, clock));

/** As the specification tells receivers to: any signature that fits will do. */
function isGenuine({ headers, text }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const content = [headers['webhook-id'], headers['webhook-timestamp'], text].join('.');
  const wanted = createHmac('sha256', key).update(content).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .map((each) => each.split(','))
    .some(([version, given = '']) => {
      const bytes = Buffer.from(given, 'base64');
      return version === 'v1' && bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
    });
}

describe('a webhook', () => {
  it('is signed as the specification’s own libraries sign', () => {
    // The vector of the reference implementations (standard-webhooks/libraries).
    const key = keyOf('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')!;
    const signed = signatureOf(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', '1614265330', '{"test": 2432232314}');
    expect(signed).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is signed with every secret, at the time of each attempt, so that secrets can be changed', async () => {
    const clock = createTestClock(FIRED_AT);
    const bench = await openHttpBench(webhook, clock);
    try {
      await bench.channel.send(message, never);
      clock.set(FIRED_AT + 90_500);
      await bench.channel.send(message, never);
      const [first, second] = bench.receiver.received;
      for (const request of [first!, second!]) {
        expect([isGenuine(request, SECRET), isGenuine(request, OLD_SECRET)]).toEqual([true, true]);
        expect(isGenuine(request, `whsec_${Buffer.alloc(24, 1).toString('base64')}`)).toBe(false);
        expect(isGenuine({ ...request, text: request.text.replace('11', '12') }, SECRET)).toBe(false);
      }
      const at = String(FIRED_AT / 1_000);
      expect(first!.headers['webhook-timestamp']).toBe(at);
      expect(second!.headers['webhook-timestamp']).toBe(String(Number(at) + 90));
      expect(first!.headers['webhook-id']).toBe(second!.headers['webhook-id']);
      expect(first!.headers['webhook-id']).not.toContain('.');
      expect(first!.text).toBe(second!.text);
    } finally {
      await bench.close();
    }
  });

  it('takes secrets of 24 to 64 bytes behind whsec_, and nothing else', () => {
    const of = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 3).toString('base64')}`;
    expect([24, 64].map((bytes) => keyOf(of(bytes))?.length)).toEqual([24, 64]);
    const bad = [of(23), of(65), 'whsec_', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_über', '', 'whsk_AAAA'];
    expect(bad.map(keyOf)).toEqual(bad.map(() => null));
  });

  it('says what the documentation says it does', async () => {
    const bench = await openHttpBench(webhook, createTestClock(FIRED_AT));
    try {
      await bench.channel.send(message, never);
      expect(bench.receiver.received[0]!.json).toEqual({
        type: 'alert.fired',
        timestamp: '2026-11-20T14:02:11.000Z',
        data: {
          alerts: [
            {
              id: 'rule1.3.1763647331000',
              turn: 'rule1.3.1763647331000.1',
              kind: 'fired',
              at: '2026-11-20T14:02:11.000Z',
              level: 'critical',
              since: '2026-11-20T14:02:11.000Z',
              fired_at: '2026-11-20T14:02:11.000Z',
              resolved_at: null,
              ended: null,
              rule: 'rule1',
              metric: 'firstRing',
              scope: 'team:support',
              about: 'Patient <Support> & *friends*',
              words: 'first ring below 65% over 30 minutes, for 5 minutes, 10 calls or more',
              says: 'If you are free, pick up.',
              value: { n: 11, d: 18, text: '61%' },
              limit: { number: 65, direction: 'below', text: '65%' },
              acknowledged: null,
              link: 'https://wall.harbor.example/wall/support',
            },
          ],
        },
      });
      const turns = [aTurn('resolved'), aTurn('fired', { id: 'other.1.1' })];
      await bench.channel.send({ id: 'b', turns }, never);
      expect(bench.receiver.received[1]!.json).toMatchObject({
        type: 'alert.changed',
        timestamp: '2026-11-20T14:12:11.000Z',
      });
    } finally {
      await bench.close();
    }
  });

  it.each([
    [200, 'told'],
    [204, 'told'],
    [299, 'told'],
    [301, 'never'],
    [302, 'later'],
    [307, 'later'],
    [308, 'never'],
    [400, 'never'],
    [401, 'later'],
    [404, 'later'],
    [410, 'gone'],
    [413, 'never'],
    [422, 'never'],
    [429, 'later'],
    [500, 'later'],
    [502, 'later'],
    [504, 'later'],
  ])('answered %d is %s', async (status, meant) => {
    const bench = await openHttpBench(webhook, createTestClock(FIRED_AT));
    try {
      bench.receiver.answer(answering(status, '', { location: 'http://127.0.0.1:9/' }));
      const said = await bench.channel.send(message, never).then(
        () => ({ lasting: null, gone: null }),
        (error: { lasting: boolean; gone: boolean }) => error,
      );
      const wanted = { told: [null, null], later: [false, false], never: [true, false], gone: [true, true] };
      expect([said.lasting, said.gone]).toEqual(wanted[meant as keyof typeof wanted]);
      expect(bench.asked()).toBe(1);
    } finally {
      await bench.close();
    }
  });
});

describe('a receiver that is gone', () => {
  const openOne = async () => {
    const clock = createTestClock(FIRED_AT);
    const receiver = await openReceiver();
    const channelAt = (path: string): Channel =>
      channelsOf(
        [{ id: 'hook', name: 'hook', kind: 'webhook', url: `${receiver.url}${path}`, secrets: [SECRET] }],
        needsOn(clock),
      )[0]!;
    return { clock, receiver, channelAt };
  };

  it('is sent nothing more, until its test succeeds', async () => {
    const { clock, receiver, channelAt } = await openOne();
    await using _ = receiver;
    await using telling = await startTelling(channelAt('/hook'), clock);
    receiver.answer(answering(410, ''));
    await telling.save();
    await telling.until('dead');
    expect(receiver.received).toHaveLength(1);
    await telling.save(aTurn('fired', { id: 'other.1.1' }));
    const dead = await telling.until('dead');
    expect(dead.trouble).toContain('wants nothing more (410 Gone)');
    expect(receiver.received).toHaveLength(1);
    expect(await telling.deliver.channels()).toMatchObject([{ id: 'hook', state: 'gone', waiting: 0 }]);

    receiver.answer(answering(200, 'ok'));
    expect(await telling.deliver.test('hook')).toMatchObject({ ok: true });
    expect(await telling.deliver.channels()).toMatchObject([{ state: 'well', trouble: null }]);
    for (const { id } of await telling.deliver.undelivered()) await telling.deliver.again(id, { by: 'Ana' });
    await expect.poll(() => receiver.received.length).toBe(4);
    await clock.advance(RETRY_MAX_MS);
    expect(receiver.received).toHaveLength(4);
  });

  it('is not forgotten by a restart, and begins anew at another address', async () => {
    const { clock, receiver, channelAt } = await openOne();
    await using _ = receiver;
    using folder = temporaryFolder();
    const file = `${folder.path}/kept.sqlite`;
    receiver.answer(answering(410, ''));
    {
      await using telling = await startTelling(channelAt('/hook'), clock, file);
      await telling.save();
      await telling.until('dead');
    }
    {
      await using telling = await startTelling(channelAt('/hook'), clock, file);
      await telling.save(aTurn('fired', { id: 'second.1.1' }));
      await telling.until('dead');
      expect(receiver.received).toHaveLength(1);
    }
    receiver.answer(answering(200, 'ok'));
    await using telling = await startTelling(channelAt('/new-hook'), clock, file);
    await telling.save(aTurn('fired', { id: 'third.1.1' }));
    await telling.until('sent');
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/new-hook']);
  });
});
