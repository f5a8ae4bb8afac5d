import type { CallFact } from '../../../server/fact.ts';
import { type AmiMessage, createAmiReader, first } from '../../../server/sources/asterisk/ami-wire.ts';
import { createCalls } from '../../../server/sources/asterisk/calls.ts';
import { type AsteriskConfig, asteriskDefaults } from '../../../server/sources/asterisk/config.ts';
import { createConversation } from '../../../server/sources/asterisk/conversation.ts';
import { doubtAll } from '../../../server/sources/asterisk/resume.ts';
import type { Chunk, Recording } from '../../support/recording.ts';

export const config: AsteriskConfig = {
  ...asteriskDefaults,
  id: 'pbx',
  host: '127.0.0.1',
  port: 5038,
  user: 'firstring',
  secret: 'not-a-real-secret',
};

/** A recording's facts, from its bytes alone: through the wire and the meaning, gaps between connections included. */
export function factsOf(
  { connections }: Pick<Recording, 'connections'>,
  rules: Partial<AsteriskConfig> = {},
  as: (message: AmiMessage) => AmiMessage = (message) => message,
): CallFact[] {
  const calls = createCalls({ ...config, ...rules });
  const facts: CallFact[] = [];
  let heardBefore: number | null = null;
  for (const chunks of connections) {
    const messages = [...messagesOf(chunks)];
    const player = createPlayer(messages.map(({ message }) => message));
    const conversation = createConversation({
      config,
      calls,
      heardBefore,
      send: (text) => player.sent(text),
      denied: () => undefined,
    });
    conversation.begin(chunks[0]?.at ?? 0);
    for (const { message, at } of messages) {
      for (const heard of player.asHeard(message)) facts.push(...conversation.read(as(heard), at));
    }
    heardBefore = chunks.at(-1)?.at ?? null;
    doubtAll(calls.book);
  }
  return facts;
}

/** As an Asterisk without `timestampevents` would have said it. */
export function withoutTime(message: AmiMessage): AmiMessage {
  return new Map([...message].filter(([key]) => key !== 'Timestamp'));
}

/** By what it says, which action a recorded answer belongs to. */
const actionOf: Record<string, string> = {
  'Authentication accepted': 'Login',
  'Channels will follow': 'CoreShowChannels',
  'Queue status will follow': 'QueueStatus',
};

/**
 * The recordings hold another client's ActionIDs: its answers are given to whoever of us asked the same. Pings, and
 * listings that the other client did not ask for, are answered here (the latter with a refusal).
 */
function createPlayer(messages: readonly AmiMessage[]) {
  const asked = new Map<string, string>();
  const theirs = new Map<string, string>();
  const recorded = new Set(messages.map((message) => actionOf[first(message, 'Message')]));
  const answer = (action: string, fields: Record<string, string>): AmiMessage[] => {
    const id = asked.get(action);
    asked.delete(action);
    return id === undefined
      ? []
      : [new Map(Object.entries({ ...fields, ActionID: id }).map(([k, v]) => [k, [v]]))];
  };
  return {
    sent(text: string): void {
      const action = /^Action: (.*)\r$/m.exec(text)?.[1] ?? '';
      asked.set(action, /^ActionID: (.*)\r$/m.exec(text)?.[1] ?? '');
    },
    *asHeard(message: AmiMessage): Generator<AmiMessage> {
      const id = first(message, 'ActionID');
      const action = actionOf[first(message, 'Message')];
      if (action !== undefined) theirs.set(id, asked.get(action) ?? '');
      const ours = theirs.get(id);
      yield ours === undefined ? message : new Map([...message, ['ActionID', [ours]]]);
      yield* answer('Ping', { Response: 'Success' });
      for (const listing of ['CoreShowChannels', 'Status']) {
        if (!recorded.has(listing))
          yield* answer(listing, { Response: 'Error', Message: 'Permission denied' });
      }
    },
  };
}

export function* messagesOf(chunks: readonly Chunk[]): Generator<{ message: AmiMessage; at: number }> {
  const reader = createAmiReader();
  for (const { bytes, at } of chunks)
    for (const message of reader.read(bytes).messages) yield { message, at };
}
