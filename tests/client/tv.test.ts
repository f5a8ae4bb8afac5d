import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { aSnapshot, NOW } from '../support/a-snapshot.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { openWallServer, type WallServer } from '../support/wall-server.ts';
import { STATES } from '../support/wall-states.ts';
import { openWall, type WallPage } from './wall-page.ts';

describeInBrowser('a wall that nobody touches', () => {
  let browser: Browser;
  let server: WallServer;
  const walls: WallPage[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
  }, 120_000);
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await openWallServer(await builtClient(), aSnapshot());
  }, 120_000);
  afterEach(async () => {
    for (const wall of walls.splice(0)) await wall.close();
    await server.close();
  });

  async function open(options: { clock?: boolean; before?: string } = {}): Promise<WallPage> {
    const wall = await openWall(browser, server.url, '1920x1080', options);
    walls.push(wall);
    return wall;
  }

  describe('the screen is kept awake', () => {
    it('by one lock, that is asked for again each time the page comes back into view', async () => {
      const { page } = await open({ before: WAKE_LOCK });
      await expect.poll(() => wakeLock(page)).toMatchObject({ kinds: ['screen'], held: 1 });
      const { asked } = await wakeLock(page);
      await show(page, false);
      expect(await wakeLock(page)).toMatchObject({ asked, held: 0 });
      await show(page, true);
      await expect.poll(() => wakeLock(page)).toMatchObject({ asked: asked + 1, held: 1 });
      await show(page, true);
      expect(await wakeLock(page)).toMatchObject({ asked: asked + 1, held: 1 });
    });

    it('again a minute after the system took the lock back or refused it', async () => {
      const wall = await open({ before: WAKE_LOCK, clock: true });
      await expect.poll(() => wakeLock(wall.page)).toMatchObject({ held: 1 });
      const { asked } = await wakeLock(wall.page);
      await wall.page.evaluate('wakeLockSpy.takeBack(); wakeLockSpy.refuses = true;');
      await wall.page.clock.fastForward(MINUTE);
      await expect.poll(() => wakeLock(wall.page)).toMatchObject({ asked: asked + 1, held: 0 });
      await wall.page.evaluate('wakeLockSpy.refuses = false;');
      await wall.page.clock.fastForward(MINUTE);
      await expect.poll(() => wakeLock(wall.page)).toMatchObject({ held: 1 });
      expect(wall.complaints).toEqual([]);
    });

    it('or not, without a word, where the browser has no such lock', async () => {
      const wall = await open({ before: 'delete Navigator.prototype.wakeLock;' });
      expect(await wall.page.evaluate('"wakeLock" in navigator')).toBe(false);
      expect(await wall.text()).toContain('Live');
      expect(wall.complaints).toEqual([]);
    });
  });

  it('hides the cursor when it has lain still, not while it moves, and the wall changing is no movement', async () => {
    const { page } = await open();
    await page.mouse.move(400, 400);
    const cursors = () =>
      page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll('.fig')].map(
          (element) => getComputedStyle(element).cursor,
        ),
      );
    expect(new Set(await cursors())).toEqual(new Set(['auto']));
    await expect.poll(async () => new Set(await cursors()), { timeout: 6_000 }).toEqual(new Set(['none']));
    for (const state of ['closed', 'hard-day', 'live']) {
      server.show(STATES[state] ?? aSnapshot());
      await page.waitForTimeout(300);
      expect(new Set(await cursors()), `after ${state}`).toEqual(new Set(['none']));
    }
    await page.mouse.move(420, 400);
    expect(new Set(await cursors())).toEqual(new Set(['auto']));
    await expect.poll(async () => new Set(await cursors()), { timeout: 6_000 }).toEqual(new Set(['none']));
  });

  it('steps round eight points, one every two minutes, a fifth of a rem from the middle', async () => {
    const { page } = await open();
    const steps: string[] = [];
    for (let step = 0; step < 9; step++) {
      await showAt(page, NOW + step * 2 * MINUTE);
      steps.push(await page.locator('main').evaluate((main) => getComputedStyle(main).translate));
    }
    expect(steps[8]).toBe(steps[0]);
    expect(new Set(steps).size).toBe(8);
    const points = steps
      .slice(0, 8)
      .map((step) => step.split(' ').map((px) => Math.round(Number.parseFloat(px))));
    for (const [x = 0, y = 0] of points) expect(Math.max(Math.abs(x), Math.abs(y))).toBe(2);
    await showAt(page, NOW + 15 * SECOND);
    const same = await page.locator('main').evaluate((main) => getComputedStyle(main).translate);
    expect(same, 'between two steps').toBe(steps[0]);
  });

  it.each([
    ['the plane of the demo', 'demo', '.head.is-demo', ['left', 'top', 'right']],
    ['the plane of a lost server', 'live', '.head.is-stale', ['left', 'top', 'right']],
    ['the hatching of a lost source', 'phones-lost', '.promise.is-stale', ['left']],
  ])(
    'draws %s past the edge of the screen at every point of the orbit',
    async (_name, state, plane, edges) => {
      const shown = STATES[state] ?? aSnapshot();
      const serverLost = plane === '.head.is-stale';
      server.show(shown);
      const { page } = await open({ clock: serverLost });
      if (serverLost) server.hush();
      const seen = new Set<number | undefined>();
      for (let step = 0; step < 8; step++) {
        if (serverLost) await page.clock.fastForward(2 * MINUTE);
        else await showAt(page, NOW + step * 2 * MINUTE, shown);
        await page.locator(plane).first().waitFor();
        const past = await overhang(page, plane);
        for (const edge of edges)
          expect(past[edge], `${edge} edge at step ${step}`).toBeGreaterThanOrEqual(0);
        seen.add(past.left);
      }
      expect(seen.size, 'places of its left edge').toBe(3);
    },
  );

  it('dims while the site is closed and is bright again when it opens, the clock all the time', async () => {
    const { page } = await open();
    const colours = () =>
      page.evaluate(() =>
        ['.fig', '.clock time'].map((selector) => {
          const element = document.querySelector(selector);
          return element === null ? null : getComputedStyle(element).color;
        }),
      );
    const INK = 'rgb(244, 241, 232)';
    await expect.poll(colours).toEqual([INK, INK]);
    server.show(STATES.closed ?? aSnapshot());
    await expect.poll(colours).toEqual(['rgb(154, 164, 169)', INK]);
    server.show(aSnapshot());
    await expect.poll(colours).toEqual([INK, INK]);
  });

  it('shows server time on a screen whose clock is wrong by years and jumps by days, and stays live', async () => {
    const wall = await open({ clock: true });
    let at = NOW;
    for (const wrong of [-9_000 * DAY, 3 * DAY, -3 * DAY, -HOUR, 400 * DAY]) {
      at += 10 * SECOND;
      await showAt(wall.page, at);
      // No snapshot may come to its help.
      server.hush();
      await wall.page.clock.setSystemTime(NOW + wrong);
      await wall.page.waitForTimeout(2_200);
      const text = await wall.text();
      expect(text, `wrong by ${wrong / HOUR} h`).toMatch(wordsFor(at));
      expect(text, `wrong by ${wrong / HOUR} h`).toContain('Live');
      expect(await wall.page.locator('.is-stale').count()).toBe(0);
    }
    expect(wall.complaints).toEqual([]);
  });

  describe('when the server has another build', () => {
    it('does not load a page that the server cannot serve, and tries again until it can', async () => {
      const { page } = await open();
      let loads = 0;
      page.on('load', () => {
        loads += 1;
      });
      let asked = 0;
      await page.route('**/wall', (route) => {
        asked += 1;
        return asked > 2 ? route.continue() : route.fulfill({ status: 502 });
      });
      for (let tenth = 0; tenth < 2; tenth++) {
        server.show(aSnapshot({ build: 'new', at: NOW + tenth * 11 * SECOND }));
        await expect.poll(() => asked).toBe(tenth + 1);
        await page.waitForTimeout(300);
      }
      expect(loads).toBe(0);
      expect(await page.locator('.fig').first().innerText()).toContain('93');
      server.show(aSnapshot({ build: 'new', at: NOW + 22 * SECOND }));
      await expect.poll(() => loads).toBe(1);
    });

    it('loads itself again for a build that was there before, an hour after the last time', async () => {
      const { page } = await open();
      let loads = 0;
      page.on('load', () => {
        loads += 1;
      });
      const change = async (build: string, at: number, wanted: number): Promise<void> => {
        server.show(aSnapshot({ build, at }));
        await expect.poll(() => loads).toBe(wanted);
        await page.locator('.clock time i').waitFor();
      };
      await change('new', NOW, 1);
      await change('test', NOW + MINUTE, 2);
      server.show(aSnapshot({ build: 'new', at: NOW + 2 * MINUTE }));
      await page.waitForTimeout(700);
      expect(loads).toBe(2);
      await change('new', NOW + HOUR + MINUTE, 3);
    });
  });

  /** Shows the server at this time, and waits until the wall has drawn it. */
  async function showAt(page: Page, at: number, snapshot = aSnapshot()): Promise<void> {
    server.show({ ...snapshot, at });
    await expect
      .poll(async () => wordsFor(at).test(await page.locator('.head').innerText()), { interval: 20 })
      .toBe(true);
  }
});

