import type { Browser, Page } from 'playwright-core';
import { passOf } from '../support/a-desk.ts';
import type { AnApp } from '../support/an-app.ts';

export interface DeskPage {
  page: Page;
  /** What the page complained about or asked of others. */
  complaints: string[];
  text: () => Promise<string>;
  close: () => Promise<void>;
}

export interface DeskPageNeeds {
  path: string;
  width?: number;
  height?: number;
  dark?: boolean;
  /** Null: nobody has said who they are yet. */
  name?: string | null;
  signedIn?: boolean;
}

/** Opens a page for people in a real browser, signed in as the admin. */
export async function openDeskPage(
  browser: Browser,
  app: Pick<AnApp, 'url'>,
  needs: DeskPageNeeds,
): Promise<DeskPage> {
  const { path, width = 1920, height = 1080, dark = false, name = 'Ann', signedIn = true } = needs;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    timezoneId: 'Asia/Kathmandu',
  });
  if (signedIn) await context.addCookies([{ ...(await passOf(app)), url: app.url }]);
  if (name !== null)
    await context.addInitScript(`localStorage.setItem('first-ring.name', ${JSON.stringify(name)})`);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (said) => {
    if (said.type() === 'error' || said.type() === 'warning')
      complaints.push(`${said.type()}: ${said.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(app.url).origin)
      complaints.push(`asked of others: ${request.url()}`);
  });
  await page.goto(`${app.url}${path}`);
  await page.locator('h1').first().waitFor();
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  return {
    page,
    complaints,
    text: async () => (await page.locator('body').innerText()).replace(/\s+/g, ' '),
    close: () => context.close(),
  };
}

/** Is anything wider than the screen, or does text lie outside it? Regions that scroll by themselves are no fault. */
export async function widthFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    const faults = wide > 0 ? [`the page is ${wide} px wider than the screen`] : [];
    for (const element of document.querySelectorAll('main *, header *')) {
      const box = element.getBoundingClientRect();
      if (box.width > 0 && (box.right > window.innerWidth + 1 || box.left < -1))
        faults.push(`${element.tagName} "${(element.textContent ?? '').slice(0, 40)}" leaves the screen`);
    }
    return faults;
  });
}
