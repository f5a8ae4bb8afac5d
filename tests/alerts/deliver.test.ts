import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GIVE_UP_MS, nextTryAt, RETRY_MAX_MS, RETRY_MIN_MS } from '../../server/alerts/back-off.ts';
import { bunchesOf, TURNS_MAX } from '../../server/alerts/bunch.ts';
import { type Channel, type Message, NotTold } from '../../server/alerts/channels/channel.ts';
import { KEEP_AGAIN_MS } from '../../server/alerts/outcome.ts';
import { GRACE_MS, IN_FLIGHT_MAX, LOOK_EVERY_MS } from '../../server/alerts/tell-channel.ts';
import type { AlertTurn, Delivery } from '../../server/store/alerts.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { aDelivery, aTurn, FIRED_AT } from '../support/a-turn.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestClock } from '../support/test-clock.ts';
import { startTelling } from './each-channel-check.ts';

/** A channel that keeps what it is given; `send` may be replaced. */
function aChannel(id = 'ops') {
  const sent: Message[] = [];
  const channel: Channel & { answer: (message: Message, stop: AbortSignal) => Promise<string> } = {
    id,
    name: id,
    kind: 'webhook',
    mark: 'one place',
    answer: async () => 'ok',
    send(message, stop) {
      sent.push(message);
      return channel.answer(message, stop);
    },
  };
  return { channel, sent, ids: () => sent.map((message) => message.id) };
}

const later = (waitMs: number | null = null): Promise<never> =>
  Promise.reject(new NotTold('Not now.', { lasting: false, waitMs }));
const refused = (): Promise<never> => Promise.reject(new NotTold('Never.', { lasting: true }));

