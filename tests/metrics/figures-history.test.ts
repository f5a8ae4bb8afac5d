import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../server/fact.ts';
import { count } from '../../server/judge/count.ts';
import { localDay } from '../../server/judge/local-day.ts';
import type { FigureId, Ranks, Scope, Snapshot } from '../../shared/figure.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { aCall, anAnswer, anEmail, openSite, type Site } from './a-site.ts';

const START = Date.parse('2026-11-17T22:00:00Z');

const atRandom = fc.record({
  /** Seconds before it is told of: two days and the turn between them. */
  ago: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 80_000 })),
  shape: fc.record({
    menuMs: fc.constantFrom(0, 1, 7_000),
    preRingMs: fc.constantFrom(null, 0, 3_000, 90_000),
    ringMs: fc.constantFrom(null, 200, 5_999, 6_000, 20_001),
    endMs: fc.constantFrom(null, 4_999, 5_000, 120_000, 700_000),
    number: fc.constantFrom('', '+15550100', '+15550101'),
  }),
});
const acts = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ act: fc.constant('call' as const), call: atRandom, cut: fc.nat(7) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        act: fc.constant('email' as const),
        ago: fc.integer({ min: 0, max: 9_000 }),
        answered: fc.boolean(),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        act: fc.constant('wait' as const),
        ms: fc.constantFrom(1, 500, 6_000, 61_000, 15 * MINUTE, 50 * MINUTE),
      }),
    },
    { weight: 2, arbitrary: fc.record({ act: fc.constant('fold' as const) }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('restart' as const) }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('look' as const) }) },
  ),
  { minLength: 10, maxLength: 30 },
);

