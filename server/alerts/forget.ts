import { HOUR } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

/** An alert that is over is kept for so long, with what was told of it and to whom: a year, and some to look back on. */
export const ALERTS_KEPT_MS = 400 * 24 * HOUR;
const FORGET_EVERY_MS = 6 * HOUR;
/** In one transaction, so that nobody waits for it. */
const AT_ONCE = 50;

export interface ForgetNeeds {
  store: Pick<Store, 'alertsOverBefore' | 'saveAlerts'>;
  clock: Clock;
  log: Log;
}

/** Lets go of what is older than it is kept, now and every few hours, until told to stop. Changes of rules stay. */
export async function forgetOldAlerts({ store, clock, log }: ForgetNeeds, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const before = clock.now() - ALERTS_KEPT_MS;
    try {
      let old = await store.alertsOverBefore(before, AT_ONCE);
      if (old.length === 0) await store.saveAlerts({ silencesFrom: before });
      while (old.length > 0 && !stop.aborted) {
        await store.saveAlerts({ droppedAlerts: old, silencesFrom: before });
        old = await store.alertsOverBefore(before, AT_ONCE);
      }
    } catch (error) {
      log.error({ err: error }, 'old alerts could not be let go; it is tried again');
    }
    await clock.sleep(FORGET_EVERY_MS, stop);
  }
}
