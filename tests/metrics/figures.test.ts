import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { wireSnapshot } from '../../shared/wire-snapshot.ts';
import { onWeekdays } from '../support/some-rules.ts';
import { aCall, anAnswer, anEmail, healthOf, openSite, type Site } from './a-site.ts';

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

describe('emails', () => {
  const weekly = onWeekdays('09:00', '17:00');

  it('are open, at risk with a quarter of an hour left, then overdue', async () => {
    const { clock, say, figures, snapshot } = await open({ at: '2026-11-17T10:00:00Z', weekly });
    await say([anEmail('2026-11-17T10:00:00Z', 'm1')]);
    await snapshot();
    const live = async () => (await snapshot()).emails?.live;
    const dueAt = Date.parse('2026-11-17T11:00:00Z');
    expect(await live()).toMatchObject({
      open: 1,
      overdue: 0,
      atRisk: 0,
      next: { leftMs: 60 * MINUTE, dueAt, runsFrom: null },
    });
    expect(figures().nextChangeAt(clock.now())).toBe(dueAt - 15 * MINUTE);
    clock.set(dueAt - 15 * MINUTE - 1);
    expect(await live()).toMatchObject({ atRisk: 0 });
    clock.set(dueAt - 15 * MINUTE);
    expect(await live()).toMatchObject({ atRisk: 1, overdue: 0 });
    clock.set(dueAt + 1);
    expect(await live()).toMatchObject({ open: 1, atRisk: 0, overdue: 1, next: null, marks: [] });
    expect((await snapshot()).emails?.withinHour.tally).toEqual({ n: 0, d: 1 });
    await say([anAnswer('2026-11-17T11:00:00.001Z', 'm1')]);
    expect((await snapshot()).emails).toMatchObject({
      withinHour: { tally: { n: 0, d: 1 }, pending: 0 },
      received: 1,
      live: { open: 0, overdue: 0 },
    });
  });

  it('count down in open minutes: at closing the countdown rests until the next opening', async () => {
    const { clock, say, figures, snapshot } = await open({ at: '2026-11-17T16:40:00Z', weekly });
    await say([anEmail('2026-11-17T16:40:00Z', 'm1')]);
    clock.set(Date.parse('2026-11-17T16:59:00Z'));
    await snapshot();
    const closesAt = Date.parse('2026-11-17T17:00:00Z');
    expect(figures().nextChangeAt(clock.now())).toBe(closesAt);
    clock.set(closesAt);
    const { day, emails } = await snapshot();
    const opensAt = Date.parse('2026-11-18T09:00:00Z');
    expect(day).toMatchObject({ open: false, opensAt });
    const dueAt = Date.parse('2026-11-18T09:40:00Z');
    expect(emails?.live?.next).toEqual({ leftMs: 40 * MINUTE, dueAt, runsFrom: opensAt });
    clock.set(Date.parse('2026-11-18T09:25:00Z'));
    expect((await snapshot()).emails?.live).toMatchObject({
      atRisk: 1,
      next: { leftMs: 15 * MINUTE, runsFrom: null },
    });
  });

  it('list their countdowns soonest first', async () => {
    const { say, snapshot } = await open({ at: '2026-11-17T10:30:00Z', weekly });
    await say([
      anEmail('2026-11-17T10:20:00Z', 'b'),
      anEmail('2026-11-17T10:00:00Z', 'a'),
      anEmail('2026-11-17T09:00:00Z', 'late'),
    ]);
    const { emails } = await snapshot();
    expect(emails?.live?.marks.map(({ leftMs }) => leftMs / MINUTE)).toEqual([30, 50]);
    expect(emails?.live).toMatchObject({ open: 3, overdue: 1 });
    expect(emails?.withinHour).toMatchObject({ tally: { n: 0, d: 1 }, pending: 2 });
  });
});

describe('a snapshot', () => {
  it('is what the API document says, in every state', async () => {
    const { say, snapshot } = await open({
      at: '2026-11-17T10:00:00Z',
      weekly: onWeekdays('09:00', '10:30'),
    });
    expect(wireSnapshot.parse(await snapshot())).toEqual(await snapshot());
    await say(aCall('2026-11-17T09:10:00Z', { menuMs: 7_000 }));
    await say(aCall('2026-11-10T09:10:00Z'));
    await say(aCall('2026-11-17T09:30:00Z', { ringMs: null, endMs: 30_000, number: '+15550100' }));
    await say([anEmail('2026-11-17T09:40:00Z', 'm1')]);
    const lost = healthOf('pbx', { state: 'lost', trouble: 'The PBX does not answer.' });
    for (const health of [[], [lost]]) {
      const shown = await snapshot('all', health);
      expect(shown.calls?.menu).toEqual({ p50Ms: 0, p90Ms: 7_000 });
      expect(wireSnapshot.parse(JSON.parse(JSON.stringify(shown)))).toEqual(shown);
    }
  });

  it('costs the same after ten thousand calls as after ten', async () => {
    const { clock, say, figures, snapshot } = await open({ at: '2026-11-17T20:00:00Z' });
    const msFor = async (): Promise<number> => {
      await snapshot();
      const startedAt = performance.now();
      for (let time = 0; time < 200; time += 1) figures().snapshot('help', clock.now(), []);
      return performance.now() - startedAt;
    };
    const offered = Date.parse('2026-11-17T08:00:00Z');
    const sayCalls = async (from: number, to: number) => {
      await say(
        Array.from({ length: to - from }, (_, index) => aCall(offered + (from + index) * 4_000)).flat(),
      );
    };
    await sayCalls(0, 10);
    await msFor();
    const few = await msFor();
    for (let from = 10; from < 10_010; from += 1_000) await sayCalls(from, from + 1_000);
    const many = await msFor();
    expect((await snapshot()).calls?.firstRing.tally).toEqual({ n: 10_010, d: 10_010 });
    expect(many / few).toBeLessThan(4);
  });
});

