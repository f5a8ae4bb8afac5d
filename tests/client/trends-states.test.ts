import { expect, it } from 'vitest';
import { NOW } from '../support/made-up-trends.ts';
import { widthFaults } from './desk-page.ts';
import { chart, describeTrends, row } from './fake-trends-page.ts';
import { keepPicture } from './wall-page.ts';

describeTrends('the page of trends, when not all is usual', (pages) => {
  const { trends } = pages;

  it('says nothing of loading at first, then shows the labels with dashes', async () => {
    pages.fake.hold();
    const { page } = await trends();
    await page.getByRole('button', { name: /^Period/ }).waitFor();
    await page.getByRole('heading', { name: 'Calls on the first ring' }).waitFor();
    expect(await page.locator('.trend .f').allInnerTexts()).toEqual(['–', '–']);
    pages.fake.flow();
    await chart(page, 'Calls on the first ring').waitFor();
  });

  it('keeps the old chart, marked as busy, until the new one is there', async () => {
    const { page } = await trends();
    await chart(page, 'Calls on the first ring').waitFor();
    pages.fake.hold();
    await page.getByRole('button', { name: 'Week', exact: true }).click();
    await page.locator('.trends[aria-busy="true"]').waitFor();
    expect(await chart(page, 'Calls on the first ring').getAttribute('aria-valuemax')).toBe('28');
    pages.fake.flow();
    await expect.poll(() => chart(page, 'Calls on the first ring').getAttribute('aria-valuemax')).toBe('4');
    expect(await page.locator('.trends').getAttribute('aria-busy')).toBe('false');
  });

  it('shows the last that was chosen, whichever answer comes first', async () => {
    const { page } = await trends();
    await chart(page, 'Calls on the first ring').waitFor();
    pages.fake.hold();
    for (const name of ['Week', 'Month', 'Hour'])
      await page.getByRole('button', { name, exact: true }).click();
    pages.fake.flow();
    await expect.poll(() => chart(page, 'Calls on the first ring').getAttribute('aria-valuemax')).toBe('672');
    await page.getByRole('button', { name: 'Day', exact: true }).click();
    await expect.poll(() => chart(page, 'Calls on the first ring').getAttribute('aria-valuemax')).toBe('28');
  });

  it('says what went wrong, and tries again when told', async () => {
    pages.fake.refuse('The store is being moved. Wait a minute and try again.');
    const { page } = await trends();
    await page.getByText('The store is being moved. Wait a minute and try again.').waitFor();
    expect(await page.getByRole('slider').count()).toBe(0);
    pages.fake.refuse(null);
    await page.getByRole('button', { name: 'Try again' }).click();
    await chart(page, 'Calls on the first ring').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('says that there is nothing yet, and gives no percent of a handful', async () => {
    pages.fake.bend((answer) => ({
      ...answer,
      series: answer.series.map((series) => {
        const few = series.figure === 'firstRing';
        const none = series.n.map(() => 0);
        const total = few ? { n: 3, d: 4 } : { n: 0, d: 0 };
        const n = few ? [...none.slice(1), 3] : none;
        const d = few ? [...none.slice(1), 4] : none;
        return { ...series, n, d, total, before: null, change: null };
      }),
    }));
    const { page, text } = await trends();
    await chart(page, 'Calls on the first ring').waitFor();
    const words = await text();
    expect(words).toContain('Emails within the hour – no emails yet');
    expect(words).toContain('Calls on the first ring 3 of 4 calls');
    expect(words).not.toContain('75%, ');
    const calls = chart(page, 'Calls on the first ring');
    await calls.focus();
    await page.keyboard.press('End');
    expect(await calls.getAttribute('aria-valuetext')).toMatch(/^Mon 16 Nov, 3 of 4 calls/);
  });

  it('says what is not known, hatched from when, and ends the line there', async () => {
    const lostAt = Date.parse('2026-11-16T06:00:00Z');
    pages.fake.bend((answer) => ({ ...answer, notKnownFrom: [{ feed: 'phones', at: lostAt }] }));
    const { page } = await trends('?from=2026-11-16&to=2026-11-16&by=hour');
    const calls = row(page, 'Calls on the first ring');
    await calls.getByText('not known from Mon 16 Nov, 06:00').waitFor();
    expect(await row(page, 'Emails within the hour').getByText('not known from').count()).toBe(0);
    const gap = (await calls.locator('.gap rect').boundingBox())!;
    const frame = (await calls.getByRole('slider').boundingBox())!;
    const width = frame.width - 40;
    expect((gap.x - frame.x - 38) / width).toBeCloseTo(6 / 24, 1);
    expect(gap.width / width).toBeCloseTo((NOW - lostAt) / 86_400_000, 1);
    await calls.getByRole('slider').focus();
    await page.keyboard.press('End');
    expect(await calls.getByRole('slider').getAttribute('aria-valuetext')).toContain(
      'not all of it is known',
    );
  });

  it('says when a period is too long for its steps, and draws no more than 2,000 corners of a line', async () => {
    const { page, text } = await trends('?from=2024-11-17&to=2026-11-16&by=hour&figures=firstRing');
    await chart(page, 'Calls on the first ring').waitFor();
    expect(await text()).toContain(
      'So long a period in hours would be more than 2,000 steps, so these are days.',
    );
    const other = await trends('?from=2026-10-31&to=2026-11-16&by=quarter&figures=firstRing');
    await chart(other.page, 'Calls on the first ring').waitFor();
    expect(await other.text()).toContain(
      'Each step drawn is 2 quarter-hours together; the export holds each.',
    );
    for (const { page: drawn } of [{ page }, other]) {
      const line = (await drawn.locator('.step path').first().getAttribute('d')) ?? '';
      const corners = line.match(/[ML]/g)?.length ?? 0;
      expect(corners).toBeGreaterThan(700);
      expect(corners).toBeLessThanOrEqual(2_000);
    }
  });

  it.each([
    ['', 1440],
    ['', 390],
    ['?scopes=site,team:help,queue:support,queue:billing&by=hour', 1100],
    [
      '?figures=emailsWithinHour,firstRing,serviceLevel,callsOffered,replyTime&tables=firstRing,emailsWithinHour',
      1440,
    ],
  ])('prints one sheet of A4, whatever is shown: "%s" at %i px', async (search, width) => {
    const { page } = await trends(search, { width });
    await page.getByRole('region', { name: 'Totals' }).getByRole('table').waitFor();
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
    expect(pdf).toMatch(/\/MediaBox\s*\[0 0 84[12](\.\d+)? 59[45](\.\d+)?\]/);
    await page.emulateMedia({ media: 'print' });
    const seen = page.locator('main');
    await expect.poll(() => seen.innerText()).toContain('Acme, 20 Oct to 16 Nov, against the 4 weeks before');
    expect(await seen.innerText()).toMatch(/Calls on the first ring\s[\s\S]*Totals[\s\S]*Notes and changes/);
    for (const control of ['What if', 'Table', 'Add a note', 'Print', 'Export CSV'])
      expect(await page.getByRole('button', { name: control, exact: true }).count(), control).toBe(0);
  });

  it.each([
    ['light', 1920, 1080],
    ['light', 1440, 900],
    ['dark', 1440, 900],
    ['light', 1100, 900],
    // A screen of 1440 x 900 at 200 %.
    ['light', 720, 450],
    ['light', 390, 844],
  ] as const)('looks well, %s at %i x %i', async (scheme, width, height) => {
    const search =
      '?at=1793750400000&at.figure=firstRing&at.scope=site&within.firstRing=8000&tables=emailsWithinHour';
    const { page } = await trends(search, { dark: scheme === 'dark', width, height });
    await page.getByText('had 8 s been allowed').waitFor();
    await page.getByRole('region', { name: 'Totals' }).getByRole('table').waitFor();
    await page.getByRole('button', { name: 'Add a note' }).click();
    await page.getByRole('button', { name: /^Where/ }).click();
    const faults = await widthFaults(page);
    // A region that scrolls by itself is no fault.
    expect(faults.filter((fault) => fault.startsWith('the page is'))).toEqual([]);
    await page.keyboard.press('Escape');
    await keepPicture(page, `trends-${scheme}-${width}`);
    const many = await trends('?scopes=site,team:help,queue:support,queue:billing', {
      dark: scheme === 'dark',
      width,
      height,
    });
    await chart(many.page, 'Calls on the first ring, Billing').waitFor();
    expect((await widthFaults(many.page)).filter((fault) => fault.startsWith('the page is'))).toEqual([]);
    await keepPicture(many.page, `trends-many-${scheme}-${width}`);
  });
});
