import { describe, expect, it } from 'vitest';
import type { CallFact, EndReason } from '../../server/fact.ts';
import { judgeCall } from '../../server/judge/call.ts';
import { createCalendar } from '../../server/judge/hours.ts';
import { onWeekdays, someRules, someTeam } from '../support/some-rules.ts';
import { alert, alertEnd, answeredAfter, arrived, bridged, end, offered, pickup, TEN } from './a-call.ts';
import { lostAtIn, settledIn, viewIn } from './figures.ts';

const rules = someRules();
const figures = (facts: readonly CallFact[], own = rules) => settledIn(judgeCall(facts, own));
const shifts = someTeam({
  calendar: createCalendar({ zone: 'UTC', weekly: onWeekdays('10:00', '17:00'), holidays: [] }),
});

describe('first ring', () => {
  it.each([
    ['one ms before the second ring', 5_999, [1, 1]],
    ['as the second ring begins', 6_000, [0, 1]],
    ['at once', 0, [1, 1]],
  ])('picked up %s', (_, ms, firstRing) => {
    expect(figures(answeredAfter(ms)).firstRing).toEqual(firstRing);
  });

  it('is counted from the first phone of the team, whoever picks up', () => {
    const facts = [offered(0), alert(0, 'ann'), alert(300, 'bo'), pickup(6_100, 'bo'), bridged(6_100, 'bo')];
    expect(figures(facts).firstRing).toEqual([0, 1]);
  });

  it('is counted from the offer where the site says so, and needs no phone then', () => {
    const own = someRules({ firstRingAnchor: 'offered' });
    expect(figures([offered(0), alert(4_000), pickup(6_000), bridged(6_000)], own).firstRing).toEqual([0, 1]);
    expect(figures([offered(0), bridged(5_999)], own).firstRing).toEqual([1, 1]);
    expect(lostAtIn(judgeCall([offered(0)], own)).firstRing).toBe(TEN + 6_000);
  });

  it('is unknown, not zero, for an answered call that no phone was heard ringing for', () => {
    expect(figures([offered(0), bridged(3_000)])).toMatchObject({
      callsOffered: [1, 0],
      callsUnknown: [1, 0],
      serviceLevel: [1, 1],
    });
    expect(figures([offered(0), bridged(3_000)]).firstRing).toBeUndefined();
  });

  it('does not start with a phone that rang only after the answer, for a consultation', () => {
    expect(figures([offered(0), bridged(3_000), alert(60_000, 'bo')]).firstRing).toBeUndefined();
    const facts = [offered(0), alert(1_000), pickup(9_000), bridged(9_000), alert(60_000, 'bo')];
    expect(figures(facts).firstRing).toEqual([0, 1]);
  });

  it('stands on the pickup of the one who was connected, not on an earlier one who was not', () => {
    const facts = [
      offered(0),
      alert(0, 'ann'),
      pickup(2_000, 'ann'),
      alert(9_000, 'bo'),
      pickup(11_000, 'bo'),
    ];
    expect(figures([...facts, bridged(11_500, 'bo')]).firstRing).toEqual([0, 1]);
  });

  it('counts a directed pickup by a phone that never rang', () => {
    expect(figures([offered(0), alert(0), pickup(3_000, 'bo'), bridged(3_000, 'bo')]).firstRing).toEqual([
      1, 1,
    ]);
  });
});

describe('service level', () => {
  it.each([
    [20_000, [1, 1]],
    [20_001, [0, 1]],
  ])('answered after %i ms', (ms, serviceLevel) => {
    expect(figures(answeredAfter(ms)).serviceLevel).toEqual(serviceLevel);
  });

  it("goes by the team's limit in the team and its queues, and by the site's for the site", () => {
    const own = someRules({ teams: new Map([['help', someTeam({ serviceLevelMs: 30_000 })]]) });
    const judged = judgeCall(answeredAfter(25_000), own);
    expect(settledIn(judged, 'queue:support').serviceLevel).toEqual([1, 1]);
    expect(settledIn(judged, 'team:help').serviceLevel).toEqual([1, 1]);
    expect(settledIn(judged, 'site').serviceLevel).toEqual([0, 1]);
  });

  it('waits for the connection, not for the pickup before an announcement', () => {
    const facts = [offered(0), alert(0), pickup(4_000), bridged(20_001)];
    expect(figures(facts)).toMatchObject({
      firstRing: [1, 1],
      serviceLevel: [0, 1],
      speedOfAnswer: [20_001, 1],
    });
  });
});