describe('mentions and the quote', () => {
  const at = Date.parse('2026-11-17T10:00:00Z');
  const post = (id: string, when: number) =>
    ({
      kind: 'post',
      network: 'mastodon',
      id,
      author: 'lee',
      name: 'Lee',
      handle: '@lee',
      text: `text ${id}`,
      type: 'post',
      at: when,
      seen: when,
    }) as const;

  it('are read again when a commit changed them', async () => {
    const { say, snapshot } = await open({ at: '2026-11-17T10:00:00Z' });
    expect((await snapshot()).mentions).toEqual({
      today: 0,
      latest: [],
      lastAt: null,
      feed: 'live',
      asOf: null,
    });
    await say([post('p1', at - 60_000), post('p0', at - 24 * 3_600_000)], 'social');
    await say(
      [{ kind: 'quote', id: 'q1', at: at - 1, text: 'They picked up at once.', cite: 'by phone' }],
      'kitchen',
    );
    const { mentions, quote } = await snapshot();
    expect(mentions).toMatchObject({ today: 1, lastAt: at - 24 * 3_600_000 });
    expect(mentions?.latest.map(({ id }) => id)).toEqual(['mastodon/p1', 'mastodon/p0']);
    expect(quote).toEqual({ text: 'They picked up at once.', cite: 'by phone', at: at - 1 });
    await say([{ kind: 'post_delete', network: 'mastodon', id: 'p1', at }], 'social');
    expect((await snapshot()).mentions).toMatchObject({ today: 0, latest: [{ id: 'mastodon/p0' }] });
  });
});

describe('a lost source', () => {
  it('freezes its figures at its last sign of life and leaves no live count', async () => {
    const { clock, say, fold, snapshot } = await open({ at: '2026-11-17T10:00:00Z' });
    await say(aCall('2026-11-17T09:00:00Z'));
    await say(aCall('2026-11-17T10:00:00Z', { ringMs: null, endMs: null }));
    await say([anEmail('2026-11-17T09:00:30Z', 'm1')], 'mailbox');
    const heardAt = Date.parse('2026-11-17T10:00:05Z');
    clock.set(heardAt + 70 * SECOND);
    const lost = healthOf('pbx', { state: 'lost', since: heardAt + 60 * SECOND, heardAt });
    const mailbox = healthOf('mailbox', { feeds: ['emails'], heardAt });
    const frozen = await snapshot('help', [lost, mailbox]);
    expect(frozen.calls?.firstRing).toMatchObject({
      tally: { n: 1, d: 1 },
      pending: 1,
      feed: 'lost',
      asOf: heardAt,
    });
    expect(frozen.calls?.live).toBeNull();
    expect(frozen.callbacks?.live).toBeNull();
    expect(frozen.emails?.withinHour).toMatchObject({ tally: { n: 0, d: 1 }, feed: 'live', asOf: null });
    expect(frozen.emails?.live).toMatchObject({ open: 1, overdue: 1 });
    await fold();
    expect((await snapshot('help', [lost, mailbox])).calls?.firstRing, 'after a fold').toEqual(
      frozen.calls?.firstRing,
    );
    const back = await snapshot('help', [healthOf('pbx', { heardAt: clock.now() }), mailbox]);
    expect(back.calls?.firstRing).toMatchObject({
      tally: { n: 1, d: 2 },
      pending: 0,
      feed: 'live',
      asOf: null,
    });
    expect(back.calls?.live).toMatchObject({ waiting: 1 });
  });

  it('that is only late says so, and one that waits to connect again after a start counts as late', async () => {
    const { say, snapshot } = await open({ at: '2026-11-17T10:00:00Z' });
    await say(aCall('2026-11-17T09:00:00Z'));
    const heardAt = Date.parse('2026-11-17T09:59:40Z');
    for (const state of ['late', 'waiting'] as const) {
      const { calls } = await snapshot('help', [healthOf('pbx', { state, heardAt })]);
      expect(calls).toMatchObject({ firstRing: { feed: 'late', asOf: heardAt }, live: null });
    }
    const fresh = await snapshot('help', [healthOf('pbx', { state: 'waiting', heardAt: null })]);
    expect(fresh.calls).toMatchObject({ firstRing: { feed: 'live', asOf: null }, live: { waiting: 0 } });
  });
});
