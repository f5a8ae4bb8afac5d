import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { NOW } from '../support/made-up-trends.ts';
import { chart, describeTrends, row } from './fake-trends-page.ts';

const wordsOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

describeTrends('the page of trends', (pages) => {
  const { trends } = pages;

  it('opens on the two promises over the last four weeks, beside the four before', async () => {
    const { page, text } = await trends();
    await chart(page, 'Emails within the hour').waitFor();
    const words = await text();
    expect(words).toMatch(
      /Emails within the hour 91% 7,304 of 8,032 emails target 90% no clear change on the 4 weeks before/,
    );
    expect(words).toMatch(/Calls on the first ring 77% 6,162 of 8,032 calls target 75%/);
    expect(pages.fake.asked.filter((path) => path.startsWith('/api/trends?'))[0]).toBe(
      '/api/trends?from=2026-10-20&to=2026-11-16&by=day&figures=emailsWithinHour%2CfirstRing&scopes=site&against=before',
    );
    expect(new URL(page.url()).search).toBe('');
  });

  it('asks for what is chosen, and holds it in its address', async () => {
    const { page } = await trends();
    await chart(page, 'Emails within the hour').waitFor();
    await page.getByRole('button', { name: /^Period/ }).click();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await page.getByRole('button', { name: 'Hour', exact: true }).click();
    await page.getByRole('button', { name: /^Compare with/ }).click();
    await page.getByRole('button', { name: 'the same weekdays a week earlier' }).click();
    await page.getByRole('button', { name: /^Figures/ }).click();
    await page.getByLabel('Service level').check();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Where/ }).click();
    await page.getByRole('button', { name: 'Only Support' }).click();
    await row(page, 'Service level, Support').waitFor();
    expect(wordsOf(page)).toEqual({
      from: '2026-11-10',
      to: '2026-11-16',
      by: 'hour',
      figures: 'emailsWithinHour,firstRing,serviceLevel',
      scopes: 'queue:support',
      against: 'weekday',
    });
    const csv = await page.getByRole('link', { name: 'Export CSV' }).getAttribute('href');
    const json = await page.getByRole('link', { name: 'JSON' }).getAttribute('href');
    expect(Object.fromEntries(new URL(csv ?? '', pages.fake.url).searchParams)).toEqual(wordsOf(page));
    expect(json).toBe(csv?.replace('.csv', '.json'));
  });

  it('takes a period of its own, and none that ends before it begins', async () => {
    const { page } = await trends();
    await page.getByRole('button', { name: /^Period/ }).click();
    await page.getByLabel('From').fill('2026-11-05');
    await page.getByLabel('to', { exact: true }).fill('2026-11-01');
    await page.getByText('The first is after the last.').waitFor();
    await page.getByRole('button', { name: 'Show', exact: true }).click({ force: true });
    expect(new URL(page.url()).search).toBe('');
    await page.getByLabel('From').fill('2026-11-01');
    await page.getByLabel('to', { exact: true }).fill('2026-11-05');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByRole('button', { name: 'Period: 1 Nov to 5 Nov' }).waitFor();
    expect(wordsOf(page)).toEqual({ from: '2026-11-01', to: '2026-11-05' });
  });

  it('shows the same to whoever is sent its address, and goes back by the button of the browser', async () => {
    const { page } = await trends();
    await chart(page, 'Emails within the hour').waitFor();
    await page.getByRole('button', { name: 'Week', exact: true }).click();
    await page.getByRole('button', { name: /^Figures/ }).click();
    await page.getByLabel('Reply time').check();
    await row(page, 'Reply time').waitFor();
    const address = page.url();
    const other = await trends(new URL(address).search);
    await row(other.page, 'Reply time').waitFor();
    await page.keyboard.press('Escape');
    const main = (one: Page) => one.locator('main').innerText();
    await expect.poll(() => main(other.page)).toBe(await main(page));
    await page.goBack();
    await row(page, 'Reply time').waitFor({ state: 'detached' });
    await page.goBack();
    await expect
      .poll(() => page.getByRole('button', { name: 'Day', exact: true }).getAttribute('aria-pressed'))
      .toBe('true');
    await page.goForward();
    await page.goForward();
    await row(page, 'Reply time').waitFor();
    expect(page.url()).toBe(address);
  });

  it.each([
    ['?by=fortnight', '“by” is “fortnight”, and must be one of quarter, hour, day, week, month.'],
    ['?from=2026-11-31&to=2026-12-01', 'each a date such as 2026-11-16'],
    ['?from=2026-11-10&to=2026-11-01', '“from” (2026-11-10) is after “to” (2026-11-01).'],
    ['?from=1990-01-01&to=2026-11-01', 'and may have 3,660'],
    ['?figures=firstRing,joy', '“figures” names “joy”, which is no figure.'],
    ['?scopes=everything', '“scopes” names “everything”'],
    ['?scopes=queue:gone', 'which is not here any more'],
    ['?within.firstRing=1234', 'in steps of 500'],
    ['?within.joy=1', 'names no figure that has a time allowed'],
  ])('says what is wrong with %s, and offers what always works', async (search, words) => {
    const { page } = await trends(search);
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain(words);
    expect(pages.fake.asked).toEqual([]);
    await page.getByRole('button', { name: 'Show the last four weeks' }).click();
    await chart(page, 'Emails within the hour').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(new URL(page.url()).search).toBe('');
  });

  it('is walked through by keys: a step, its interval, its list', async () => {
    const { page } = await trends();
    const calls = chart(page, 'Calls on the first ring');
    await calls.focus();
    await page.keyboard.press('Home');
    expect(await calls.getAttribute('aria-valuetext')).toBe(
      'Tue 20 Oct 68%, 256 of 377 calls, 95% interval 63 to 72%',
    );
    await page.keyboard.press('ArrowRight');
    expect(await calls.getAttribute('aria-valuetext')).toMatch(/^Wed 21 Oct 81%, 260 of 320 calls/);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowRight');
    expect(await calls.getAttribute('aria-valuetext')).toMatch(/^Mon 16 Nov/);
    expect(await calls.getAttribute('aria-valuenow')).toBe('28');
    expect(wordsOf(page)['at.figure']).toBe('firstRing');
    await page.keyboard.press('Enter');
    expect(wordsOf(page)).toMatchObject({
      'drill.kind': 'calls',
      'drill.scope': 'site',
      'drill.figure': 'firstRing',
      'drill.verdict': 'counted',
      'drill.from': String(Date.parse('2026-11-16T00:00:00Z')),
      'drill.to': String(Date.parse('2026-11-17T00:00:00Z')),
    });
  });

  it('says what a step holds under the pointer, and lists it when it is pressed', async () => {
    const { page } = await trends();
    const calls = chart(page, 'Calls on the first ring');
    const box = (await calls.boundingBox())!;
    await page.mouse.move(box.x + 45, box.y + 80);
    await calls.getByText('Tue 20 Oct 68%').waitFor();
    await calls.getByText('256 of 377 calls').waitFor();
    expect(await calls.locator('.wilson').count()).toBe(1);
    await page.mouse.click(box.x + 45, box.y + 80);
    expect(wordsOf(page)['drill.from']).toBe(String(Date.parse('2026-10-20T00:00:00Z')));
  });

  it('leads from an hour of the week, and from the whole figure, to its list', async () => {
    const { page } = await trends();
    const emails = row(page, 'Emails within the hour');
    await emails.getByText('By weekday and hour of arrival.').waitFor();
    const cells = emails.locator('.heat tbody button');
    await cells.first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toMatch(
      /^Tue 09:00, \d+%, \d+ of \d+ emails$/,
    );
    await page.keyboard.press('Enter');
    expect(wordsOf(page)).toMatchObject({
      'drill.kind': 'emails',
      'drill.figure': 'emailsByArrival',
      'drill.weekday': '1',
      'drill.hour': '9',
      'drill.fromDate': '2026-10-20',
      'drill.toDate': '2026-11-16',
    });
    await page.goBack();
    await emails.getByRole('button', { name: '91%: list these emails' }).click();
    expect(wordsOf(page)['drill.from']).toBe(String(Date.parse('2026-10-20T00:00:00Z')));
    expect(wordsOf(page)['drill.to']).toBe(String(Date.parse('2026-11-17T00:00:00Z')));
  });

  it('judges the period again with another time allowed', async () => {
    const { page } = await trends();
    const calls = row(page, 'Calls on the first ring');
    await calls.getByRole('button', { name: 'What if' }).click();
    await calls.getByText('6 s is what is promised now.').waitFor();
    const slider = calls.getByRole('slider', { name: 'Time allowed, in s' });
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await calls.getByText(/had 6.5 s been allowed/).waitFor();
    await calls.getByRole('spinbutton').fill('10');
    await page.keyboard.press('Enter');
    await calls
      .getByText(
        /^95% instead of 77%, had 10 s been allowed: 7,613 of 8,032 calls instead of 6,162\. Nothing stored changes\.$/,
      )
      .waitFor();
    await expect.poll(() => wordsOf(page)['within.firstRing']).toBe('10000');
    expect(await calls.locator('.would').getAttribute('d')).toMatch(/^M[\d.]+ [\d.]+H/);
    expect(await slider.inputValue()).toBe('10');
    await calls.getByRole('button', { name: 'Back to the promise' }).click();
    await calls.locator('.would').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
  });

  it('has for each chart a table of the same steps, to be heard at once and seen when asked', async () => {
    const { page } = await trends();
    const calls = row(page, 'Calls on the first ring');
    const table = calls.locator('.twin table');
    await expect.poll(() => table.locator('tbody tr').count()).toBe(28);
    expect(await page.getByRole('table', { name: /^Calls on the first ring, Acme/ }).count()).toBe(1);
    expect((await table.boundingBox())!.width).toBeGreaterThan(0);
    expect((await calls.locator('.twin').boundingBox())!.width).toBe(1);
    await calls.getByRole('button', { name: 'Table' }).click();
    expect((await calls.locator('.twin').boundingBox())!.width).toBeGreaterThan(1_000);
    expect(await table.locator('tbody tr').first().innerText()).toMatch(
      /^Tue 20 Oct\s+68%\s+256\s+377\s+63 to 72%\s+\d+%, \d+ of \d+$/,
    );
    expect(wordsOf(page)).toEqual({ tables: 'firstRing' });
  });

  it('sets several side by side, in one range', async () => {
    const { page, text } = await trends('?scopes=site,queue:support,queue:inbox');
    const calls = row(page, 'Calls on the first ring');
    await chart(page, 'Calls on the first ring, Support').waitFor();
    expect(await calls.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual(['Acme', 'Support']);
    expect(
      await row(page, 'Emails within the hour').getByRole('heading', { level: 3 }).allInnerTexts(),
    ).toEqual(['Acme', 'Inbox']);
    expect(await text()).toContain('2 side by side, in one range.');
    await chart(page, 'Calls on the first ring, Support').focus();
    await page.keyboard.press('ArrowLeft');
    expect(wordsOf(page)['at.scope']).toBe('queue:support');
  });

  it('knows its present: the step of now ends there, and nothing is drawn after it', async () => {
    const { page } = await trends('?from=2026-11-16&to=2026-11-16&by=hour&figures=firstRing');
    const calls = chart(page, 'Calls on the first ring');
    await calls.focus();
    await page.keyboard.press('End');
    expect(await calls.getAttribute('aria-valuetext')).toBe('Mon 16 Nov 23:00 to 00:00, no calls');
    const line = await calls.locator('.step path').getAttribute('d');
    const last = Math.max(...[...(line ?? '').matchAll(/[ML]([\d.]+)/g)].map((match) => Number(match[1])));
    const box = (await calls.boundingBox())!;
    expect((last - 30) / (box.width - 32)).toBeCloseTo(((NOW / 3_600_000) % 24) / 24, 1);
  });
});
