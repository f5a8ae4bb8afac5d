import { type Instant, SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Bunch, bunchesOf } from './bunch.ts';
import { type Channel, NotTold } from './channels/channel.ts';
import { createOutcomes, type Standing, type TellNeeds, wantsNothing } from './outcome.ts';

/** Messages on their way to one channel at a time. */
export const IN_FLIGHT_MAX = 3;
/** Deliveries read at a time. */
export const DUE_READ_MAX = 500;
/** Also without a word of something new, for clocks jump and a word may be lost. */
export const LOOK_EVERY_MS = 15 * SECOND;
/** What is on its way at the end may get there within this. */
export const GRACE_MS = 2 * SECOND;

/** Tells one channel what waits for it; what others are slow about is nothing to it. */
export interface Teller {
  /** There is something new. */
  look(): void;
  standing(): Standing;
  wellAgain(at: Instant): Promise<void>;
  run(stop: AbortSignal): Promise<void>;
}

export function createTeller(channel: Channel, needs: TellNeeds): Teller {
  const { store, clock, log } = needs;
  const outcomes = createOutcomes(channel, needs);
  /** Messages on their way, and the turns in them. */
  const flying = new Map<string, Promise<void>>();
  const turnsInFlight = new Set<string>();
  let wake = new AbortController();

  /** Before it is sent: after a crash it is told once more as just this message, whatever was saved meanwhile. */
  const keepId = ({ deliveries }: Bunch): Promise<void> =>
    store.keepDeliveries(deliveries).catch((error: unknown) => {
      // Told under another id after a crash is better than not told.
      log.error(
        { channel: channel.id, err: error },
        'the id of a message is not kept; it is sent all the same',
      );
    });

  const attempt = async (bunch: Bunch, gone: boolean, stop: AbortSignal): Promise<void> => {
    if (bunch.fresh && !gone) await keepId(bunch);
    const trouble = gone ? wantsNothing(channel) : await send(channel, bunch, { log, stop });
    if (trouble === null) return outcomes.told(bunch, stop);
    // Broken off: it waits still, and is told at the next start with the same id.
    if (!stop.aborted) await outcomes.notTold(bunch, trouble, stop);
  };

  /** Sends what is due. Resolves with when there is something to do next. */
  const sendDue = async (sending: AbortSignal): Promise<Instant> => {
    const now = clock.now();
    if (now < outcomes.restUntil()) return outcomes.restUntil();
    // As they are before the reading: what lands meanwhile may be read as if it were waiting still. What comes late into
    // a bunch that is on its way is told by itself, and the others not once more.
    const inFlight = new Set(turnsInFlight);
    const due = await store.deliveriesDue(channel.id, now, DUE_READ_MAX);
    const rows = due.filter(({ turn }) => !inFlight.has(turn.id));
    const gone = rows.length > 0 && (await outcomes.isGone());
    for (const bunch of bunchesOf(rows, due.length === DUE_READ_MAX)) {
      if (flying.size >= IN_FLIGHT_MAX) break;
      const { id, turns } = bunch.message;
      for (const turn of turns) turnsInFlight.add(turn.id);
      const landing = attempt(bunch, gone, sending)
        .catch((error: unknown) => {
          log.error({ channel: channel.id, err: error }, 'a message is tried again');
        })
        .finally(() => {
          flying.delete(id);
          for (const turn of turns) turnsInFlight.delete(turn.id);
          wake.abort();
        });
      flying.set(id, landing);
    }
    return store.nextDeliveryAt(channel.id, now);
  };

  return {
    look: () => wake.abort(),
    standing: () => outcomes.standing(),
    wellAgain: (at) => outcomes.wellAgain(at),
    async run(stop) {
      const sending = new AbortController();
      while (!stop.aborted) {
        wake = new AbortController();
        const next = await sendDue(sending.signal).catch((error: unknown) => {
          log.error({ channel: channel.id, err: error }, 'messages that wait are not read; tried again');
          return Number.POSITIVE_INFINITY;
        });
        const ms = Math.max(0, Math.min(LOOK_EVERY_MS, next - clock.now()));
        await clock.sleep(ms, AbortSignal.any([stop, wake.signal]));
      }
      await lastOnes(flying, sending, clock);
    },
  };
}

async function send(
  channel: Channel,
  { message }: Bunch,
  { log, stop }: { log: Log; stop: AbortSignal },
): Promise<NotTold | null> {
  try {
    await channel.send(message, stop);
    return null;
  } catch (error) {
    if (error instanceof NotTold) return error;
    // The stack alone: what else an error holds could be a secret.
    const stack = error instanceof Error ? error.stack : String(error);
    if (!stop.aborted) log.error({ channel: channel.id, stack }, 'a channel failed');
    const words = `The channel "${channel.id}" failed inside First Ring; its log says more.`;
    return new NotTold(words, { lasting: false });
  }
}

async function lastOnes(
  flying: ReadonlyMap<string, Promise<void>>,
  sending: AbortController,
  clock: Clock,
): Promise<void> {
  const all = Promise.all(flying.values());
  const landed = new AbortController();
  if (flying.size > 0) await Promise.race([all, clock.sleep(GRACE_MS, landed.signal)]);
  landed.abort();
  sending.abort();
  await all;
}
