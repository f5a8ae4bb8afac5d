import type { Clock } from '../../clock.ts';

/** Waits on a link that may break or fall silent. What it holds is let go when each wait is over. */
export interface Patience {
  /** The work's result; breaks the link when it takes longer. Rejects with what broke the link. */
  within<T>(ms: number, work: Promise<T>): Promise<T>;
  /** Begins to listen, and resolves after `ms` or when woken. Rejects with what broke the link. */
  rest(ms: number, listen: () => void): Promise<void>;
  /** Ends the rest; without one, the next rest is none. */
  wake(): void;
  /** Ends every wait, now and later, with this error; only the first is kept. */
  break(error: Error): void;
}

export interface PatienceNeeds {
  clock: Clock;
  stop: AbortSignal;
  /** What a link is broken with that did not answer in time, or that is told to stop. */
  silent(): Error;
  stopped(): Error;
  /** What it means that the work itself failed. */
  failed(error: unknown): Error;
  /** Called once, when the link breaks. */
  broken(): void;
}

export function createPatience(needs: PatienceNeeds): Patience {
  const { clock, stop } = needs;
  const waiting = new Set<(error: Error) => void>();
  let error: Error | null = null;
  let woken = false;
  let endRest: (() => void) | null = null;

  const breakWith = (by: Error): void => {
    if (error !== null) return;
    error = by;
    for (const reject of waiting) reject(by);
    needs.broken();
  };

  /** A promise that ends with what `begin` says, with the link, or after `ms` with `late`. */
  const wait = <T>(
    ms: number,
    begin: (end: { resolve: (value: T) => void; reject: (error: Error) => void }) => void,
    late: (resolve: (value: T) => void) => void,
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      const over = new AbortController();
      const end = {
        resolve: (value: T): void => {
          waiting.delete(end.reject);
          over.abort();
          resolve(value);
        },
        reject: (by: Error): void => {
          waiting.delete(end.reject);
          over.abort();
          reject(by);
        },
      };
      if (error !== null) {
        end.reject(error);
        return;
      }
      waiting.add(end.reject);
      begin(end);
      void clock.sleep(ms, AbortSignal.any([stop, over.signal])).then(() => {
        if (over.signal.aborted) return;
        if (stop.aborted) breakWith(needs.stopped());
        else late(end.resolve);
      });
    });

  return {
    within(ms, work) {
      // On a link that is broken already nobody waits for it, and its failure is no news.
      work.catch(() => undefined);
      return wait(
        ms,
        ({ resolve, reject }) => {
          work.then(resolve, (failure: unknown) => reject(error ?? needs.failed(failure)));
        },
        () => breakWith(needs.silent()),
      );
    },
    async rest(ms, listen) {
      if (woken && error === null) {
        woken = false;
        return;
      }
      await wait<void>(
        ms,
        ({ resolve }) => {
          endRest = resolve;
          listen();
        },
        (resolve) => resolve(),
      ).finally(() => {
        endRest = null;
        woken = false;
      });
    },
    wake() {
      woken = true;
      endRest?.();
    },
    break: breakWith,
  };
}
