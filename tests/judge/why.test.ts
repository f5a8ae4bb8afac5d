import { describe, expect, it } from 'vitest';
import { judgeCall } from '../../server/judge/call.ts';
import { judgeThread } from '../../server/judge/email.ts';
import { listedOf } from '../../server/judge/listed.ts';
import { threadsOf } from '../../server/judge/thread.ts';
import type { Judged } from '../../server/judge/verdict.ts';
import { outcomeOf, whyOf } from '../../server/judge/why.ts';
import type { ItemFigure } from '../../shared/wire-items.ts';
import { callsOf, mailsOf, nowOf, rulesOf, type Vector, vectors } from '../metrics/vector-facts.ts';

function vector(name: string): Vector {
  const found = vectors.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no example ${name}.`);
  return found;
}

/** Every row of an example, in the order of its calls or threads, with its verdict and why. */
function told(name: string, figure: ItemFigure): string[] {
  const example = vector(name);
  const rules = rulesOf(example);
  const judged: Judged[] =
    example.kind === 'email'
      ? threadsOf(mailsOf(example)).map((facts) => judgeThread(facts, rules))
      : [...callsOf(example).values()].map((facts) => judgeCall(facts, rules));
  return judged.flatMap((one) =>
    listedOf(one, { figure, scope: 'site' }, nowOf(example)).map((listed) => {
      const why = whyOf(listed, { figure, scope: 'site' }, rules);
      return `${listed.verdict}, ${outcomeOf(listed)}: ${why}`;
    }),
  );
}

describe('why an item was judged so', () => {
  it('says how long after the first phone, never rounded onto the other side of one ring', () => {
    expect(told('fr-us-boundary-strict', 'firstRing')).toEqual([
      'met, answered: Picked up 2.9 s after the first phone rang; one ring is 6 s.',
      'met, answered: Picked up 3.0 s after the first phone rang; one ring is 6 s.',
      'met, answered: Picked up 5.9 s after the first phone rang; one ring is 6 s.',
      'missed, answered: Picked up 6.0 s after the first phone rang; one ring is 6 s.',
    ]);
    expect(told('fr-uk-double-ring', 'firstRing').slice(0, 2)).toEqual([
      'met, answered: Picked up 2.9 s after the first phone rang; one ring is 3 s.',
      'missed, answered: Picked up 3.0 s after the first phone rang; one ring is 3 s.',
    ]);
  });

  it('says what the first ring does not see', () => {
    expect(told('fr-hides-queue-wait', 'firstRing')).toEqual([
      'met, answered: Picked up 2.0 s after the first phone rang; one ring is 6 s.',
    ]);
    expect(told('fr-hides-queue-wait', 'serviceLevel')).toEqual([
      'missed, answered: Answered after 3:02 min; 20 s are allowed.',
    ]);
  });

  it('tells a short abandon from one that counts', () => {
    expect(told('short-abandon-boundary', 'abandonment')).toEqual([
      'left_out, gave up at once: Gave up after 4.9 s: a short abandon, left out.',
      'missed, gave up: Gave up after 5.0 s, unanswered.',
      'missed, gave up: Gave up after 40.0 s, unanswered.',
      expect.stringMatching(/^met, answered: Answered after \d+\.\d s\.$/),
    ]);
  });

  it('says of live calls what is over and what is not', () => {
    const words = told('live-ringing-states', 'firstRing');
    expect(words).toContain('pending, waiting: Not over yet, so that it has no verdict.');
    expect(words).toContain('missed, waiting: Not answered yet, and one ring of 6 s is over.');
  });

  it('gives a reason for everything that is left out', () => {
    const words = told('flow-outs-hours-transfers', 'firstRing').filter((one) => !one.startsWith('met'));
    expect(words.length).toBeGreaterThan(2);
    for (const one of words) expect(one).toMatch(/^(?:missed, not answered|left_out, .*left out|missed)/);
  });

  it('counts the open time of emails, and says when nobody answered', () => {
    const words = told('email-verdict-time', 'emailsWithinHour');
    expect(words.filter((one) => one.startsWith('pending'))).toHaveLength(4);
    expect(words).toContain('missed, overdue: Not answered when the 60 min allowed were over.');
    expect(words).toContain('met, answered: Answered 45 min after it arrived; 60 min are allowed.');
    expect(words).toContain('missed, answered: Answered 1 h 10 min after it arrived; 60 min are allowed.');
  });

  it('says that an answer came after closing when the hour was used up just then', () => {
    const words = told('email-close-time-and-holidays', 'emailsWithinHour');
    expect(words).toContain(
      'missed, answered: Answered 60 min of open time after it arrived, but only after closing; 60 min are allowed.',
    );
  });

  it.each([
    ['email-customer-turns', 'left_out, waived: Somebody said that it needs no reply: left out.'],
    ['email-automatic-mail', 'left_out, automated: Written by a program: left out.'],
    [
      'email-duplicates-unseen-answers-skew',
      'left_out, answered unseen: Answered where we could not see it, nobody knows when: left out.',
    ],
  ])('has a sentence for what is left out in %s', (name, sentence) => {
    expect(told(name, 'emailsWithinHour')).toContain(sentence);
  });

  it('says of a call that ended in the menu that it did', () => {
    const words = told('menu-and-longest-conversation', 'leftInMenu');
    expect(words).toContain('missed, left in menu: Ended in the menu, before it was offered to anybody.');
    expect(words).toContain('met, answered: Came through the menu in 7.0 s.');
  });
});
