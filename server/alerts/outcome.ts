import { type Instant, SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { AlertReads, AlertWrites, Delivery } from '../store/alerts.ts';
import type { Store } from '../store/store.ts';
import { nextTryAt } from './back-off.ts';
import type { Bunch } from './bunch.ts';
import { type Channel, NotTold } from './channels/channel.ts';

/** What was told but could not be written down is written down again after this, and not told again meanwhile. */
export const KEEP_AGAIN_MS = 5 * SECOND;

export type OutboxStore = AlertReads & AlertWrites & Pick<Store, 'meta' | 'setMeta'>;

export interface TellNeeds {
  store: OutboxStore;
  clock: Clock;
  log: Log;
  /** In [0, 1). */
  random: () => number;
}

/** How a channel did last, since the start. */
export interface Standing {
  /** `quiet`: nothing was told yet. `gone`: it wants nothing more, until a test of it succeeds. */
  state: 'quiet' | 'well' | 'failing' | 'gone';
  at: Instant | null;
  /** Why the last message was not taken; null when it was. */
  trouble: string | null;
}

/** What came of messages to one channel, and what that means for the next ones. */
export interface Outcomes {
  standing(): Standing;
  /** Until then the other side wants to be left alone. */
  restUntil(): Instant;
  /** The place that the channel sends to has said that it wants nothing more. */
  isGone(): Promise<boolean>;
  told(bunch: Bunch, stop: AbortSignal): Promise<void>;
  notTold(bunch: Bunch, trouble: NotTold, stop: AbortSignal): Promise<void>;
  /** A test succeeded: whatever was wrong is over. */
  wellAgain(at: Instant): Promise<void>;
}

export function createOutcomes(channel: Channel, { store, clock, log, random }: TellNeeds): Outcomes {
  const goneKey = `channel.gone.${channel.id}`;
  let standing: Standing = { state: 'quiet', at: null, trouble: null };
  let restUntil = 0;
  const keep = (deliveries: readonly Delivery[], stop: AbortSignal): Promise<void> =>
    keepUntilKept(deliveries, { store, clock, log, stop });
  return {
    standing: () => standing,
    restUntil: () => restUntil,
    isGone: async () => (await store.meta(goneKey)) === channel.mark,
    async told({ message, deliveries }, stop) {
      const now = clock.now();
      standing = { state: 'well', at: now, trouble: null };
      log.info({ channel: channel.id, message: message.id, turns: deliveries.length }, 'told');
      await keep(
        deliveries.map((delivery) => ({ ...delivery, state: 'sent', at: now, trouble: null })),
        stop,
      );
    },
    async notTold({ message, deliveries }, trouble, stop) {
      const now = clock.now();
      standing = { state: trouble.gone ? 'gone' : 'failing', at: now, trouble: trouble.message };
      if (trouble.waitMs !== null) restUntil = now + trouble.waitMs;
      const chance = random();
      // One answer for all of them: what was told together stays together.
      const since = Math.min(...deliveries.map(({ at }) => at));
      const next = deliveries.map((delivery) => nextState(delivery, trouble, { now, since, chance }));
      const dead = next.filter(({ state }) => state === 'dead').length;
      log.warn({ channel: channel.id, message: message.id, dead, trouble: trouble.message }, 'not told');
      await keep(next, stop);
      if (!trouble.gone) return;
      await store.setMeta(goneKey, channel.mark).catch((error: unknown) => {
        log.error({ channel: channel.id, err: error }, 'that a channel wants nothing more is not kept');
      });
    },
    async wellAgain(at) {
      standing = { state: 'well', at, trouble: null };
      restUntil = 0;
      if ((await store.meta(goneKey)) !== null) await store.setMeta(goneKey, '');
    },
  };
}

/** For a channel that has said so before. */
export function wantsNothing({ id }: Pick<Channel, 'id'>): NotTold {
  return new NotTold(
    `The channel "${id}" has said that it wants nothing more (410 Gone). Nothing is sent until its test succeeds.`,
    { lasting: true, gone: true },
  );
}

function nextState(
  delivery: Delivery,
  trouble: NotTold,
  { now, since, chance }: { now: Instant; since: Instant; chance: number },
): Delivery {
  const tries = delivery.tries + 1;
  const { lasting, waitMs, message } = trouble;
  const at = lasting ? null : nextTryAt({ now, since, tries, waitMs }, chance);
  if (at !== null) return { ...delivery, tries, dueAt: at, trouble: message };
  const words = lasting ? message : `Given up after a day. ${message}`;
  return { ...delivery, state: 'dead', tries, trouble: words, at: now };
}

/** Meanwhile the message counts as on its way, and is not sent again. */
async function keepUntilKept(
  deliveries: readonly Delivery[],
  { store, clock, log, stop }: Omit<TellNeeds, 'random'> & { stop: AbortSignal },
): Promise<void> {
  while (!stop.aborted) {
    try {
      return await store.keepDeliveries(deliveries);
    } catch (error) {
      log.error({ err: error }, 'what became of a message is not kept; it is tried again');
      await clock.sleep(KEEP_AGAIN_MS, stop);
    }
  }
}
