import { MINUTE } from '../../../shared/time.ts';
import { PAGE_MIN } from './client.ts';
import { fillGap, sayLeftOut } from './gap.ts';
import { recheckShown } from './recheck.ts';
import type { Session } from './session.ts';

/** What stands on the walls is looked at this often, however seldom X is searched. */
const LOOK_EVERY_MS = MINUTE;

/**
 * Asks by recent search, again and again. Resolves when the day's cap is used up or when told to stop; throws when X
 * does not answer.
 */
export async function poll(session: Session, stop: AbortSignal): Promise<void> {
  const { needs, kept, run, notices } = session;
  const { clock, config } = needs;
  let leftMs = 0;
  for (let at = clock.now(); !stop.aborted; ) {
    if (leftMs <= 0) {
      await fillGap(session);
      kept.wholeAt = clock.now();
      kept.backOff.recovered();
      run.live();
      notices.again();
      leftMs = config.everyMs;
      at = clock.now();
    }
    await recheckShown(session);
    sayLeftOut(session);
    if (kept.meter.affordable(clock.now(), true) < PAGE_MIN) return;
    await clock.sleep(Math.min(LOOK_EVERY_MS, leftMs), stop);
    // A clock that was set back has not made it earlier.
    leftMs -= Math.max(0, clock.now() - at);
    at = clock.now();
  }
}
