import { describe, expect, it, vi } from 'vitest';
import { createIntake } from '../../server/intake/intake.ts';
import { PROBE_EVERY_MS, probeSaving, RETRY_EVERY_MS } from '../../server/intake/probe-saving.ts';
import { Problem } from '../../server/problem.ts';
import type { Store } from '../../server/store/store.ts';
import { MINUTE } from '../../shared/time.ts';
import { openIntake } from '../support/an-intake.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { TestClock } from '../support/test-clock.ts';

const start = Date.parse('2026-03-10T10:00:00Z');

/** Runs `play` beside the probing of a real intake, whose pings fail with what `failing.with` holds. */
async function whileProbing(
  play: (
    site: Awaited<ReturnType<typeof openIntake>>,
    pings: number[],
    failing: { with: Error | null },
  ) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder();
  await using site = await openIntake(`${folder.path}/data.sqlite`, { at: start });
  const pings: number[] = [];
  const failing: { with: Error | null } = { with: null };
  const store: Store = {
    ...site.store,
    async ping() {
      pings.push(site.clock.now() - start);
      if (failing.with !== null) throw failing.with;
      await site.store.ping();
    },
  };
  const intake = createIntake({ ...site, store });
  const stopping = new AbortController();
  const done = probeSaving({ intake, clock: site.clock, stop: stopping.signal });
  await play({ ...site, intake }, pings, failing);
  stopping.abort();
  await done;
}

/** The disk takes its time, whatever the clock says: probing sleeps when it is through. */
function written(clock: TestClock): Promise<void> {
  return vi.waitFor(() => expect(clock.sleepers).toBeGreaterThan(0));
}

describe('probing whether it can be saved', () => {
  it('writes every three seconds while nothing comes in, and tells of a disk that refuses', () =>
    whileProbing(async ({ intake, clock, log }, pings, failing) => {
      const said: (number | null)[] = [];
      intake.onSavingChange(() => said.push(intake.saving().notSavedSince));
      for (const passed of [1, 2]) {
        await written(clock);
        await clock.advance(PROBE_EVERY_MS);
        expect(pings).toHaveLength(passed + 1);
      }
      expect(pings).toEqual([0, PROBE_EVERY_MS, 2 * PROBE_EVERY_MS]);
      await written(clock);
      failing.with = new Problem('unavailable', 'the disk is full');
      await clock.advance(PROBE_EVERY_MS);
      expect(said).toEqual([start + 3 * PROBE_EVERY_MS]);
      await clock.advance(3 * RETRY_EVERY_MS);
      expect(log.errors).toHaveLength(1);
      failing.with = null;
      await clock.advance(RETRY_EVERY_MS);
      await written(clock);
      expect(said).toEqual([start + 3 * PROBE_EVERY_MS, null]);
    }));

  it('leaves alone a database that facts are written to', () =>
    whileProbing(async ({ intake, clock }, pings) => {
      await written(clock);
      for (let turn = 0; turn < 10; turn += 1) {
        await clock.advance(PROBE_EVERY_MS - 1_000);
        await intake.save('pbx', [{ kind: 'offered', call: `c${turn}`, at: start, queue: 'support' }]);
      }
      expect(pings).toEqual([0]);
    }));

  it('neither stops nor spins at a bug', () =>
    whileProbing(async ({ clock }, pings, failing) => {
      await written(clock);
      failing.with = new Error('a bug');
      await clock.advance(MINUTE);
      expect(pings.length).toBeGreaterThan(MINUTE / PROBE_EVERY_MS - 2);
      expect(pings.length).toBeLessThan(MINUTE / PROBE_EVERY_MS + 2);
    }));
});
