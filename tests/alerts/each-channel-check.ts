import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { RETRY_MAX_MS } from '../../server/alerts/back-off.ts';
import { type Channel, type Message, NotTold } from '../../server/alerts/channels/channel.ts';
import { createDeliver, type Deliver } from '../../server/alerts/deliver.ts';
import type { Log } from '../../server/log.ts';
import type { AlertTurn, Delivery } from '../../server/store/alerts.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import { MINUTE } from '../../shared/time.ts';
import { aDelivery, aTurn, FIRED_AT } from '../support/a-turn.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

/** How the other side behaves: as it should, refusing for good, refusing for now, or without a word. */
export type Mood = 'taking' | 'refusing' | 'busy' | 'silent';

/** Another side that speaks what is documented. */
export interface ChannelBench {
  channel: Channel;
  secrets: readonly string[];
  be: (mood: Mood) => void;
  /** The id that each message carried which was taken, in order. */
  taken: () => Promise<string[]>;
  /** How often it was spoken to. */
  asked: () => number;
  /** Lets so much time pass that nobody waits any longer. */
  outlast: () => Promise<void>;
  /** From now on it leads to this address; null where there are no redirects. */
  redirect: ((to: string) => void) | null;
  close(): Promise<void>;
}

export const message: Message = { id: 'rule1-3-1763647331000-1', turns: [aTurn()] };
const never = new AbortController().signal;

/** What every channel must keep, whatever it speaks. */
export function eachChannelCheck(name: string, open: (clock: TestClock) => Promise<ChannelBench>): void {
  const withBench = async (
    check: (bench: ChannelBench, clock: TestClock) => Promise<void>,
  ): Promise<void> => {
    const clock = createTestClock(FIRED_AT);
    const bench = await open(clock);
    try {
      await check(bench, clock);
    } finally {
      await bench.close();
    }
  };

  describe(`the channel ${name}`, () => {
    it('delivers once, and the same message carries the same id', () =>
      withBench(async ({ channel, taken }) => {
        expect(await channel.send(message, never)).toEqual(expect.any(String));
        expect(await taken()).toHaveLength(1);
        await channel.send(message, never);
        const ids = await taken();
        expect(ids).toHaveLength(2);
        expect(ids[0]).toBe(ids[1]);
        expect(ids[0]).not.toBe('');
      }));

    it('says of a refusal for good that it is one, and no other', () =>
      withBench(async ({ channel, be }) => {
        be('refusing');
        expect(await lastingOf(channel)).toBe(true);
        be('busy');
        expect(await lastingOf(channel)).toBe(false);
      }));

    it('is not told once more what it refuses for good: a person sees it', () =>
      withBench(async (bench, clock) => {
        await using telling = await startTelling(bench.channel, clock);
        bench.be('refusing');
        const turn = await telling.save();
        expect(await telling.until('dead')).toMatchObject({ tries: 1, trouble: expect.any(String) });
        await clock.advance(2 * RETRY_MAX_MS);
        expect(bench.asked()).toBe(1);
        const [listed] = await telling.deliver.undelivered();
        expect(listed).toMatchObject({ turn: { id: turn.id }, delivery: { channel: bench.channel.id } });
        bench.be('taking');
        await telling.deliver.again(listed?.id ?? '', { by: 'Ana' });
        await telling.until('sent');
        expect(await bench.taken()).toHaveLength(1);
      }));

    it('is told again what it puts off, and once', () =>
      withBench(async (bench, clock) => {
        await using telling = await startTelling(bench.channel, clock);
        bench.be('busy');
        await telling.save();
        await telling.tried(1);
        await clock.advance(MINUTE);
        await telling.tried(2);
        bench.be('taking');
        await clock.advance(RETRY_MAX_MS);
        await telling.until('sent');
        await clock.advance(RETRY_MAX_MS);
        expect(await bench.taken()).toHaveLength(1);
      }));

    it('is not waited for without end', () =>
      withBench(async ({ channel, be, outlast }) => {
        be('silent');
        const sent = channel.send(message, never).then(
          () => 'sent',
          (error: unknown) => error,
        );
        await outlast();
        const error = await sent;
        expect(error).toBeInstanceOf(NotTold);
        expect(error).toMatchObject({ lasting: false });
      }));

    it('is broken off when told to stop', () =>
      withBench(async ({ channel, be, asked }) => {
        be('silent');
        const stopping = new AbortController();
        const sent = channel.send(message, stopping.signal);
        const ended = expect(sent).rejects.toThrow();
        await expect.poll(() => asked()).toBe(1);
        stopping.abort();
        await ended;
        await expect(channel.send(message, stopping.signal)).rejects.toThrow();
      }));

    it('gives no secret away, in no error and no log', () =>
      withBench(async (bench, clock) => {
        await using telling = await startTelling(bench.channel, clock);
        const errors: unknown[] = [];
        for (const mood of ['refusing', 'busy'] as const) {
          bench.be(mood);
          await bench.channel.send(message, never).catch((error: unknown) => errors.push(error));
        }
        errors.push(await telling.deliver.test(bench.channel.id));
        await telling.save();
        await telling.tried(1);
        bench.be('taking');
        errors.push(await telling.deliver.test(bench.channel.id));
        errors.push(await telling.deliver.channels(), telling.logged);
        expect(errors.length).toBeGreaterThan(4);
        const said = inspect(errors, { depth: 20, maxStringLength: null, maxArrayLength: null });
        for (const secret of bench.secrets) expect(said).not.toContain(secret);
      }));

    it('leads nowhere inside the network by a redirect', (context) =>
      withBench(async ({ channel, redirect, asked }) => {
        if (redirect === null) return context.skip();
        for (const to of [
          'http://169.254.169.254/latest/meta-data',
          'http://127.0.0.2:9/',
          'https://10.0.0.1/',
        ]) {
          const before = asked();
          redirect(to);
          await expect(channel.send(message, never)).rejects.toBeInstanceOf(NotTold);
          expect(asked()).toBe(before + 1);
        }
      }));

    it('is tried with a message that says it is a test, and the answer is told', () =>
      withBench(async (bench, clock) => {
        await using telling = await startTelling(bench.channel, clock);
        const well = await telling.deliver.test(bench.channel.id);
        expect(well).toMatchObject({
          ok: true,
          said: expect.stringMatching(/^Delivered\. It was answered: ./),
        });
        expect(await bench.taken()).toHaveLength(1);
        bench.be('refusing');
        expect(await telling.deliver.test(bench.channel.id)).toMatchObject({ ok: false });
        expect(await telling.deliver.undelivered()).toEqual([]);
      }));
  });
}