describe('over random histories', () => {
  it('every figure is what a plain count of all verdicts gives, at every moment, folded or not, restarted or not', async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (list) => {
        const site = await openSite({ at: new Date(START).toISOString() });
        try {
          let later: Fact[] = [];
          /** Says those that have happened by now, at most so many. */
          const sayLater = async (most: number): Promise<void> => {
            const past = later.filter(({ at }) => at <= site.clock.now()).slice(0, most);
            later = later.filter((fact) => !past.includes(fact));
            await site.say(past);
          };
          for (const [index, act] of list.entries()) {
            const now = site.clock.now();
            if (act.act === 'call') {
              // The first part of its facts comes now and the rest later: whoever looks between sees a call going on.
              const facts = aCall(now - act.call.ago * SECOND, act.call.shape);
              const isNow = (fact: Fact, place: number): boolean => place < act.cut && fact.at <= now;
              await site.say(facts.filter(isNow));
              later.push(...facts.filter((fact, place) => !isNow(fact, place)));
            } else if (act.act === 'email') {
              const at = now - act.ago * SECOND;
              await site.say([anEmail(at, `m${index}`)]);
              if (act.answered) later.push(anAnswer(at + 59 * MINUTE, `m${index}`));
            } else if (act.act === 'wait') site.clock.set(now + act.ms);
            else if (act.act === 'fold') await site.fold();
            else if (act.act === 'restart') await site.restart();
            else await sayLater(3);
            await expectTrue(site);
          }
          site.clock.set(site.clock.now() + 2 * HOUR);
          await sayLater(later.length);
          await expectTrue(site);
        } finally {
          await site.close();
        }
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('a restart changes no figure', async () => {
    const site = await openSite({ at: '2026-11-17T10:00:00Z' });
    try {
      for (let call = 0; call < 30; call += 1) {
        const shape = {
          ringMs: call % 3 === 0 ? 7_000 : 2_000,
          preRingMs: call * 500,
          endMs: call > 27 ? null : 60_000 + call,
        };
        await site.say(aCall(Date.parse('2026-11-17T08:00:00Z') + call * 4 * MINUTE, shape));
        await site.say(aCall(Date.parse('2026-11-10T08:00:00Z') + call * 5 * MINUTE, shape));
      }
      await site.say([anEmail('2026-11-17T09:30:00Z', 'm1'), anEmail('2026-11-17T08:30:00Z', 'm2')]);
      const before = await site.snapshot();
      expect(before.calls?.firstRing.tally.d).toBe(30);
      await site.restart();
      expect(await site.snapshot()).toEqual(before);
    } finally {
      await site.close();
    }
  });
});

describe('while the figures load', () => {
  it('commits are neither lost nor counted twice, however they fall between slow readings', async () => {
    const site = await openSite({ at: '2026-11-17T10:07:00Z', slow: true });
    try {
      const today = Date.parse('2026-11-17T09:00:00Z');
      const lastWeek = Date.parse('2026-11-10T09:00:00Z');
      for (let round = 0; round < 12; round += 1) {
        await site.restart();
        const saving = Array.from({ length: 12 }, async (_, call) => {
          await turns(call * 2);
          const shape = { ringMs: null, endMs: call % 2 === 0 ? null : 40_000 };
          await site.say([
            ...aCall(today + round * SECOND + call, shape),
            ...aCall(lastWeek + round * SECOND + call),
          ]);
        });
        await turns(round);
        await site.snapshot();
        await Promise.all(saving);
        const { calls } = await site.snapshot();
        const total = 12 * (round + 1);
        expect(calls?.firstRing.tally, `round ${round}`).toEqual({ n: 0, d: total });
        expect(calls?.firstRing.baseline?.tally, `round ${round}`).toEqual({ n: total, d: total });
        expect(calls?.live?.waiting).toBe(total / 2);
        expect(calls?.neverRang).toBe(0);
        expect(calls?.preRing).toEqual({ p50Ms: 0, p90Ms: 0 });
        await expectTrue(site);
      }
    } finally {
      await site.close();
    }
  });

  it('a quarter-hour of last week that is restated while it is read is read again', async () => {
    const site = await openSite({ at: '2026-11-17T10:07:00Z', slow: true });
    try {
      await site.say(aCall('2026-11-10T10:01:00Z'));
      for (let round = 0; round < 12; round += 1) {
        site.clock.set(Date.parse('2026-11-17T10:07:00Z') + round * 15 * MINUTE);
        const cutAt = site.clock.now() - 7 * 24 * HOUR;
        const looking = site.snapshot();
        await turns(round);
        await site.say(aCall(cutAt - 1));
        await looking;
        expect((await site.snapshot()).calls?.firstRing.baseline?.tally).toEqual({
          n: round + 2,
          d: round + 2,
        });
      }
    } finally {
      await site.close();
    }
  });
});

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function expectTrue(site: Site): Promise<void> {
  const now = site.clock.now();
  const boards: [string, Scope][] = [
    ['help', 'team:help'],
    ['all', 'site'],
  ];
  for (const [board, scope] of boards) {
    const counted = count(site.judged.values(), now, localDay(now, 'Europe/London'), scope);
    const shown = await site.snapshot(board);
    const of = (figure: FigureId) => counted.tallies.get(figure) ?? { n: 0, d: 0 };
    expect(figuresOf(shown)).toEqual({
      firstRing: of('firstRing'),
      serviceLevel: of('serviceLevel'),
      speedOfAnswer: of('speedOfAnswer'),
      abandonment: of('abandonment'),
      leftInMenu: of('leftInMenu'),
      calledBack: of('calledBack'),
      emails: of('emailsWithinHour'),
      received: of('emailsReceived').n,
      pending: [counted.pending.get('firstRing') ?? 0, counted.pending.get('emailsWithinHour') ?? 0],
      live: [counted.live.ringing, counted.live.waiting, counted.live.talking],
      emailsLive: [counted.live.emailsOpen, counted.live.emailsOverdue],
      callbacksLive: [counted.live.callbacksOwed, counted.live.callbacksOverdue],
      preRing: inSeconds(counted.preRing),
      menu: inSeconds(counted.menu),
      neverRang: counted.neverRang,
      longestWaitMs: counted.longestWaitMs,
    });
    if (counted.longestTalkMs !== null) expect(shown.longest?.ms).toBe(counted.longestTalkMs);
  }
}

function figuresOf({ calls, callbacks, emails }: Snapshot) {
  return {
    firstRing: calls?.firstRing.tally,
    serviceLevel: calls?.serviceLevel.tally,
    speedOfAnswer: calls?.speedOfAnswer,
    abandonment: calls?.abandonment,
    leftInMenu: calls?.leftInMenu,
    calledBack: callbacks?.tally,
    emails: emails?.withinHour.tally,
    received: emails?.received,
    pending: [calls?.firstRing.pending, emails?.withinHour.pending],
    live: [calls?.live?.ringing, calls?.live?.waiting, calls?.live?.talking],
    emailsLive: [emails?.live?.open, emails?.live?.overdue],
    callbacksLive: [callbacks?.live?.owed, callbacks?.live?.overdue],
    preRing: calls?.preRing,
    menu: calls?.menu,
    neverRang: calls?.neverRang,
    longestWaitMs: calls?.longestWaitTodayMs,
  };
}

/** Waits are kept in whole seconds, rounded up. */
function inSeconds(ranks: Ranks | null): Ranks | null {
  const up = (ms: number): number => Math.ceil(ms / SECOND) * SECOND;
  return ranks && { p50Ms: up(ranks.p50Ms), p90Ms: up(ranks.p90Ms) };
}
