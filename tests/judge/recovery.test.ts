import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallFact } from '../../server/fact.ts';
import { judgeCall } from '../../server/judge/call.ts';
import { createCalendar } from '../../server/judge/hours.ts';
import { contactOfText, judgePerson } from '../../server/judge/recovery.ts';
import type { Contact } from '../../server/judge/verdict.ts';
import { onWeekdays, someRules, someTeam } from '../support/some-rules.ts';
import { alert, arrived, bridged, end, offered, pickup, TEN } from './a-call.ts';
import { lostAtIn, settledIn } from './figures.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const rules = someRules();
const gaveUp = (ms: number, team: string | null = 'help'): Contact => ({
  what: 'cause',
  at: TEN + ms,
  team,
  why: 'abandoned',
});
const reached = (ms: number, by: 'us' | 'them' = 'us'): Contact => ({ what: 'reached', at: TEN + ms, by });
const waived = (ms: number): Contact => ({ what: 'waived', at: TEN + ms });

describe('called back', () => {
  it.each([
    ['at the due instant', 10 * MINUTE, { calledBack: [1, 1] }],
    ['one ms late', 10 * MINUTE + 1, { calledBack: [0, 1], calledBackLate: [1, 0] }],
    ['at the instant she gave up', 0, { calledBack: [1, 1] }],
    [
      'one ms before our patience ends',
      24 * HOUR + 10 * MINUTE - 1,
      { calledBack: [0, 1], calledBackLate: [1, 0] },
    ],
  ])('%s', (_, ms, figures) => {
    expect(settledIn(judgePerson([gaveUp(0), reached(ms)], rules))).toEqual(figures);
  });

  it.each([
    ['before she gave up', -1],
    ['after our patience ended', 24 * HOUR + 10 * MINUTE],
  ])('is still owed when reached %s', (_, ms) => {
    const judged = judgePerson([gaveUp(0), reached(ms)], rules);
    expect(judged.settled).toEqual([]);
    expect(lostAtIn(judged)).toEqual({ calledBack: TEN + 10 * MINUTE });
    expect(judged.live).toEqual([
      {
        what: 'callback',
        scopes: ['team:help', 'site'],
        inAt: TEN,
        dueAt: TEN + 10 * MINUTE,
        until: TEN + 24 * HOUR + 10 * MINUTE,
      },
    ]);
  });

  it('counts a verdict when she was reached in time, or when it fell due', () => {
    const at = (contacts: Contact[]) =>
      judgePerson(contacts, rules).settled.map((one) => [one.figure, one.at - TEN]);
    expect(at([gaveUp(0, null), reached(7 * MINUTE)])).toEqual([['calledBack', 7 * MINUTE]]);
    expect(at([gaveUp(0, null), reached(20 * MINUTE)])).toEqual([
      ['calledBack', 10 * MINUTE],
      ['calledBackLate', 20 * MINUTE],
    ]);
  });

  it('tells "they called again" apart', () => {
    expect(settledIn(judgePerson([gaveUp(0), reached(MINUTE, 'them')], rules))).toEqual({
      calledBack: [1, 1],
      calledAgain: [1, 0],
    });
    const both = [gaveUp(0), reached(MINUTE, 'them'), reached(MINUTE, 'us')];
    expect(settledIn(judgePerson(both, rules))).toEqual({ calledBack: [1, 1] });
  });
});

