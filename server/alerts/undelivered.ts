import { Problem } from '../problem.ts';
import type { AlertTurn, Delivery } from '../store/alerts.ts';
import type { TellNeeds } from './outcome.ts';

/** Turns that were given up and are listed. */
export const UNDELIVERED_LISTED = 200;

/** A turn that was given up on one channel. `id` names it in commands. */
export interface Undelivered {
  id: string;
  turn: AlertTurn;
  delivery: Delivery;
}

/** What could not be told, until a person sends it again or drops it. */
export interface UndeliveredList {
  /** Newest first. */
  undelivered(): Promise<Undelivered[]>;
  /** It waits again, from the first attempt on. @throws Problem when it is not there, or may not be told any more. */
  again(id: string, said: { by: string }): Promise<void>;
  /** Nothing more is heard of it. @throws Problem when it is not there. */
  drop(id: string, said: { by: string }): Promise<void>;
}

export function createUndelivered({
  store,
  clock,
  log,
  hasChannel,
  look,
}: Omit<TellNeeds, 'random'> & {
  hasChannel: (id: string) => boolean;
  /** Something waits again. */
  look: () => void;
}): UndeliveredList {
  const dead = async (id: string): Promise<{ turn: AlertTurn; delivery: Delivery }> => {
    const [, channel = '', turn = ''] = /^([^:]+):(.+)$/.exec(id) ?? [];
    const found = await store.delivery(turn, channel);
    if (found?.delivery.state === 'dead') return found;
    throw new Problem('not_found', 'There is no such message that was not delivered. Load the list again.');
  };
  return {
    async undelivered() {
      const rows = await store.deadDeliveries(UNDELIVERED_LISTED);
      return rows.map((row) => ({ id: `${row.delivery.channel}:${row.delivery.turn}`, ...row }));
    },
    async again(id, { by }) {
      const { turn, delivery } = await dead(id);
      const { channel } = delivery;
      if (!hasChannel(channel)) throw new Problem('invalid', noChannel(channel));
      const others = await store.deliveriesOf(turn.alert.id, channel);
      // After a "recovered" a "critical" would stand there for ever.
      if (others.some((one) => one.delivery.state === 'sent' && one.turn.alert.turns > turn.alert.turns))
        throw new Problem(
          'invalid',
          'A later message about this alert was delivered there: this one would come after it. Drop it.',
        );
      const now = clock.now();
      // By itself: under the id of what it was told with, others of that would be taken for repeats.
      await store.keepDeliveries([
        { ...delivery, message: null, state: 'waiting', tries: 0, dueAt: now, at: now },
      ]);
      log.info({ message: turn.id, channel, by }, 'a message is told again');
      look();
    },
    async drop(id, { by }) {
      const { turn, delivery } = await dead(id);
      const trouble = `Dropped by ${by}. ${delivery.trouble ?? ''}`.trim();
      await store.keepDeliveries([{ ...delivery, state: 'dropped', trouble, at: clock.now() }]);
      log.info({ message: turn.id, channel: delivery.channel, by }, 'a message is dropped');
    },
  };
}

/** What waits for a channel that is not configured any more is given up: it would wait for ever, and nobody would know. */
export async function giveUpStrangers(
  { store, clock }: Pick<TellNeeds, 'store' | 'clock'>,
  hasChannel: (id: string) => boolean,
): Promise<void> {
  for (const channel of (await store.deliveriesWaiting()).keys()) {
    if (hasChannel(channel)) continue;
    const now = clock.now();
    const rows = await store.deliveriesDue(channel, now, UNDELIVERED_LISTED);
    const given = rows.map(({ delivery }): Delivery => {
      return { ...delivery, state: 'dead', trouble: noChannel(channel), at: now };
    });
    if (given.length > 0) await store.keepDeliveries(given);
  }
}

/** In words: there is no such channel. */
export function noChannel(id: string): string {
  return `There is no channel "${id.slice(0, 40)}" in the configuration. Write it under channels, or take it out of the rule.`;
}