describe('what was saved is told', () => {
  it('on every channel that it is for, when it is due and not before', async () => {
    const clock = createTestClock(FIRED_AT);
    const [one, two] = [aChannel('one'), aChannel('two')];
    await using telling = await startTelling([one.channel, two.channel], clock);
    const turn = aTurn();
    const dueAt = FIRED_AT + 30 * SECOND;
    const deliveries = ['one', 'two'].map((channel) => aDelivery(turn, channel, { dueAt }));
    await telling.store.saveAlerts({ turns: [{ turn, deliveries }] });
    telling.deliver.look();
    await clock.advance(29 * SECOND);
    await delay(30);
    expect([one.sent, two.sent]).toEqual([[], []]);
    await clock.advance(SECOND);
    await expect.poll(() => [one.sent.length, two.sent.length]).toEqual([1, 1]);
    expect(one.sent[0]).toEqual({ id: 'rule1-3-1763647331000-1', turns: [turn] });
    await clock.advance(HOUR);
    expect([one.sent.length, two.sent.length]).toEqual([1, 1]);
  });

  it('without a word that there is something new, within seconds', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel, sent } = aChannel();
    await using telling = await startTelling(channel, clock);
    const turn = aTurn();
    await telling.store.saveAlerts({ turns: [{ turn, deliveries: [aDelivery(turn, 'ops')] }] });
    await clock.advance(LOOK_EVERY_MS);
    await expect.poll(() => sent.length).toBe(1);
  });

  it('in one message where it belongs together, and the same however often it is sent', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel, sent, ids } = aChannel();
    channel.answer = () => later();
    await using telling = await startTelling(channel, clock);
    const turns = ['a', 'b', 'c'].map((id) => aTurn('fired', { id: `${id}.1.1` }));
    const other = { ...aTurn('fired', { id: 'd.1.1' }), bunch: 'team:billing' };
    await telling.store.saveAlerts({
      turns: [...turns, other].map((turn) => ({ turn, deliveries: [aDelivery(turn, 'ops')] })),
    });
    telling.deliver.look();
    await expect.poll(() => sent.length).toBe(2);
    const together = sent.map((message) => message.turns.map(({ alert }) => alert.id).join(' '));
    expect(together.toSorted()).toEqual(['a.1.1 b.1.1 c.1.1', 'd.1.1']);
    await clock.advance(MINUTE);
    await expect.poll(() => sent.length).toBeGreaterThanOrEqual(4);
    expect(new Set(ids()).size).toBe(2);
  });

  it('with what comes late into a bunch told by itself, and the others not once more', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel, sent } = aChannel();
    const held = Promise.withResolvers<string>();
    channel.answer = () => held.promise;
    await using telling = await startTelling(channel, clock);
    await telling.save(aTurn('fired', { id: 'a.1.1' }), { dueAt: FIRED_AT });
    await expect.poll(() => sent.length).toBe(1);
    await telling.save(aTurn('fired', { id: 'b.1.1' }), { dueAt: FIRED_AT });
    await expect.poll(() => sent.length).toBe(2);
    held.resolve('ok');
    await telling.until('sent');
    expect(sent.map(({ turns }) => turns.map(({ alert }) => alert.id))).toEqual([['a.1.1'], ['b.1.1']]);
  });

  it('after a crash between sending and marking as just the message it was, whatever came late into its bunch', async () => {
    const clock = createTestClock(FIRED_AT);
    using folder = temporaryFolder();
    const file = join(folder.path, 'kept.sqlite');
    const { channel, sent, ids } = aChannel();
    channel.answer = (_message, stop) =>
      new Promise((_resolve, reject) => stop.addEventListener('abort', () => reject(new Error('ended'))));
    const told = ['a.1.1', 'b.1.1'].map((id) => aTurn('fired', { id }));
    {
      const telling = await startTelling(channel, clock, file);
      await telling.store.saveAlerts({
        turns: told.map((turn) => ({ turn, deliveries: [aDelivery(turn, 'ops')] })),
      });
      telling.deliver.look();
      await expect.poll(() => sent.length).toBe(1);
      // Saved late: they were due before they were stored. The second is of an alert that is on its way.
      for (const turn of [aTurn('fired', { id: 'c.1.1' }), aTurn('risen', { id: 'b.1.1', turns: 2 })])
        await telling.store.saveAlerts({ turns: [{ turn, deliveries: [aDelivery(turn, 'ops')] }] });
      const closing = telling[Symbol.asyncDispose]();
      await delay(20);
      await clock.advance(GRACE_MS);
      await closing;
    }
    const [first] = sent.splice(0);
    channel.answer = async () => 'ok';
    await using _ = await startTelling(channel, clock, file);
    await expect.poll(() => sent.length).toBe(3);
    const turnsOf = (message?: Message) => message?.turns.map(({ id }) => id);
    expect(turnsOf(sent.find(({ id }) => id === first!.id))).toEqual(turnsOf(first));
    expect(ids()).toEqual([first!.id, 'c-1-1-1', 'b-1-1-2']);
  });

  it('though the id of a message cannot be written down before', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel, sent } = aChannel();
    await using telling = await startTelling(channel, clock);
    const keep = telling.store.keepDeliveries.bind(telling.store);
    telling.store.keepDeliveries = () => Promise.reject(new Error('the disk is full'));
    await telling.save();
    await expect.poll(() => sent.length).toBe(1);
    telling.store.keepDeliveries = keep;
    await clock.advance(KEEP_AGAIN_MS);
    await telling.until('sent');
    expect(sent).toHaveLength(1);
  });

  it('in order for each alert: what is over is never told before what began', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel, sent } = aChannel();
    channel.answer = ({ turns }) =>
      turns[0]?.kind === 'fired' && sent.length < 3 ? later() : Promise.resolve('ok');
    await using telling = await startTelling(channel, clock);
    await telling.save(aTurn('fired', { id: 'a.1.1' }));
    await telling.tried(1);
    await telling.save(aTurn('resolved', { id: 'a.1.1' }));
    await telling.save(aTurn('fired', { id: 'b.1.1' }));
    for (let minutes = 0; minutes < 5; minutes += 1) {
      await clock.advance(MINUTE);
      await delay(20);
    }
    await expect.poll(() => sent.length).toBeGreaterThanOrEqual(4);
    const ofA = sent.filter(({ turns }) => turns[0]?.alert.id === 'a.1.1').map(({ turns }) => turns[0]?.kind);
    expect(ofA.at(-1)).toBe('resolved');
    expect(ofA.slice(0, -1).every((kind) => kind === 'fired')).toBe(true);
    expect(ofA.filter((kind) => kind === 'resolved')).toHaveLength(1);
  });

  it('by at most so many at once, and a slow channel delays no other', async () => {
    const clock = createTestClock(FIRED_AT);
    const [slow, quick] = [aChannel('slow'), aChannel('quick')];
    const held = Promise.withResolvers<string>();
    slow.channel.answer = () => held.promise;
    await using telling = await startTelling([slow.channel, quick.channel], clock);
    const turns = Array.from({ length: 40 }, (_, i) => ({
      ...aTurn('fired', { id: `rule${i}.1.1` }),
      bunch: `team:${i}`,
    }));
    await telling.store.saveAlerts({
      turns: turns.map((turn) => ({
        turn,
        deliveries: ['slow', 'quick'].map((channel) => aDelivery(turn, channel)),
      })),
    });
    telling.deliver.look();
    await expect.poll(() => quick.sent.length).toBe(40);
    expect(slow.sent).toHaveLength(IN_FLIGHT_MAX);
    expect(await telling.deliver.channels()).toMatchObject([
      { id: 'slow', waiting: 40, state: 'quiet' },
      { id: 'quick', state: 'well' },
    ]);
    held.resolve('ok');
    await expect.poll(() => slow.sent.length).toBe(40);
    expect(new Set(slow.ids()).size).toBe(40);
  });
});

