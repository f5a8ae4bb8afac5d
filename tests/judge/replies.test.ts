import { describe, expect, it } from 'vitest';
import type { EmailFact } from '../../server/fact.ts';
import { judgeThread } from '../../server/judge/email.ts';
import { createCalendar } from '../../server/judge/hours.ts';
import {
  arrivalKey,
  arrivalOf,
  replyKey,
  replyMinutesOf,
  replyMost,
  ringKey,
  ringMost,
  waitKey,
  waitMost,
} from '../../server/judge/lengths.ts';
import type { Rules } from '../../server/judge/rules.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { onWeekdays, someRules } from '../support/some-rules.ts';

/** A Tuesday, open from nine to five in London. */
const TEN = Date.parse('2026-03-10T10:00:00Z');
const FOUR = TEN + 6 * HOUR;
const calendar = createCalendar({
  zone: 'Europe/London',
  weekly: onWeekdays('09:00', '17:00'),
  holidays: [],
});

function rulesWith(emailMs: number): Rules {
  const rules = someRules();
  const own = { ...rules.site, calendar, emailMs };
  return {
    ...rules,
    site: own,
    teams: new Map([...rules.teams].map(([id, team]) => [id, { ...team, calendar, emailMs }])),
  };
}

function thread(inAt: number, outAt: number): EmailFact[] {
  const mail = { from: 'ann@cust.example', to: ['help@acme.example'] };
  return [
    { kind: 'mail_in', id: '<q@cust.example>', at: inAt, ...mail },
    {
      kind: 'mail_out',
      id: '<a@acme.example>',
      at: outAt,
      from: 'help@acme.example',
      to: ['ann@cust.example'],
      refs: ['<q@cust.example>'],
    },
  ];
}

const isMet = (inAt: number, outAt: number, minutes: number): boolean =>
  judgeThread(thread(inAt, outAt), rulesWith(minutes * MINUTE)).settled.some(
    ({ figure, n }) => figure === 'emailsWithinHour' && n === 1,
  );

describe('the key of a reply', () => {
  it.each([
    ['at once', TEN, TEN],
    ['a second into a minute', TEN, TEN + 30 * MINUTE + SECOND],
    ['at exactly a minute', TEN, TEN + 30 * MINUTE],
    ['at closing, to the minute', FOUR + 30 * MINUTE, FOUR + HOUR],
    ['in the evening, after the open minutes ended at closing', FOUR + 30 * MINUTE, FOUR + 3 * HOUR],
    ['the next morning', FOUR + 30 * MINUTE, TEN + 23 * HOUR],
    ['in the evening, for a mail of the evening', FOUR + 2 * HOUR, FOUR + 3 * HOUR],
  ])('says of any limit whether the answer was in time: %s', (_, inAt, outAt) => {
    const [reply] = judgeThread(thread(inAt, outAt), rulesWith(HOUR)).replies;
    const key = replyKey(reply?.replyMinutes ?? Number.NaN, reply?.isPast ?? false);
    for (let minutes = 1; minutes <= 120; minutes += 1)
      expect([minutes, key <= replyMost(minutes * MINUTE)]).toEqual([minutes, isMet(inAt, outAt, minutes)]);
    expect(replyMinutesOf(key)).toBe(reply?.replyMinutes);
  });
});

describe('keys', () => {
  it('of rings and waits decide at the very millisecond of a threshold', () => {
    for (const ms of [5_499, 5_500, 5_999, 6_000, 6_001]) {
      expect(ringKey(ms) <= ringMost(6_000)).toBe(ms < 6_000);
      expect(ringKey(ms) <= ringMost(5_500)).toBe(ms < 5_500);
      expect(waitKey(ms) <= waitMost(6_000)).toBe(ms <= 6_000);
    }
  });

  it('of arrivals hold the instant to the millisecond, and the answer or that there is none', () => {
    for (const afterMidnightMs of [0, 1, 25 * HOUR - 1])
      for (const reply of [null, 0, 61, 2 * 60 * 24 * 30])
        expect(arrivalOf(arrivalKey(afterMidnightMs, reply))).toEqual({ afterMidnightMs, reply });
  });
});

describe('a reply', () => {
  it('is owed by mailbox, team and site, counts by arrival too, and says when nobody answered', () => {
    const judged = judgeThread(thread(TEN, TEN + 2 * HOUR).slice(0, 1), rulesWith(HOUR));
    expect(judged.replies).toEqual([
      expect.objectContaining({ inAt: TEN, dueAt: TEN + HOUR, answeredAt: null, replyMinutes: null }),
    ]);
    expect(judged.pending.filter(({ figure }) => figure === 'emailsByArrival')).toEqual(
      judged.pending
        .filter(({ figure }) => figure === 'emailsWithinHour')
        .map((one) => ({ ...one, figure: 'emailsByArrival', at: TEN })),
    );
    expect(judged.pending.length).toBeGreaterThan(0);
    const late = judgeThread(thread(TEN, TEN + 2 * HOUR), rulesWith(HOUR));
    expect(late.settled).toContainEqual({ figure: 'emailsByArrival', scope: 'site', at: TEN, n: 0, d: 1 });
    expect(late.settled).toContainEqual({
      figure: 'emailsWithinHour',
      scope: 'site',
      at: TEN + HOUR,
      n: 0,
      d: 1,
    });
  });
});
