import { createInTurn } from '../../shared/in-turn.ts';
import { type Instant, SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { AlertsBatch, AlertTurn, Delivery, KeptAlert, KeptState } from '../store/alerts.ts';
import type { Store } from '../store/store.ts';

/** What nobody is told of is saved this often; a turn at once. */
const SAVE_EVERY_MS = SECOND;
/** A save that failed is tried again. */
const SAVE_AGAIN_MS = 5 * SECOND;

/** Saves what the looks found, in one transaction each time: states, alerts and what there is to tell of them. */
export interface Saver {
  /** Saves everything now. Rejects with the store's error; nothing is forgotten, and it is tried again. */
  all(): Promise<void>;
  /** Begins to save when there is something to tell, or it is time. Returns when it wants to be asked again. */
  due(): Instant;
}

export interface SaverNeeds {
  store: Pick<Store, 'saveAlerts'>;
  clock: Clock;
  log: Log;
  /** What changed since the last time it was asked. */
  take: () => { alerts: KeptAlert[]; turns: { turn: AlertTurn; deliveries: Delivery[] }[] } | null;
  takeStates: () => KeptState[];
  /** Something waits to be told, and is saved. */
  toTell: () => void;
  /** A save that `due` began is over. */
  over: () => void;
}

export function createSaver({ store, clock, log, take, takeStates, toTell, over }: SaverNeeds): Saver {
  const alerts = new Map<string, KeptAlert>();
  const states = new Map<string, KeptState>();
  let turns: { turn: AlertTurn; deliveries: Delivery[] }[] = [];
  let savedAt = Number.NEGATIVE_INFINITY;
  let failedAt: Instant | null = null;
  const inTurn = createInTurn();
  let running = false;

  const collect = (): boolean => {
    const taken = take();
    for (const alert of taken?.alerts ?? []) alerts.set(alert.id, alert);
    for (const state of takeStates()) states.set(state.rule, state);
    turns.push(...(taken?.turns ?? []));
    return alerts.size + states.size + turns.length > 0;
  };
  const save = async (): Promise<void> => {
    if (!collect()) return;
    const batch = {
      alerts: [...alerts.values()],
      states: [...states.values()],
      turns: [...turns],
    } satisfies AlertsBatch;
    savedAt = clock.now();
    try {
      await store.saveAlerts(batch);
    } catch (error) {
      failedAt = clock.now();
      throw error;
    }
    failedAt = null;
    // What changed meanwhile is another object, and stays.
    for (const one of batch.alerts) if (alerts.get(one.id) === one) alerts.delete(one.id);
    for (const one of batch.states) if (states.get(one.rule) === one) states.delete(one.rule);
    turns = turns.slice(batch.turns.length);
    if (batch.turns.some(({ deliveries }) => deliveries.length > 0)) toTell();
  };
  const saveInTurn = (): Promise<void> => inTurn(save);

  return {
    all: saveInTurn,
    due() {
      if (!collect() || running) return Number.POSITIVE_INFINITY;
      const now = clock.now();
      const dueAt =
        failedAt !== null
          ? Math.min(failedAt, now) + SAVE_AGAIN_MS
          : turns.length > 0
            ? now
            : Math.min(savedAt, now) + SAVE_EVERY_MS;
      if (now < dueAt) return dueAt;
      running = true;
      saveInTurn()
        .catch((error: unknown) => {
          log.error({ err: error }, 'alerts could not be saved; it is tried again');
        })
        .finally(() => {
          running = false;
          over();
        });
      return Number.POSITIVE_INFINITY;
    },
  };
}