describe('outcome', () => {
  const missed = { callsOffered: [1, 0], firstRing: [0, 1], serviceLevel: [0, 1] };
  it.each<[EndReason, number, object]>([
    ['abandon', 4_999, { shortAbandons: [1, 0] }],
    ['abandon', 5_000, { ...missed, abandonment: [1, 1] }],
    ['hangup', 4_999, { shortAbandons: [1, 0] }],
    ['hangup', 5_000, { ...missed, abandonment: [1, 1] }],
    ['voicemail', 1_000, { ...missed, abandonment: [0, 1] }],
    ['timeout', 9_000, { ...missed, abandonment: [0, 1] }],
    ['unavailable', 0, { ...missed, abandonment: [0, 1] }],
    ['callback', 9_000, { callbacksAccepted: [1, 0] }],
    ['unknown', 9_000, { callsUnknown: [1, 0] }],
  ])('of %s after %i ms without an answer', (why, ms, expected) => {
    expect(figures([offered(0, 'support', { number: '1' }), end(ms, why)])).toEqual(expected);
  });

  it('is unknown before it is answered, and answered before what the end says', () => {
    expect(figures([...answeredAfter(2_000), end(9_000, 'unknown')])).toEqual({ callsUnknown: [1, 0] });
    expect(figures([...answeredAfter(2_000), end(9_000, 'abandon')]).firstRing).toEqual([1, 1]);
  });

  it('lets a pickup stand for the connection where nobody reports one', () => {
    const facts = [offered(0), alert(0), pickup(3_000)];
    expect(figures([...facts, end(9_000, 'hangup')])).toMatchObject({
      firstRing: [1, 1],
      speedOfAnswer: [3_000, 1],
    });
    expect(figures(facts)).toMatchObject({ firstRing: [1, 1] });
  });

  it.each<[EndReason, [number, number]]>([
    ['abandon', [1, 1]],
    ['voicemail', [0, 1]],
  ])('is no answer when a pickup without connection ends by %s', (why, abandonment) => {
    const facts = [offered(0), alert(0), pickup(3_000), end(9_000, why)];
    expect(figures(facts)).toMatchObject({ firstRing: [0, 1], abandonment });
  });

  it('is no answer any more when the phone that was picked up gives the caller back', () => {
    const facts = [offered(0), alert(0), pickup(3_000), alertEnd(9_000, 'cancel')];
    expect(judgeCall(facts, rules).live).toMatchObject([{ state: 'waiting' }]);
    expect(figures([...facts, end(12_000, 'hangup')])).toMatchObject({
      firstRing: [0, 1],
      abandonment: [1, 1],
    });
    const again = [alert(9_500, 'bo'), pickup(10_000, 'bo')];
    expect(figures([...facts, ...again])).toMatchObject({ firstRing: [0, 1], speedOfAnswer: [10_000, 1] });
  });

  it('makes no call of a message without an offer that says nothing yet', () => {
    expect(judgeCall([alert(0), end(9_000, 'hangup')], rules)).toMatchObject({
      settled: [],
      views: [],
      live: [],
    });
  });
});

describe('scope of the promise', () => {
  it.each([
    ['one ms before opening', -1, false],
    ['at opening', 0, true],
    ['one ms before closing', 7 * 3_600_000 - 1, true],
    ['at closing', 7 * 3_600_000, false],
  ])('judges hours at the offer: %s', (_, ms, counted) => {
    const own = someRules({ teams: new Map([['help', shifts]]) });
    const facts = [
      offered(ms),
      alert(ms),
      pickup(ms + 3_000),
      bridged(ms + 3_000),
      end(ms + 60_000, 'hangup'),
    ];
    expect(figures(facts, own)).toEqual(
      counted ? expect.objectContaining({ firstRing: [1, 1] }) : { outOfHours: [1, 0] },
    );
  });

  it("goes by the site's hours where no team owns the queue", () => {
    const own = someRules({ site: shifts });
    expect(figures([offered(-1, 'stray')], own)).toEqual({ outOfHours: [1, 0] });
    expect(judgeCall([offered(-1, 'stray')], own).live).toEqual([]);
    expect(figures([{ ...offered(-1), queue: 'stray' }], rules)).toEqual({ callsOffered: [1, 0] });
  });

  it.each(['out', 'internal'] as const)('leaves %s calls out', (direction) => {
    const judged = judgeCall(
      [offered(0, 'support', { direction }), alert(0), pickup(1_000), end(2_000, 'hangup')],
      rules,
    );
    expect(judged).toMatchObject({ settled: [], pending: [], live: [], views: [] });
  });

  it('counts a transfer leg in its queue alone', () => {
    const facts = answeredAfter(3_000).map((fact) =>
      'queue' in fact ? { ...fact, leg: 'transfer' as const } : fact,
    );
    const judged = judgeCall(facts, rules);
    expect(settledIn(judged, 'queue:support').firstRing).toEqual([1, 1]);
    expect(judged.views.map(({ scope }) => scope)).toEqual(['queue:support']);
    expect(judged.live.map((live) => live.scopes)).toEqual([['queue:support']]);
  });
});

describe('clocks that differ', () => {
  it.each([
    ['a little', -300_000, { firstRing: [1, 1], serviceLevel: [1, 1], speedOfAnswer: [0, 1], skew: [1, 0] }],
    ['too much', -300_001, { callsUnknown: [1, 0] }],
  ])('%s: answered before it was offered', (_, ms, expected) => {
    const facts = [offered(0), alert(0), pickup(ms), bridged(ms), end(60_000, 'hangup')];
    expect(figures(facts)).toMatchObject(expected);
    expect(Object.keys(figures(facts))).toHaveLength(ms < -300_000 ? 1 : 6);
  });

  it('take a phone that seems to ring after its own pickup for one that was picked up at once', () => {
    expect(figures([offered(0), alert(3_040), pickup(3_000), bridged(3_000)])).toMatchObject({
      firstRing: [1, 1],
      skew: [1, 0],
    });
  });
});

