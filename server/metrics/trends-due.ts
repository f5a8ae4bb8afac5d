import { setImmediate } from 'node:timers/promises';
import type { Instant } from '../../shared/time.ts';
import { dueAt, type MailClock } from './trends-scope.ts';

/** Work before others get their turn. A day of the calendar that nobody asked for yet takes long to work out. */
const TURN_MS = 4;

/**
 * For each edge, ascending, the earliest arrival from `from` on whose answer is due at the edge or after it: what arrives
 * later is never due earlier. So the step in which a mail falls due is told by when it arrived, without its due time.
 */
export async function arrivalsDueFrom(
  clock: MailClock,
  edges: readonly Instant[],
  from: Instant,
): Promise<Instant[]> {
  const arrivals: Instant[] = [];
  let since = performance.now();
  for (const edge of edges) {
    if (performance.now() - since > TURN_MS) {
      await setImmediate();
      since = performance.now();
    }
    arrivals.push(firstDue(clock, edge, arrivals.at(-1) ?? from));
  }
  return arrivals;
}

/** Nothing is due before it arrives, so that it lies between `from` and the edge. */
function firstDue(clock: MailClock, edge: Instant, from: Instant): Instant {
  let low = from;
  let high = Math.max(from, edge);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (dueAt(clock, middle) >= edge) high = middle;
    else low = middle + 1;
  }
  return low;
}
