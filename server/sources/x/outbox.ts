import type { Fact } from '../../fact.ts';
import { deliverInParts } from '../deliver-in-parts.ts';
import type { Deliver } from '../source.ts';

/** Facts not yet durable; with this many, the stream is not read until they are. */
export const WAITING_MAX = 5_000;

/** Posts that were put before and are told by their ids; beyond it one that comes again is a repeat, which is harmless. */
const KNOWN_MAX = 20_000;

/** Where facts go while a link stands. */
export interface Way {
  deliver: Deliver;
  /** Where to go on from when everything put so far is durable; asked when that leaves. */
  cursor(): string;
  /** Too much waits, or no longer. */
  full(isFull: boolean): void;
  failed(error: unknown): void;
}

/** Facts on their way to becoming durable, in order. What could not be delivered stays for the next link. */
export interface Outbox {
  /**
   * A post that was put before is left out: stream and search say the same. With no facts the cursor alone is saved, if it has
   * changed.
   */
  put(facts: readonly Fact[]): void;
  open(way: Way): void;
  /** While held, what is put waits: nothing may pass for known before what was missed is known too. */
  hold(isHeld: boolean): void;
  /** Resolves when everything put so far is durable; rejects when delivering failed. */
  empty(): Promise<void>;
}

/** One batch at a time; what came in the meantime is the next one. */
export function createOutbox(): Outbox {
  const known = new Set<string>();
  let waiting: Fact[] = [];
  let leaving = 0;
  let way: Way | null = null;
  let isHeld = false;
  // What waited while held goes in one delivery: after a part of it the source would pass for live.
  let isWhole = false;
  let isFull = false;
  let saved = '';
  let running: Promise<void> | null = null;

  function say(full: boolean): void {
    if (isFull === full) return;
    isFull = full;
    way?.full(full);
  }

  async function deliverAll(by: Way): Promise<void> {
    for (let cursor = by.cursor(); waiting.length > 0 || cursor !== saved; cursor = by.cursor()) {
      const batch = waiting;
      waiting = [];
      leaving = batch.length;
      try {
        await (isWhole ? by.deliver(batch, cursor) : deliverInParts(by.deliver, batch, cursor));
        if (!isHeld) isWhole = false;
        saved = cursor;
      } catch (error) {
        waiting = [...batch, ...waiting];
        throw error;
      } finally {
        leaving = 0;
      }
      say(waiting.length >= WAITING_MAX);
    }
  }

  function isNews(fact: Fact): boolean {
    if (fact.kind !== 'post') return true;
    if (known.has(fact.id)) return false;
    known.add(fact.id);
    for (const oldest of known) {
      if (known.size <= KNOWN_MAX) break;
      known.delete(oldest);
    }
    return true;
  }

  function start(): void {
    if (way === null || running !== null || isHeld) return;
    const by = way;
    running = deliverAll(by).finally(() => {
      running = null;
    });
    running.catch((error: unknown) => by.failed(error));
  }

  return {
    put(facts) {
      for (const fact of facts) if (isNews(fact)) waiting.push(fact);
      if (waiting.length + leaving >= WAITING_MAX) say(true);
      start();
    },
    open(next) {
      way = next;
      isHeld = false;
      isFull = false;
    },
    hold(held) {
      isHeld = held;
      isWhole ||= held;
      start();
    },
    async empty() {
      start();
      await running;
    },
  };
}
