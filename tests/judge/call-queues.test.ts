import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallFact } from '../../server/fact.ts';
import { judgeCall } from '../../server/judge/call.ts';
import { createCalendar } from '../../server/judge/hours.ts';
import { onWeekdays, someRules, someTeam } from '../support/some-rules.ts';
import { alert, alertEnd, answeredAfter, arrived, bridged, end, offered, pickup, TEN } from './a-call.ts';
import { lostAtIn, outcomesOf, settledIn, unordered, viewIn } from './figures.ts';

const rules = someRules();

describe('overflow between teams', () => {
  const facts = [
    offered(0),
    alert(0, 'ann'),
    alertEnd(30_000, 'no_answer', 'ann'),
    offered(31_000, 'billing'),
    alert(32_000, 'bo'),
    pickup(34_000, 'bo'),
    bridged(34_000, 'bo'),
    end(90_000, 'hangup'),
  ];

  it('is left out in the source, judged in the destination from its offer there, and once for the site', () => {
    const judged = judgeCall(facts, rules);
    for (const source of ['queue:support', 'team:help'] as const) {
      expect(settledIn(judged, source)).toEqual({ overflowed: [1, 0] });
    }
    for (const destination of ['queue:billing', 'team:money'] as const) {
      expect(settledIn(judged, destination)).toMatchObject({ firstRing: [1, 1], speedOfAnswer: [3_000, 1] });
      expect(viewIn(judged, destination)?.offeredAt).toBe(TEN + 31_000);
    }
    expect(settledIn(judged)).toMatchObject({
      firstRing: [0, 1],
      serviceLevel: [0, 1],
      speedOfAnswer: [34_000, 1],
    });
  });

  it('means the same when the platform says that the stay ended', () => {
    const said = judgeCall([...facts, end(30_500, 'overflow', 'support')], rules);
    expect(unordered(said)).toEqual(unordered(judgeCall(facts, rules)));
  });

  it('moves the wait with the caller', () => {
    const judged = judgeCall(facts.slice(0, 4), rules);
    expect(judged.live).toHaveLength(2);
    expect(judged.live).toContainEqual(
      expect.objectContaining({ scopes: ['site'], offeredAt: TEN, state: 'waiting' }),
    );
    expect(judged.live).toContainEqual(
      expect.objectContaining({ scopes: ['queue:billing', 'team:money'], offeredAt: TEN + 31_000 }),
    );
    expect(lostAtIn(judged, 'team:money').serviceLevel).toBe(TEN + 51_001);
    expect(lostAtIn(judged, 'team:help')).toEqual({});
  });

  it('is short in the destination when the caller leaves there at once, and a miss of the site', () => {
    const judged = judgeCall([...facts.slice(0, 4), end(33_000, 'abandon')], rules);
    expect(settledIn(judged, 'team:money')).toEqual({ shortAbandons: [1, 0] });
    expect(settledIn(judged)).toMatchObject({ abandonment: [1, 1], firstRing: [0, 1] });
  });

  it("goes by the destination's hours there", () => {
    const closed = createCalendar({ zone: 'UTC', weekly: onWeekdays('12:00', '13:00'), holidays: [] });
    const own = someRules({
      teams: new Map([
        ['help', someTeam()],
        ['money', someTeam({ calendar: closed })],
      ]),
    });
    expect(outcomesOf(judgeCall(facts, own))).toMatchObject({
      'team:money': 'out_of_hours',
      site: 'answered',
    });
  });
});

describe('within one team', () => {
  it('counts once for the team, from the first offer and the first phone', () => {
    const own = someRules({
      queues: new Map([
        ...rules.queues,
        ['second', { kind: 'calls', team: 'help', addresses: [], order: 1 }],
      ]),
    });
    const facts = [
      offered(0),
      alert(0),
      offered(30_000, 'second'),
      alert(31_000, 'bo'),
      bridged(33_000, 'bo'),
    ];
    const judged = judgeCall(facts, own);
    expect(outcomesOf(judged)).toEqual({
      'queue:support': 'overflow',
      'queue:second': 'answered',
      'team:help': 'answered',
      site: 'answered',
    });
    expect(viewIn(judged, 'team:help')).toMatchObject({ offeredAt: TEN, ringMs: 33_000, waitMs: 33_000 });
    expect(settledIn(judged, 'queue:second').firstRing).toEqual([1, 1]);
  });

  it('sees one call when it comes back to the same queue', () => {
    const facts = [
      offered(0, 'support', { entry: '1' }),
      end(20_000, 'overflow', '1'),
      offered(20_000, 'support', { entry: '2' }),
      alert(21_000),
      bridged(22_000),
      end(50_000, 'hangup'),
    ];
    const judged = judgeCall(facts, rules);
    expect(judged.views).toHaveLength(3);
    expect(viewIn(judged, 'queue:support')).toMatchObject({
      outcome: 'answered',
      waitMs: 22_000,
      preRingMs: 21_000,
    });
  });

  it('judges a call that returns to its first team there, and leaves it out where it was in between', () => {
    const facts = [
      offered(0, 'support', { entry: '1' }),
      offered(10_000, 'billing'),
      offered(20_000, 'support', { entry: '2' }),
      end(30_000, 'abandon'),
    ];
    expect(outcomesOf(judgeCall(facts, rules))).toEqual({
      'queue:support': 'abandoned',
      'queue:billing': 'overflow',
      'team:help': 'abandoned',
      'team:money': 'overflow',
      site: 'abandoned',
    });
  });
});

