import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Promised, Snapshot } from '../../shared/figure.ts';
import { percentText } from '../../shared/percent.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { BUSY_SITE, endingsAt, factsAt } from './a-busy-day.ts';
import { type Held, openTv, type Tv } from './a-tv.ts';
import { type LongLivedServer, openLongLivedServer } from './long-lived-server.ts';
import { buildShippedClient } from './shipped-client.ts';

/** SOAK=full is weeks of a TV's life; without it there is a taste of each. */
const LIFE =
  process.env.SOAK === 'full'
    ? { snapshots: 10_000, cuts: 50, restarts: 20, warmUp: 500, compiled: 2_000, limitMs: 40 * 60_000 }
    : { snapshots: 600, cuts: 5, restarts: 2, warmUp: 300, compiled: 450, limitMs: 240_000 };
/**
 * What may be held more at the end: by the page itself than after the warm-up, and with the code that the browser
 * compiled for it than when most of that is compiled.
 */
const GROWTH_MAX = 1.1;
/** The server's clock runs so many times as fast, and so many times as many snapshots come. */
const SPEED = 8;
/** Half an hour before midnight in New York, so that a long life sees a new day. */
const STARTS_AT = Date.parse('2026-11-17T04:30:00Z');

describeInBrowser('a wall on a TV', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  }, 120_000);
  afterAll(() => browser.close());

  it(
    'holds no more after weeks of snapshots, lost connections and restarts, and shows what the server counts',
    async () => {
      using folder = temporaryFolder();
      const config = join(folder.path, 'first-ring.yaml');
      writeFileSync(config, BUSY_SITE);
      const clientDir = join(folder.path, 'client');
      await buildShippedClient(clientDir);
      await using server = await openLongLivedServer({
        config,
        dataDir: folder.path,
        clientDir,
        startAt: STARTS_AT,
        speed: SPEED,
      });
      const tv = await openTv(browser, server.wallUrl);
      const life = liveOn(server, tv);

      await life.until(LIFE.warmUp, { cuts: 1, restarts: 1 });
      const before = await tv.held();
      await life.until(LIFE.compiled, { cuts: 2, restarts: 1 });
      const compiled = await tv.held();
      await life.until(LIFE.snapshots, LIFE);
      const after = await tv.held();
      await server.send(endingsAt(life.ticks(), server.now()));
      await expect.poll(() => unsaid(server, tv), { timeout: BACK_WITHIN_MS, interval: 200 }).toEqual([]);
      const told = { ...life.counts(), snapshots: tv.snapshots(), connections: tv.connections() };
      process.stdout.write(`${inWords({ before, compiled, after }, { ...told, refused: tv.away.length })}\n`);

      expect(told.snapshots).toBeGreaterThanOrEqual(LIFE.snapshots);
      expect(told.connections).toBeGreaterThan(LIFE.cuts + LIFE.restarts);
      expect(tv.complaints).toEqual([]);
      expect(tv.loads()).toBe(1);
      expect(server.output()).not.toMatch(/"level":(50|60)/);
      expect(ownBytes(after) / ownBytes(before)).toBeLessThan(GROWTH_MAX);
      expect(after.heapBytes / compiled.heapBytes).toBeLessThan(GROWTH_MAX);
      expect(after.nodes / before.nodes).toBeLessThan(GROWTH_MAX);
      expect(after.listeners / before.listeners).toBeLessThan(GROWTH_MAX);
      await tv.close();
    },
    LIFE.limitMs,
  );
});

/** What the page holds without the code that the browser made of it. */
function ownBytes({ heapBytes, codeBytes }: Held): number {
  return heapBytes - codeBytes;
}

interface Faults {
  cuts: number;
  restarts: number;
}

