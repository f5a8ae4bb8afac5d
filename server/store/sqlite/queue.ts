import { setImmediate as nextTurn } from 'node:timers/promises';

/** Runs pieces of work in the order in which they were handed in. */
export type Queue = <T>(ahead: boolean, work: (sent: () => void) => Promise<T>) => Promise<T>;

/**
 * Work begins when everything before it is over, in whatever way. Work that goes `ahead` may begin when the one before
 * it went ahead too and said that it was `sent`, and everything before that one is over.
 */
export function createQueue(): Queue {
  const begun = Promise.resolve();
  let last: { sent: Promise<void>; over: Promise<void>; beforeIsOver: Promise<void> } = {
    sent: begun,
    over: begun,
    beforeIsOver: begun,
  };
  return async (ahead, work) => {
    const { promise: sent, resolve: tellSent } = Promise.withResolvers<void>();
    const { promise: over, resolve: tellOver } = Promise.withResolvers<void>();
    const before = last;
    last = { sent: ahead ? sent : over, over, beforeIsOver: before.over };
    await (ahead ? Promise.all([before.sent, before.beforeIsOver]) : before.over);
    const end = (): void =>
      void before.over.then(() => {
        tellSent();
        tellOver();
      });
    try {
      const result = await work(tellSent);
      end();
      return result;
    } catch (error) {
      // Whoever is told of the failure forgets what rested on it, before anything else begins.
      void nextTurn().then(end);
      throw error;
    }
  };
}
