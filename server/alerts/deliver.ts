import { randomBytes } from 'node:crypto';
import { Problem } from '../problem.ts';
import { type Channel, type ChannelKind, NotTold } from './channels/channel.ts';
import { testTurn } from './channels/test-turn.ts';
import type { Standing, TellNeeds } from './outcome.ts';
import { createTeller, LOOK_EVERY_MS, type Teller } from './tell-channel.ts';
import { createUndelivered, giveUpStrangers, noChannel, type UndeliveredList } from './undelivered.ts';

export interface ChannelStanding extends Standing {
  id: string;
  name: string;
  kind: ChannelKind;
  /** Turns that wait. */
  waiting: number;
}

/** What a test of a channel found, in words. */
export interface ChannelTest {
  ok: boolean;
  said: string;
  tookMs: number;
}

/** Tells the channels what the engine has saved, and keeps what could not be told. */
export interface Deliver extends UndeliveredList {
  /** Something new was saved. */
  look(): void;
  channels(): Promise<ChannelStanding[]>;
  /** Sends a message that says it is a test. @throws Problem when there is no such channel, or a test runs. */
  test(channel: string): Promise<ChannelTest>;
  /** Works until told to stop. */
  run(stop: AbortSignal): Promise<void>;
}

export interface DeliverNeeds extends Omit<TellNeeds, 'random'> {
  channels: readonly Channel[];
  /** Name of the site, for tests. */
  site: string;
  random?: () => number;
}

/** One teller for each channel, so that a slow one delays no other. */
export function createDeliver({ random = Math.random, ...needs }: DeliverNeeds): Deliver {
  const { store, clock, log, channels } = needs;
  const tellers = new Map<string, Teller>(
    channels.map((channel) => [channel.id, createTeller(channel, { store, clock, log, random })]),
  );
  const hasChannel = (id: string): boolean => tellers.has(id);
  const look = (): void => {
    for (const teller of tellers.values()) teller.look();
  };
  return {
    look,
    ...createUndelivered({ store, clock, log, hasChannel, look }),
    test: createTests(needs, tellers),
    async channels() {
      const waiting = await store.deliveriesWaiting();
      return channels.map(({ id, name, kind }) => ({
        id,
        name,
        kind,
        waiting: waiting.get(id) ?? 0,
        ...(tellers.get(id)?.standing() ?? { state: 'quiet', at: null, trouble: null }),
      }));
    },
    async run(stop) {
      const strangers = async (): Promise<void> => {
        while (!stop.aborted) {
          await giveUpStrangers({ store, clock }, hasChannel).catch((error: unknown) => {
            log.error({ err: error }, 'messages to channels that are not there are given up later');
          });
          await clock.sleep(LOOK_EVERY_MS, stop);
        }
      };
      await Promise.all([...[...tellers.values()].map((teller) => teller.run(stop)), strangers()]);
    },
  };
}

/** Tests of channels, one at a time for each. */
function createTests(
  { channels, clock, site }: DeliverNeeds,
  tellers: ReadonlyMap<string, Teller>,
): Deliver['test'] {
  const testing = new Set<string>();
  const tryOut = async (channel: Channel): Promise<ChannelTest> => {
    const at = clock.now();
    const id = `test-${randomBytes(12).toString('hex')}`;
    const took = (): number => Math.max(0, clock.now() - at);
    try {
      // Its own limits end it.
      const said = await channel.send(
        { id, turns: [testTurn({ id, at, site })] },
        new AbortController().signal,
      );
      const teller = tellers.get(channel.id);
      await teller?.wellAgain(clock.now());
      teller?.look();
      return { ok: true, said: `Delivered. It was answered: ${said}`, tookMs: took() };
    } catch (error) {
      if (!(error instanceof NotTold)) throw error;
      return { ok: false, said: error.message, tookMs: took() };
    }
  };
  return async (id) => {
    const channel = channels.find((one) => one.id === id);
    if (channel === undefined) throw new Problem('not_found', noChannel(id));
    if (testing.has(id))
      throw new Problem('too_many', `A test of "${id}" is running. Its result will be here in a moment.`);
    testing.add(id);
    try {
      return await tryOut(channel);
    } finally {
      testing.delete(id);
    }
  };
}
