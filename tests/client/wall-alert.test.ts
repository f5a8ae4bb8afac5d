import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { aSnapshot, NOW } from '../support/a-snapshot.ts';
import { ALERT_STATES, anAlert, waiting } from '../support/alert-states.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { ODD_ALERT_STATES } from '../support/odd-alert-states.ts';
import { openWallServer, type WallServer } from '../support/wall-server.ts';
import { textFaults } from './text-faults.ts';
import { keepPicture, openWall, SIZES, type Size, type WallPage } from './wall-page.ts';

const sizes = Object.keys(SIZES) as Size[];
const STATES = { ...ALERT_STATES, ...ODD_ALERT_STATES };
const isPhone = (size: Size) => size === '390x844';

/** What each state must say, on every size. */
const SAYS: Record<string, string[]> = {
  critical: [
    'Calls critical since 13:55',
    '58%',
    'today 74%',
    'Limit 65%',
    '22 of 38 calls',
    'last 30 minutes',
    'callers waiting, longest 3:24',
    'If you are free, pick up.',
    'Rule: first ring below 65% over 30 minutes, for 10 minutes, 20 calls or more',
  ],
  'two-critical': [
    'Emails critical since 13:50',
    'Limit 80%',
    'Limit 65%',
    '264 of 343 emails',
    '22 of 38 calls',
    '3:24',
    'longest wait, limit 3:00',
    'Two of you, please, to the inbox until it is level again.',
  ],
  warning: ['74%', '68%', '26 of 38 calls, last 30 minutes', 'limit 75%', 'emails overdue'],
  'head-warning': ['Source networks warning since 13:55'],
  acknowledged: ['Patient Support', 'ritical since 13:55', 'limit 65%', '22 of 38 calls', '58%'],
  recovering: ['Back above 65% at 14:06', '78%', 'Patient Support'],
  'critical-lost': ['was critical at 14:02', 'Phones not connected', 'Phones lost', '74%'],
  'critical-words': [
    'Billing and claims calls critical since 13:55',
    'Average time to answer',
    '3:10',
    'Limit 2:30',
    '38 answered calls',
    'last 30 minutes',
  ],
  callbacks: [
    'overdue, limit 10',
    'longest wait, limit 3:00',
    '14 callers owed, 12 overdue',
    'emails at risk',
  ],
  'demo-critical': ['Demo', 'Calls critical since 13:55'],
  burning: ['2.4 times', 'Limit 2 times', 'missed 48 of 100', 'last 2 hours'],
  'burning-warning': ['Missed first rings, burn rate', '2.4 times, limit 1 time'],
  'other-team-warning': ['Billing and claims', '68%', 'limit 75%', 'since 13:55'],
  'other-team-recovering': ['Billing and claims', 'Back above 65% at 14:07'],
  'gauges-critical': ['3:24', 'limit 3:00', '12', 'limit 10'],
  'gauges-lost': [
    'was critical at 14:02',
    'Longest wait: was critical at 14:02',
    'Overdue: was critical at 14:02',
    'are not known',
  ],
  'mentions-lost': ['Mentions: was critical at 14:02'],
  'three-of-calls': ['Patient Support calls critical since 13:55', 'Billing and claims'],
  'since-friday': ['ritical since Friday 14:07'],
  'long-names': [
    'Orthopaedics, rehabilitation and out-patient surgery, North Shore calls critical since 13:55',
  ],
  'mention-critical': ['Mentions critical since 13:07', 'Read what they say, and tell the desk.'],
};

/** What must not be said in a state. */
const NEVER: Record<string, RegExp[]> = {
  warning: [/critical/, /Limit/],
  'head-warning': [/critical/],
  acknowledged: [/Calls critical since/],
  recovering: [/critical/, /Limit/],
  'critical-lost': [/critical since/, /Limit/, /58%/],
};

