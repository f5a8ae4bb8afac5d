import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSnapshot } from '../support/a-snapshot.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { openWallServer, type WallServer } from '../support/wall-server.ts';
import { STATES } from '../support/wall-states.ts';
import { textFaults } from './text-faults.ts';
import { keepPicture, openWall, SIZES, type Size, type WallPage } from './wall-page.ts';

const sizes = Object.keys(SIZES) as Size[];
const isPhone = (size: Size) => size === '390x844';

/** What each state must say, on every size. */
const SAYS: Record<string, (string | RegExp)[]> = {
  live: [
    '93%',
    '319 of 343',
    'target 90%',
    'up 2 on last Tuesday',
    'today, opening hours',
    '20 open',
    '78%',
    '214 of 274',
    'target 75%',
    'up 3 on last Tuesday',
    'today, from phone ringing',
    '84% within 20 s',
    '2 calls ringing',
    '1 caller waiting, longest 0:4',
    '2 emails overdue',
    '6 emails at risk',
    /04:1\d until the next email breaches/,
    '41 today',
    /new, 1\d s/,
    'A person said hello after one ring.',
    '3 min',
    '9 min',
    '21 min',
    'Priya Raman @priya_raman',
    'Quote of the day, from a caller in Queens',
    'Longest conversation today 1:42:10',
    'Live',
  ],
  callbacks: ['12 callers waiting, longest 3:2', '3 callers owed, 1 overdue', '2 emails overdue'],
  'phones-late': [
    'Phones late',
    '78%',
    'as of 14:07:11',
    'Ringing and waiting are not known',
    'Listen for the phones.',
  ],
  'phones-lost': [
    'Phones lost',
    '78%',
    'as of 14:02:11',
    'Phones not connected',
    '211 of 271 calls counted',
    /5 min 2\d s old/,
    'are not known',
    'Longest conversation, to 14:02',
    '93%',
    '2 emails overdue',
  ],
  'phones-too-old': [
    'Phones not connected',
    'was 78%, 211 of 271 calls',
    /25 min 2\d s old/,
    '– Calls on the first ring',
  ],
  'emails-lost': [
    'Emails lost',
    'as of 14:02:11',
    'Mailbox not connected',
    '314 of 337 emails counted',
    'Overdue and at risk are not known',
    'Look in the inbox.',
    '2 calls ringing',
  ],
  'mentions-lost': [
    'Mentions lost',
    'as of 14:02',
    'New mentions may be waiting. These are the last ones received.',
    '14:04',
  ],
  'all-lost': ['3 links lost', 'Phones not connected', 'Mailbox not connected'],
  'not-saving': [
    'Not saving since 14:02:11',
    '78%',
    '93%',
    'as of 14:02:11',
    '211 of 271 calls counted',
    '314 of 337 emails counted',
    /5 min 2\d s old/,
    'Nothing on this board is live.',
    'The server cannot save. See to its disk.',
    'Work from the phones and the inboxes.',
    'Mentions as of 14:02',
    'Longest conversation, to 14:02',
  ],
  'not-saving-demo': [
    'Not saving since 13:42:11',
    'Demo data. These are not your customers.',
    'was 78%, 211 of 271 calls',
    'was 93%, 314 of 337 emails',
    /25 min 2\d s old/,
  ],
  'mentions-unshown': ['7 today', 'They may not be shown here just now.'],
  'morning-demo': [
    'Demo data. These are not your customers.',
    'Demo',
    '3 of 4',
    'a percentage from 5 emails on',
    '– Calls',
    'no calls yet today',
    'none yet today',
    'Last one yesterday, 17:52.',
    '38:',
    'Longest conversation yesterday 1:08:44',
    'Quote of Monday, from an email to billing',
    '0 callers waiting',
  ],
  demo: ['Demo data. These are not your customers.', 'Demo', '93%'],
  'first-run': [
    'Not set up',
    'Connect a mailbox to measure this promise.',
    'Connect phones to measure this promise.',
    'Connect a network to read here what customers say.',
    'No phone system is connected',
    'No mailbox is connected',
    'No quote of the day yet.',
  ],
  closed: ['40 min left, from 08:00 for the next email', '93%'],
  perfect: [
    '100%',
    '274 of 274',
    'level with last Tuesday',
    'about as 3 November',
    'today, auto-answer',
    'No email is waiting',
    /0:25:0\d/,
    '0 callers waiting',
  ],
  'none-due': ['none due every open email is overdue', '3 emails overdue', 'about as last Tuesday'],
  'long-names': [
    'Kundenbetreuung und Rechnungswesen Nordwest',
    '@noor-dunmore.sky.example 44 min',
    '120 callers owed, 12 overdue',
    '120 emails at risk',
  ],
  'hard-day': [
    '<1%',
    '50%',
    'down 28 on last Tuesday',
    'longest 1:02:0',
    '27 callers owed a call back',
    '<1% within 2 min',
    '212 open',
    'nobody <b>can</b> tell me',
    /3:14:[23]\d/,
    /4:00:0\d/,
    'around the clock',
    'Emails within 4 hours',
  ],
};

