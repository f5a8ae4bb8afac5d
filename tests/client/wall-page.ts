import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

export const SIZES = {
  '1920x1080': { width: 1920, height: 1080 },
  '3840x2160': { width: 3840, height: 2160 },
  '1080x1920': { width: 1080, height: 1920 },
  '390x844': { width: 390, height: 844 },
} as const;

export type Size = keyof typeof SIZES;

/** A wall in a real browser, and everything that it complained about or asked of others. */
export interface WallPage {
  page: Page;
  complaints: string[];
  /** All text that is shown, in reading order, in single spaces. */
  text: () => Promise<string>;
  close(): Promise<void>;
}

/**
 * Opens a wall and waits for its first snapshot unless the server is `silent`; with `clock` its time can be moved by
 * `page.clock`. The script `before` runs ahead of the page's own.
 */
export async function openWall(
  browser: Browser,
  url: string,
  size: Size,
  { clock = false, reducedMotion = true, silent = false, path = '/wall', before = '' } = {},
): Promise<WallPage> {
  const context = await browser.newContext({
    viewport: SIZES[size],
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    timezoneId: 'Asia/Kathmandu',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (said) => {
    if (said.type() === 'error' || said.type() === 'warning')
      complaints.push(`${said.type()}: ${said.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin)
      complaints.push(`asked of others: ${request.url()}`);
  });
  if (clock) await page.clock.install();
  await page.addInitScript(before);
  await page.goto(`${url}${path}`);
  await page
    .locator(silent ? '.promise h2' : '.clock time i')
    .first()
    .waitFor({ state: 'attached' });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  return {
    page,
    complaints,
    async text() {
      const text = await page.locator('main').innerText();
      return text.replace(/\s+/g, ' ');
    },
    close: () => context.close(),
  };
}

/** With SHOTS=folder in the environment, keeps a picture of what the page looks like. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const phone = (page.viewportSize()?.width ?? 0) < 700;
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: phone });
}
