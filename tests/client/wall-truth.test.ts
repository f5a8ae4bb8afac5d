import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Mention } from '../../shared/figure.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { aPost, aSnapshot, LOST_AT, NOW, theCalls, theEmails, theMentions } from '../support/a-snapshot.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { openWallServer, type WallServer } from '../support/wall-server.ts';
import { STATES } from '../support/wall-states.ts';
import { textFaults } from './text-faults.ts';
import { keepPicture, openWall, SIZES, type Size, type WallPage } from './wall-page.ts';

const sizes = Object.keys(SIZES) as Size[];

describeInBrowser('the truth of the wall', () => {
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

  async function open(
    size: Size = '1920x1080',
    options: { clock?: boolean; reducedMotion?: boolean; silent?: boolean } = {},
  ): Promise<WallPage> {
    const wall = await openWall(browser, server.url, size, options);
    walls.push(wall);
    return wall;
  }

  describe('when the server falls silent', () => {
    it('says since when within ten seconds, hollow, and comes back by itself', async () => {
      const wall = await open();
      await expect.poll(() => wall.text()).toContain('Live');
      server.hush();
      const silentSince = performance.now();
      await wall.page.getByText('Not live since 14:07:32').waitFor({ timeout: 11_500 });
      expect(performance.now() - silentSince).toBeLessThan(10_000);
      expect(await wall.page.locator('.promise.is-stale').count()).toBe(2);
      expect(await wall.text()).not.toMatch(/Live|calls ringing|emails overdue|until the next/);
      server.show(aSnapshot({ at: NOW + 20 * SECOND, calls: theCalls({}, { tally: { n: 215, d: 275 } }) }));
      await wall.page.getByText('215 of 275').waitFor({ timeout: 4_000 });
      expect(await wall.page.locator('.is-stale').count()).toBe(0);
      expect(await wall.text()).toContain('Live');
      expect(wall.complaints).toEqual([]);
    });

    it('comes back by itself after the line was cut for half a minute', async () => {
      const wall = await open();
      server.cut();
      await wall.page.getByText('Not live since').waitFor({ timeout: 12_000 });
      await wall.page.waitForTimeout(3_000);
      expect(await wall.text()).toMatch(/Last try 14:07:[45]\d/);
      server.mend();
      await wall.page.getByText('Live', { exact: true }).waitFor({ timeout: 9_000 });
      expect(await wall.page.locator('.is-stale').count()).toBe(0);
    });

    it.each(sizes)('draws the whole board as old on %s', async (size) => {
      server.show(serverLost());
      const wall = await open(size, { clock: true });
      server.hush();
      await wall.page.clock.fastForward(5 * MINUTE + 21 * SECOND);
      await wall.page.getByText('Not live since 14:02:11').waitFor();
      const text = await wall.text();
      await keepPicture(wall.page, `server-lost-${size}`);
      for (const said of [
        '93%',
        '78%',
        'as of 14:02:11',
        '314 of 337 emails counted',
        'Retrying',
        'Nothing on this board is live.',
        'Mentions as of 14:02',
        'Longest conversation, to 14:02',
        'Last try',
      ]) {
        expect.soft(text).toContain(said);
      }
      expect.soft(text).toMatch(/5 min 2\ds? s old/);
      expect.soft(text).not.toMatch(/Live|calls ringing|within 20 s|new,/);
      expect(await textFaults(wall.page, { scrolls: size === '390x844' })).toEqual([]);
    });

    it.each(sizes)('shows no figure any more after ten minutes, on %s', async (size) => {
      server.show({ ...serverLost(), demo: true });
      const wall = await open(size, { clock: true });
      server.hush();
      await wall.page.clock.fastForward(11 * MINUTE);
      await wall.page.getByText('was 93%, 314 of 337 emails').waitFor();
      await keepPicture(wall.page, `too-old-${size}`);
      expect(await wall.page.locator('.fig').allInnerTexts()).toEqual(['–', '–']);
      expect(await wall.text()).toContain('Demo data. These are not your customers.');
      expect(await textFaults(wall.page, { scrolls: size === '390x844' })).toEqual([]);
    });

    it('shows no figure of yesterday once the day has turned', async () => {
      const at = Date.parse('2026-11-18T04:58:00Z');
      server.show(aSnapshot({ at }));
      const wall = await open('1920x1080', { clock: true });
      server.hush();
      await wall.page.clock.fastForward(90 * SECOND);
      await wall.page.getByText('Not live since 23:58:0').waitFor();
      expect((await wall.page.locator('.fig').allInnerTexts())[0]).toContain('93');
      await wall.page.clock.fastForward(60 * SECOND);
      await expect.poll(() => wall.page.locator('.fig').allInnerTexts()).toEqual(['–', '–']);
    });
  });

  it('draws nothing, then labels with en dashes, and says so when no message ever comes', async () => {
    server.hush();
    const wall = await open('1920x1080', { clock: true, silent: true });
    expect(await wall.page.locator('.fig').allInnerTexts()).toEqual(['–', '–']);
    await keepPicture(wall.page, 'loading-1920x1080');
    expect(await wall.text()).toMatch(
      /Emails within the hour.*Mentions.*Calls on the first ring.*Longest conversation/,
    );
    await wall.page.clock.fastForward(10 * SECOND);
    await wall.page.getByText('No connection yet').waitFor();
    await keepPicture(wall.page, 'no-connection-1920x1080');
    expect(wall.complaints).toEqual([]);
  });

  it('keeps server time when the clock of the screen jumps', async () => {
    const wall = await open('1920x1080', { clock: true });
    await wall.page.clock.setSystemTime(NOW + 700 * HOUR);
    await wall.page.waitForTimeout(2_500);
    const text = await wall.text();
    expect(text).toMatch(/Tuesday 17 November 14:07:3\d/);
    expect(text).toContain('Live');
    expect(text).toContain('04:1');
  });

  it('counts on between snapshots: the clock, the longest wait, the deadline, ages', async () => {
    const wall = await open('1920x1080', { clock: true });
    server.hush();
    await wall.page.clock.fastForward(8 * SECOND);
    await expect
      .poll(() => wall.text())
      .toMatch(/14:07:4\d.*new, 2\d s.*longest 0:5\d.*04:0\d until the next/);
  });

  it('changes a figure at once when a snapshot says so', async () => {
    const wall = await open('1920x1080', { reducedMotion: false });
    server.show(aSnapshot({ calls: theCalls({}, { tally: { n: 160, d: 275 } }) }));
    await expect.poll(() => wall.text(), { timeout: 1_000, interval: 20 }).toContain('58%');
  });

  it('loads itself again once for a new build, and not for ever when two servers differ', async () => {
    const wall = await open();
    let loads = 0;
    wall.page.on('load', () => {
      loads += 1;
    });
    server.show(aSnapshot({ build: 'new' }));
    await expect.poll(() => loads).toBe(1);
    await wall.page.locator('.promise h2').first().waitFor();
    for (const build of ['test', 'new', 'test', 'new', 'test']) {
      server.show(aSnapshot({ build }));
      await wall.page.waitForTimeout(700);
    }
    expect(loads).toBe(2);
    expect(await wall.text()).toContain('Live');
  });

  it('shows posts as text, whole or not at all, and says how many new ones wait', async () => {
    const long = 'One word after another, and then some more of them. '.repeat(6).trim();
    const posts = [1, 2, 3, 4].map((n) =>
      aPost({ id: `p${n}`, text: `<img src=x onerror=alert(${n})> ${long}`, at: NOW - n * SECOND }),
    );
    server.show(aSnapshot({ mentions: theMentions({ latest: posts }) }));
    const wall = await open();
    const shown = wall.page.locator('.said li:not([hidden]) q');
    expect(await shown.allInnerTexts()).toEqual([posts[0]?.text]);
    expect(await wall.page.locator('.said img').count()).toBe(0);
    expect(await wall.text()).toContain('41 today, 3 waiting');
    const endless = { ...posts[0], id: 'p9', text: long.repeat(9) } as Mention;
    server.show(aSnapshot({ mentions: theMentions({ latest: [endless] }) }));
    await wall.page.getByText('These posts are too long to be shown here whole.').waitFor();
    server.show(aSnapshot({ mentions: theMentions({ latest: [endless, ...theMentions().latest] }) }));
    await expect.poll(() => shown.count()).toBe(4);
  });

  it('dims outside opening hours and leaves the clock bright', async () => {
    server.show(STATES.closed ?? aSnapshot());
    const wall = await open();
    const colour = (selector: string) =>
      wall.page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).color);
    expect(await colour('.fig')).toBe('rgb(154, 164, 169)');
    expect(await colour('.clock time')).toBe('rgb(244, 241, 232)');
  });

  it('says in words what its charts and its dial show, and what the page is', async () => {
    const wall = await open();
    const images = await wall.page
      .getByRole('img')
      .evaluateAll((all) => all.map((image) => image.getAttribute('aria-label')));
    expect(images).toContain(
      'Calls on the first ring, each half hour of today until 14:07, against the target of 75%',
    );
    expect(images).toContain(
      'Deadlines in the next 60 minutes: the next email breaches in 4 minutes, and 17 more emails are open',
    );
    expect(await wall.page.title()).toBe('Patient Support, First Ring wall');
    server.show(STATES['phones-lost'] ?? aSnapshot());
    await expect.poll(() => wall.page.title()).toBe('Patient Support, First Ring wall: phones not connected');
    expect(await wall.page.locator('h1').innerText()).toBe(
      'Patient Support, First Ring wall: phones not connected',
    );
  });

  it('asks for the board that its address names', async () => {
    const page = await browser.newPage();
    await page.goto(`${server.url}/wall/night-team`);
    await expect.poll(() => server.boards).toContain('night-team');
    await page.goto(`${server.url}/wall?board=day-team`);
    await expect.poll(() => server.boards).toContain('day-team');
    await page.close();
  });
});

function serverLost() {
  return aSnapshot({
    at: LOST_AT,
    emails: theEmails({}, { tally: { n: 314, d: 337 } }),
    calls: theCalls({}, { tally: { n: 211, d: 271 } }),
    mentions: theMentions({ latest: theMentions().latest.slice(1) }),
  });
}
