import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { createLog } from '../../server/log.ts';
import { createBoards } from '../../server/push/boards.ts';
import { GAP_MIN_MS } from '../../server/push/pace.ts';
import { waitingBytes } from '../../server/push/slow-reader.ts';
import { boardServerOptions } from '../../server/push/socket-options.ts';
import { aPost, aSnapshot, NOW, theMentions } from './a-snapshot.ts';
import { createTestClock } from './test-clock.ts';

/**
 * Pushes as many snapshots as it is asked for, at the fastest pace of a clock of its own, and says what it held in
 * memory at the most, above all while a board has snapshots waiting. Every snapshot bears the real moment at which it was made, in place of the build.
 */
const MEASURED_EVERY = 100;
const clock = createTestClock(NOW);
const http = createServer();
const io = new Server(http, boardServerOptions);
http.listen(0, '127.0.0.1');
await once(http, 'listening');

// Two bytes a letter in memory and on the wire.
const latest = Array.from({ length: 12 }, (_, i) =>
  aPost({ id: `p${i}`, text: 'Они перезвонили через пять минут. '.repeat(12) }),
);
const boards = createBoards({
  io,
  clock,
  boards: ['all'],
  refresh: (_, at) =>
    aSnapshot({
      at,
      build: String(performance.timeOrigin + performance.now()),
      mentions: theMentions({ latest }),
    }),
  nextChangeAt: () => Number.POSITIVE_INFINITY,
  log: createLog('silent'),
});
void boards.run(new AbortController().signal);

async function held(): Promise<number> {
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 2));
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function push(count: number): Promise<void> {
  let heldMax = 0;
  for (let pushed = 0; pushed < count; pushed += 1) {
    boards.changed();
    await clock.advance(GAP_MIN_MS);
    const waits = [...io.sockets.sockets.values()].some((socket) => waitingBytes(socket) > 0);
    if (waits || pushed % MEASURED_EVERY === 0) heldMax = Math.max(heldMax, await held());
  }
  process.send?.({ heldMax, counts: boards.counts() });
}

process.on('message', (count: number) => void push(count));
process.on('disconnect', () => process.exit());
process.send?.({ port: (http.address() as AddressInfo).port });
