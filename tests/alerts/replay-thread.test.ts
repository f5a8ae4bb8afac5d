import { describe, expect, it } from 'vitest';
import { createReplays } from '../../server/alerts/replay/replays.ts';
import { systemClock } from '../../server/clock.ts';
import { aRule } from './a-rule.ts';

describe('the thread of the replay', () => {
  it('is begun anew when it fell: whoever asks is answered each time', async () => {
    const replays = createReplays({
      clock: systemClock,
      file: '/there/is/no/such/file.sqlite',
      rulesFor: () => ({
        shortAbandonMs: 0,
        firstRingAnchor: 'first_alert',
        ringPeriodMs: 1,
        serviceLevelMs: 1,
      }),
      openIn: () => [],
      midnights: () => [],
      staysOfItems: async () => [],
    });
    for (let i = 0; i < 2; i += 1) {
      const ask = async (): Promise<string> => {
        const answer = await replays.preview(aRule());
        return answer.state;
      };
      await expect
        .poll(() => ask().catch((error: unknown) => (error as Error).message), { timeout: 10_000 })
        .toContain('cannot be read just now');
    }
  });
});