describe('what is not taken', () => {
  it('is left alone as long as the other side wants, and everything else for it too', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel, sent } = aChannel();
    channel.answer = () => later(5 * MINUTE);
    await using telling = await startTelling(channel, clock);
    await telling.save(aTurn('fired', { id: 'a.1.1' }));
    await telling.tried(1);
    channel.answer = async () => 'ok';
    await telling.save(aTurn('fired', { id: 'b.1.1' }));
    await clock.advance(5 * MINUTE - SECOND);
    await delay(30);
    expect(sent).toHaveLength(1);
    await clock.advance(MINUTE);
    await expect.poll(() => sent.length).toBe(3);
  });

  it('is given up after a day, with the last reason, and listed', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel, sent } = aChannel();
    channel.answer = () => later();
    await using telling = await startTelling(channel, clock);
    await telling.save();
    for (let tries = 1; ; tries += 1) {
      await telling.tried(tries);
      const { delivery } = (await telling.store.delivery(aTurn().id, 'ops'))!;
      if (delivery.state === 'dead') break;
      await clock.moveTo(delivery.dueAt);
    }
    expect(clock.now() - FIRED_AT).toBeLessThanOrEqual(GIVE_UP_MS);
    expect(clock.now() - FIRED_AT).toBeGreaterThan(GIVE_UP_MS - RETRY_MAX_MS);
    expect(sent.length).toBeGreaterThan(40);
    expect(await telling.deliver.undelivered()).toMatchObject([
      { delivery: { trouble: 'Given up after a day. Not now.' } },
    ]);
    await clock.advance(2 * HOUR);
    const times = sent.length;
    await clock.advance(2 * HOUR);
    expect(sent).toHaveLength(times);
  });

  it('is given up together with what it was told with', async () => {
    const dueAt = FIRED_AT + GIVE_UP_MS - RETRY_MIN_MS;
    // So late that the next try would be too late, of the early one alone.
    const clock = createTestClock(dueAt + 6 * SECOND);
    const { channel } = aChannel();
    channel.answer = () => later();
    await using telling = await startTelling(channel, clock);
    const [early, late] = ['a.1.1', 'b.1.1'].map((id) => aTurn('fired', { id })) as [AlertTurn, AlertTurn];
    await telling.store.saveAlerts({
      turns: [
        { turn: early, deliveries: [aDelivery(early, 'ops', { dueAt })] },
        { turn: late, deliveries: [aDelivery(late, 'ops', { dueAt, at: FIRED_AT + 25 * SECOND })] },
      ],
    });
    await clock.advance(15 * SECOND);
    const both = async (): Promise<number> => (await telling.deliver.undelivered()).length;
    await expect.poll(both, { timeout: 10_000 }).toBe(2);
  });

  it('is not told again after what came later was told', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel, sent } = aChannel();
    channel.answer = () => refused();
    await using telling = await startTelling(channel, clock);
    await telling.save(aTurn('fired', { id: 'a.1.1' }));
    await telling.until('dead');
    channel.answer = async () => 'ok';
    await telling.save(aTurn('resolved', { id: 'a.1.1' }));
    await telling.until('sent');
    const [listed] = await telling.deliver.undelivered();
    await expect(telling.deliver.again(listed!.id, { by: 'Ana' })).rejects.toThrow('Drop it.');
    await telling.deliver.drop(listed!.id, { by: 'Ana' });
    expect(await telling.deliver.undelivered()).toEqual([]);
    expect((await telling.store.delivery('a.1.1.1', 'ops'))?.delivery).toMatchObject({
      state: 'dropped',
      trouble: 'Dropped by Ana. Never.',
    });
    await expect(telling.deliver.drop(listed!.id, { by: 'Ana' })).rejects.toThrow('no such message');
    await expect(telling.deliver.again('rubbish', { by: 'Ana' })).rejects.toThrow('no such message');
    expect(sent).toHaveLength(2);
  });

  it('does not wait for ever for a channel that is no longer configured', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel } = aChannel();
    await using telling = await startTelling(channel, clock);
    const turn = aTurn();
    await telling.store.saveAlerts({ turns: [{ turn, deliveries: [aDelivery(turn, 'gone-by-now')] }] });
    await clock.advance(LOOK_EVERY_MS);
    await expect.poll(async () => (await telling.deliver.undelivered()).length).toBe(1);
    const [listed] = await telling.deliver.undelivered();
    expect(listed?.delivery.trouble).toContain('There is no channel "gone-by-now"');
    await expect(telling.deliver.again(listed!.id, { by: 'Ana' })).rejects.toThrow('There is no channel');
  });

  it('because of a fault of ours is tried again, and the log says where', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel } = aChannel();
    channel.answer = () => Promise.reject(new TypeError('undefined is not a function'));
    await using telling = await startTelling(channel, clock);
    await telling.save();
    await telling.tried(1);
    expect(JSON.stringify(telling.logged)).toContain('deliver.test.ts');
    channel.answer = async () => 'ok';
    await clock.advance(MINUTE);
    await telling.until('sent');
  });
});

