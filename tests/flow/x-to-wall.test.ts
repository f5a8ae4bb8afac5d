import { describe, expect, it } from 'vitest';
import { RECHECK_AFTER_MS } from '../../server/sources/x/recheck.ts';
import { aPost } from '../sources/x/x-bench.ts';
import { createXClock } from '../sources/x/x-clock.ts';
import { anApp } from '../support/an-app.ts';
import { openFakeX } from '../support/fake-x.ts';
import type { TestClock } from '../support/test-clock.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const token = 'a-bearer-token-of-an-app';
const configuration = (url: string): string => `
site: { name: Harbor, zone: UTC }
boards: [{ id: main, show: site }]
own_accounts: ['@author4099']
sources:
  - { id: brand, kind: x, token: "\${AMI_SECRET}", rules: ['@harborhealth'], base_url: "${url}" }
`;

/** Goes on with a sign of life every 20 s, as X sends it. */
async function pass(clock: TestClock, ms: number, keepAlive: () => void): Promise<void> {
  for (let gone = 0; gone < ms; gone += 20_000) {
    keepAlive();
    await clock.advance(20_000);
  }
  keepAlive();
}

describe('from X to the wall', () => {
  it('shows a mention whole with its author, counts it once, and takes it off when X does not stand behind it', async () => {
    const clock = createXClock(noon);
    const fake = await openFakeX({ token });
    try {
      await using app = await anApp({
        clock,
        port: 1,
        secret: token,
        configuration: configuration(fake.url),
      });
      await fake.streaming();
      const latest = async () => (await app.snapshot()).mentions?.latest ?? [];
      await app.until(({ sources }) => sources[0]?.state === 'live');
      const [kept, gone, ours] = [
        aPost(noon - 2_000, 1),
        aPost(noon - 1_000, 2),
        aPost(noon, 3, { author: '4099' }),
      ];
      for (const post of [kept, gone, ours, kept]) fake.say(post);
      const { mentions } = await app.until(
        (seen) => seen.mentions?.latest.length === 2 && seen.mentions.today === 2,
      );
      expect(mentions).toMatchObject({ today: 2, feed: 'live' });
      expect(mentions?.latest[1]).toMatchObject({
        id: `x/${kept.id}`,
        network: 'x',
        name: 'Author 4001',
        handle: '@author4001',
        text: kept.text,
      });

      fake.posts.delete(gone.id);
      await pass(clock, RECHECK_AFTER_MS + 120_000, () => fake.write('\r\n'));
      await app.until((seen) => seen.mentions?.today === 1);
      expect((await latest()).map(({ id }) => id)).toEqual([`x/${kept.id}`]);

      // X is not there any more: its word holds for an hour, and the count is hollow long before.
      await fake.close();
      await app.until(({ sources }) => sources[0]?.state === 'late' && sources[0].trouble !== null);
      await clock.advance(60_000);
      await app.until(({ mentions: shown }) => shown?.feed === 'lost');
      expect(await latest()).toHaveLength(1);
      for (let i = 0; i < 60; i += 1) await clock.advance(60_000);
      expect(await latest()).toEqual([]);
      expect((await app.snapshot()).mentions?.today).toBe(1);
    } finally {
      await fake.close().catch(() => undefined);
    }
  });
});
