import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type App, startApp } from '../../server/app.ts';
import { loadConfig } from '../../server/config.ts';
import { recount } from '../../server/intake/recount.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Snapshot, Tally } from '../../shared/figure.ts';
import { percentText } from '../../shared/percent.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { quietLog } from '../support/an-intake.ts';
import { createJumpingClock, type JumpingClock } from '../support/jumping-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type WatchedBoard, watchBoard } from '../support/watched-board.ts';

const DAY = 24 * HOUR;
const JUMPS = [SECOND, -SECOND, HOUR, -HOUR, DAY, -DAY, -DAY, DAY, -HOUR, HOUR];
/** Five seconds, at most so long between two snapshots, pass in a quarter of one. */
const SPEED = 20;
const start = Date.parse('2026-03-10T12:00:00Z');
const TOKENS = {
  SHOP_TOKEN: 'a-token-for-the-shop-that-is-long',
  FIRST_RING_TV_TOKEN: 'a-token-for-the-television',
};
const configuration = `
site: { name: Clocks, zone: Europe/London, country: gb, hours: always, domains: [harbor.example] }
teams: [{ id: support, name: Support, queues: [{ id: support, kind: calls }, { id: help, kind: mailbox, addresses: [help@harbor.example] }] }]
boards: [{ id: all, name: Support, show: site }]
sources: [{ id: shop, kind: http, token: "\${SHOP_TOKEN}", feeds: [phones, emails], late_after: 60s, lost_after: 5m }]
`;

describe('a server whose clock is set on and back by a second, an hour, a day', () => {
  it('goes on pushing, shows no negative wait and no percent beyond 0 and 100, and counts right', async () => {
    using folder = temporaryFolder();
    const clock = createJumpingClock(start, SPEED);
    await using site = await openSite(folder.path, clock);
    using board = watchBoard(site.app.url, TOKENS.FIRST_RING_TV_TOKEN);
    await board.until(() => true, 5_000);

    for (const [turn, jump] of JUMPS.entries()) {
      await site.post(begunCalls(turn, clock.now()));
      clock.jump(jump);
      await expectPushes(board, clock);
      await site.post(restOfCalls(turn, clock.now()));
      expectSane(await site.snapshot(), clock);
      await expectPushes(board, clock);
      expectSane(board.last(), clock);
    }
    expect(board.last()?.calls?.firstRing.tally.d).toBeGreaterThan(0);
    expect(board.last()?.emails?.received).toBeGreaterThan(0);
    expect(site.errors).toEqual([]);
    await site.expectRecountClean();
  }, 60_000);

  it('does not take a source for live that fell silent before the clock was set back', async () => {
    using folder = temporaryFolder();
    const clock = createJumpingClock(start, SPEED);
    await using site = await openSite(folder.path, clock);
    using board = watchBoard(site.app.url, TOKENS.FIRST_RING_TV_TOKEN);
    await site.post([{ kind: 'alive', at: clock.now() }]);
    await board.until(({ sources }) => sources[0]?.state === 'live', 5_000);
    clock.jump(-DAY);
    const took = await board.until(({ sources }) => sources[0]?.state === 'late', 10_000);
    // Sixty seconds of silence, and the five until the jump is noticed.
    expect(took * SPEED).toBeLessThan(75 * SECOND);
    expectSane(board.last(), clock);
    await site.post([{ kind: 'alive', at: clock.now() }]);
    await board.until(({ sources }) => sources[0]?.state === 'live', 5_000);
    clock.jump(HOUR);
    await board.until(({ sources }) => sources[0]?.state === 'lost', 5_000);
    await site.post([{ kind: 'alive', at: clock.now() }]);
    await board.until(({ sources }) => sources[0]?.state === 'live', 5_000);
  }, 60_000);

  it('shows a newcomer the present and not what was made before the clock was set back', async () => {
    using folder = temporaryFolder();
    const clock = createJumpingClock(start, SPEED);
    await using site = await openSite(folder.path, clock);
    using first = watchBoard(site.app.url, TOKENS.FIRST_RING_TV_TOKEN);
    await first.until(() => true, 5_000);
    clock.jump(-HOUR);
    using second = watchBoard(site.app.url, TOKENS.FIRST_RING_TV_TOKEN);
    await second.until(() => true, 5_000);
    expect(second.first()?.at).toBeLessThanOrEqual(clock.now());
  });
});

interface Site extends AsyncDisposable {
  app: App;
  post(facts: readonly object[]): Promise<void>;
  snapshot(): Promise<Snapshot>;
  errors: unknown[];
  /** Closes, and recounts. */
  expectRecountClean(): Promise<void>;
}