describe('what was told but cannot be written down', () => {
  it('is written down later, and not told once more meanwhile', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel, sent } = aChannel();
    await using telling = await startTelling(channel, clock);
    const { store } = telling;
    const keep = store.keepDeliveries.bind(store);
    let failures = 3;
    store.keepDeliveries = (deliveries: readonly Delivery[]) => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new Error('the disk is full')) : keep(deliveries);
    };
    await telling.save();
    for (let times = 0; times < 4; times += 1) {
      await delay(20);
      await clock.advance(KEEP_AGAIN_MS);
    }
    await telling.until('sent');
    await clock.advance(HOUR);
    expect(sent).toHaveLength(1);
  });
});

describe('at the end', () => {
  it('what is on its way may get there, and is written down', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel, sent } = aChannel();
    const held = Promise.withResolvers<string>();
    channel.answer = () => held.promise;
    const telling = await startTelling(channel, clock);
    await telling.save();
    await expect.poll(() => sent.length).toBe(1);
    setTimeout(() => held.resolve('ok'), 20);
    let kept = '';
    const keep = telling.store.keepDeliveries.bind(telling.store);
    telling.store.keepDeliveries = async (deliveries: readonly Delivery[]) => {
      kept = deliveries[0]?.state ?? '';
      await keep(deliveries);
    };
    await telling[Symbol.asyncDispose]();
    expect(kept).toBe('sent');
  });

  it('what hangs is broken off, and is still waiting', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel, sent } = aChannel();
    channel.answer = (_message, stop) =>
      new Promise((_resolve, reject) => stop.addEventListener('abort', () => reject(new Error('stopped'))));
    const telling = await startTelling(channel, clock);
    await telling.save();
    await expect.poll(() => sent.length).toBe(1);
    const kept: unknown[] = [];
    telling.store.keepDeliveries = async (deliveries: readonly Delivery[]) => void kept.push(deliveries);
    const closing = telling[Symbol.asyncDispose]();
    await delay(20);
    await clock.advance(GRACE_MS);
    await closing;
    expect(kept).toEqual([]);
  });
});

describe('a test of a channel', () => {
  it('is one at a time, of channels that are there', async () => {
    const clock = createTestClock(FIRED_AT);
    const { channel } = aChannel();
    const held = Promise.withResolvers<string>();
    channel.answer = () => held.promise;
    await using telling = await startTelling(channel, clock);
    const first = telling.deliver.test('ops');
    await expect(telling.deliver.test('ops')).rejects.toThrow('A test of "ops" is running.');
    await expect(telling.deliver.test('nobody')).rejects.toThrow('There is no channel "nobody"');
    held.resolve('200 ok.');
    expect(await first).toEqual({ ok: true, said: 'Delivered. It was answered: 200 ok.', tookMs: 0 });
  });
});