describe('one open obligation', () => {
  it('is dated from the first of five', () => {
    const five = [4, 3, 2, 1, 0].map((minute) => gaveUp(minute * MINUTE));
    const judged = judgePerson([...five, reached(10 * MINUTE + 1)], rules);
    expect(settledIn(judged)).toEqual({ calledBack: [0, 1], calledBackLate: [1, 0] });
  });

  it('takes in a cause at the very instant that she is reached, and not one later', () => {
    expect(settledIn(judgePerson([gaveUp(0), gaveUp(MINUTE), reached(MINUTE)], rules)).calledBack).toEqual([
      1, 1,
    ]);
    const judged = judgePerson([gaveUp(0), reached(MINUTE), gaveUp(MINUTE + 1)], rules);
    expect(settledIn(judged).calledBack).toEqual([1, 1]);
    expect(judged.live).toHaveLength(1);
  });

  it('is one for each team, and one call reaches her for all of them', () => {
    const judged = judgePerson([gaveUp(0, 'help'), gaveUp(0, 'money'), reached(MINUTE)], rules);
    expect(settledIn(judged, 'team:help').calledBack).toEqual([1, 1]);
    expect(settledIn(judged, 'team:money').calledBack).toEqual([1, 1]);
    expect(settledIn(judged).calledBack).toEqual([2, 2]);
  });

  it('closes as never reached at the end of patience; what comes then opens a new one', () => {
    const patience = 24 * HOUR + 10 * MINUTE;
    const judged = judgePerson(
      [gaveUp(0), gaveUp(patience - 1), gaveUp(patience), reached(patience + 1)],
      rules,
    );
    expect(settledIn(judged).calledBack).toEqual([1, 1]);
    expect(lostAtIn(judged).calledBack).toBe(TEN + 10 * MINUTE);
    expect(judged.pending).toHaveLength(2);
  });
});

describe('a waive', () => {
  it.each([
    ['before it is due', 5 * MINUTE],
    ['after it was due', 50 * MINUTE],
  ])('%s takes it off both sides and is counted', (_, ms) => {
    const judged = judgePerson([gaveUp(0), waived(ms), reached(ms + MINUTE)], rules);
    expect(settledIn(judged)).toEqual({ callbacksWaived: [1, 0] });
    expect([...judged.pending, ...judged.live]).toEqual([]);
  });

  it('changes nothing once she was reached, nor before she gave up, nor after our patience', () => {
    const met = { calledBack: [1, 1] };
    expect(settledIn(judgePerson([gaveUp(0), reached(MINUTE), waived(MINUTE)], rules))).toEqual(met);
    expect(settledIn(judgePerson([waived(-1), gaveUp(0), reached(MINUTE)], rules))).toEqual(met);
    expect(judgePerson([gaveUp(0), waived(25 * HOUR)], rules).pending).toHaveLength(2);
  });
});

describe('the clock', () => {
  const calendar = createCalendar({
    zone: 'Europe/London',
    weekly: onWeekdays('09:00', '17:00'),
    holidays: [],
  });
  const own = someRules({ teams: new Map([['help', someTeam({ calendar })]]) });

  it('stops at closing and goes on the next day, over a weekend and a change of the clock', () => {
    const friday = Date.parse('2026-03-27T16:55:30Z') - TEN;
    const judged = judgePerson([gaveUp(friday)], own);
    expect(lostAtIn(judged).calledBack).toBe(Date.parse('2026-03-30T08:05:30Z'));
  });

  it('asks nothing of a team that promises no call', () => {
    const off = someRules({ teams: new Map([['help', someTeam({ callbackMs: null })]]) });
    expect(judgePerson([gaveUp(0)], off)).toMatchObject({ settled: [], pending: [], live: [] });
  });

  it('never runs out where it never runs', () => {
    const closed = createCalendar({
      zone: 'UTC',
      weekly: onWeekdays('09:00', '17:00'),
      holidays: () => true,
    });
    const never = someRules({ teams: new Map([['help', someTeam({ calendar: closed })]]) });
    expect(judgePerson([gaveUp(0)], never).pending[0]).toMatchObject({
      at: TEN,
      lostAt: Number.POSITIVE_INFINITY,
    });
  });
});

