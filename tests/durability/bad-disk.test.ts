import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Snapshot } from '../../shared/figure.ts';
import { type FirstRing, startFirstRing } from '../support/first-ring.ts';
import { mountSmallDisk, noSmallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { watchBoard } from '../support/watched-board.ts';

/** The promise: a wall says so within five seconds that what comes in is not saved. */
const SAID_MAX_MS = 5_000;
const CALLS_A_POST = 50;
const TV = 'a-token-for-the-television';
const configuration = `
site: { name: Disk, zone: UTC, country: us, hours: always }
teams: [{ id: support, name: Support, queues: [{ id: support, kind: calls }] }]
boards: [{ id: all, name: Support, show: site }]
sources: [{ id: shop, kind: http, token: "\${SHOP_TOKEN}", feeds: [phones] }]
`;
const env = {
  SHOP_TOKEN: 'a-token-for-the-shop-that-is-long',
  FIRST_RING_TV_TOKEN: TV,
  LOG_LEVEL: 'silent',
};
const run = promisify(execFile);
const midnight = new Date().setUTCHours(0, 0, 0, 0);

if (noSmallDisk !== null) process.stderr.write(`\nNOT tested: full and read-only disks; ${noSmallDisk}.\n\n`);

describe.skipIf(noSmallDisk !== null)('a full disk', () => {
  it('is answered with 503 and told on the wall within five seconds, asked or not, and is over by itself', async () => {
    using disk = mountSmallDisk(6);
    await using site = await openSite(disk.path);
    using board = watchBoard(site.firstRing.url, TV);
    await site.expectSaved();
    await board.until(({ notSavedSince }) => notSavedSince === null, 5_000);

    disk.fill();
    const unasked = await board.until(({ notSavedSince }) => notSavedSince !== null, SAID_MAX_MS);
    disk.free();
    const overBy = await board.until(({ notSavedSince }) => notSavedSince === null, SAID_MAX_MS);

    await site.expectSaved();
    disk.fill();
    const before = await board.until(({ calls }) => calls?.firstRing.tally.d === site.counted(), 5_000);
    const { status, body } = await site.post();
    const asked = await board.until(({ notSavedSince }) => notSavedSince !== null, SAID_MAX_MS);
    expect(status).toBe(503);
    expect(body.error).toMatchObject({ code: 'unavailable' });
    expect(await site.notReady()).toContain('the disk is full');
    expect(board.last()).toMatchObject(expectedWhileNotSaving(board.last(), site.counted()));
    for (let turn = 0; turn < 20; turn += 1) expect((await site.post()).status).toBe(503);
    // Signs of life are not stored, so that taking them shows nothing.
    for (let turn = 0; turn < 3; turn += 1) expect(await site.alive()).toBe(200);
    await board.until(({ at, notSavedSince }) => at > (notSavedSince ?? at) + 2_000, 5_000);

    disk.free();
    await site.sendAllAgain();
    const overAgain = await board.until(({ notSavedSince }) => notSavedSince === null, SAID_MAX_MS);
    await board.until(({ calls }) => calls?.firstRing.tally.d === site.counted(), 5_000);
    expect(board.last()?.calls?.live).not.toBeNull();
    await site.expectRecountClean();
    tell('full disk', { unasked, overBy, before, asked, overAgain });
  }, 90_000);

  it('loses nothing acknowledged when the process is killed on it', async () => {
    using disk = mountSmallDisk(6);
    const acknowledged = await (async () => {
      await using site = await openSite(disk.path);
      disk.fill();
      let all = 0;
      for (let turn = 0; turn < 10; turn += 1) if ((await site.post()).status === 200) all += 1;
      disk.free();
      for (let turn = 0; turn < 5; turn += 1) if ((await site.post()).status === 200) all += 1;
      await site.firstRing.end('SIGKILL');
      return all;
    })();
    expect(acknowledged).toBeGreaterThanOrEqual(5);
    await using site = await openSite(disk.path);
    using board = watchBoard(site.firstRing.url, TV);
    await board.until(({ calls }) => calls?.firstRing.tally.d === acknowledged * CALLS_A_POST, 5_000);
    await site.expectRecountClean();
  }, 60_000);
});

describe.skipIf(noSmallDisk !== null)('a read-only disk', () => {
  it('is said in words that tell what to do when the server starts on it', async () => {
    using disk = mountSmallDisk(6);
    const file = join(disk.path, 'data.sqlite');
    await (await openSqliteStore({ file })).close();
    disk.remount('ro');
    await expect(openSqliteStore({ file })).rejects.toMatchObject({ code: 'unavailable' });
    await expect(openSqliteStore({ file })).rejects.toThrow(
      /give the server the right|may read and write there/,
    );
    disk.remount('rw');
    await (await openSqliteStore({ file })).close();
  });

  it.skipIf(!canForbid())(
    'that becomes so under the server is told within five seconds, and is over by itself',
    async () => {
      using folder = temporaryFolder();
      await using site = await openSite(folder.path);
      using board = watchBoard(site.firstRing.url, TV);
      await site.expectSaved();
      await board.until(({ notSavedSince, calls }) => notSavedSince === null && calls !== null, 5_000);
      using forbidden = forbidWriting(site.files());
      const said = await board.until(({ notSavedSince }) => notSavedSince !== null, SAID_MAX_MS);
      expect((await site.post()).status).toBe(503);
      expect(await site.notReady()).toMatch(/look for errors of the disk|the right to write/);
      expect(board.last()).toMatchObject(expectedWhileNotSaving(board.last(), site.counted()));
      forbidden.allow();
      await site.sendAllAgain();
      const over = await board.until(({ notSavedSince }) => notSavedSince === null, SAID_MAX_MS);
      await board.until(({ calls }) => calls?.firstRing.tally.d === site.counted(), 5_000);
      await site.expectRecountClean();
      tell('read-only files', { said, over });
    },
    60_000,
  );
});

interface Site extends AsyncDisposable {
  firstRing: FirstRing;
  /** Posts the next fifty calls. */
  post(): Promise<{ status: number; body: { error?: unknown } }>;
  expectSaved(): Promise<void>;
  /** Posts a sign of life alone; the status of the answer. */
  alive(): Promise<number>;
  sendAllAgain(): Promise<void>;
  /** Calls that were acknowledged. */
  counted(): number;
  /** The database and its log; not its shared memory, which needs no disk. */
  files(): string[];
  /** Why it is not ready. */
  notReady(): Promise<string>;
  /** Ends the server, and recounts. */
  expectRecountClean(): Promise<void>;
}

async function openSite(disk: string): Promise<Site> {
  const dataDir = join(disk, 'data');
  mkdirSync(dataDir, { recursive: true });
  const config = join(disk, 'first-ring.yaml');
  if (!existsSync(config)) writeFileSync(config, configuration);
  const firstRing = await startFirstRing({ dataDir, config, env });
  const [databaseFile = ''] = readdirSync(dataDir)
    .filter((name) => name.endsWith('-wal'))
    .map((name) => join(dataDir, name.slice(0, -'-wal'.length)));
  const saved = new Set<number>();
  let sent = 0;
  const headers = { authorization: `Bearer ${env.SHOP_TOKEN}`, 'content-type': 'application/json' };
  const send = async (index: number): Promise<{ status: number; body: { error?: unknown } }> => {
    const body = factsOf(index);
    const response = await fetch(`${firstRing.url}/api/facts`, { method: 'POST', headers, body });
    if (response.status === 200) saved.add(index);
    return { status: response.status, body: (await response.json()) as { error?: unknown } };
  };
  return {
    firstRing,
    post: () => send(sent++),
    async expectSaved() {
      expect(await send(sent++)).toMatchObject({ status: 200 });
    },
    async sendAllAgain() {
      for (let index = 0; index < sent; index += 1) expect(await send(index)).toMatchObject({ status: 200 });
    },
    async alive() {
      const body = JSON.stringify({ kind: 'alive', at: Date.now() });
      return (await fetch(`${firstRing.url}/api/facts`, { method: 'POST', headers, body })).status;
    },
    counted: () => saved.size * CALLS_A_POST,
    files: () => [databaseFile, `${databaseFile}-wal`],
    async notReady() {
      const ready = await fetch(`${firstRing.url}/readyz`);
      expect(ready.status).toBe(503);
      return ready.text();
    },
    async expectRecountClean() {
      expect(await firstRing.end('SIGTERM')).toBe(0);
      const { stdout } = await run(process.execPath, ['server/recount.ts'], {
        env: { ...process.env, ...env, DATA_DIR: dataDir, CONFIG: config },
      });
      expect(stdout).toMatch(/no difference/i);
    },
    [Symbol.asyncDispose]: () => firstRing[Symbol.asyncDispose](),
  };
}

/** Fifty answered calls of today. */
function factsOf(index: number): string {
  const facts = Array.from({ length: CALLS_A_POST }, (_, offset) => {
    const call = `call-${index}-${offset}`;
    const at = midnight + index * CALLS_A_POST + offset;
    return [
      { kind: 'offered', call, at, queue: 'support' },
      { kind: 'alert', call, at, agent: '101' },
      { kind: 'pickup', call, at: at + 2, agent: '101' },
      { kind: 'end', call, at: at + 3, why: 'hangup' },
    ];
  });
  return JSON.stringify(facts.flat());
}

/** Every figure lost as of then, counting only what was acknowledged, and nothing of it live. */
function expectedWhileNotSaving(last: Snapshot | undefined, counted: number): object {
  const asOf = last?.calls?.firstRing.asOf ?? Number.POSITIVE_INFINITY;
  expect(asOf).toBeLessThanOrEqual(last?.notSavedSince ?? 0);
  return { calls: { live: null, firstRing: { feed: 'lost', tally: { n: counted, d: counted } } } };
}

/** Not a byte of these files may be changed, also by who has them open; until allowed again. */
function forbidWriting(files: string[]): { allow(): void } & Disposable {
  let isForbidden = true;
  execFileSync('chattr', ['+i', ...files]);
  const allow = (): void => {
    if (isForbidden) execFileSync('chattr', ['-i', ...files]);
    isForbidden = false;
  };
  return { allow, [Symbol.dispose]: allow };
}

function canForbid(): boolean {
  using folder = temporaryFolder();
  const file = join(folder.path, 'file');
  writeFileSync(file, '');
  try {
    execFileSync('chattr', ['+i', file], { stdio: 'ignore' });
    execFileSync('chattr', ['-i', file]);
    return true;
  } catch {
    process.stderr.write('\nNOT tested: files that turn read-only; chattr +i does not work here.\n\n');
    return false;
  }
}

function tell(what: string, took: Record<string, number>): void {
  const words = Object.entries(took).map(([name, ms]) => `${name} ${Math.round(ms)} ms`);
  process.stdout.write(`${what}: ${words.join(', ')}\n`);
}
