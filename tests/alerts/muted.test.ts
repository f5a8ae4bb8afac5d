import { describe, expect, it } from 'vitest';
import { ALERTS_KEPT_MS, forgetOldAlerts } from '../../server/alerts/forget.ts';
import { stepMachine } from '../../server/alerts/step.ts';
import { createWatch } from '../../server/alerts/watch.ts';
import type { Fact } from '../../server/fact.ts';
import type { Store } from '../../server/store/store.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import { aRule } from './a-rule.ts';
import { anEngine } from './an-engine.ts';

/** A Tuesday. */
const NINE = Date.parse('2026-11-17T09:00:00Z');
const TEN = NINE + HOUR;
const WAITING = aRule({
  metric: 'callersWaiting',
  direction: 'above',
  scope: 'queue:support',
  window: null,
  warning: 0,
  critical: 1,
  margin: 0,
  minItems: 0,
  forMs: 0,
  clearForMs: 0,
  channels: ['leads', 'pager'],
  quiet: [{ days: ['tue'], from: '10:00', to: '11:00' }],
});

const offered = (call: string, at: Instant): Fact => ({ kind: 'offered', call, queue: 'support', at });
const ended = (call: string, at: Instant): Fact => ({ kind: 'end', call, why: 'abandon', at });

async function told(store: Store, channel: string): Promise<string[]> {
  const alerts = [...(await store.alertHistory({ after: null, limit: 99 })), ...(await store.openAlerts())];
  const due = (await Promise.all(alerts.map(({ id }) => store.deliveriesOf(id, channel)))).flat();
  return due.map(({ turn }) => turn.kind);
}

describe('in quiet hours', () => {
  it('an incident that was opened before is taken on and closed where it was opened, and nobody is written to', async () => {
    await using engine = await anEngine(NINE, { channels: ['leads', 'pager'] });
    await engine.make(WAITING);
    await engine.looking();
    await engine.live([offered('a', TEN - MINUTE)]);
    await engine.clock.moveTo(TEN + MINUTE);
    const [alert] = engine.alerting.alerts.open();
    await engine.alerting.alerts.ack(alert?.id ?? '', { by: 'Ann', at: TEN + MINUTE, why: null });
    await engine.live([ended('a', TEN + 2 * MINUTE)]);
    await expect.poll(() => told(engine.store, 'pager')).toEqual(['fired', 'acknowledged', 'resolved']);
    await engine.clock.moveTo(TEN + 62 * MINUTE);
    expect(await told(engine.store, 'leads')).toEqual(['fired']);
  });

  it('a rise is owed across a restart, and forgotten where it fell back meanwhile', async () => {
    await using engine = await anEngine(NINE, { channels: ['leads', 'pager'] });
    await engine.make(WAITING);
    await engine.make({ ...WAITING, scope: 'team:help', critical: 2 });
    await engine.looking();
    await engine.live([
      offered('a', TEN - MINUTE),
      offered('b', TEN + MINUTE),
      offered('c', TEN + 2 * MINUTE),
      ended('c', TEN + 3 * MINUTE),
    ]);
    await engine.restart();
    await engine.looking();
    await engine.clock.moveTo(TEN + 61 * MINUTE);
    await expect
      .poll(async () => (await told(engine.store, 'leads')).sort())
      .toEqual(['fired', 'fired', 'risen']);
  });
});

describe('what is over at a restart', () => {
  it('is what a rule found whose queue is configured no more, and is told to be', async () => {
    await using engine = await anEngine(NINE, { channels: ['leads', 'pager'] });
    await engine.make(WAITING);
    await engine.looking();
    await engine.live([offered('a', NINE + SECOND)]);
    expect(engine.alerting.alerts.open()).toHaveLength(1);
    await engine.restart('queue:support');
    await engine.clock.advance(MINUTE);
    expect(engine.alerting.alerts.open()).toEqual([]);
    await expect.poll(() => told(engine.store, 'pager')).toEqual(['fired', 'resolved']);
    expect(await engine.store.alertHistory({ after: null, limit: 9 })).toMatchObject([{ ended: 'changed' }]);
  });

  it('is what a rule found that was changed just before the fall', async () => {
    await using engine = await anEngine(NINE, { channels: ['leads', 'pager'] });
    const rule = await engine.make(WAITING);
    await engine.looking();
    await engine.live([offered('a', NINE + SECOND)]);
    await engine.alerting.alerts.saved();
    await engine.store.saveAlerts({ rules: [{ ...rule, version: 2, on: false, channels: [] }] });
    await engine.restart();
    await expect.poll(() => told(engine.store, 'pager')).toEqual(['fired', 'resolved']);
  });
});