/** Sends the day's facts, and spreads lost connections and restarts over the snapshots that come of them. */
function liveOn(server: LongLivedServer, tv: Tv) {
  const done: Faults = { cuts: 0, restarts: 0 };
  let tick = 0;
  return {
    counts: () => ({ ...done }),
    ticks: () => tick,
    async until(snapshots: number, wanted: Faults): Promise<void> {
      const begun = tv.snapshots();
      const from = { ...done };
      const isDue = (fault: keyof Faults): boolean => {
        const share = (done[fault] - from[fault] + 1) / (wanted[fault] - from[fault] + 1);
        return done[fault] < wanted[fault] && tv.snapshots() >= begun + share * (snapshots - begun);
      };
      while (tv.snapshots() < snapshots || done.cuts < wanted.cuts || done.restarts < wanted.restarts) {
        const next = tv.nextSnapshot();
        await server.send(factsAt(tick, server.now()));
        tick += 1;
        await next;
        if (isDue('restarts')) {
          done.restarts += 1;
          await loseAndComeBack(tv, () => server.restart());
        } else if (isDue('cuts')) {
          done.cuts += 1;
          await loseAndComeBack(tv, async () => server.cut());
        }
      }
    },
  };
}

/** Far more than it takes, for a machine that is busy with other things. */
const BACK_WITHIN_MS = 60_000;

/** The wall is as it was when it has a new connection and a snapshot over it. */
async function loseAndComeBack(tv: Tv, lose: () => Promise<void>): Promise<void> {
  const connections = tv.connections();
  await lose();
  await expect
    .poll(() => tv.connections(), { timeout: BACK_WITHIN_MS, interval: 20 })
    .toBeGreaterThan(connections);
  const snapshots = tv.snapshots();
  await expect
    .poll(() => tv.snapshots(), { timeout: BACK_WITHIN_MS, interval: 20 })
    .toBeGreaterThan(snapshots);
}

/** What the server counts and the wall does not say; with the wall's text when anything is missing. */
async function unsaid(server: LongLivedServer, tv: Tv): Promise<string[]> {
  const snapshot = await server.snapshot();
  const text = await tv.text();
  const missing = figuresOf(snapshot).filter((figure) => !text.includes(figure));
  return missing.length === 0 ? [] : [...missing, text];
}

function figuresOf({ calls, emails, mentions }: Snapshot): string[] {
  if (calls?.live === undefined || calls.live === null) throw new Error('the server has no live calls');
  if (emails?.live === undefined || emails.live === null) throw new Error('the server has no live emails');
  const { ringing, waiting } = calls.live;
  const { open, overdue, atRisk } = emails.live;
  return [
    'Live',
    ...promiseOf(calls.firstRing, 'calls'),
    ...promiseOf(emails.withinHour, 'emails'),
    `${ringing} ${ringing === 1 ? 'call' : 'calls'} ringing`,
    `${waiting} ${waiting === 1 ? 'caller' : 'callers'} waiting`,
    `${open} open`,
    `${overdue} ${overdue === 1 ? 'email' : 'emails'} overdue`,
    `${atRisk} ${atRisk === 1 ? 'email' : 'emails'} at risk`,
    `${mentions?.today} today`,
  ];
}

function promiseOf({ tally, target }: Promised, items: string): string[] {
  return [percentText(tally, { target }), `${tally.n} of ${tally.d} ${items}`];
}

function inWords(
  { before, compiled, after }: Record<'before' | 'compiled' | 'after', Held>,
  counts: Record<string, number>,
): string {
  const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)} MiB`;
  const lived = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  return [
    lived.join(', '),
    `heap ${mib(before.heapBytes)} before, ${mib(after.heapBytes)} after`,
    `heap without compiled code ${mib(ownBytes(before))} before, ${mib(ownBytes(after))} after`,
    `heap once compiled ${mib(compiled.heapBytes)}`,
    `DOM nodes ${before.nodes} before, ${after.nodes} after`,
    `listeners ${before.listeners} before, ${after.listeners} after`,
  ].join('\n');
}
