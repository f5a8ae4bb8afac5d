import { expect, it } from 'vitest';
import type { AlertEnd, CallFact } from '../../server/fact.ts';
import { attemptsOf } from '../../server/judge/agent.ts';
import { createCalendar } from '../../server/judge/hours.ts';
import { onWeekdays, someRules, someTeam } from '../support/some-rules.ts';
import { alert, alertEnd, bridged, end, offered, pickup } from './a-call.ts';

const rules = someRules();
const answeredByBo: CallFact[] = [alert(20_000, 'bo'), pickup(25_999, 'bo'), bridged(25_999, 'bo')];

it.each<[AlertEnd['why'], { n: number; d: number } | undefined]>([
  ['no_answer', { n: 0, d: 1 }],
  ['reject', { n: 0, d: 1 }],
  ['cancel', undefined],
  ['busy', undefined],
])('holds a phone that stopped by %s against its agent, or not', (why, tally) => {
  const attempts = attemptsOf([offered(0), alert(0), alertEnd(15_000, why), ...answeredByBo], rules);
  expect(attempts.get('ann')).toEqual(tally);
  expect(attempts.get('bo')).toEqual({ n: 1, d: 1 });
});

it('goes by the own phone, strictly below one period', () => {
  const facts = [offered(0), alert(20_000, 'bo'), pickup(26_000, 'bo'), bridged(26_000, 'bo')];
  expect(attemptsOf(facts, rules).get('bo')).toEqual({ n: 0, d: 1 });
});

it('counts every ring of the same agent, each leg by itself', () => {
  const first = { ...alert(0), leg: '1' };
  const stopped = { ...alertEnd(15_000, 'no_answer'), leg: '1' };
  const second = { ...alert(20_000), leg: '2' };
  const facts = [
    offered(0),
    first,
    stopped,
    second,
    { ...pickup(22_000), leg: '2' },
    { ...bridged(22_000), leg: '2' },
  ];
  expect(attemptsOf(facts, rules).get('ann')).toEqual({ n: 1, d: 2 });
});

it('counts none in a call that the promise leaves out', () => {
  const calendar = createCalendar({ zone: 'UTC', weekly: onWeekdays('12:00', '13:00'), holidays: [] });
  const closed = someRules({ teams: new Map([['help', someTeam({ calendar })]]) });
  expect(attemptsOf([offered(0), ...answeredByBo], closed).size).toBe(0);
  expect(attemptsOf([offered(0, 'support', { direction: 'out' }), ...answeredByBo], rules).size).toBe(0);
  const facts = [offered(0), alert(0), alertEnd(9_000, 'no_answer'), end(10_000, 'callback')];
  expect(attemptsOf(facts, rules).size).toBe(0);
});