async function openSite(folder: string, clock: JumpingClock): Promise<Site> {
  const file = join(folder, 'first-ring.yaml');
  writeFileSync(file, configuration);
  const config = await loadConfig({ PORT: '0', DATA_DIR: folder, CONFIG: file, ...TOKENS }, folder);
  const log = quietLog();
  const app = await startApp({ config, clock, log, say: () => undefined });
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => (closing ??= app.close());
  const tv = { authorization: `Bearer ${TOKENS.FIRST_RING_TV_TOKEN}` };
  return {
    app,
    errors: log.errors,
    async post(facts) {
      const headers = { authorization: `Bearer ${TOKENS.SHOP_TOKEN}`, 'content-type': 'application/json' };
      const response = await fetch(`${app.url}/api/facts`, {
        method: 'POST',
        headers,
        body: JSON.stringify(facts),
      });
      expect({ status: response.status, body: await response.json() }).toMatchObject({ status: 200 });
    },
    snapshot: async () =>
      (await (await fetch(`${app.url}/api/snapshot/all`, { headers: tv })).json()) as Snapshot,
    async expectRecountClean() {
      await close();
      const store = await openSqliteStore({ file: config.databaseFile });
      const found: unknown[] = [];
      for (const now of [clock.now(), clock.now() + 2 * DAY, clock.now() - 2 * DAY])
        await recount(store, config.rules, now, (differences) => void found.push(...differences));
      await store.close();
      expect(found).toEqual([]);
    },
    [Symbol.asyncDispose]: close,
  };
}

/** A call that is answered after the jump, one that gives up after it, one that goes on waiting, one that talks on, and two emails. */
function begunCalls(turn: number, at: number): object[] {
  const calls = ['answered', 'gives-up', 'waits', 'talks'].flatMap((name) => [
    { kind: 'arrived', call: `${name}-${turn}`, at: at - 2 * SECOND, number: `+1555200${turn}0` },
    { kind: 'offered', call: `${name}-${turn}`, at: at - SECOND, queue: 'support' },
    { kind: 'alert', call: `${name}-${turn}`, at, agent: '101', leg: `leg-${name}-${turn}` },
  ]);
  const talks = { call: `talks-${turn}`, at, agent: '101', leg: `leg-talks-${turn}` };
  const mail = { from: 'customer@there.example', to: ['help@harbor.example'], mailbox: 'inbox' };
  return [
    ...calls,
    { kind: 'pickup', ...talks },
    { kind: 'bridged', ...talks },
    { kind: 'mail_in', id: `<answered-${turn}@there.example>`, at, ...mail },
    { kind: 'mail_in', id: `<waits-${turn}@there.example>`, at, ...mail },
    { kind: 'alive', at },
  ];
}

function restOfCalls(turn: number, at: number): object[] {
  const answered = { call: `answered-${turn}`, at, agent: '101', leg: `leg-answered-${turn}` };
  return [
    { kind: 'pickup', ...answered },
    { kind: 'bridged', ...answered },
    { kind: 'end', call: `answered-${turn}`, at: at + SECOND, why: 'hangup' },
    {
      kind: 'mail_out',
      id: `<reply-${turn}@harbor.example>`,
      at,
      from: 'help@harbor.example',
      to: ['customer@there.example'],
      refs: [`<answered-${turn}@there.example>`],
      mailbox: 'inbox',
    },
    { kind: 'end', call: `gives-up-${turn}`, at: at + SECOND, why: 'abandon' },
  ];
}

/** Two more snapshots come, made on the clock as it is now, in the time it takes at the slowest. */
async function expectPushes(board: WatchedBoard, clock: JumpingClock): Promise<void> {
  for (let more = 0; more < 2; more += 1) {
    const before = board.last();
    await board.until(
      (snapshot) => snapshot !== before && Math.abs(snapshot.at - clock.now()) < MINUTE / 2,
      3_000,
    );
  }
}

/** No length below nothing, no moment that is past in the future, no ratio beyond its whole, at any depth. */
function expectSane(snapshot: Snapshot | undefined, clock: JumpingClock): void {
  expect(snapshot).toBeDefined();
  if (snapshot === undefined) return;
  expect(snapshot.at).toBeLessThanOrEqual(clock.now());
  const { calls, callbacks, emails, longest, sources } = snapshot;
  for (const [path, value] of numbersIn(snapshot)) {
    expect(value, path).not.toBeNaN();
    expect(value, path).toBeGreaterThanOrEqual(0);
    if (/since|heardAt|asOf/i.test(path)) expect(value, path).toBeLessThanOrEqual(snapshot.at);
  }
  const ratios: [Tally | undefined, number][] = [
    [calls?.firstRing.tally, 70],
    [calls?.serviceLevel.tally, 80],
    [calls?.abandonment, 0],
    [calls?.leftInMenu, 0],
    [callbacks?.tally, 80],
    [emails?.withinHour.tally, 90],
    ...(calls?.firstRing.steps.map(({ today }): [Tally, number] => [today, 70]) ?? []),
  ];
  for (const [tally, target] of ratios) {
    if (tally === undefined || tally.d === 0) continue;
    expect(tally.n).toBeLessThanOrEqual(tally.d);
    const percent = Number(/\d+/.exec(percentText(tally, { target }))?.[0]);
    expect(percent).toBeGreaterThanOrEqual(0);
    expect(percent).toBeLessThanOrEqual(100);
  }
  expect(longest?.ms ?? 0).toBeGreaterThanOrEqual(0);
  expect(sources[0]?.state).toMatch(/^(?:live|late|lost)$/);
}

function* numbersIn(value: unknown, path = 'snapshot'): Generator<[string, number]> {
  if (typeof value === 'number') yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) yield* numbersIn(member, `${path}.${name}`);
}
