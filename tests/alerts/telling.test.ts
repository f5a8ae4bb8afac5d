import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../server/fact.ts';
import type { Store } from '../../server/store/store.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import { aRule } from './a-rule.ts';
import { anEngine } from './an-engine.ts';

/** A Tuesday. */
const NINE = Date.parse('2026-11-17T09:00:00Z');
const waits = {
  metric: 'longestWaiting',
  direction: 'above',
  window: null,
  warning: 60,
  critical: 120,
  margin: 0,
  minItems: 0,
  forMs: 0,
  clearForMs: 0,
} as const;
const LEADS = aRule({ ...waits, scope: 'queue:support', channels: ['leads'] });

const offered = (call: string, at: Instant, queue = 'support'): Fact => ({
  kind: 'offered',
  call,
  queue,
  at,
});
const ended = (call: string, at: Instant): Fact => ({ kind: 'end', call, why: 'abandon', at });

/** What is to be told, as it is stored. */
async function told(
  store: Store,
): Promise<{ kind: string; at: Instant; dueAt: Instant; bunch: string; id: string }[]> {
  const alerts = [...(await store.alertHistory({ after: null, limit: 99 })), ...(await store.openAlerts())];
  const due = (await Promise.all(alerts.map(({ id }) => store.deliveriesOf(id, 'leads')))).flat();
  return due
    .map(({ turn, delivery }) => ({
      kind: turn.kind,
      at: turn.at,
      dueAt: delivery.dueAt,
      bunch: turn.bunch,
      id: turn.id,
    }))
    .sort((a, b) => a.at - b.at);
}
const kinds = async (store: Store): Promise<[string, number][]> =>
  (await told(store)).map(({ kind, at }) => [kind, (at - NINE) / SECOND]);

describe('what there is to tell', () => {
  it('is that it fired, rose and was resolved, each once, in a bunch of its team', async () => {
    await using engine = await anEngine(NINE, { channels: ['leads'] });
    await engine.make(LEADS);
    await engine.looking();
    await engine.live([offered('a', NINE + SECOND)]);
    await engine.clock.moveTo(NINE + 5 * MINUTE);
    await engine.live([ended('a', NINE + 5 * MINUTE)]);
    await expect
      .poll(() => kinds(engine.store))
      .toEqual([
        ['fired', 61.5],
        ['risen', 121.5],
        ['resolved', 300],
      ]);
    const [first, second] = await told(engine.store);
    expect(first).toMatchObject({ bunch: 'help', dueAt: NINE + 91_500 });
    expect(first?.id).not.toBe(second?.id);
  });

  it('goes in one message where it begins within half a minute in one team', async () => {
    await using engine = await anEngine(NINE, { channels: ['leads'] });
    await engine.make(LEADS);
    await engine.make({ ...LEADS, scope: 'team:help' });
    await engine.make({ ...LEADS, scope: 'site', warning: 70 });
    await engine.looking();
    await engine.live([offered('a', NINE)]);
    await engine.clock.moveTo(NINE + 80 * SECOND);
    await expect.poll(async () => (await told(engine.store)).length).toBe(3);
    const bunches = (await told(engine.store)).map(({ bunch, dueAt }) => [bunch, (dueAt - NINE) / SECOND]);
    expect(bunches).toEqual([
      ['help', 90.5],
      ['help', 90.5],
      ['site', 100.5],
    ]);
  });

  it('is told again every four hours until somebody takes it on, and after a rise once more', async () => {
    await using engine = await anEngine(NINE, { channels: ['leads'] });
    await engine.make({ ...LEADS, critical: 5 * 3_600 });
    await engine.looking();
    await engine.live([offered('a', NINE)]);
    await engine.clock.moveTo(NINE + 4 * HOUR + 2 * MINUTE);
    const [alert] = engine.alerting.alerts.open();
    await engine.alerting.alerts.ack(alert?.id ?? '', { by: 'Ann', at: engine.clock.now(), why: null });
    await engine.clock.moveTo(NINE + 4 * HOUR + 50 * MINUTE);
    expect(engine.alerting.alerts.open()).toMatchObject([{ acked: { by: 'Ann' } }]);
    await engine.clock.moveTo(NINE + 9.5 * HOUR);
    await expect
      .poll(async () => (await kinds(engine.store)).map(([kind]) => kind))
      .toEqual(['fired', 'repeated', 'acknowledged', 'risen', 'repeated']);
    expect(engine.alerting.alerts.open()).toMatchObject([{ acked: null, level: 'critical' }]);
  });

  it('waits for the end of quiet hours, then tells once what still fires, and nothing of what is over', async () => {
    await using engine = await anEngine(NINE, { channels: ['leads'] });
    const quiet = [{ days: ['tue' as const], from: '08:00', to: '10:00' }];
    await engine.make({ ...LEADS, quiet });
    await engine.make({ ...LEADS, scope: 'queue:billing', quiet });
    await engine.looking();
    await engine.live([
      offered('a', NINE),
      offered('b', NINE + SECOND, 'billing'),
      ended('b', NINE + 10 * MINUTE),
    ]);
    expect(engine.alerting.alerts.onWall(engine.clock.now(), () => true)).toHaveLength(2);
    await engine.clock.moveTo(NINE + 59 * MINUTE);
    expect(await told(engine.store)).toEqual([]);
    await engine.clock.moveTo(NINE + 61 * MINUTE);
    await expect.poll(() => kinds(engine.store)).toEqual([['fired', expect.any(Number)]]);
    expect((await kinds(engine.store))[0]?.[1]).toBeLessThanOrEqual(3_615);
    expect((await engine.store.alertHistory({ after: null, limit: 9 }))[0]).toMatchObject({
      scope: 'queue:billing',
      toldAt: null,
    });
  });

  it('keeps still while a silence of a scope around it holds', async () => {
    await using engine = await anEngine(NINE, { channels: ['leads'] });
    await engine.make(LEADS);
    await engine.looking();
    await engine.alerting.alerts.silence({
      id: 's',
      scope: 'team:help',
      rule: null,
      from: NINE,
      to: NINE + 10 * MINUTE,
      by: 'Ann',
      why: 'Drill.',
    });
    await engine.live([offered('a', NINE)]);
    await engine.clock.moveTo(NINE + 9 * MINUTE);
    expect(engine.alerting.alerts.open()).toMatchObject([{ level: 'critical', toldAt: null }]);
    await engine.clock.moveTo(NINE + 11 * MINUTE);
    await expect.poll(async () => (await kinds(engine.store)).map(([kind]) => kind)).toEqual(['fired']);
  });
});

