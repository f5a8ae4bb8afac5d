import { setTimeout as delay } from 'node:timers/promises';
import { io } from 'socket.io-client';
import type { Snapshot } from '../shared/figure.ts';
import { postCall } from './post-call.ts';
import { BOARD, type MeasuredServer, TV_TOKEN } from './site.ts';

/** From one post to the next, on average. */
const EVERY_MS = 50;
const SHOWN_WITHIN_MS = 10_000;
/** Steps of this much of a whole fall evenly into it, however many there are. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** A board that is connected, and calls that are posted to see when it shows them. */
export interface Wall extends Disposable {
  /**
   * Posts calls for as long as the work goes on, whether or not those before were shown. Resolves with what the work
   * did, and with the ms from each post to the snapshot that shows it; rejects when one is never shown.
   */
  during<T>(work: () => Promise<T>): Promise<{ done: T; ms: number[] }>;
}

/** A call that was posted, or a count that a board showed, and when. */
export interface Noted {
  count: number;
  at: number;
}

/** Connects, and resolves with the first snapshot. */
export async function openWall({ url }: MeasuredServer): Promise<Wall> {
  const seen: Noted[] = [];
  const socket = io(url, {
    transports: ['websocket'],
    query: { board: BOARD },
    extraHeaders: { authorization: `Bearer ${TV_TOKEN}` },
  });
  const first = Promise.withResolvers<void>();
  socket.on('connect_error', first.reject);
  socket.on('snapshot', ({ calls }: Snapshot) => {
    seen.push({ count: calls?.firstRing.tally.d ?? 0, at: performance.now() });
    first.resolve();
  });
  await first.promise;
  let posted = 0;
  return {
    async during(work) {
      const sent: Noted[] = [];
      const answers: Promise<void>[] = [];
      let isOver = false;
      const working = work().finally(() => {
        isOver = true;
      });
      const from = performance.now();
      for (let i = 0; !isOver; i += 1) {
        await delay(Math.max(0, from + dueMs(i) - performance.now()));
        posted += 1;
        sent.push({ count: posted, at: performance.now() });
        answers.push(postCall(url, 'wall', posted));
      }
      const [done] = await Promise.all([working, ...answers]);
      const until = performance.now() + SHOWN_WITHIN_MS;
      while ((seen.at(-1)?.count ?? 0) < posted && performance.now() < until) await delay(10);
      return { done, ms: latencies(sent, seen) };
    },
    [Symbol.dispose]: () => void socket.disconnect(),
  };
}

/**
 * When a post is due, ms after the first. Snapshots come at even pauses: posts at even pauses too would all meet them at
 * the same moment.
 */
export function dueMs(i: number): number {
  return (i + ((i * GOLDEN) % 1)) * EVERY_MS;
}

/** The ms from each post to the first snapshot that counts it. Throws when there is none. */
export function latencies(sent: readonly Noted[], seen: readonly Noted[]): number[] {
  let next = 0;
  return sent.map(({ count, at }) => {
    while ((seen[next]?.count ?? count) < count) next += 1;
    const shown = seen[next];
    if (shown === undefined) throw new Error(`Call ${count} was never shown on the board.`);
    return shown.at - at;
  });
}