/** What must not be said in a state. */
const NEVER: Record<string, (string | RegExp)[]> = {
  'phones-late': ['calls ringing', 'Live'],
  'phones-lost': ['calls ringing', 'caller waiting', 'Live', 'within 20 s'],
  'phones-too-old': ['78% Calls', 'Live'],
  'emails-lost': ['emails overdue', 'emails at risk', 'until the next', '20 open'],
  'mentions-lost': ['new,', '41 today'],
  'not-saving': ['calls ringing', 'emails overdue', 'Live', 'Last try', 'not connected', 'within 20 s'],
  'not-saving-demo': ['calls ringing', 'emails overdue', 'Live', '78% Calls'],
  'mentions-unshown': ['none yet today', 'Last one'],
  'morning-demo': ['NaN', '100%'],
  'first-run': ['Live', '%', 'undefined'],
  closed: ['until the next'],
};

describeInBrowser('the wall', () => {
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
        await expect.poll(() => unsaid(wall, SAYS[name] ?? []), { timeout: 5_000, interval: 50 }).toEqual([]);
        const text = await wall.text();
        await keepPicture(wall.page, `${name}-${size}`);
        for (const said of NEVER[name] ?? []) expect.soft(text).not.toMatch(literal(said));
        expect.soft(await textFaults(wall.page, { scrolls: isPhone(size) })).toEqual([]);
        const scroll = await wall.page.evaluate(() => ({
          across: document.documentElement.scrollWidth - innerWidth,
          down: document.documentElement.scrollHeight - innerHeight,
        }));
        expect.soft(scroll.across, 'scrolls sideways').toBe(0);
        if (!isPhone(size)) expect.soft(scroll.down, 'scrolls').toBe(0);
        expect(wall.complaints.splice(0)).toEqual([]);
      });
    });
  }

  it('fits other screens too, and fits again when the window changes', async () => {
    server.show(aSnapshot());
    const wall = await openWall(browser, server.url, '1920x1080');
    for (const size of OTHERS) {
      await wall.page.setViewportSize(size);
      await expect.poll(() => wall.page.locator('.said li:not([hidden])').count()).toBeGreaterThan(3);
      expect
        .soft(await textFaults(wall.page, { scrolls: false }), `${size.width}x${size.height}`)
        .toEqual([]);
    }
    await wall.close();
    expect(wall.complaints).toEqual([]);
  });
});

/** Other screens that a wall hangs on; they get the same frame, scaled. */
const OTHERS = [
  { width: 1280, height: 720 },
  { width: 1366, height: 768 },
  { width: 1280, height: 1024 },
  { width: 2560, height: 1080 },
  { width: 800, height: 1280 },
];

/** What of this the wall does not say; with its whole text when anything is missing. */
async function unsaid(wall: WallPage, all: (string | RegExp)[]): Promise<(string | RegExp)[]> {
  const text = await wall.text();
  const missing = all.filter((said) => !literal(said).test(text));
  return missing.length === 0 ? [] : [...missing, text];
}

function literal(said: string | RegExp): RegExp {
  return typeof said === 'string' ? new RegExp(said.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : said;
}
