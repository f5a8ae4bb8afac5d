import { setImmediate as nextTurn } from 'node:timers/promises';
import { HOUR, MINUTE, quarterOf } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import { localDaysOf } from '../judge/local-days.ts';
import type { Rules } from '../judge/rules.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

const PACK_EVERY_MS = 10 * MINUTE;
/** Most of what changes a quarter-hour has come by then; what comes later is packed the next time. */
const PACK_AFTER_MS = 2 * HOUR;

/** Packs what is over, a little at a time between what comes in, until told to stop. */
export async function keepPacked(needs: {
  store: Pick<Store, 'pack'>;
  clock: Clock;
  log: Log;
  rules: Rules;
  stop: AbortSignal;
}): Promise<void> {
  const { store, clock, log, rules, stop } = needs;
  while (!stop.aborted) {
    const now = clock.now();
    const before = { quarter: quarterOf(now - PACK_AFTER_MS), day: localDaysOf(rules)(now).day };
    try {
      while (!stop.aborted && (await store.pack(before))) await nextTurn();
    } catch (error) {
      log.error({ err: error }, 'tallies not packed; it is tried again');
    }
    await clock.sleep(PACK_EVERY_MS, stop);
  }
}
