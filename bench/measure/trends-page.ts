import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../tests/support/browser.ts';
import { builtClient } from '../../tests/support/built-client.ts';
import type { Asker } from '../ask-json.ts';
import { type Measured, notMeasured, type Row, rowFrom } from '../row.ts';
import type { MeasuredServer } from '../site.ts';
import { median } from '../statistics.ts';

/** A chart that has not changed for this long is drawn. */
const STILL_MS = 400;
const DRAWN_WITHIN_MS = 10_000;

const middle: Measured = {
  name: 'trends: click to drawn chart, median',
  unit: 'ms',
  note: 'a real Chromium; from the event to the frame after which the charts change no more; other steps, other periods',
};
const worst: Measured = {
  name: 'trends: click to drawn chart, worst',
  unit: 'ms',
  note: middle.note,
  bar: { of: 'value', most: 200 },
};
export const pageRows: readonly Measured[] = [middle, worst];

/** What is chosen one after the other: a period from its menu, or steps. Each draws another chart than the one before. */
const CHOICES: readonly { period: string | null; name: string }[] = [
  { period: null, name: 'Hour' },
  { period: null, name: 'Week' },
  { period: 'Last year', name: 'Last year' },
  { period: null, name: 'Day' },
  { period: null, name: 'Month' },
  { period: 'Last 13 weeks', name: 'Last 13 weeks' },
  { period: null, name: 'Day' },
  { period: 'Last 7 days', name: 'Last 7 days' },
  { period: null, name: '15 min' },
  { period: 'Last 4 weeks', name: 'Last 4 weeks' },
  { period: null, name: 'Day' },
];

/** How long somebody waits who chooses another period, or other steps, on the page. */
export async function measurePage(
  { url }: MeasuredServer,
  { cookie }: Pick<Asker, 'cookie'>,
  clicks: number,
): Promise<Row[]> {
  await builtClient();
  let browser: Browser;
  try {
    browser = await openBrowser();
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return pageRows.map((what) => notMeasured(what, why ?? ''));
  }
  try {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
    await context.addCookies([{ ...cookie, url }]);
    const page = await context.newPage();
    await page.goto(`${url}/trends`);
    await page.locator(LINE).first().waitFor();
    await page.waitForTimeout(STILL_MS);
    await page.evaluate(watching);
    const took: { name: string; ms: number }[] = [];
    for (let i = 0; i <= clicks; i += 1) {
      const choice = CHOICES[i % CHOICES.length] ?? { period: null, name: 'Day' };
      const ms = await choose(page, choice);
      // The first is not counted: nothing was asked for yet.
      if (i > 0) took.push({ name: choice.name, ms });
    }
    const slowest = took.reduce((most, one) => (one.ms > most.ms ? one : most));
    const note = `${worst.note}; slowest of ${took.length}: ${slowest.name}`;
    return [
      rowFrom(middle, median(took.map(({ ms }) => ms)), null),
      rowFrom({ ...worst, note }, slowest.ms, null),
    ];
  } finally {
    await browser.close();
  }
}

/** The lines of all charts. */
const LINE = '.trends .step path';

async function choose(page: Page, { period, name }: (typeof CHOICES)[number]): Promise<number> {
  if (period !== null) await page.getByRole('button', { name: /^Period:/ }).click();
  const button = page.getByRole('button', { name, exact: true });
  await page.evaluate('window.drawing.begin()');
  await button.click();
  const until = performance.now() + DRAWN_WITHIN_MS;
  for (;;) {
    await page.waitForTimeout(STILL_MS / 4);
    const ms = (await page.evaluate('window.drawing.done()')) as number | null;
    if (ms !== null) return ms;
    if (performance.now() > until) throw new Error(`"${name}" never drew another chart.`);
  }
}

/**
 * Notes when a click comes, and after which frame the lines are others: a task that is asked for in a frame runs when
 * that frame was drawn. Done when they have not changed for a while.
 */
const watching = `{
  const lines = () => [...document.querySelectorAll(${JSON.stringify(LINE)})].map((path) => path.getAttribute('d')).join();
  let clickedAt = null;
  let paintedAt = null;
  let last = '';
  addEventListener('click', (event) => { clickedAt ??= event.timeStamp; }, { capture: true });
  new MutationObserver(() => {
    const now = lines();
    if (now === last || clickedAt === null) return;
    last = now;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { paintedAt = performance.now(); };
      port2.postMessage(null);
    });
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['d'] });
  window.drawing = {
    begin() { clickedAt = null; paintedAt = null; last = lines(); },
    done: () => paintedAt === null || performance.now() - paintedAt < ${STILL_MS} ? null : paintedAt - clickedAt,
  };
}`;
