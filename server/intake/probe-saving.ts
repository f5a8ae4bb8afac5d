import { SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Intake } from './intake.ts';

/** While nothing comes in, a disk that refuses is noticed after this long at most. */
export const PROBE_EVERY_MS = 3 * SECOND;
/** And this often it is tried whether it takes again. */
export const RETRY_EVERY_MS = 2 * SECOND;

/** Writes now and then, when nothing else did, to know whether what comes in could be saved; until told to stop. */
export async function probeSaving(needs: { intake: Intake; clock: Clock; stop: AbortSignal }): Promise<void> {
  const { intake, clock, stop } = needs;
  while (!stop.aborted) {
    const { shownAt, notSavedSince } = intake.saving();
    const everyMs = notSavedSince === null ? PROBE_EVERY_MS : RETRY_EVERY_MS;
    const agoMs = shownAt === null ? everyMs : clock.now() - shownAt;
    // Less than nothing: the clock was set back.
    if (agoMs >= everyMs || agoMs < 0) await intake.probe();
    else await clock.sleep(everyMs - agoMs, stop);
  }
}
