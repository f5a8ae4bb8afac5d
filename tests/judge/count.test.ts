import { describe, expect, it } from 'vitest';
import { judgeCall } from '../../server/judge/call.ts';
import { count } from '../../server/judge/count.ts';
import { judgeThread } from '../../server/judge/email.ts';
import { judgePerson } from '../../server/judge/recovery.ts';
import { type Judged, nothingJudged } from '../../server/judge/verdict.ts';
import { someRules } from '../support/some-rules.ts';
import { alert, answeredAfter, arrived, bridged, end, offered, TEN } from './a-call.ts';

const HOUR = 3_600_000;
const rules = someRules();
const settledAt = (at: number): Judged => ({
  ...nothingJudged,
  settled: [{ figure: 'firstRing', scope: 'site', at, n: 1, d: 1 }],
});

describe('a window', () => {
  it.each([
    ['one ms before it begins', TEN - 1, false],
    ['at its beginning', TEN, true],
    ['one ms before its end', TEN + HOUR - 1, true],
    ['at its end', TEN + HOUR, false],
  ])('holds a verdict %s, or not', (_, at, held) => {
    const { tallies } = count([settledAt(at)], TEN + 2 * HOUR, { from: TEN, to: TEN + HOUR }, 'site');
    expect(tallies.get('firstRing')).toEqual(held ? { n: 1, d: 1 } : undefined);
  });

  it('holds nothing that is still to come', () => {
    expect(count([settledAt(TEN + 1)], TEN, null, 'site').tallies.size).toBe(0);
  });

  it('adds pairs, of one scope only', () => {
    const judged = [judgeCall(answeredAfter(2_000), rules), judgeCall(answeredAfter(9_000), rules)];
    expect(count(judged, TEN + HOUR, null, 'team:help').tallies.get('firstRing')).toEqual({ n: 1, d: 2 });
    expect(count(judged, TEN + HOUR, null, 'team:money').tallies.size).toBe(0);
  });
});

describe('a pending verdict', () => {
  const ringing = judgeCall([offered(0), alert(0)], rules);

  it.each([
    [5_999, undefined, 1],
    [6_000, { n: 0, d: 1 }, undefined],
  ])('%i ms after the ring', (ms, tally, pending) => {
    const counted = count([ringing], TEN + ms, null, 'site');
    expect(counted.tallies.get('firstRing')).toEqual(tally);
    expect(counted.pending.get('firstRing')).toBe(pending);
  });

  it('of an email is awaited by a window that ends now, and by none that ended before', () => {
    const mail = { id: '<q@c.example>', at: TEN, from: 'a@c.example', to: ['help@acme.example'] };
    const thread = judgeThread([{ kind: 'mail_in', ...mail }], rules);
    const pendingIn = (from: number, to: number) =>
      count([thread], TEN + 1, { from, to }, 'site').pending.get('emailsWithinHour');
    expect(pendingIn(TEN - HOUR, TEN + 1)).toBe(1);
    expect(pendingIn(TEN - HOUR, TEN)).toBeUndefined();
    const due = count([thread], TEN + HOUR, { from: TEN, to: TEN + HOUR + 1 }, 'site');
    expect(due.tallies.get('emailsWithinHour')).toEqual({ n: 0, d: 1 });
  });
});

describe('gauges', () => {
  const cause = { what: 'cause', at: TEN, team: 'help', why: 'abandoned' } as const;
  const judged = [
    judgeCall([offered(0)], rules),
    judgeCall([offered(5_000), alert(6_000)], rules),
    judgeCall([offered(1_000), bridged(3_000)], rules),
    judgePerson([cause], rules),
  ];

  it('count those who ring among those who wait', () => {
    expect(count(judged, TEN + 10_000, null, 'site').live).toEqual({
      waiting: 2,
      ringing: 1,
      talking: 1,
      longestWaitingMs: 10_000,
      emailsOpen: 0,
      emailsOverdue: 0,
      callbacksOwed: 1,
      callbacksOverdue: 0,
    });
  });

  it('are overdue one ms after the due instant, and closed when our patience ends', () => {
    const live = (ms: number) => count(judged, TEN + ms, null, 'site').live;
    expect([live(600_000).callbacksOverdue, live(600_001).callbacksOverdue]).toEqual([0, 1]);
    expect([live(24 * HOUR + 599_999).callbacksOwed, live(24 * HOUR + 600_000).callbacksOwed]).toEqual([
      1, 0,
    ]);
  });

  it('forget a call that nobody ended after twelve hours, and its conversation', () => {
    const counted = (ms: number) => count(judged, TEN + ms, null, 'site');
    expect(counted(12 * HOUR - 1).live.waiting).toBe(2);
    expect(counted(12 * HOUR + 5_000).live).toMatchObject({ waiting: 0, talking: 0, longestWaitingMs: 0 });
    expect(counted(12 * HOUR + 999).longestTalkMs).toBe(12 * HOUR - 2_001);
    expect(counted(12 * HOUR + 1_000).longestTalkMs).toBeNull();
  });
});

describe('lengths', () => {
  it('rank the time before the ring, and count the calls that never rang apart', () => {
    const judged = [
      judgeCall([offered(0), alert(1_000), bridged(2_000)], rules),
      judgeCall([offered(0), alert(9_000), end(20_000, 'abandon')], rules),
      judgeCall([offered(0), end(20_000, 'abandon')], rules),
      judgeCall([offered(0), end(4_999, 'abandon')], rules),
      judgeCall([offered(0)], rules),
    ];
    const counted = count(judged, TEN + 30_000, null, 'site');
    expect(counted.preRing).toEqual({ p50Ms: 1_000, p90Ms: 9_000 });
    expect(counted.neverRang).toBe(1);
    expect(counted.longestWaitMs).toBe(30_000);
    expect(count(judged.slice(0, 4), TEN + 30_000, null, 'site').longestWaitMs).toBe(20_000);
  });

  it('put the time in the menu where the PBX took the call', () => {
    const judged = [judgeCall([arrived(-7_000), offered(0)], rules)];
    const before = { from: TEN - HOUR, to: TEN };
    expect(count(judged, TEN, before, 'site').menu).toEqual({ p50Ms: 7_000, p90Ms: 7_000 });
    expect(count(judged, TEN, { from: TEN, to: TEN + 1 }, 'site').menu).toBeNull();
    expect(count(judged, TEN, before, 'team:help').menu).toBeNull();
  });
});
