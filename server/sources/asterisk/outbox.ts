import type { Fact } from '../../fact.ts';
import type { Deliver } from '../source.ts';

/** Facts not yet durable; with this many, Asterisk is not read until they are. */
export const WAITING_MAX = 2_000;

/** Where facts go while a link stands. */
export interface Way {
  deliver: Deliver;
  /** Where to go on from, asked for when a batch leaves. */
  cursor(): string;
  /** Too much waits, or no longer. */
  hold(isFull: boolean): void;
  failed: (error: unknown) => void;
}

/** Facts on their way to becoming durable, in order. What could not be delivered stays for the next link. */
export interface Outbox {
  put(facts: readonly Fact[]): void;
  /**
   * Delivers this way from the next `put` on, what is left from before with it: delivered sooner it would pass for a
   * sign of life of a link that says nothing yet.
   */
  open(way: Way): void;
  /** Everything put so far is durable. */
  isEmpty(): boolean;
  /** Resolves when everything put so far is durable; rejects when delivering failed. */
  empty(): Promise<void>;
}

/** One batch at a time; what came in the meantime is the next batch. */
export function createOutbox(): Outbox {
  let waiting: Fact[] = [];
  let leaving = 0;
  let way: Way | null = null;
  let held = false;
  let running: Promise<void> | null = null;

  function hold(isFull: boolean): void {
    if (held === isFull) return;
    held = isFull;
    way?.hold(isFull);
  }

  async function deliverAll(by: Way): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      leaving = batch.length;
      try {
        await by.deliver(batch, by.cursor());
      } catch (error) {
        waiting = [...batch, ...waiting];
        throw error;
      } finally {
        leaving = 0;
      }
      hold(waiting.length >= WAITING_MAX);
    }
  }

  function start(): void {
    if (way === null || running !== null || waiting.length === 0) return;
    const by = way;
    running = deliverAll(by).finally(() => {
      running = null;
    });
    running.catch(by.failed);
  }

  return {
    put(facts) {
      waiting.push(...facts);
      if (waiting.length + leaving >= WAITING_MAX) hold(true);
      start();
    },
    open(next) {
      way = next;
      held = false;
    },
    isEmpty: () => waiting.length === 0 && running === null,
    async empty() {
      start();
      await running;
    },
  };
}
