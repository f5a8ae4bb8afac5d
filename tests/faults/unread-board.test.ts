import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRawBoard } from '../support/raw-board.ts';

/** Ten minutes at the fastest pace are 6000; after the first thousand or so the system's own buffers are full. */
const SNAPSHOTS = Number(process.env.UNREAD_SNAPSHOTS ?? 1_200);
const COST_MAX_BYTES = 1_000_000;

interface Pushed {
  /** The most that was held in memory at any time. */
  heldMax: number;
  counts: { watching: number; slow: number };
}

let server: ChildProcess;
let port: number;

beforeAll(async () => {
  server = fork(join(import.meta.dirname, '../support/push-to-boards.ts'), { execArgv: ['--expose-gc'] });
  [{ port }] = (await once(server, 'message')) as [{ port: number }];
});

afterAll(async () => {
  server.disconnect();
  await once(server, 'exit');
});

async function push(snapshots: number): Promise<Pushed> {
  server.send(snapshots);
  return ((await once(server, 'message')) as [Pushed])[0];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

it(`a board that reads none of ${SNAPSHOTS} snapshots costs less than 1 MB, and delays no other`, async () => {
  const reader = await openRawBoard(port, 'board=all');
  let delays: number[] = [];
  let text = '';
  reader.socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    const made = [...text.matchAll(/"build":"(\d+\.\d+)"/g)];
    for (const [, madeAt] of made) delays.push(performance.timeOrigin + performance.now() - Number(madeAt));
    const last = made.at(-1);
    text = last === undefined ? text : text.slice(last.index + 40);
  });
  reader.send('40');
  await push(300);
  delays = [];
  const alone = await push(500);
  await expect.poll(() => delays.length).toBeGreaterThanOrEqual(499);
  const delayAlone = median(delays);

  const stuck = await openRawBoard(port, 'board=all');
  stuck.socket.pause();
  stuck.send('40');
  await expect.poll(async () => (await push(1)).counts.watching).toBe(2);
  // Both say that they are alive, or they would be taken for gone.
  const beats = setInterval(() => [reader, stuck].map((board) => board.send('3')), 3_000);
  delays = [];
  const beside = await push(SNAPSHOTS);
  clearInterval(beats);
  expect(beside.heldMax - alone.heldMax).toBeLessThan(COST_MAX_BYTES);
  expect(beside.counts).toMatchObject({ watching: 1, slow: 1 });
  await expect.poll(() => delays.length).toBeGreaterThanOrEqual(SNAPSHOTS - 1);
  expect(median(delays)).toBeLessThan(delayAlone * 1.5 + 2);
  for (const { socket } of [reader, stuck]) socket.destroy();
}, 120_000);
