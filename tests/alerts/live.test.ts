import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { createTestClock } from '../support/test-clock.ts';
import { aRule } from './a-rule.ts';
import { type ASite, aCall, aSite } from './a-site-with-rules.ts';

const NINE = Date.parse('2026-11-17T09:00:00Z');
const RULE = aRule({ minItems: 3, forMs: MINUTE, clearForMs: 30 * SECOND, critical: 40 });

/** One of three calls on the first ring, the last of them over at 09:00:30. */
async function aBreach(clock: ReturnType<typeof createTestClock>, site: ASite): Promise<void> {
  for (const [i, ringMs] of [2_000, 7_000, 8_000].entries()) {
    await clock.advance(10 * SECOND);
    await site.facts(...aCall(`c${i}`, clock.now() - 8_000, ringMs));
  }
}

describe('a rule on a running site', () => {
  it('fires when its hold is up, shows on the walls around its scope, and recovers calmly', async () => {
    const clock = createTestClock(NINE);
    await using site = await aSite(clock);
    const rule = await site.make(RULE);
    await aBreach(clock, site);
    await clock.moveTo(NINE + 90 * SECOND - 1);
    expect(await site.wall()).toEqual([]);
    const standing = {
      phase: 'pending',
      level: 'critical',
      value: { n: 1, d: 3 },
      since: NINE + 30 * SECOND,
    };
    expect((await site.rules()).rules.find((one) => one.rule.id === rule.id)).toMatchObject({ standing });
    await clock.advance(1);
    expect(await site.wall()).toMatchObject([
      {
        rule: rule.id,
        level: 'critical',
        limit: 40,
        value: { n: 1, d: 3 },
        about: 'Patient Support',
        acked: null,
      },
    ]);
    const { open } = await site.alerts();
    expect(open).toMatchObject([
      { level: 'critical', firedAt: NINE + 90 * SECOND, began: NINE + 30 * SECOND },
    ]);

    await clock.moveTo(NINE + 100 * SECOND);
    await site.facts(
      ...Array.from({ length: 9 }, (_, i) => aCall(`good${i}`, clock.now() - 3_000, 1_000)).flat(),
    );
    expect(await site.wall()).toMatchObject([
      { level: 'critical', recoveredAt: null, value: { n: 10, d: 12 } },
    ]);
    await clock.moveTo(NINE + 130 * SECOND);
    expect(await site.wall()).toMatchObject([{ recoveredAt: NINE + 130 * SECOND }]);
    await clock.moveTo(NINE + 250 * SECOND);
    expect(await site.wall()).toEqual([]);
    await expect
      .poll(async () => (await site.alerts()).history)
      .toMatchObject([
        { worst: { n: 1, d: 3 }, ended: 'recovered', lengthMs: 40 * SECOND, worstLevel: 'critical' },
      ]);
  });

  it('is acknowledged by name, which a wall shows, and not twice', async () => {
    const clock = createTestClock(NINE);
    await using site = await aSite(clock);
    await site.make(RULE);
    await aBreach(clock, site);
    await clock.advance(2 * MINUTE);
    const [shown] = await site.wall();
    const path = `/api/alerts/${shown?.id}/ack`;
    expect((await site.tell(path, { why: 'On it.' })).status).toBe(200);
    expect(await site.wall()).toMatchObject([{ acked: { by: 'Ann', at: NINE + 150 * SECOND } }]);
    expect((await site.alerts()).open).toMatchObject([{ ackedAfterMs: MINUTE, acked: { why: 'On it.' } }]);
    const again = await site.tell(path, {});
    expect([again.status, await again.text()]).toEqual([
      400,
      expect.stringContaining('Ann took this on already'),
    ]);
    expect((await site.tell('/api/alerts/none/ack', {})).status).toBe(404);
  });

  it('begins anew when it is changed, and ends what it had found', async () => {
    const clock = createTestClock(NINE);
    await using site = await aSite(clock);
    const rule = await site.make(RULE);
    await aBreach(clock, site);
    await clock.advance(2 * MINUTE);
    expect(await site.wall()).toHaveLength(1);
    const change = { rule: { ...RULE, critical: null, forMs: 10 * MINUTE }, version: 1 };
    expect((await site.tell(`/api/alerts/rules/${rule.id}`, change)).status).toBe(200);
    expect((await site.tell(`/api/alerts/rules/${rule.id}`, change)).status).toBe(400);
    await clock.advance(SECOND);
    expect(await site.wall()).toEqual([]);
    const { rules } = await site.rules();
    expect(rules.find((one) => one.rule.id === rule.id)?.standing.phase).toBe('pending');
    const { changes } = await site.get<{ changes: { id: number; what: string }[] }>('/api/alerts/changes');
    expect(changes[0]).toMatchObject({
      what: 'changed',
      by: 'Ann',
      before: { critical: 40 },
      after: { critical: null },
    });
    expect((await site.tell(`/api/alerts/changes/${changes[0]?.id}/undo`, {})).status).toBe(200);
    expect((await site.rules()).rules.find((one) => one.rule.id === rule.id)?.rule).toMatchObject({
      critical: 40,
      version: 3,
    });
  });

  it('makes the usual rules of a team once, off, and never again after they are deleted', async () => {
    const clock = createTestClock(NINE);
    await using site = await aSite(clock);
    const { rules } = await site.rules();
    expect(rules.map(({ rule }) => [rule.metric, rule.on])).toEqual([
      ['firstRing', false],
      ['longestWaiting', false],
      ['serviceLevel', false],
    ]);
    expect(rules[0]?.rule).toMatchObject({
      warning: 60,
      critical: 50,
      margin: 3,
      minItems: 10,
      window: { kind: 'rolling', minutes: 60 },
    });
    for (const { rule } of rules)
      expect((await site.tell(`/api/alerts/rules/${rule.id}/delete`, {})).status).toBe(200);
    expect((await site.rules()).rules).toEqual([]);
  });

  it('says when a caller waits too long to the half second, and is well again when she is through', async () => {
    const clock = createTestClock(NINE);
    await using site = await aSite(clock);
    const rule = {
      metric: 'longestWaiting',
      direction: 'above',
      window: null,
      warning: 120,
      critical: null,
      margin: 0,
      minItems: 0,
    } as const;
    await site.make(aRule({ ...rule, scope: 'queue:help', forMs: 0, clearForMs: 0 }));
    await site.facts({ kind: 'offered', call: 'w', queue: 'help', at: NINE });
    await clock.moveTo(NINE + 120 * SECOND);
    expect(await site.wall()).toEqual([]);
    await clock.advance(SECOND);
    expect(await site.wall()).toMatchObject([{ metric: 'longestWaiting', value: { n: 120_500, d: 1 } }]);
    await clock.advance(10 * SECOND);
    await site.facts(
      { kind: 'pickup', call: 'w', agent: 'a', at: clock.now() },
      { kind: 'bridged', call: 'w', agent: 'a', at: clock.now() },
    );
    await clock.advance(0);
    expect(await site.wall()).toMatchObject([{ recoveredAt: NINE + 131 * SECOND }]);
  });
});
