import { setImmediate as nextTurn } from 'node:timers/promises';

/** Runs pieces of work in the order in which they were handed in. */
export type Queue = <T>(ahead: boolean, work: (sent: () => void) => Promise<T>) => Promise<T>;

interface Place {
  sent: Promise<void>;
  /** True when it went well. */
  over: Promise<boolean>;
  beforeIsOver: Promise<boolean>;
}

/**
 * Work begins when everything before it is over, in whatever way. Work that goes `ahead` may begin when the one before
 * it went ahead too and said that it was `sent`, and everything before that one is over and went well: what was sent
 * after a failure fails with it, though it may not know yet, and nothing may rest on it.
 */
export function createQueue(): Queue {
  const begun = Promise.resolve(true);
  let last: Place = { sent: Promise.resolve(), over: begun, beforeIsOver: begun };
  return async (ahead, work) => {
    const { promise: sent, resolve: tellSent } = Promise.withResolvers<void>();
    const { promise: over, resolve: tellOver } = Promise.withResolvers<boolean>();
    const before = last;
    last = { sent: ahead ? sent : over.then(() => undefined), over, beforeIsOver: before.over };
    await (ahead ? mayGoAhead(before) : before.over);
    const end = (isWell: boolean): void =>
      void before.over.then(() => {
        tellSent();
        tellOver(isWell);
      });
    try {
      const result = await work(tellSent);
      end(true);
      return result;
    } catch (error) {
      // Whoever is told of the failure forgets what rested on it, before anything else begins.
      void nextTurn().then(() => end(false));
      throw error;
    }
  };
}

async function mayGoAhead({ sent, over, beforeIsOver }: Place): Promise<void> {
  const [wentWell] = await Promise.all([beforeIsOver, sent]);
  if (!wentWell) await over;
}
