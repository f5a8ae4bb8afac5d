import { type ChannelNeeds, channelsOf } from '../../server/alerts/channels/all.ts';
import type { ChannelConfig } from '../../server/alerts/channels/channel.ts';
import { createOutgoing, SEND_WITHIN_MS } from '../../server/outgoing/guarded-send.ts';
import { reachWith } from '../../server/outgoing/reach.ts';
import { answering, openReceiver, type Received, type Receiver } from '../support/a-receiver.ts';
import type { TestClock } from '../support/test-clock.ts';
import type { ChannelBench, Mood } from './each-channel-check.ts';

export interface HttpBenchOptions {
  configOf: (url: string) => ChannelConfig;
  secrets: (url: string) => readonly string[];
  /** How it takes a message, and how it refuses one, as documented. */
  taking: [status: number, text: string];
  refusing: [status: number, text: string];
  busy: [status: number, text: string, headers?: Record<string, string>];
  idOf: (request: Received) => string;
  /** It follows redirects that keep the method. */
  redirects?: boolean;
}

export const needsOn = (clock: TestClock, more: Partial<ChannelNeeds> = {}): ChannelNeeds => ({
  clock,
  outgoing: createOutgoing({
    clock,
    reach: reachWith(['127.0.0.1']),
    plainHosts: ['127.0.0.1', '127.0.0.2', '169.254.169.254'],
  }),
  place: { zone: 'America/New_York', linkOf: () => 'https://wall.harbor.example/wall/support' },
  mail: null,
  ...more,
});

/** A local server in the role of the vendor. Its refusals say back whatever it was sent. */
export async function openHttpBench(
  options: HttpBenchOptions,
  clock: TestClock,
): Promise<ChannelBench & { receiver: Receiver }> {
  const receiver = await openReceiver();
  const config = options.configOf(receiver.url);
  const [channel] = channelsOf([config], needsOn(clock));
  if (channel === undefined) throw new Error('There is no such channel.');
  const takenIds: string[] = [];
  const secrets = options.secrets(receiver.url);
  const echo = (text: string): string => `${text} ${secrets.join(' ')}`;
  const moods: Record<
    Exclude<Mood, 'silent'>,
    (response: Parameters<ReturnType<typeof answering>>[0]) => void
  > = {
    taking: answering(...options.taking),
    refusing: answering(options.refusing[0], echo(options.refusing[1])),
    busy: answering(options.busy[0], echo(options.busy[1]), options.busy[2]),
  };
  const be = (mood: Mood): void =>
    receiver.answer((response, request) => {
      if (mood === 'silent') return;
      if (mood === 'taking') takenIds.push(options.idOf(request));
      moods[mood](response);
    });
  be('taking');
  return {
    channel,
    receiver,
    secrets,
    be,
    taken: async () => [...takenIds],
    asked: () => receiver.received.length,
    async outlast() {
      const before = receiver.received.length;
      while (receiver.received.length === before) await new Promise((resolve) => setTimeout(resolve, 5));
      await clock.advance(SEND_WITHIN_MS);
    },
    redirect: (to) => receiver.answer(answering(307, '', { location: to })),
    async close() {
      await receiver[Symbol.asyncDispose]();
    },
  };
}
