import { SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import { Problem } from '../problem.ts';

/**
 * Gives work a signal that ends it after `withinMs`, with a Problem that says so. The limit is told apart from being
 * stopped: what is stopped throws what the work throws.
 */
export async function withinTime<T>(
  { clock, stop, who, withinMs }: { clock: Clock; stop: AbortSignal; who: string; withinMs: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const settled = new AbortController();
  const late = new Problem('unavailable', `${who} does not answer within ${withinMs / SECOND} s.`);
  void clock.sleep(withinMs, AbortSignal.any([stop, settled.signal])).then(() => {
    if (!settled.signal.aborted && !stop.aborted) over.abort(late);
  });
  const giveUp = (): void => over.abort(stop.reason);
  stop.addEventListener('abort', giveUp);
  if (stop.aborted) giveUp();
  try {
    return await work(over.signal);
  } catch (error) {
    throw over.signal.aborted && !stop.aborted ? late : error;
  } finally {
    settled.abort();
    stop.removeEventListener('abort', giveUp);
  }
}