describe('beside the verdict', () => {
  it('measures ring, wait, time before the ring, time in the menu and the conversation', () => {
    const facts = [
      arrived(-7_000),
      offered(0),
      alert(1_000),
      pickup(3_000),
      bridged(3_500),
      end(63_500, 'hangup'),
    ];
    expect(viewIn(judgeCall(facts, rules))).toEqual({
      scope: 'site',
      offeredAt: TEN,
      outcome: 'answered',
      firstRing: 'met',
      ringMs: 2_000,
      reactionMs: 2_000,
      waitMs: 3_500,
      preRingMs: 1_000,
      menuMs: 7_000,
      talkMs: 60_000,
      talkingSince: null,
    });
    expect(viewIn(judgeCall(facts, rules), 'queue:support')?.menuMs).toBeNull();
  });

  it('measures nothing of a call that is left out', () => {
    const lengths = {
      ringMs: null,
      reactionMs: null,
      waitMs: null,
      preRingMs: null,
      talkMs: null,
      talkingSince: null,
    };
    const own = someRules({ teams: new Map([['help', shifts]]) });
    const facts = [offered(-1), alert(0), pickup(3_000), bridged(3_000), end(9_000, 'hangup')];
    expect(viewIn(judgeCall(facts, own))).toMatchObject({
      outcome: 'out_of_hours',
      firstRing: 'none',
      ...lengths,
    });
    expect(viewIn(judgeCall([offered(0), alert(0), end(9_000, 'callback')], rules))).toMatchObject(lengths);
  });

  it.each<[string, CallFact[], object]>([
    ['offered', [arrived(0), offered(9_000)], { leftInMenu: [0, 1] }],
    ['gone before', [arrived(0), end(9_000, 'abandon')], { leftInMenu: [1, 1] }],
    ['still in it', [arrived(0)], {}],
    ['lost from sight', [arrived(0), end(9_000, 'unknown')], { callsUnknown: [1, 0] }],
    [
      'answered, offer never heard of',
      [arrived(0), bridged(3_000), end(9_000, 'hangup')],
      { callsUnknown: [1, 0] },
    ],
    ['a transfer', [arrived(0, { leg: 'transfer' }), end(9_000, 'abandon')], {}],
  ])('says who left in the menu: %s', (_, facts, expected) => {
    const { leftInMenu, callsUnknown } = figures(facts);
    expect({ ...(leftInMenu && { leftInMenu }), ...(callsUnknown && { callsUnknown }) }).toEqual(expected);
  });

  it('asks nobody to wait in the menu of a closed shop', () => {
    const own = someRules({ site: shifts, teams: new Map([['help', shifts]]) });
    expect(figures([arrived(-9_000), end(-1, 'abandon')], own)).toEqual({ outOfHours: [1, 0] });
    expect(figures([arrived(-9_000), offered(-1), end(9_000, 'abandon')], own)).toEqual({
      outOfHours: [1, 0],
    });
  });
});

describe('going on now', () => {
  it('is a certain miss from the second ring on, but not while it may still be a short abandon', () => {
    expect(lostAtIn(judgeCall([offered(0), alert(0)], rules))).toEqual({
      firstRing: TEN + 6_000,
      serviceLevel: TEN + 20_001,
    });
    const british = someRules({ ringPeriodMs: 3_000, site: someTeam({ serviceLevelMs: 2_000 }) });
    expect(lostAtIn(judgeCall([offered(0), alert(1_000)], british))).toEqual({
      firstRing: TEN + 5_000,
      serviceLevel: TEN + 5_000,
    });
  });

  it('is never a certain miss of the first ring while no phone has rung', () => {
    expect(lostAtIn(judgeCall([offered(0)], rules)).firstRing).toBe(Number.POSITIVE_INFINITY);
  });

  it.each<[string, CallFact[], string]>([
    ['nothing has rung', [], 'waiting'],
    ['a phone rings', [alert(1_000)], 'ringing'],
    ['it rang out', [alert(1_000), alertEnd(9_000, 'no_answer')], 'waiting'],
    ['one of two rang out', [alert(1_000), alert(1_000, 'bo'), alertEnd(9_000, 'reject')], 'ringing'],
    ['they talk', [alert(1_000), bridged(3_000)], 'talking'],
  ])('when %s', (_, facts, state) => {
    const [live, ...others] = judgeCall([offered(0), ...facts], rules).live;
    expect(live).toMatchObject({ what: 'call', state, offeredAt: TEN, until: TEN + 12 * 3_600_000 });
    expect(live?.scopes).toEqual(['queue:support', 'team:help', 'site']);
    expect(others).toEqual([]);
  });

  it('is over at the end', () => {
    expect(judgeCall([...answeredAfter(3_000), end(9_000, 'hangup')], rules).live).toEqual([]);
  });
});