describe('leaving for where we cannot see', () => {
  it.each([undefined, 'support'])('ends the view of the queue alone (entry %s)', (entry) => {
    const judged = judgeCall([offered(0), end(9_000, 'overflow', entry), end(30_000, 'abandon')], rules);
    expect(outcomesOf(judged)).toEqual({
      'queue:support': 'overflow',
      'team:help': 'abandoned',
      site: 'abandoned',
    });
  });

  it('leaves the caller waiting for the site until her call ends', () => {
    const judged = judgeCall([offered(0), end(9_000, 'overflow')], rules);
    expect(judged.live.map(({ scopes }) => scopes)).toEqual([['team:help', 'site']]);
  });
});

describe('a transfer after the answer', () => {
  const facts = [
    ...answeredAfter(3_000),
    offered(60_000, 'billing', { leg: 'transfer' }),
    alert(61_000, 'bo'),
    pickup(70_000, 'bo'),
    bridged(70_000, 'bo'),
    end(300_000, 'hangup'),
  ];

  it('is a new offer of its queue, and of nothing else', () => {
    const judged = judgeCall(facts, rules);
    expect(settledIn(judged, 'queue:billing')).toMatchObject({ callsOffered: [1, 0], firstRing: [0, 1] });
    expect(settledIn(judged, 'team:money')).toEqual({});
    expect(settledIn(judged)).toMatchObject({
      callsOffered: [1, 0],
      firstRing: [1, 1],
      speedOfAnswer: [3_000, 1],
    });
  });

  it('needs no label: a queue entered after the answer is one', () => {
    const plain = facts.map((fact) => {
      const { leg: _, ...rest } = fact as CallFact & { leg?: string };
      return rest as CallFact;
    });
    expect(unordered(judgeCall(plain, rules))).toEqual(unordered(judgeCall(facts, rules)));
  });

  it('is one also where the answer is stamped a little before the first offer', () => {
    const skewed = [
      offered(0),
      alert(-900),
      bridged(-500),
      offered(60_000, 'billing'),
      end(90_000, 'hangup'),
    ];
    expect(outcomesOf(judgeCall(skewed, rules))).toEqual({
      'queue:support': 'answered',
      'team:help': 'answered',
      site: 'answered',
      'queue:billing': 'abandoned',
    });
  });

  it('ends the conversation of the first queue and not that of the caller', () => {
    const judged = judgeCall(facts, rules);
    expect(viewIn(judged, 'queue:support')?.talkMs).toBe(57_000);
    expect(viewIn(judged)?.talkMs).toBe(297_000);
  });
});

it('says the same whatever the order of the facts and however often they come', () => {
  const moment = fc.integer({ min: 0, max: 60_000 });
  const agent = fc.constantFrom('ann', 'bo');
  const queue = fc.constantFrom('support', 'billing', 'stray');
  const fact = fc.oneof<fc.Arbitrary<CallFact>[]>(
    moment.map((ms) => arrived(ms, { number: '1' })),
    fc.tuple(moment, queue, fc.constantFrom('1', '2')).map(([ms, to, entry]) => offered(ms, to, { entry })),
    fc.tuple(moment, agent).map(([ms, who]) => alert(ms, who)),
    fc
      .tuple(moment, agent, fc.constantFrom('no_answer', 'cancel'))
      .map(([ms, who, why]) => alertEnd(ms, why, who)),
    fc.tuple(moment, agent).map(([ms, who]) => pickup(ms, who)),
    fc.tuple(moment, agent).map(([ms, who]) => bridged(ms, who)),
    fc
      .tuple(moment, fc.constantFrom('abandon', 'hangup', 'voicemail', 'callback', 'overflow', 'unknown'))
      .map(([ms, why]) => end(ms, why)),
  );
  const histories = fc
    .array(fact, { minLength: 1, maxLength: 10 })
    .chain((facts) =>
      fc.tuple(
        fc.constant(facts),
        fc.shuffledSubarray([...facts, ...facts], { minLength: 2 * facts.length }),
      ),
    );
  fc.assert(
    fc.property(histories, ([facts, mixed]) => {
      expect(judgeCall(mixed, rules)).toEqual(judgeCall(facts, rules));
    }),
    { numRuns: 500 },
  );
});

it('counts every call of a scope exactly once among its outcomes', () => {
  const judged = judgeCall([offered(0), alert(1_000), end(9_000, 'abandon')], rules);
  const { callsOffered, abandonment, firstRing, serviceLevel } = settledIn(judged);
  expect([callsOffered?.[0], abandonment?.[1], firstRing?.[1], serviceLevel?.[1]]).toEqual([1, 1, 1, 1]);
});