const DAY = 24 * HOUR;

/** The clock at this instant or up to nine seconds later, in New York. */
function wordsFor(at: number): RegExp {
  const words = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((later) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', timeStyle: 'medium' }).format(
      at + later * SECOND,
    ),
  );
  return new RegExp(words.join('|'));
}

/** How far the plane, which is drawn by `::before`, reaches past each edge of the screen; negative is a seam. */
function overhang(page: Page, plane: string): Promise<Record<string, number>> {
  return page
    .locator(plane)
    .first()
    .evaluate((host) => {
      const box = host.getBoundingClientRect();
      const { left, top, right } = getComputedStyle(host, '::before');
      return {
        left: -(box.left + Number.parseFloat(left)),
        top: -(box.top + Number.parseFloat(top)),
        right: box.right - Number.parseFloat(right) - innerWidth,
      };
    });
}

/** Stands in for the browser's lock: the same calls and events, and it can be told what the system would do. */
const WAKE_LOCK = `
  window.wakeLockSpy = {
    asked: [], locks: [], refuses: false,
    takeBack() { for (const lock of this.locks) void lock.release(); },
  };
  Object.defineProperty(navigator, 'wakeLock', { value: {
    async request(type) {
      wakeLockSpy.asked.push(type);
      if (wakeLockSpy.refuses || document.visibilityState !== 'visible') throw new DOMException('no', 'NotAllowedError');
      const lock = new EventTarget();
      lock.released = false;
      lock.release = async () => { lock.released = true; lock.dispatchEvent(new Event('release')); };
      wakeLockSpy.locks.push(lock);
      return lock;
    },
  } });
`;

function wakeLock(page: Page): Promise<{ asked: number; kinds: string[]; held: number }> {
  return page.evaluate(`({
    asked: wakeLockSpy.asked.length,
    kinds: [...new Set(wakeLockSpy.asked)],
    held: wakeLockSpy.locks.filter((lock) => !lock.released).length,
  })`);
}

/** Takes the page out of view, whereupon a browser releases its locks, or back into it. */
async function show(page: Page, visible: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${visible ? 'visible' : 'hidden'}' });
    if (${!visible}) wakeLockSpy.takeBack();
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}
