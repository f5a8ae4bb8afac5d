import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../tests/support/browser.ts';
import { builtClient } from '../../tests/support/built-client.ts';
import { startChild } from '../child.ts';
import { postCall } from '../post-call.ts';
import { type Measured, notMeasured, type Row, rowFrom } from '../row.ts';
import { BOARD, type MeasuredServer, startServer, TV_TOKEN } from '../site.ts';
import { quantile } from '../statistics.ts';

export interface GlassSizes {
  /** Posts to each of the two pages, one after the other in turn. */
  posts: number;
  /** Posts while the boards below are connected too. */
  postsWithBoards: number;
  boards: number;
}

/** From a post to the other page's: snapshots are at most ten a second, so that each page has 130 ms. */
const APART_MS = 65;
const WARM_UP = 20;
/** Two clocks are compared this often; the quickest answer is the best one. */
const CLOCK_TRIES = 30;
const BARE = 'floor: a bare page on node:http, Socket.IO and SQLite FULL, posted the same in turn';

const halfWay: Measured = {
  name: 'event to glass, p50',
  unit: 'ms',
  note: `POST to text in the document of a real Chromium; ${BARE}`,
};
const nearlyAll: Measured = {
  name: 'event to glass, p99',
  unit: 'ms',
  note: halfWay.note,
  bar: { of: 'ratio', most: 2.5 },
  goal: { of: 'ratio', most: 2 },
};
const withBoards: Measured = {
  name: 'event to glass with 200 boards, p99',
  unit: 'ms',
  note: 'the same with 200 more boards connected to our server',
  bar: { of: 'value', most: 50 },
};

/** How long it takes from a call's facts to the words on a wall. */
export async function measureGlass(folder: string, sizes: GlassSizes): Promise<Row[]> {
  const dataDir = join(folder, 'glass');
  mkdirSync(dataDir);
  await builtClient();
  let browser: Browser;
  try {
    browser = await openBrowser();
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return [halfWay, nearlyAll, withBoards].map((what) => notMeasured(what, why ?? ''));
  }
  try {
    await using server = await startServer(dataDir);
    await using floor = startChild('page.ts', { args: [dataDir] });
    const bare = await watch(browser, await floor.ask<string>('url'), '/', '#count');
    const wall = await watch(browser, server.url, `/wall/${BOARD}?token=${TV_TOKEN}`, '.promise .count b');
    await post([wall, bare], WARM_UP);
    const [ours = [], floors = []] = await post([wall, bare], sizes.posts);
    await using boards = startChild('boards.ts');
    await connectBoards(boards, server, sizes.boards);
    await post([wall], WARM_UP);
    const [crowded = []] = await post([wall], sizes.postsWithBoards);
    return [
      rowFrom(halfWay, quantile(ours, 0.5), quantile(floors, 0.5)),
      rowFrom(nearlyAll, quantile(ours, 0.99), quantile(floors, 0.99)),
      rowFrom(withBoards, quantile(crowded, 0.99), null),
    ];
  } finally {
    await browser.close();
  }
}

async function connectBoards(
  boards: { ask(question: string, about: unknown): Promise<unknown> },
  { url }: MeasuredServer,
  count: number,
): Promise<void> {
  await boards.ask('open', { url, count, token: TV_TOKEN });
}

/** A page whose first words matching the selector are noted with their instant, each time they change. */
interface Watched {
  page: Page;
  url: string;
  posted: number;
}

async function watch(browser: Browser, url: string, path: string, selector: string): Promise<Watched> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(`${url}${path}`);
  await page.waitForTimeout(1_000);
  await page.evaluate(`{
    window.noted = [];
    let last = '';
    new MutationObserver(() => {
      const text = document.querySelector(${JSON.stringify(selector)})?.textContent ?? '';
      if (text === last) return;
      last = text;
      window.noted.push([text, performance.now()]);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }`);
  return { page, url, posted: 0 };
}

/** Posts so many calls to each page in turn; the ms from each post to its words. */
async function post(pages: readonly Watched[], count: number): Promise<number[][]> {
  const offsets = await Promise.all(pages.map(({ page }) => clockOf(page)));
  const sent = pages.map(() => new Map<number, number>());
  for (let i = 0; i < count; i += 1) {
    for (const [which, watched] of pages.entries()) {
      watched.posted += 1;
      sent[which]?.set(watched.posted, performance.now());
      await postCall(watched.url, 'glass', watched.posted);
      await delay(pages.length === 1 ? 2 * APART_MS : APART_MS);
    }
  }
  await delay(500);
  return Promise.all(
    pages.map(async ({ page }, which) => {
      const noted = (await page.evaluate('window.noted')) as [string, number][];
      return [...(sent[which] ?? [])].map(([number, at]) => {
        const seen = noted.find(([text]) => countIn(text) >= number);
        if (seen === undefined) throw new Error(`Post ${number} never reached the glass.`);
        return seen[1] - (offsets[which] ?? 0) - at;
      });
    }),
  );
}

/** "12 of 12" */
function countIn(text: string): number {
  return Number(/^(\d+) of \d+$/.exec(text)?.[1] ?? Number.NaN);
}

/** What to take from the page's clock to have ours: the middle of the quickest question and answer. */
async function clockOf(page: Page): Promise<number> {
  let best = { took: Number.POSITIVE_INFINITY, offset: 0 };
  for (let i = 0; i < CLOCK_TRIES; i += 1) {
    const from = performance.now();
    const theirs = (await page.evaluate('performance.now()')) as number;
    const to = performance.now();
    if (to - from < best.took) best = { took: to - from, offset: theirs - (from + to) / 2 };
  }
  return best.offset;
}
