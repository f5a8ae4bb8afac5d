import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Snapshot } from '../../shared/figure.ts';
import { type FirstRing, startFirstRing } from '../support/first-ring.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KILLS = Number(process.env.KILLS ?? 10);
const CALLS_A_POST = 20;
const configuration = `
site: { name: Kill, zone: UTC, country: us, hours: always }
teams: [{ id: support, name: Support, queues: [{ id: support, kind: calls }] }]
boards: [{ id: all, name: Support, show: site }]
sources: [{ id: shop, kind: http, token: "\${SHOP_TOKEN}", feeds: [phones] }]
`;
const env = {
  SHOP_TOKEN: 'a-token-for-the-shop-that-is-long',
  FIRST_RING_TV_TOKEN: 'a-token-for-the-television',
  LOG_LEVEL: 'error',
};

/** Twenty answered calls; every third rang too long. */
function post(index: number, midnight: number): string {
  const facts = Array.from({ length: CALLS_A_POST }, (_, offset) => {
    const number = index * CALLS_A_POST + offset;
    const at = midnight + number;
    const ringMs = number % 3 === 0 ? 6_000 : 5_999;
    const call = `call-${number}`;
    return [
      { kind: 'offered', call, at, queue: 'support' },
      { kind: 'alert', call, at, agent: '101' },
      { kind: 'pickup', call, at: at + ringMs, agent: '101' },
      { kind: 'end', call, at: at + 30_000, why: 'hangup' },
    ];
  });
  return JSON.stringify(facts.flat());
}

async function send({ url }: FirstRing, body: string): Promise<boolean> {
  try {
    const headers = { authorization: `Bearer ${env.SHOP_TOKEN}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}/api/facts`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status === 200;
  } catch (error) {
    // The process was killed under the request: not acknowledged, which is what the test counts.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

async function firstRingOf({ url }: FirstRing): Promise<{ n: number; d: number } | undefined> {
  const headers = { authorization: `Bearer ${env.FIRST_RING_TV_TOKEN}` };
  const snapshot = (await (await fetch(`${url}/api/snapshot/all`, { headers })).json()) as Snapshot;
  return snapshot.calls?.firstRing.tally;
}

it(
  `loses nothing acknowledged and counts nothing twice when it is killed ${KILLS} times while facts come in`,
  async () => {
    using folder = temporaryFolder();
    const config = join(folder.path, 'first-ring.yaml');
    writeFileSync(config, configuration);
    const midnight = new Date().setUTCHours(0, 0, 0, 0);
    const options = { dataDir: folder.path, config, env };
    const acknowledged = new Set<number>();
    let sent = 0;

    for (let kill = 0; kill < KILLS; kill += 1) {
      await using firstRing = await startFirstRing(options);
      const counted = (await firstRingOf(firstRing))?.d ?? 0;
      expect(counted).toBeGreaterThanOrEqual(acknowledged.size * CALLS_A_POST);
      expect(counted).toBeLessThanOrEqual(sent * CALLS_A_POST);
      const doomed = new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 200)).then(() =>
        firstRing.end('SIGKILL'),
      );
      let alive = true;
      while (alive) {
        const indices = [sent, sent + 1, sent + 2];
        sent += indices.length;
        const answers = await Promise.all(indices.map((index) => send(firstRing, post(index, midnight))));
        for (const [offset, ok] of answers.entries()) if (ok) acknowledged.add(indices[offset] ?? 0);
        alive = answers.every(Boolean);
      }
      await doomed;
    }
    expect(acknowledged.size).toBeGreaterThan(0);

    await using firstRing = await startFirstRing(options);
    for (let index = 0; index < sent; index += 1)
      expect(await send(firstRing, post(index, midnight))).toBe(true);
    const calls = Array.from({ length: sent * CALLS_A_POST }, (_, number) => number);
    expect(await firstRingOf(firstRing)).toEqual({
      n: calls.filter((number) => number % 3 !== 0).length,
      d: calls.length,
    });
    expect(await firstRing.end('SIGTERM')).toBe(0);
    const { stdout } = await promisify(execFile)(process.execPath, ['server/recount.ts'], {
      env: { ...process.env, ...env, DATA_DIR: folder.path, CONFIG: config },
    });
    expect(stdout).toMatch(/no difference/i);
  },
  60_000 + KILLS * 6_000,
);
