import { describe, expect, it } from 'vitest';
import type { AlertTurn, Delivery } from '../../server/store/alerts.ts';
import type { Store } from '../../server/store/store.ts';
import { MINUTE } from '../../shared/time.ts';
import { aDelivery, aTurn, FIRED_AT } from '../support/a-turn.ts';
import type { Opened } from './each-store-check.ts';

const at = FIRED_AT;

/** What every implementation of the Store port must do with what there is to tell. */
export function eachOutboxCheck(name: string, open: () => Promise<Opened>): void {
  const on = (claim: string, check: (store: Store, opened: Opened) => Promise<void>): void => {
    it(claim, async () => {
      const opened = await open();
      try {
        await check(opened.store, opened);
      } finally {
        await opened.close();
      }
    });
  };

  describe(`${name} keeps what there is to tell`, () => {
    on('for each channel until it is due, the earliest first, and after a restart', async (store, opened) => {
      const [a, b, c] = ['a', 'b', 'c'].map((id) => turnOf(id, 1));
      await save(store, a!, { dueAt: at + 2 }, { channel: 'mail', dueAt: at });
      await save(store, b!, { dueAt: at + 1 });
      await save(store, c!, { dueAt: at + MINUTE });
      expect(await dueOf(store, at)).toEqual([]);
      expect(await dueOf(store, at + 1)).toEqual(['b.1']);
      const reopened = await opened.again();
      expect(await dueOf(reopened, at + 2)).toEqual(['b.1', 'a.1']);
      expect(await dueOf(reopened, at + 2, 'mail')).toEqual(['a.1']);
      expect(await dueOf(reopened, at + 2, 'nobody')).toEqual([]);
      expect((await reopened.deliveriesDue('ops', at + MINUTE, 2)).map(({ turn }) => turn.id)).toEqual([
        'b.1',
        'a.1',
      ]);
      expect(await reopened.deliveriesWaiting()).toEqual(
        new Map([
          ['mail', 1],
          ['ops', 3],
        ]),
      );
      expect((await reopened.deliveriesDue('ops', at + 1, 9))[0]).toEqual({
        turn: b,
        delivery: aDelivery(b!, 'ops', { dueAt: at + 1 }),
      });
    });

    on('and says when the next of a channel is due', async (store) => {
      await save(store, turnOf('a', 1), { dueAt: at + 5 }, { channel: 'mail', dueAt: at + 1 });
      expect(await store.nextDeliveryAt('ops', at)).toBe(at + 5);
      expect(await store.nextDeliveryAt('ops', at + 5)).toBe(Number.POSITIVE_INFINITY);
      expect(await store.nextDeliveryAt('nobody', at)).toBe(Number.POSITIVE_INFINITY);
    });

    on('in the order of an alert’s turns, however long the earlier one has to wait', async (store) => {
      const turns = [9, 10, 11].map((number) => turnOf('a', number));
      const [ninth, tenth, eleventh] = turns as [AlertTurn, AlertTurn, AlertTurn];
      await save(store, ninth, { dueAt: at + MINUTE }, { channel: 'mail' });
      await save(store, tenth, {}, { channel: 'mail' });
      await save(store, eleventh, { dueAt: at + 1 });
      await save(store, turnOf('b', 1), {});
      expect(await dueOf(store, at + 5)).toEqual(['b.1']);
      // On another channel nothing waits before it; what is told in one message goes together.
      expect(await dueOf(store, at + 5, 'mail')).toEqual(['a.9', 'a.10']);
      expect(await dueOf(store, at + MINUTE)).toEqual(['b.1', 'a.9']);
      await keep(store, ninth, { state: 'sent' });
      expect(await dueOf(store, at + 5)).toEqual(['b.1', 'a.10']);
      await keep(store, tenth, { state: 'dead', trouble: 'No.' });
      expect(await dueOf(store, at + 5)).toEqual(['b.1', 'a.11']);
      await keep(store, eleventh, { dueAt: at, message: 'other' });
      const twelfth = turnOf('a', 12);
      await save(store, twelfth, { dueAt: at });
      // Of the same bunch and time, and not of the message that the earlier one is told in.
      expect(await dueOf(store, at + 5)).toEqual(['a.11', 'b.1']);
      await keep(store, eleventh, { dueAt: at + 1 });
      await keep(store, twelfth, { state: 'dropped' });
      const of = await store.deliveriesOf('a', 'ops');
      expect(of.map(({ turn, delivery }) => [turn.id, delivery.state])).toEqual([
        ['a.9', 'sent'],
        ['a.10', 'dead'],
        ['a.11', 'waiting'],
        ['a.12', 'dropped'],
      ]);
    });

    on('as it was saved first, whatever is saved under the same turn later', async (store) => {
      await save(store, turnOf('a', 1), {});
      await keep(store, turnOf('a', 1), { state: 'sent', at: at + 3 });
      await save(store, { ...turnOf('a', 1), value: 'another' }, { dueAt: at + 9 });
      expect(await dueOf(store, at + MINUTE)).toEqual([]);
      const found = await store.delivery('a.1', 'ops');
      expect([found?.turn.value, found?.delivery.state, found?.delivery.at]).toEqual(['61%', 'sent', at + 3]);
    });

    on('and lists what was given up, the newest first, until it waits again or is dropped', async (store) => {
      for (const [i, id] of ['a', 'b', 'c'].entries()) {
        await save(store, turnOf(id, 1), {});
        await keep(store, turnOf(id, 1), { state: 'dead', tries: 3, trouble: `No ${id}.`, at: at + i });
      }
      const listed = await store.deadDeliveries(2);
      expect(listed.map(({ delivery }) => [delivery.turn, delivery.tries, delivery.trouble])).toEqual([
        ['c.1', 3, 'No c.'],
        ['b.1', 3, 'No b.'],
      ]);
      await keep(store, turnOf('c', 1), { state: 'waiting', dueAt: at + 7 });
      await keep(store, turnOf('b', 1), { state: 'dropped' });
      expect((await store.deadDeliveries(9)).map(({ turn }) => turn.id)).toEqual(['a.1']);
      expect(await dueOf(store, at + 7)).toEqual(['c.1']);
      expect(await store.delivery('a.1', 'mail')).toBeNull();
      expect(await store.delivery('nothing', 'ops')).toBeNull();
    });
  });
}

/** A turn of the alert with this number among its turns. */
function turnOf(alert: string, turns: number): AlertTurn {
  return { ...aTurn('repeated', { id: alert, turns }), id: `${alert}.${turns}` };
}

async function save(
  store: Store,
  turn: AlertTurn,
  ...to: (Partial<Delivery> & { channel?: string })[]
): Promise<void> {
  const deliveries = to.map(({ channel = 'ops', ...more }) => aDelivery(turn, channel, more));
  await store.saveAlerts({ turns: [{ turn, deliveries }] });
}

async function keep(store: Store, turn: AlertTurn, more: Partial<Delivery>): Promise<void> {
  await store.keepDeliveries([aDelivery(turn, 'ops', more)]);
}

async function dueOf(store: Store, now: number, channel = 'ops'): Promise<string[]> {
  return (await store.deliveriesDue(channel, now, 100)).map(({ turn }) => turn.id);
}