describe('what a call means for call-backs', () => {
  const her = { number: '1' };
  const contacts = (facts: CallFact[]) => judgeCall(facts, rules).contacts;

  it.each([
    ['abandon', 5_000, 'abandoned'],
    ['voicemail', 5_000, 'flow_out'],
    ['timeout', 5_000, 'flow_out'],
    ['unavailable', 5_000, 'flow_out'],
    ['callback', 1_000, 'callback'],
  ] as const)('%s opens one at its end', (why, ms, cause) => {
    expect(contacts([offered(0, 'support', her), end(ms, why)])).toEqual([
      { what: 'cause', at: TEN + ms, team: 'help', why: cause },
    ]);
  });

  it.each<[string, CallFact[]]>([
    ['a short abandon', [offered(0, 'support', her), end(4_999, 'abandon')]],
    ['leaving in the menu', [arrived(0, her), end(60_000, 'abandon')]],
    ['an unknown end', [offered(0, 'support', her), end(60_000, 'unknown')]],
    ['a call still waiting', [offered(0, 'support', her)]],
  ])('%s opens none', (_, facts) => {
    expect(contacts(facts)).toEqual([]);
  });

  it('belongs to the team of the first offer', () => {
    const facts = [offered(0, 'support', her), offered(20_000, 'billing'), end(60_000, 'abandon')];
    expect(contacts(facts)).toEqual([expect.objectContaining({ team: 'help' })]);
  });

  it('reaches her when she calls again and is answered, also out of hours', () => {
    expect(contacts([offered(0, 'support', her), alert(0), bridged(3_000)])).toEqual([
      reached(3_000, 'them'),
    ]);
    const closed = createCalendar({ zone: 'UTC', weekly: onWeekdays('12:00', '13:00'), holidays: [] });
    const own = someRules({ teams: new Map([['help', someTeam({ calendar: closed })]]) });
    expect(judgeCall([offered(0, 'support', her), bridged(3_000)], own).contacts).toEqual([
      reached(3_000, 'them'),
    ]);
  });

  it('reaches her when we call and the far end picks up, not when only our own phone did', () => {
    const out = { ...offered(0, 'x', { direction: 'out', ...her }) };
    const { queue: _, ...dialled } = out;
    expect(contacts([dialled, { kind: 'pickup', call: 'c', at: TEN + 9_000 }])).toEqual([reached(9_000)]);
    expect(contacts([dialled, pickup(1_000, 'ann'), end(20_000, 'hangup')])).toEqual([]);
    expect(contacts([dialled, pickup(1_000, 'ann'), bridged(9_000)])).toEqual([reached(9_000)]);
  });

  it('is unknown without a number, where the promise is made', () => {
    const facts = [offered(0, 'support', { number: '' }), end(9_000, 'abandon')];
    expect(settledIn(judgeCall(facts, rules), 'team:help').callbacksUnknown).toEqual([1, 0]);
    expect(settledIn(judgeCall(facts, rules)).callbacksUnknown).toEqual([1, 0]);
    const off = someRules({ teams: new Map([['help', someTeam({ callbackMs: null })]]) });
    expect(settledIn(judgeCall(facts, off)).callbacksUnknown).toBeUndefined();
    const short = [offered(0), end(4_999, 'abandon')];
    expect(settledIn(judgeCall(short, rules)).callbacksUnknown).toBeUndefined();
  });

  it('hears a text only on a number that promises a call', () => {
    const own = someRules({ teams: new Map([['help', someTeam({ textNumbers: ['555'] })]]) });
    const text = { kind: 'text_in', id: 't', at: TEN, number: '1', to: '555' } as const;
    expect(contactOfText(text, own)).toEqual({ what: 'cause', at: TEN, team: 'help', why: 'text' });
    expect(contactOfText({ ...text, to: '556' }, own)).toBeNull();
    const site = someRules({ site: someTeam({ textNumbers: ['555'] }) });
    expect(contactOfText(text, site)).toMatchObject({ team: null });
  });
});

it('says the same whatever the order of the contacts and however often they come', () => {
  const minutes = fc.integer({ min: 0, max: 40 }).map((minute) => minute * 5 * MINUTE);
  const contact = fc.oneof(
    fc.tuple(minutes, fc.constantFrom('help', 'money', null)).map(([ms, team]) => gaveUp(ms, team)),
    fc.tuple(minutes, fc.constantFrom('us', 'them')).map(([ms, by]) => reached(ms, by)),
    minutes.map(waived),
  );
  const histories = fc
    .array(contact, { minLength: 1, maxLength: 12 })
    .chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
    );
  fc.assert(
    fc.property(histories, ([all, mixed]) => {
      expect(judgePerson(mixed, rules)).toEqual(judgePerson(all, rules));
    }),
    { numRuns: 500 },
  );
});
