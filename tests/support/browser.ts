import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';

const PATH = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const ABSENT = `Chromium is not at ${PATH}, so what needs a real browser was NOT tested.
Install it with: sudo apt-get install -y chromium
(or name another with CHROMIUM_PATH)`;

/** Starts a real Chromium, with more flags if need be; the caller closes it. Throws when it is not installed. */
export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  if (!existsSync(PATH)) throw new Error(ABSENT);
  return chromium.launch({ executablePath: PATH, args: [...FLAGS, ...more] });
}

/**
 * A `describe` for what needs a real browser. Without Chromium it throws on a CI machine; elsewhere it says once what
 * is missing and skips.
 */
export function describeInBrowser(name: string, tests: () => void): void {
  const present = existsSync(PATH);
  if (!present && process.env.CI === 'true') throw new Error(ABSENT);
  if (!present) process.stderr.write(`\n${'='.repeat(72)}\n${ABSENT}\n${'='.repeat(72)}\n\n`);
  describe.skipIf(!present)(name, tests);
}
