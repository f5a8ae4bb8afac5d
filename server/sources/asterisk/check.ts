import type { Clock } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import { type AmiLink, openLink } from './ami-link.ts';
import { type AmiMessage, createAmiReader, first, writeAction } from './ami-wire.ts';
import { createCalls } from './calls.ts';
import type { AsteriskConfig } from './config.ts';
import { ANSWER_WITHIN_MS, createConversation } from './conversation.ts';
import { checkGreeting } from './greeting.ts';

/**
 * Logs in once more, beside the running link (Asterisk takes several), sees what the user is permitted, and logs off.
 * Says what was found; throws a Problem when it is not let in or nobody answers.
 */
export async function checkAsterisk(
  { config, clock }: { config: AsteriskConfig; clock: Clock },
  stop: AbortSignal,
): Promise<string> {
  const reader = createAmiReader();
  const seen = { system: false, calls: 0 };
  const looked = Promise.withResolvers<{ mayList: boolean }>();
  let link: AmiLink | null = null;
  const conversation = createConversation({
    config,
    // Of its own: what this connection hears counts for nothing.
    calls: createCalls(config),
    heardBefore: null,
    send: (text) => link?.send(text),
    denied: (isDenied) => looked.resolve({ mayList: !isDenied }),
  });
  const hear = (chunk: Buffer): void => {
    const { messages } = reader.read(chunk);
    checkGreeting(config.id, reader.greeting());
    for (const message of messages) {
      note(message, seen);
      conversation.read(message, clock.now());
    }
  };
  const over = new AbortController();
  link = await openLink({ config, clock, stop, hear });
  try {
    conversation.begin(clock.now());
    const late = clock.sleep(ANSWER_WITHIN_MS, AbortSignal.any([stop, over.signal])).then((): never => {
      throw new Problem('unavailable', `Asterisk "${config.id}" took the connection and does not answer.`);
    });
    const { mayList } = await Promise.race([looked.promise, link.broken, late]);
    return found(config.user, reader.greeting(), mayList, seen);
  } finally {
    over.abort();
    link.send(writeAction({ Action: 'Logoff' }));
    link.close();
  }
}

function note(message: AmiMessage, seen: { system: boolean; calls: number }): void {
  const event = first(message, 'Event');
  if (event === 'FullyBooted') seen.system = true;
  if (event === 'CoreShowChannel' || event === 'Status') seen.calls += 1;
}

function found(
  user: string,
  greeting: string | null,
  mayList: boolean,
  seen: { system: boolean; calls: number },
): string {
  const parts = [`${greeting ?? 'Asterisk'} let "${user}" in.`];
  parts.push(
    mayList
      ? `It may list calls: ${seen.calls} ${seen.calls === 1 ? 'channel is' : 'channels are'} up.`
      : 'It may not list calls, so calls that are open while the link is lost stay unknown: give it "write = reporting" in manager.conf.',
  );
  // FullyBooted is told to those who may read the class `system` (manager.conf.sample).
  if (!seen.system)
    parts.push('It is not told of restarts: give it "read = system,call,agent" in manager.conf.');
  return parts.join(' ');
}