describe('a lost source', () => {
  it('begins both holds anew, fires nothing and ends nothing', async () => {
    await using engine = await anEngine(NINE, { channels: ['leads'] });
    await engine.make({ ...LEADS, critical: null, forMs: 2 * MINUTE, clearForMs: MINUTE });
    await engine.looking();
    const phones = { id: 'pbx', feeds: ['phones' as const], since: NINE, heardAt: NINE, trouble: null };
    await engine.live([offered('a', NINE)]);
    await engine.clock.moveTo(NINE + 170 * SECOND);
    engine.health.push({ ...phones, state: 'lost' });
    engine.alerting.linksChanged();
    await engine.clock.moveTo(NINE + 200 * SECOND);
    expect(engine.alerting.alerts.open()).toEqual([]);
    engine.health.splice(0);
    engine.alerting.linksChanged();
    await engine.clock.moveTo(NINE + 319 * SECOND);
    expect(engine.alerting.alerts.open()).toEqual([]);
    await engine.clock.moveTo(NINE + 321 * SECOND);
    expect(engine.alerting.alerts.open()).toMatchObject([{ began: NINE + 200 * SECOND }]);
    engine.health.push({ ...phones, state: 'lost' });
    await engine.live([ended('a', NINE + 330 * SECOND)]);
    await engine.clock.moveTo(NINE + 600 * SECOND);
    expect(engine.alerting.alerts.open()).toHaveLength(1);
  });
});

describe('a restart', () => {
  it('lets a hold run on, tells nothing twice, and resolves by the rule what is good now', async () => {
    await using engine = await anEngine(NINE, { channels: ['leads'] });
    await engine.make({ ...LEADS, forMs: 2 * MINUTE, critical: null });
    await engine.looking();
    await engine.live([offered('a', NINE)]);
    await engine.clock.moveTo(NINE + 90 * SECOND);
    await engine.restart();
    await engine.looking();
    expect(engine.alerting.alerts.open()).toEqual([]);
    await engine.clock.moveTo(NINE + 181 * SECOND);
    await expect.poll(() => kinds(engine.store)).toEqual([['fired', 180.5]]);
    await engine.restart();
    await engine.looking();
    await engine.clock.advance(MINUTE);
    expect(engine.alerting.alerts.open()).toMatchObject([{ firedAt: NINE + 180_500, began: NINE + 60_500 }]);
    await engine.live([ended('a', engine.clock.now() + SECOND)]);
    await expect
      .poll(async () => (await kinds(engine.store)).map(([kind]) => kind))
      .toEqual(['fired', 'resolved']);
  });
});

describe('a series that flaps', () => {
  it('is one alert, however often it crosses its level inside the margin and the hold', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 8, maxLength: 30 }),
        async (gaps) => {
          await using engine = await anEngine(NINE, { channels: ['leads'] });
          const rule = {
            metric: 'callersWaiting',
            direction: 'above',
            window: null,
            warning: 2,
            critical: null,
            margin: 1,
            minItems: 0,
          } as const;
          await engine.make(
            aRule({ ...rule, scope: 'site', forMs: 0, clearForMs: 20 * SECOND, channels: ['leads'] }),
          );
          await engine.looking();
          await engine.live(['x', 'y', 'z'].map((call, i) => offered(call, NINE + i)));
          let at = NINE + SECOND;
          // The third caller comes and goes, again and again, and never is away for as long as recovery takes.
          for (const [i, gap] of gaps.entries()) {
            await engine.live([ended(i === 0 ? 'z' : `c${i - 1}`, at), offered(`c${i}`, at + gap * SECOND)]);
            at += (gap + 1) * SECOND;
          }
          await engine.clock.moveTo(at + 5 * SECOND);
          expect(engine.alerting.alerts.open()).toHaveLength(1);
          await expect.poll(async () => (await kinds(engine.store)).length).toBe(1);
        },
      ),
      { numRuns: 5, endOnFailure: true },
    );
  });
});