describeInBrowser('the wall with alerts', () => {
  let browser: Browser;
  let server: WallServer;

  beforeAll(async () => {
    browser = await openBrowser();
    server = await openWallServer(await builtClient(), aSnapshot());
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  for (const size of sizes) {
    describe(size, () => {
      let wall: WallPage;
      beforeAll(async () => {
        wall = await openWall(browser, server.url, size);
      });
      afterAll(() => wall.close());

      it.each(Object.keys(STATES))('says and shows %s whole', async (name) => {
        server.show(STATES[name] ?? aSnapshot());
        await expect
          .poll(() => unsaid(wall, SAYS[name] ?? ['no such state']), { timeout: 5_000, interval: 50 })
          .toEqual([]);
        await keepPicture(wall.page, `alert-${name}-${size}`);
        const text = await wall.text();
        if (!isPhone(size) || name !== 'acknowledged')
          for (const said of NEVER[name] ?? []) expect.soft(text).not.toMatch(said);
        const faults = await textFaults(wall.page, { scrolls: isPhone(size) });
        // A name longer than its row ends in dots there; the head has it whole.
        const named = name === 'long-names' ? /Orthopaedics/ : /^never$/;
        expect.soft(faults.filter((fault) => !named.test(fault))).toEqual([]);
        const across = await wall.page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect.soft(across, 'scrolls sideways').toBe(0);
        expect(wall.complaints.splice(0)).toEqual([]);
      });
    });
  }
});

describeInBrowser('several critical at one place', () => {
  it('names in the foot those that have no plane of their own', async () => {
    const browser = await openBrowser();
    const server = await openWallServer(
      await builtClient(),
      ODD_ALERT_STATES['three-of-calls'] ?? aSnapshot(),
    );
    const wall = await openWall(browser, server.url, '1920x1080');
    await wall.page
      .getByText('Also critical: Source networks; Billing and claims, calls on the first ring')
      .waitFor();
    await browser.close();
    await server.close();
  });
});

describeInBrowser('an alert in the hand', () => {
  it('goes on counting a wait between two looks of its rule, as the count below it does', async () => {
    const browser = await openBrowser();
    const worse = ALERT_STATES.critical ?? aSnapshot();
    const looked = waiting({ value: { n: 121_000, d: 1 } });
    const server = await openWallServer(await builtClient(), { ...worse, alerts: [looked] });
    const { page } = await openWall(browser, server.url, '390x844');
    await page.locator('.alarm').getByText('3:24, limit 2:00').waitFor();
    await browser.close();
    await server.close();
  });
});

describeInBrowser('an alert on the wall', () => {
  let browser: Browser;
  let server: WallServer;
  let wall: WallPage;

  beforeAll(async () => {
    browser = await openBrowser();
  }, 120_000);
  beforeEach(async () => {
    server = await openWallServer(await builtClient(), aSnapshot());
    wall = await openWall(browser, server.url, '1920x1080');
  });
  afterEach(async () => {
    await wall.close();
    await server.close();
  });
  afterAll(() => browser.close());

  const regions = async (): Promise<{ alert: string; status: string }> => ({
    alert: await wall.page.locator('.sr[role="alert"]').innerText(),
    status: await wall.page.locator('.sr[role="status"]').innerText(),
  });

  it('is read out at once when it is critical, politely otherwise, and not again as its figure changes', async () => {
    expect(await regions()).toEqual({ alert: '', status: '' });
    server.show(aSnapshot({ alerts: [anAlert(), waiting()] }));
    await expect.poll(async () => (await regions()).alert).toContain('Calls critical since 13:55');
    expect(await wall.page.title()).toBe('Patient Support, First Ring wall: critical');
    const said = await regions();
    expect(said.status).toContain('Calls warning since 14:05');
    expect(said.status).not.toContain('critical');
    server.show(aSnapshot({ alerts: [anAlert({ value: { n: 21, d: 39 } }), waiting()] }));
    await wall.page.getByText('21 of 39 calls').waitFor();
    expect(await regions()).toEqual(said);
    server.show(aSnapshot({ alerts: [anAlert({ acked: { by: 'Ann', at: NOW } })] }));
    await expect.poll(async () => (await regions()).alert).toBe('');
    expect((await regions()).status).toContain('acknowledged by Ann');
    expect(await wall.page.title()).toBe('Patient Support, First Ring wall');
  });

  it('is drawn past the edge of the screen wherever the picture has stepped to', async () => {
    for (let step = 0; step < 8; step += 1) {
      const at = NOW + step * 2 * MINUTE;
      server.show(aSnapshot({ at, alerts: [anAlert()] }));
      await wall.page.locator('.head.is-crit').waitFor();
      const edges = await wall.page.evaluate(() =>
        ['.head.is-crit', '.promise.is-crit'].map((name) => {
          const element = document.querySelector(name);
          if (element === null) return Number.POSITIVE_INFINITY;
          const { left } = element.getBoundingClientRect();
          return left + Number.parseFloat(getComputedStyle(element, '::before').left);
        }),
      );
      for (const left of edges) expect(left).toBeLessThanOrEqual(-2);
    }
  });

  it('moves nothing of the board, and nothing flashes', async () => {
    const places = () =>
      wall.page.evaluate(() =>
        [...document.querySelectorAll('.promise, .now, .said, .wow, .head')].map((element) => {
          const { left, top, width } = element.getBoundingClientRect();
          return [Math.round(left), Math.round(top), Math.round(width)];
        }),
      );
    const before = await places();
    for (const name of ['warning', 'critical', 'acknowledged', 'recovering']) {
      server.show(ALERT_STATES[name] ?? aSnapshot());
      await expect.poll(() => unsaid(wall, SAYS[name] ?? [])).toEqual([]);
      expect.soft(await places(), name).toEqual(before);
      const moving = await wall.page.evaluate(
        () =>
          document.getAnimations().filter(({ effect }) => (effect?.getComputedTiming().iterations ?? 1) > 1)
            .length,
      );
      expect.soft(moving, name).toBe(0);
    }
  });

  it('gives way to hollow figures when the server is lost, and comes back as it was', async () => {
    const critical = aSnapshot({ alerts: [anAlert(), waiting({ level: 'critical', limit: 180 })] });
    server.show(critical);
    await wall.page.locator('.promise.is-crit').waitFor();
    server.hush();
    await wall.page.getByText('Not live since 14:07:32').waitFor({ timeout: 12_000 });
    expect(await wall.page.locator('.is-crit').count()).toBe(0);
    await wall.page.locator('.promise.was-crit').getByText('was critical at 14:07').waitFor();
    await wall.page.locator('.now').getByText('Longest wait: was critical at 14:07').waitFor();
    expect(await textFaults(wall.page, { scrolls: false })).toEqual([]);
    expect((await regions()).alert).toBe('');
    await keepPicture(wall.page, 'alert-server-lost-1920x1080');
    server.show({ ...critical, at: NOW + 20_000 });
    await wall.page.locator('.promise.is-crit').waitFor();
    expect(await wall.text()).toContain('Calls critical since 13:55');
    expect(wall.complaints).toEqual([]);
  });
});

/** What of this the wall does not say; with its whole text when anything is missing. */
async function unsaid(wall: WallPage, all: readonly string[]): Promise<string[]> {
  const text = await wall.text();
  const missing = all.filter((said) => !text.includes(said));
  return missing.length === 0 ? [] : [...missing, text];
}
