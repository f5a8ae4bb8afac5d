import { expect, it } from 'vitest';
import { HOUR } from '../../shared/time.ts';
import { aCall, openSite } from '../metrics/a-site.ts';

it('costs the same after ten thousand calls as after fifty', async () => {
  const { clock, say, figures, snapshot, close } = await openSite({ at: '2026-11-17T20:00:00Z' });
  /** The least of several goes: what the neighbours of this machine do is no cost of ours. */
  const leastMs = async (): Promise<number> => {
    await snapshot();
    const goes = Array.from({ length: 10 }, () => {
      const startedAt = performance.now();
      for (let time = 0; time < 50; time += 1) figures().snapshot('help', clock.now(), []);
      return performance.now() - startedAt;
    });
    return Math.min(...goes);
  };
  const offered = Date.parse('2026-11-17T08:00:00Z');
  const everyMs = (count: number): number => Math.floor((11 * HOUR) / count);
  const sayCalls = (count: number, from: number, to: number) =>
    say(
      Array.from({ length: to - from }, (_, index) =>
        aCall(offered + (from + index) * everyMs(count)),
      ).flat(),
    );
  await sayCalls(50, 0, 50);
  await leastMs();
  const few = await leastMs();
  for (let from = 0; from < 10_000; from += 1_000) await sayCalls(10_000, from, from + 1_000);
  const many = await leastMs();
  expect((await snapshot()).calls?.firstRing.tally).toEqual({ n: 10_050, d: 10_050 });
  expect(many / few).toBeLessThan(3);
  await close();
});
