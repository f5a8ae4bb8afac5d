import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { aCall, openSite, type Site } from './a-site.ts';

let site: Site | null = null;
const open = async (wanted: Parameters<typeof openSite>[0]): Promise<Site> => {
  site = await openSite(wanted);
  return site;
};

afterEach(async () => {
  await site?.close();
  site = null;
});

describe('calls', () => {
  it('are counted with their companions the moment they are committed', async () => {
    const { clock, say, snapshot } = await open({ at: '2026-11-17T10:00:00Z' });
    await snapshot();
    await say(aCall('2026-11-17T09:00:00Z', { ringMs: 2_000 }));
    await say(aCall('2026-11-17T09:01:00Z', { ringMs: 6_000, preRingMs: 30_000 }));
    await say(aCall('2026-11-17T09:02:00Z', { ringMs: null, endMs: 40_000 }));
    await clock.advance(0);
    const { calls } = await snapshot();
    expect(calls?.firstRing).toMatchObject({
      tally: { n: 1, d: 3 },
      target: 70,
      withinMs: 6_000,
      pending: 0,
      feed: 'live',
    });
    expect(calls?.serviceLevel.tally).toEqual({ n: 1, d: 3 });
    expect(calls?.abandonment).toEqual({ n: 1, d: 3 });
    expect(calls?.speedOfAnswer).toEqual({ n: 38_000, d: 2 });
    expect(calls?.longestWaitTodayMs).toBe(40_000);
    expect(calls?.preRing).toEqual({ p50Ms: 0, p90Ms: 30_000 });
    expect(calls?.neverRang).toBe(0);
  });

  it('still on their first ring are pending, and are missed from the very instant the second ring begins', async () => {
    const { clock, say, figures, snapshot } = await open({ at: '2026-11-17T10:00:00Z' });
    await say(aCall('2026-11-17T10:00:00Z', { ringMs: null, endMs: null }));
    await snapshot();
    const lostAt = Date.parse('2026-11-17T10:00:06Z');
    expect(figures().nextChangeAt(clock.now())).toBe(lostAt);
    clock.set(lostAt - 1);
    expect((await snapshot()).calls?.firstRing).toMatchObject({ tally: { n: 0, d: 0 }, pending: 1 });
    clock.set(lostAt);
    expect((await snapshot()).calls?.firstRing).toMatchObject({ tally: { n: 0, d: 1 }, pending: 0 });
  });

  it('are not counted twice around the fold of a miss, nor when a late pickup mends it', async () => {
    const { clock, say, fold, snapshot } = await open({ at: '2026-11-17T10:00:00Z' });
    const facts = aCall('2026-11-17T10:00:00Z', { ringMs: 5_900, endMs: null });
    await say(facts.filter((fact) => fact.kind !== 'pickup' && fact.kind !== 'bridged'));
    const tally = async () => (await snapshot()).calls?.firstRing.tally;
    clock.set(Date.parse('2026-11-17T10:00:07Z'));
    expect(await tally()).toEqual({ n: 0, d: 1 });
    await fold();
    expect(await tally()).toEqual({ n: 0, d: 1 });
    await fold();
    expect(await tally()).toEqual({ n: 0, d: 1 });
    await say(facts.slice(-2));
    expect(await tally()).toEqual({ n: 1, d: 1 });
  });

  it('ringing, waiting and talking are gauges of now', async () => {
    const { say, snapshot } = await open({ at: '2026-11-17T10:00:30Z' });
    await say(aCall('2026-11-17T10:00:09.999Z', { ringMs: null, endMs: null }));
    await say(aCall('2026-11-17T10:00:20Z', { preRingMs: null, endMs: null }));
    await say(aCall('2026-11-17T10:00:00Z', { endMs: null }));
    const { calls } = await snapshot();
    const longestWaitingSince = Date.parse('2026-11-17T10:00:09.999Z');
    expect(calls?.live).toEqual({ ringing: 1, waiting: 2, talking: 1, longestWaitingSince });
    expect(calls?.longestWaitTodayMs).toBe(20_001);
  });

  it('of less than the smallest sample carry no word on last week', async () => {
    const { say, snapshot } = await open({ at: '2026-11-17T10:00:00Z' });
    for (let minute = 10; minute < 20; minute += 1) {
      await say(aCall(`2026-11-10T09:${minute}:00Z`));
      if (minute < 14) await say(aCall(`2026-11-17T09:${minute}:00Z`, { ringMs: 9_000 }));
    }
    const four = (await snapshot()).calls?.firstRing;
    expect(four).toMatchObject({
      tally: { n: 0, d: 4 },
      minSample: 5,
      baseline: { tally: { n: 10, d: 10 }, change: null },
    });
    await say(aCall('2026-11-17T09:50:00Z', { ringMs: 9_000 }));
    expect((await snapshot()).calls?.firstRing.baseline?.change).toEqual({ kind: 'down', points: 100 });
  });

  it('that every phone answers on its own are told apart', async () => {
    const { say, snapshot } = await open({ at: '2026-11-17T10:00:00Z' });
    for (const ringMs of [299, 299, 299, 299]) await say(aCall('2026-11-17T09:00:00Z', { ringMs }));
    expect((await snapshot()).calls?.autoAnswer, 'too few').toBe(false);
    await say(aCall('2026-11-17T09:00:00Z', { ringMs: 300 }));
    expect((await snapshot()).calls?.autoAnswer, '4 of 5').toBe(true);
    await say(aCall('2026-11-17T09:00:00Z', { ringMs: 300 }));
    expect((await snapshot()).calls?.autoAnswer, '4 of 6').toBe(false);
  });

  it('name the longest conversation, one still going on included, and before the first that of yesterday', async () => {
    const { clock, say, snapshot } = await open({ at: '2026-11-17T10:00:00Z' });
    await say(aCall('2026-11-16T15:00:00Z', { ringMs: 1_000, endMs: 601_000 }));
    expect((await snapshot()).longest).toEqual({ ms: 600_000, since: null, date: '2026-11-16' });
    await say(aCall('2026-11-17T09:00:00Z', { ringMs: 1_000, endMs: 61_000 }));
    expect((await snapshot()).longest).toEqual({ ms: 60_000, since: null, date: '2026-11-17' });
    await say(aCall('2026-11-17T09:59:00Z', { ringMs: 1_000, endMs: null }));
    clock.set(Date.parse('2026-11-17T10:00:02Z'));
    const since = Date.parse('2026-11-17T09:59:01Z');
    expect((await snapshot()).longest).toEqual({ ms: 61_000, since, date: '2026-11-17' });
  });

  it('whose longest were corrected one after the other give way to the next longest, however many', async () => {
    const { say, snapshot } = await open({ at: '2026-11-17T10:00:00Z' });
    const offered = Date.parse('2026-11-17T08:00:00Z');
    const calls = Array.from({ length: 12 }, (_, index) =>
      aCall(offered, { ringMs: 1_000, endMs: 101_000 + index * 1_000 }),
    );
    for (const facts of calls) await say(facts);
    expect((await snapshot()).longest?.ms).toBe(111_000);
    for (let index = 11; index > 0; index -= 1) {
      // The same end with an earlier instant: the earlier one holds.
      await say((calls[index] ?? []).slice(-1).map((fact) => ({ ...fact, at: offered + 2_000 })));
      expect((await snapshot()).longest?.ms, `${12 - index} corrected`).toBe(99_000 + index * 1_000);
    }
  });

  it('given up are owed a call back, with the time that is left', async () => {
    const { clock, say, fold, figures, snapshot } = await open({ at: '2026-11-17T10:01:00Z' });
    await say(aCall('2026-11-17T10:00:00Z', { ringMs: null, endMs: 30_000, number: '+44 20 7946 0001' }));
    const dueAt = Date.parse('2026-11-17T10:10:30Z');
    expect((await snapshot()).callbacks).toEqual({
      tally: { n: 0, d: 0 },
      target: 80,
      withinMs: 600_000,
      live: { owed: 1, overdue: 0, next: { leftMs: 9.5 * MINUTE, dueAt, runsFrom: null } },
    });
    clock.set(dueAt + 1);
    expect((await snapshot()).callbacks).toMatchObject({
      tally: { n: 0, d: 1 },
      live: { owed: 1, overdue: 1, next: null },
    });
    await fold();
    expect((await snapshot()).callbacks?.tally).toEqual({ n: 0, d: 1 });
    expect(figures().nextChangeAt(clock.now())).toBeGreaterThan(clock.now());
  });
});