describe('the wait before another try', () => {
  const at = (tries: number, random: number, waitMs: number | null = null) =>
    nextTryAt({ now: 0, since: 0, tries, waitMs }, random);

  it('doubles from ten seconds to half an hour, with jitter, and is never shorter than was asked', () => {
    expect([at(1, 0), at(1, 0.999), at(2, 0), at(3, 0)]).toEqual([
      RETRY_MIN_MS / 2,
      RETRY_MIN_MS - 5,
      RETRY_MIN_MS,
      2 * RETRY_MIN_MS,
    ]);
    expect([at(30, 0), at(1_000, 0.5)]).toEqual([RETRY_MAX_MS / 2, (RETRY_MAX_MS * 3) / 4]);
    expect(at(1, 0.5, HOUR)).toBe(HOUR);
    expect(at(1, 0.5, 1)).toBe(7_500);
  });

  it('ends after a day', () => {
    const now = GIVE_UP_MS - RETRY_MIN_MS;
    expect(nextTryAt({ now, since: 0, tries: 1, waitMs: null }, 1)).toBe(GIVE_UP_MS);
    expect(nextTryAt({ now: now + 1, since: 0, tries: 1, waitMs: null }, 1)).toBeNull();
  });

  it('is not the end because the other side wants to be left alone for a day: it is tried once more then', () => {
    expect(nextTryAt({ now: MINUTE, since: 0, tries: 1, waitMs: GIVE_UP_MS }, 1)).toBe(MINUTE + GIVE_UP_MS);
    expect(nextTryAt({ now: MINUTE + GIVE_UP_MS, since: 0, tries: 2, waitMs: GIVE_UP_MS }, 1)).toBeNull();
  });
});

describe('bunches', () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, i) => {
      const turn = aTurn('fired', { id: `r${i}.1.1` });
      return { turn, delivery: aDelivery(turn, 'ops') };
    });

  it('are of at most so many turns, the same ones each time', () => {
    const bunches = bunchesOf(rows(2.5 * TURNS_MAX), false);
    expect(bunches.map(({ message }) => message.turns.length)).toEqual([TURNS_MAX, TURNS_MAX, TURNS_MAX / 2]);
    expect(bunchesOf(rows(2.5 * TURNS_MAX), false)).toEqual(bunches);
    // After the first one was told, the others are what they were.
    expect(bunchesOf(rows(2.5 * TURNS_MAX).slice(TURNS_MAX), false)).toEqual(bunches.slice(1));
  });

  it('that may not be whole yet wait for the rest', () => {
    expect(bunchesOf(rows(2.5 * TURNS_MAX), true)).toHaveLength(2);
    const two = rows(3).map((row, i) => ({
      ...row,
      delivery: { ...row.delivery, bunch: i < 2 ? 'a' : 'b' },
    }));
    expect(bunchesOf(two, true).map(({ message }) => message.turns.length)).toEqual([2]);
    expect(bunchesOf(rows(1), true)).toHaveLength(1);
  });

  it('of one alert do not overtake each other', () => {
    const many = rows(TURNS_MAX + 20);
    const again = aTurn('risen', { id: 'r0.1.1', turns: 2 });
    many.splice(TURNS_MAX + 5, 0, { turn: again, delivery: aDelivery(again, 'ops') });
    expect(bunchesOf(many, false)).toHaveLength(1);
    expect(bunchesOf(rows(TURNS_MAX + 20), false)).toHaveLength(2);
  });

  it('have ids without a full stop, whatever their turns are called', () => {
    const [one] = bunchesOf(rows(1), false);
    expect(one?.message.id).toBe('r0-1-1-1');
    const turn = { ...aTurn(), id: 'über.lang '.repeat(20) };
    const [odd] = bunchesOf([{ turn, delivery: aDelivery(turn, 'ops') }], false);
    expect(odd?.message.id).toMatch(/^bunch-[-_A-Za-z0-9]{32}$/);
  });
});
