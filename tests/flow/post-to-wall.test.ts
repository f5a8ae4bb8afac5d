import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openWall } from '../client/wall-page.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { startFirstRing } from '../support/first-ring.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The promise of the product: a fact is on the glass within a tenth of a second. */
const GLASS_MAX_MS = 100;
const TURNS = 9;

const configuration = `
site: { name: Post, zone: UTC, country: us, hours: always }
teams: [{ id: support, name: Support, queues: [{ id: support, kind: calls }] }]
boards: [{ id: all, name: Support, show: site }]
sources: [{ id: shop, kind: http, token: "\${SHOP_TOKEN}", feeds: [phones] }]
`;
const run = promisify(execFile);

/** An answered call that rang for two seconds and ended just now. */
function aCall(call: string, now: number): string {
  const fact = (kind: string, beforeMs: number, more: object): object => ({
    kind,
    call,
    at: now - beforeMs,
    ...more,
  });
  return JSON.stringify([
    fact('offered', 9_000, { queue: 'support' }),
    fact('alert', 9_000, { agent: '101' }),
    fact('pickup', 7_000, { agent: '101' }),
    fact('bridged', 7_000, { agent: '101' }),
    fact('end', 10, { why: 'hangup' }),
  ]);
}

/** A script for the page: when these words first stood in its document, in ms of this machine's clock. */
function seenAt(words: string): string {
  return `new Promise((resolve) => {
    const watcher = new MutationObserver(() => {
      if (!document.body.textContent.includes(${JSON.stringify(words)})) return;
      watcher.disconnect();
      resolve(performance.timeOrigin + performance.now());
    });
    watcher.observe(document.body, { subtree: true, childList: true, characterData: true });
  })`;
}

describeInBrowser('a fact posted with curl', () => {
  it('changes the figure in a real browser in under 100 ms', async () => {
    await builtClient();
    using folder = temporaryFolder();
    const config = join(folder.path, 'first-ring.yaml');
    writeFileSync(config, configuration);
    const env = {
      SHOP_TOKEN: 'a-token-for-the-shop-that-is-long',
      FIRST_RING_TV_TOKEN: 'a-token-for-the-television',
    };
    await using firstRing = await startFirstRing({ dataDir: folder.path, config, env });
    const browser = await openBrowser();
    const wall = await openWall(browser, firstRing.url, '1920x1080', {
      path: `/wall?token=${env.FIRST_RING_TV_TOKEN}`,
    });
    await wall.page.getByText('no calls yet today').waitFor();

    const took: number[] = [];
    for (let turn = 1; turn <= TURNS; turn += 1) {
      const seen = wall.page.evaluate<number>(seenAt(`${turn} of ${turn}`));
      const body = aCall(`call-${turn}`, Date.now());
      const sentAt = performance.timeOrigin + performance.now();
      const { stdout } = await run('curl', [
        '-sS',
        '-H',
        `authorization: Bearer ${env.SHOP_TOKEN}`,
        '-H',
        'content-type: application/json',
        '-d',
        body,
        `${firstRing.url}/api/facts`,
      ]);
      expect(JSON.parse(stdout)).toMatchObject({ stored: 5, repeats: 0, conflicts: 0 });
      took.push((await seen) - sentAt);
      await wall.page.waitForTimeout(150);
    }
    const median = took.toSorted((a, b) => a - b)[Math.floor(TURNS / 2)] ?? Number.POSITIVE_INFINITY;
    process.stdout.write(
      `curl to glass: median ${median.toFixed(1)} ms of ${took.map((ms) => ms.toFixed(0)).join(', ')}\n`,
    );
    expect(median).toBeLessThan(GLASS_MAX_MS);
    expect(wall.complaints).toEqual([]);
    await browser.close();
  });
});
