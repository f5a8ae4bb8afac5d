import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Child, startChild } from '../child.ts';
import { postCall } from '../post-call.ts';
import { type Measured, notMeasured, type Round, type Row, rowFrom, rowOf } from '../row.ts';
import { startServer, TV_TOKEN } from '../site.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { writeLoopUs } from '../write-loop.ts';

export interface PushSizes {
  rounds: number;
  /** Pushes of one round. */
  pushes: number;
  boards: number;
}

/** From one's push to the next one's; each has three times as long, for snapshots are at most ten a second. */
const APART_MS = 45;
const WARM_UP = 15;
/** The first boards bring code and buffers with them that later ones share. */
const FEW_BOARDS = 100;
const KIB = 1_024;

const pushed: Measured = {
  name: 'CPU of one push to 1,000 boards',
  unit: 'ms',
  note: 'the part of the server that pushes; floor: Socket.IO alone, one room emit of the same bytes',
  bar: { of: 'ratio', most: 1.1 },
};
const whole: Measured = {
  name: 'CPU of a call posted and pushed to 1,000 boards',
  unit: 'ms',
  note: 'the whole server: HTTP, judging, FULL commit, the snapshots of five boards, push; floor: as before',
};
const inC: Measured = {
  name: 'CPU of the same push in C',
  unit: 'ms',
  note: 'a write() loop over as many sockets with as many bytes: what the system alone takes',
};
const memory: Measured = {
  name: 'memory a board',
  unit: 'KiB',
  note: 'growth of heap and buffers from 100 boards to 1,000, garbage collected; floor: Socket.IO alone',
  goal: { of: 'ratio', most: 1 },
};

/** What many boards cost, next to the same by Socket.IO alone. */
export async function measurePush(folder: string, sizes: PushSizes): Promise<Row[]> {
  const dataDir = join(folder, 'push');
  mkdirSync(dataDir);
  await using server = await startServer(dataDir);
  await using part = startChild('push.ts', { nodeArgs: ['--expose-gc'] });
  await using bare = startChild('emit.ts', { nodeArgs: ['--expose-gc'] });
  await postCall(server.url, 'push', 0);
  const snapshot = await snapshotOf(server);
  await part.ask('take', snapshot);
  await bare.ask('take', snapshot);
  let posted = 0;
  const pushers: Pusher[] = [
    { child: server.child, push: () => postCall(server.url, 'push', ++posted) },
    { child: part, push: () => part.ask('push') },
    { child: bare, push: () => bare.ask('emit') },
  ];
  await using boards = startChild('boards.ts');
  const open = async (count: number): Promise<void> => {
    for (const { child } of pushers)
      await boards.ask('open', { count, token: TV_TOKEN, url: await child.ask('url') });
    await pushTo(pushers, WARM_UP);
  };
  await open(FEW_BOARDS);
  const before = await heldBy(pushers);
  await open(sizes.boards - FEW_BOARDS);
  const after = await heldBy(pushers);
  const rounds: number[][] = [];
  for (let round = 0; round < sizes.rounds; round += 1) rounds.push(await oneRound(pushers, sizes.pushes));
  const bytes = JSON.stringify(['snapshot', snapshot]).length + 6;
  const cUs = await writeLoopUs(folder, boards, sizes.boards, bytes);
  const grown = after.map((held, i) => (held - (before[i] ?? 0)) / (sizes.boards - FEW_BOARDS) / KIB);
  return [
    rowOf(pushed, rounds.map(against(1))),
    rowOf(whole, rounds.map(against(0))),
    cUs === null ? notMeasured(inC, 'there is no C compiler (cc) here') : rowFrom(inC, cUs / 1_000, null),
    rowFrom(memory, grown[0] ?? Number.NaN, grown[2] ?? Number.NaN),
  ];
}

interface Pusher {
  child: Child;
  push(): Promise<unknown>;
}

/** One of the pushers against the bare one, which is the last. */
function against(which: number): (costs: readonly number[]) => Round {
  return (costs) => ({ value: costs[which] ?? Number.NaN, floor: costs.at(-1) ?? Number.NaN });
}

/** CPU ms of one push by each of them, in turn with the others. */
async function oneRound(pushers: readonly Pusher[], pushes: number): Promise<number[]> {
  const cpu = (): Promise<number[]> => Promise.all(pushers.map(({ child }) => child.ask<number>('cpuUs')));
  const before = await cpu();
  await pushTo(pushers, pushes);
  return (await cpu()).map((after, i) => (after - (before[i] ?? 0)) / pushes / 1_000);
}

async function pushTo(pushers: readonly Pusher[], times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    for (const pusher of pushers) {
      await pusher.push();
      await delay(APART_MS);
    }
  }
}

function heldBy(pushers: readonly Pusher[]): Promise<number[]> {
  return Promise.all(pushers.map(({ child }) => child.ask<number>('heldBytes')));
}