describe('a look', () => {
  it('is on a whole or half second: what comes and goes between two is nothing', async () => {
    await using engine = await anEngine(NINE, { channels: ['leads', 'pager'] });
    await engine.make(WAITING);
    await engine.looking();
    await engine.live([
      offered('a', NINE + 10_100),
      ended('a', NINE + 10_400),
      offered('b', NINE + 12_300),
      ended('b', NINE + 15_700),
    ]);
    await engine.clock.advance(SECOND);
    await engine.alerting.alerts.saved();
    const over = await engine.store.alertHistory({ after: null, limit: 9 });
    expect(over.map(({ firedAt, resolvedAt }) => [firedAt - NINE, (resolvedAt ?? 0) - NINE])).toEqual([
      [12_500, 16_000],
    ]);
  });

  it('after the clock was set back begins both holds from there', () => {
    const rule = { forMs: MINUTE, clearForMs: MINUTE };
    const pending = stepMachine({ phase: 'pending', since: TEN }, rule, NINE, 'bad');
    expect(pending).toEqual({ phase: 'pending', since: NINE });
    expect(stepMachine(pending, rule, NINE + MINUTE, 'bad').phase).toBe('firing');
    const firing = { phase: 'firing', began: NINE, since: NINE, clearSince: TEN } as const;
    const clearing = stepMachine(firing, rule, NINE, 'good');
    expect(clearing).toMatchObject({ phase: 'firing', clearSince: NINE });
    expect(stepMachine(clearing, rule, NINE + MINUTE, 'good').phase).toBe('well');
  });
});

describe('a watch', () => {
  it('goes on looking when the clock was set back, at the next half second', () => {
    const looks: number[] = [];
    const look = {
      version: () => 1,
      read(at: Instant) {
        looks.push(at);
        return { pairs: [{ n: 0, d: 1 }], stale: false };
      },
      nextChangeAt: () => Number.POSITIVE_INFINITY,
      rises: false,
    };
    const watch = createWatch({ lookOf: () => look, seen: () => undefined });
    watch.set([{ ...WAITING, id: 'r', version: 1, changedAt: NINE, changedBy: 'Ann' }]);
    watch.look(TEN);
    watch.look(NINE + 300);
    expect(watch.nextAt()).toBe(NINE + 500);
    watch.look(NINE + 502);
    watch.look(NINE + 1_502);
    expect(looks).toEqual([TEN, NINE + 500]);
  });
});

describe('an alert that is long over', () => {
  it('goes with all that was told of it; one that is open stays', async () => {
    await using engine = await anEngine(NINE, { channels: ['leads', 'pager'] });
    await engine.make(WAITING);
    await engine.make({ ...WAITING, scope: 'team:help', clearForMs: HOUR });
    await engine.looking();
    await engine.live([offered('a', NINE + SECOND), ended('a', NINE + 20 * SECOND)]);
    await engine.alerting.alerts.saved();
    expect(await engine.store.alertHistory({ after: null, limit: 9 })).toHaveLength(1);
    const stop = new AbortController();
    const clock = {
      now: () => NINE + MINUTE + ALERTS_KEPT_MS,
      sleep: async () => stop.abort(),
    };
    const log = { error: (given: unknown) => expect(given).toBeUndefined() };
    await forgetOldAlerts({ store: engine.store, clock: clock as never, log: log as never }, stop.signal);
    expect(await engine.store.alertHistory({ after: null, limit: 9 })).toEqual([]);
    expect(await engine.store.openAlerts()).toHaveLength(1);
    expect(await told(engine.store, 'leads')).toEqual(['fired']);
  });
});
