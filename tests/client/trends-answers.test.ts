import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { TrendScopesAnswer } from '../../shared/wire-trends.ts';
import { SCOPES } from '../support/made-up-trends.ts';
import { chart, describeTrends, row } from './fake-trends-page.ts';

const choose = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const [site] = SCOPES.scopes as [TrendScopesAnswer['scopes'][number]];

describeTrends('what the page of trends makes of answers', (pages) => {
  const { trends } = pages;

  it('comes back by itself, seconds after its server did', async () => {
    pages.fake.refuse('The server is being started again.');
    const { page } = await trends();
    await page.getByText('The server is being started again.').waitFor();
    pages.fake.refuse(null);
    await chart(page, 'Calls on the first ring').waitFor({ timeout: 15_000 });
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  }, 30_000);

  it('lets no older answer of the same question come last', async () => {
    pages.fake.refuse('The server is being started again.');
    const { page } = await trends();
    const again = page.getByRole('button', { name: 'Try again' });
    await again.waitFor();
    const cut: string[] = [];
    page.on('requestfailed', (request) => cut.push(new URL(request.url()).pathname));
    pages.fake.hold('/api/trends/scopes');
    await again.click();
    await again.click();
    await expect.poll(() => cut).toContain('/api/trends/scopes');
    pages.fake.refuse(null);
    pages.fake.flow();
    await chart(page, 'Calls on the first ring').waitFor();
  });

  it('shows nothing of what would have been in another period', async () => {
    const { page, text } = await trends('?within.firstRing=10000');
    const calls = row(page, 'Calls on the first ring');
    await calls.getByText('had 10 s been allowed').waitFor();
    pages.fake.hold('/api/trends/what-if');
    await page.getByRole('button', { name: /^Period/ }).click();
    await choose(page, 'Last 7 days');
    await expect.poll(() => chart(page, 'Calls on the first ring').getAttribute('aria-valuemax')).toBe('7');
    expect(await text()).not.toContain('had 10 s been allowed');
    expect(await calls.locator('.would').count()).toBe(0);
    pages.fake.flow();
    await calls.getByText('had 10 s been allowed').waitFor();
  });

  it('shows the hours of the week of another period as old, until those of this one are there', async () => {
    const { page } = await trends();
    const side = row(page, 'Calls on the first ring').locator('.side');
    await side.getByText('By weekday and hour.').waitFor();
    expect(await side.getAttribute('aria-busy')).toBe('false');
    pages.fake.hold('/api/trends/heatmap');
    await page.getByRole('button', { name: /^Period/ }).click();
    await choose(page, 'Last 7 days');
    await expect.poll(() => side.getAttribute('aria-busy')).toBe('true');
    pages.fake.flow();
    await expect.poll(() => side.getAttribute('aria-busy')).toBe('false');
  });

  it('moves its address seldom while an arrow is held, and never loses the last step', async () => {
    const { page } = await trends();
    const calls = chart(page, 'Calls on the first ring');
    await calls.focus();
    await page.evaluate(`{
      const replace = history.replaceState.bind(history);
      window.replaced = 0;
      history.replaceState = (...words) => { window.replaced += 1; replace(...words); };
    }`);
    const began = Date.now();
    for (let i = 0; i < 60; i += 1) await page.keyboard.press(i % 2 === 0 ? 'ArrowLeft' : 'ArrowRight');
    await page.keyboard.press('Home');
    const first = Date.parse('2026-10-20T00:00:00Z');
    await expect.poll(() => new URL(page.url()).searchParams.get('at')).toBe(String(first));
    const most = (Date.now() - began) / 400 + 2;
    expect(await page.evaluate('window.replaced')).toBeLessThanOrEqual(most);
    await page.keyboard.press('End');
    await choose(page, 'Week');
    await page.goBack();
    await expect.poll(() => calls.getAttribute('aria-valuenow')).toBe('28');
  });

  it('asks only what can be asked where the promise is longer than that, or between two steps', async () => {
    const promisedMs = { firstRing: 3_250, emailsWithinHour: 48 * 3_600_000 };
    pages.fake.offer([{ ...site, promisedMs }]);
    const { page } = await trends();
    const emails = row(page, 'Emails within the hour');
    await emails.getByRole('button', { name: 'What if' }).click();
    await emails.getByText(/had 1440 min been allowed/).waitFor();
    const calls = row(page, 'Calls on the first ring');
    await calls.getByRole('button', { name: 'What if' }).click();
    await calls.getByText(/had 3.5 s been allowed/).waitFor();
    await page.reload();
    await emails.getByText(/had 1440 min been allowed/).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('draws twenty places side by side, each with its own chart and table', async () => {
    const many = Array.from({ length: 20 }, (_, i) => {
      const id = `q${i + 1}`;
      return { ...site, scope: `queue:${id}`, name: `Queue ${i + 1}`, kind: 'calls' as const, team: 'help' };
    });
    pages.fake.offer([site, ...many]);
    const { page } = await trends(`?figures=firstRing&scopes=${many.map(({ scope }) => scope).join(',')}`);
    const calls = row(page, 'Calls on the first ring');
    await expect.poll(() => calls.getByRole('slider').count()).toBe(20);
    await calls.getByText('20 side by side, in one range.').waitFor();
    await expect.poll(() => calls.locator('.twin').count()).toBe(20);
  });

  it('says what to configure where a promise has nothing to count, and offers no other place for it', async () => {
    const figures = site.figures.filter((figure) => !/email|reply/i.test(figure));
    pages.fake.offer([
      { ...site, figures },
      { ...site, scope: 'queue:support', name: 'Support', kind: 'calls', team: 'help', figures },
    ]);
    pages.fake.bend((answer) => ({
      ...answer,
      series: answer.series.filter(({ figure }) => figures.includes(figure)),
    }));
    const { page } = await trends();
    await chart(page, 'Calls on the first ring').waitFor();
    await page.getByText('No mailbox is configured, so there are no emails to count.').waitFor();
  });

  it('writes no count beside bars that are not there', async () => {
    pages.fake.bend((answer) => ({
      ...answer,
      series: answer.series.map((series) => {
        const none = series.n.map(() => 0);
        return { ...series, n: none, d: none, total: { n: 0, d: 0 }, before: null, change: null };
      }),
    }));
    const { page } = await trends('?figures=firstRing');
    const words = chart(page, 'Calls on the first ring').locator('.over text');
    await words.first().waitFor();
    const said = await words.allTextContents();
    expect(said).toContain('100');
    expect(said).not.toContain('1');
  });

  it('names the year at the ends of a period of years', async () => {
    const { page } = await trends('?from=2024-11-17&to=2026-11-16&by=month&figures=firstRing');
    const words = chart(page, 'Calls on the first ring').locator('.over text');
    await words.first().waitFor();
    const said = await words.allTextContents();
    expect(said).toContain('17 Nov 2024');
    expect(said).toContain('16 Nov 2026');
  });

  it('gives no percent of a handful in its tables either', async () => {
    pages.fake.bend((answer) => ({
      ...answer,
      series: answer.series.map((series) => ({
        ...series,
        n: series.n.map(() => 3),
        d: series.d.map(() => 4),
      })),
    }));
    const { page } = await trends('?tables=firstRing');
    const line = row(page, 'Calls on the first ring').locator('.twin tbody tr').first();
    expect(await line.innerText()).toMatch(/^Tue 20 Oct\s+–\s+3\s+4\s+30 to 95%/);
  });
});
