import { type Instant, SECOND } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import { unreachable } from '../../outgoing/unreachable.ts';
import { Problem } from '../../problem.ts';
import { createSseReader, type SseEvent } from './sse.ts';

/** Mastodon sends `:thump` every 15 s (streaming/index.js); without three of them the stream is dead. */
export const SILENT_AFTER_MS = 50 * SECOND;

export interface ListenNeeds {
  who: string;
  clock: Clock;
  stop: AbortSignal;
  /** Events of a piece of the stream, and that there was one. */
  hear: (events: SseEvent[], at: Instant) => Promise<void>;
}

/** Reads a stream until it breaks, and then throws a Problem, or until told to stop, and then resolves. */
export async function listen(response: Response, { who, clock, stop, hear }: ListenNeeds): Promise<void> {
  const reader = createSseReader();
  const body = response.body?.getReader();
  if (body === undefined) throw new Problem('unavailable', `${who} has no content.`);
  const over = new AbortController();
  let heardAt = clock.now();
  // What we do not read cannot be late.
  let isReading = true;
  const silent = watch(
    () => (isReading ? heardAt : clock.now()),
    clock,
    AbortSignal.any([stop, over.signal]),
    who,
  );
  const stopped = new Promise<'stopped'>((resolve) => {
    if (stop.aborted) resolve('stopped');
    stop.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
  try {
    for (;;) {
      const next = await Promise.race([body.read(), silent, stopped]);
      if (next === 'stopped' || stop.aborted) return;
      if (next === undefined || next.done)
        throw new Problem('unavailable', `${who} was closed by the server.`);
      isReading = false;
      await hear(reader.read(next.value), clock.now());
      heardAt = clock.now();
      isReading = true;
    }
  } catch (error) {
    if (stop.aborted) return;
    throw error instanceof TypeError ? unreachable(who, error) : error;
  } finally {
    over.abort();
    // The rest is of no interest, nor is how the connection ends.
    body.cancel().catch(() => undefined);
  }
}

/** Rejects once nothing was heard for too long; resolves when told to stop. */
async function watch(
  heardAt: () => Instant,
  clock: Clock,
  until: AbortSignal,
  who: string,
): Promise<undefined> {
  while (!until.aborted) {
    const left = heardAt() + SILENT_AFTER_MS - clock.now();
    if (left <= 0)
      throw new Problem(
        'unavailable',
        `${who} went silent: not even a heartbeat for ${SILENT_AFTER_MS / SECOND} s.`,
      );
    await clock.sleep(left, until);
  }
  return undefined;
}