async function lastingOf(channel: Channel): Promise<boolean | null> {
  const error = await channel.send(message, never).catch((reason: unknown) => reason);
  return error instanceof NotTold ? error.lasting : null;
}

interface Telling extends AsyncDisposable {
  deliver: Deliver;
  store: Store;
  logged: unknown[];
  /** Saves a turn for the channel, as the engine does. */
  save(turn?: AlertTurn, more?: Partial<Delivery>): Promise<AlertTurn>;
  /** Resolves with the delivery of the last turn once it is in this state. */
  until(state: Delivery['state']): Promise<Delivery>;
  /** Once it was tried so often. */
  tried(times: number): Promise<void>;
}

/** The real worker over a real store, with one channel or several. */
export async function startTelling(
  given: Channel | readonly Channel[],
  clock: TestClock,
  file?: string,
): Promise<Telling> {
  const channels = [given].flat() as Channel[];
  const folder = temporaryFolder();
  const store = await openSqliteStore({ file: file ?? join(folder.path, 'data.sqlite') });
  const logged: unknown[] = [];
  const line = (...said: unknown[]): void => void logged.push(said);
  const log: Log = { debug: line, info: line, warn: line, error: line, fatal: line };
  const deliver = createDeliver({ store, clock, log, channels, site: 'Harbor Health', random: () => 0.5 });
  const stopping = new AbortController();
  const running = deliver.run(stopping.signal);
  let last = { turn: '', channel: channels[0]?.id ?? '' };
  const now = async (): Promise<Delivery | undefined> =>
    (await store.delivery(last.turn, last.channel))?.delivery;
  return {
    deliver,
    store,
    logged,
    async save(turn = aTurn(), more = {}) {
      const delivery = aDelivery(turn, last.channel, { dueAt: clock.now(), at: clock.now(), ...more });
      last = { turn: turn.id, channel: delivery.channel };
      await store.saveAlerts({ alerts: [turn.alert], turns: [{ turn, deliveries: [delivery] }] });
      deliver.look();
      return turn;
    },
    async until(state) {
      await expect.poll(async () => (await now())?.state).toBe(state);
      return (await now()) as Delivery;
    },
    async tried(times) {
      await expect.poll(async () => (await now())?.tries).toBeGreaterThanOrEqual(times);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await clock.advance(0);
      await running;
      await store.close();
      folder[Symbol.dispose]();
    },
  };
}
