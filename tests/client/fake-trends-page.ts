import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { type FakeTrends, openFakeTrends } from '../support/fake-trends.ts';
import { type DeskPage, type DeskPageNeeds, openDeskPage } from './desk-page.ts';

export interface TrendsPages {
  /** The server of the test that runs. */
  readonly fake: FakeTrends;
  /** Opens the page of trends on it; closed with the test. */
  trends: (search?: string, needs?: Partial<DeskPageNeeds>) => Promise<DeskPage>;
}

/** Tests of the page of trends, each on a server of its own that answers what it is told to. */
export function describeTrends(name: string, tests: (pages: TrendsPages) => void): void {
  let browser: Browser;
  let fake: FakeTrends;
  let open: DeskPage[] = [];
  const pages: TrendsPages = {
    get fake() {
      return fake;
    },
    async trends(search = '', needs = {}) {
      const usual = { signedIn: false, path: `/trends${search}`, width: 1440, height: 900 };
      const opened = await openDeskPage(browser, fake, { ...usual, ...needs });
      open.push(opened);
      return opened;
    },
  };
  describeInBrowser(name, () => {
    beforeAll(async () => {
      browser = await openBrowser();
    });
    beforeEach(async () => {
      fake = await openFakeTrends(await builtClient());
    });
    afterEach(async () => {
      const complaints = open.flatMap((one) => one.complaints);
      for (const one of open) await one.close();
      open = [];
      await fake.close();
      // A refused request is written to the browser's console by the browser itself.
      expect(complaints.filter((said) => !said.includes('status of 503'))).toEqual([]);
    });
    afterAll(() => browser.close());
    tests(pages);
  });
}

/** By how its name begins. */
export function chart(page: Page, name: string): Locator {
  return page.getByRole('slider', { name: new RegExp(`^${name}`) });
}

export function row(page: Page, name: string): Locator {
  return page.getByRole('region', { name: new RegExp(`^${name}`) });
}
