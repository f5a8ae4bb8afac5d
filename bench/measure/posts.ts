import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from '../child.ts';
import { type HeldUp, heldUp, watchLoopOf } from '../held-up.ts';
import { type Measured, type Row, rowFrom } from '../row.ts';
import { type Besides, startServer } from '../site.ts';
import { quantile } from '../statistics.ts';
import { untilStored } from '../stored.ts';
import { openWall } from '../wall.ts';

export interface PostsSizes {
  perSecond: number;
  /** For each network, one after the other. */
  seconds: number;
}

const X_TOKEN = 'benchmark-bearer-token-of-the-app';
const QUIET_MS = 2_000;
/** What is not taken in so long after the last post is counted as not taken in. */
const BEHIND_MAX_MS = 1_000;
const MIB = 1_048_576;

const networks = ['bluesky', 'x'] as const;
const rates: Readonly<Record<(typeof networks)[number], Measured>> = {
  bluesky: {
    name: 'posts a second, Bluesky',
    unit: 'posts/s',
    note: '1,000 a second come from a local Jetstream, with names of 700 authors from a local AppView; durable, judged and tallied',
    bar: { of: 'value', least: 900 },
  },
  x: {
    name: 'posts a second, X',
    unit: 'posts/s',
    note: '1,000 a second come from a local stream that speaks as X does; durable, judged and tallied',
    bar: { of: 'value', least: 900 },
  },
};
const longestDelay: Measured = {
  name: 'event-loop delay under 1,000 posts a second, longest',
  unit: 'ms',
  note: 'the longer one of both networks',
  bar: { of: 'value', most: 50 },
};
const memory: Measured = {
  name: 'resident memory after 1,000 posts a second',
  unit: 'MiB',
  note: 'after both networks, garbage collected',
};
const halfWay: Measured = {
  name: 'event to board under 1,000 posts a second, p50',
  unit: 'ms',
  note: 'POST to snapshot, which are 100 ms apart while all moves; floor: before the posts, nothing else going on',
};
const nearlyAll: Measured = {
  name: 'event to board under 1,000 posts a second, p99',
  unit: 'ms',
  note: halfWay.note,
};

/** A day on which everybody speaks of us. */
export async function measurePosts(folder: string, { perSecond, seconds }: PostsSizes): Promise<Row[]> {
  const dataDir = join(folder, 'posts');
  mkdirSync(dataDir);
  const posts = perSecond * seconds;
  await using local = startChild('networks.ts', { env: { X_BEARER_TOKEN: X_TOKEN } });
  const besides = sourcesAt(await local.ask<Addresses>('addresses'));
  await using server = await startServer(dataDir, { besides });
  await local.ask('connected');
  using wall = await openWall(server);
  const { ms: quiet } = await wall.during(() => delay(QUIET_MS));
  const rows: Row[] = [];
  const ms: number[] = [];
  const held: HeldUp[] = [];
  for (const network of networks) {
    await watchLoopOf(server);
    const { done: rate, ms: shown } = await wall.during(async () => {
      const from = performance.now();
      await local.ask(network, { perSecond, seconds });
      const { stored } = await untilStored(server, network, posts, BEHIND_MAX_MS);
      return (stored / (performance.now() - from)) * 1_000;
    });
    held.push(await heldUp(server));
    ms.push(...shown);
    rows.push(rowFrom(rates[network], rate, null));
  }
  const resident = await server.child.ask<number>('residentBytes');
  const each = networks.map((network, i) => `${network} ${held[i]?.delayMs.toFixed(0)} ms`).join(', ');
  const workMs = Math.max(...held.map((one) => one.workMs));
  const note = `${each}; ${workMs.toFixed(0)} ms at most of its own work`;
  return [
    ...rows,
    rowFrom({ ...longestDelay, note }, Math.max(...held.map(({ delayMs }) => delayMs)), null),
    rowFrom(memory, resident / MIB, null),
    rowFrom(halfWay, quantile(ms, 0.5), quantile(quiet, 0.5)),
    rowFrom(nearlyAll, quantile(ms, 0.99), quantile(quiet, 0.99)),
  ];
}

interface Addresses {
  jetstream: string;
  profiles: string;
  x: string;
}

function sourcesAt({ jetstream, profiles, x }: Addresses): Besides {
  return {
    sources: [
      `{ id: bluesky, kind: bluesky, jetstream: "${jetstream}", profiles: "${profiles}", keywords: [harborhealth] }`,
      `{ id: x, kind: x, token: "\${X_BEARER_TOKEN}", base_url: "${x}", rules: ['@harborhealth'], daily_cap: { posts: 100000, usd: 10000 } }`,
    ],
    secrets: { X_BEARER_TOKEN: X_TOKEN },
  };
}
