import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EmailFact, MailIn, MailMark, MailOut, NotSpam } from '../../server/fact.ts';
import { judgeThread } from '../../server/judge/email.ts';
import { createCalendar } from '../../server/judge/hours.ts';
import { threadsOf } from '../../server/judge/thread.ts';
import { onWeekdays, someMailbox, someRules, someTeam } from '../support/some-rules.ts';
import { TEN } from './a-call.ts';
import { lostAtIn, settledIn, unordered } from './figures.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const rules = someRules();
const asks = (ms: number, id = '<q1@cust.example>', over: Partial<MailIn> = {}): MailIn => ({
  kind: 'mail_in',
  id,
  at: TEN + ms,
  from: 'ann@cust.example',
  to: ['help@acme.example'],
  ...over,
});
const answers = (ms: number, id = '<a1@acme.example>', over: Partial<MailOut> = {}): MailOut => ({
  kind: 'mail_out',
  id,
  at: TEN + ms,
  from: 'sam@acme.example',
  to: ['ann@cust.example'],
  refs: ['<q1@cust.example>'],
  ...over,
});
const mark = (
  kind: MailMark['kind'] | NotSpam['kind'],
  ms: number,
  ref = '<q1@cust.example>',
): MailMark | NotSpam => ({
  kind,
  ref,
  at: TEN + ms,
});
const again = (ms: number, id: string, over: Partial<MailIn> = {}) =>
  asks(ms, id, { refs: ['<q1@cust.example>'], ...over });
const figures = (...facts: EmailFact[]) => settledIn(judgeThread(facts, rules));

describe('answered within the hour', () => {
  it.each([
    ['exactly on the hour', HOUR, [1, 1], HOUR],
    ['one ms late', HOUR + 1, [0, 1], HOUR],
    ['at once', 0, [1, 1], 0],
    ['days late', 5 * DAY, [0, 1], HOUR],
  ])('%s', (_, ms, within, verdictMs) => {
    const judged = judgeThread([asks(0), answers(ms)], rules);
    expect(settledIn(judged)).toEqual({ emailsReceived: [1, 0], emailsWithinHour: within });
    const verdict = judged.settled.find((one) => one.figure === 'emailsWithinHour' && one.scope === 'site');
    expect(verdict?.at).toBe(TEN + verdictMs);
    expect([...judged.pending, ...judged.live]).toEqual([]);
  });

  it('is pending until it falls due, and open until our patience ends', () => {
    const judged = judgeThread([asks(0)], rules);
    expect(lostAtIn(judged, 'queue:inbox')).toEqual({ emailsWithinHour: TEN + HOUR });
    expect(judged.live).toEqual([
      {
        what: 'email',
        scopes: ['queue:inbox', 'team:help', 'site'],
        inAt: TEN,
        dueAt: TEN + HOUR,
        until: Date.parse('2026-03-21T00:00:00Z'),
      },
    ]);
  });

  it('is never answered after ten opening days; a customer who writes then opens a new one', () => {
    const late = Date.parse('2026-03-21T00:00:00Z') - TEN;
    const judged = judgeThread([asks(0), again(late, '<q2@cust.example>'), answers(late + 1)], rules);
    expect(settledIn(judged)).toEqual({ emailsReceived: [2, 0], emailsWithinHour: [1, 1] });
    expect(lostAtIn(judged)).toEqual({ emailsWithinHour: TEN + HOUR });
    expect(lostAtIn(judgeThread([asks(0), answers(late)], rules))).toEqual({ emailsWithinHour: TEN + HOUR });
  });

  it('runs on open time, or on all time where the team says so', () => {
    const calendar = createCalendar({
      zone: 'UTC',
      weekly: onWeekdays('09:00', '10:30'),
      holidays: ['2026-03-11'],
    });
    const team = (emailClock: 'business' | 'calendar') =>
      someRules({ teams: new Map([['help', someTeam({ calendar, emailClock })]]) });
    expect(lostAtIn(judgeThread([asks(0)], team('business'))).emailsWithinHour).toBe(
      TEN + 2 * DAY - 30 * MINUTE,
    );
    expect(lostAtIn(judgeThread([asks(0)], team('calendar'))).emailsWithinHour).toBe(TEN + HOUR);
  });
});

describe("customers' turns", () => {
  it('are one obligation until we answer, and a new one after', () => {
    const judged = judgeThread(
      [
        asks(0),
        again(50 * MINUTE, '<q2@cust.example>'),
        answers(70 * MINUTE),
        again(80 * MINUTE, '<q3@cust.example>'),
      ],
      rules,
    );
    expect(settledIn(judged)).toEqual({ emailsReceived: [3, 0], emailsWithinHour: [0, 1] });
    expect(lostAtIn(judged)).toEqual({ emailsWithinHour: TEN + 140 * MINUTE });
  });

  it('count the first one only where the team says so', () => {
    const own = someRules({ teams: new Map([['help', someTeam({ emailMode: 'first_only' })]]) });
    const judged = judgeThread([asks(0), answers(MINUTE), again(2 * MINUTE, '<q2@cust.example>')], own);
    expect(settledIn(judged).emailsWithinHour).toEqual([1, 1]);
    expect([...judged.pending, ...judged.live]).toEqual([]);
  });
});

describe('what is no answer', () => {
  it.each([
    ['an automatic one', answers(MINUTE, '<a@acme.example>', { hdr: { 'auto-submitted': 'auto-replied' } })],
    ['one to ourselves', answers(MINUTE, '<a@acme.example>', { to: ['lead@acme.example'] })],
    [
      'one to another mailbox of ours',
      answers(MINUTE, '<a@acme.example>', { to: ['Help <help@acme.example>'] }),
    ],
    ['one from before the question', answers(-MINUTE, '<a@acme.example>', { refs: ['<q0@cust.example>'] })],
  ])('%s', (_, fact) => {
    expect(lostAtIn(judgeThread([asks(0), fact], rules))).toEqual({ emailsWithinHour: TEN + HOUR });
  });

  it('is one with a customer in copy', () => {
    const fact = answers(MINUTE, '<a@acme.example>', {
      to: ['lead@acme.example'],
      cc: ['Ann <ANN@cust.example>'],
    });
    expect(figures(asks(0), fact).emailsWithinHour).toEqual([1, 1]);
  });

  it('is one that came to us by blind copy, and it is no mail of a customer', () => {
    const copy = asks(MINUTE, '<a@acme.example>', {
      from: 'sam@acme.example',
      to: ['ann@cust.example'],
      refs: ['<q1@cust.example>'],
      mailbox: 'inbox',
    });
    expect(figures(asks(0), copy)).toEqual({ emailsReceived: [1, 0], emailsWithinHour: [1, 1] });
  });
});

describe('clocks that differ', () => {
  it.each([
    ['up to five minutes', -5 * MINUTE, { emailsReceived: [1, 0], emailsWithinHour: [1, 1], skew: [1, 0] }],
    ['more', -5 * MINUTE - 1, { emailsReceived: [1, 0], emailsUnknown: [1, 0] }],
  ])('%s between a message and the answer that names it', (_, ms, expected) => {
    expect(figures(asks(0), answers(ms))).toEqual(expected);
  });

  it('put a waive no earlier than its message', () => {
    expect(figures(asks(0), mark('waive', -9 * MINUTE))).toEqual({
      emailsReceived: [1, 0],
      emailsWaived: [1, 0],
    });
  });
});

describe('a waive', () => {
  it('takes an open obligation off both sides, and one after due time is counted twice', () => {
    expect(figures(asks(0), mark('waive', HOUR))).toEqual({ emailsReceived: [1, 0], emailsWaived: [1, 0] });
    expect(figures(asks(0), mark('waive', HOUR + 1))).toEqual({
      emailsReceived: [1, 0],
      emailsWaived: [1, 0],
      emailsWaivedLate: [1, 0],
    });
  });

  it('of a message that joined waives the whole turn', () => {
    const facts = [asks(0), again(MINUTE, '<q2@cust.example>'), mark('waive', HOUR, '<q2@cust.example>')];
    expect(figures(...facts)).toEqual({ emailsReceived: [2, 0], emailsWaived: [1, 0] });
  });

  it('changes nothing once it was answered', () => {
    expect(figures(asks(0), answers(2 * HOUR), mark('waive', 2 * HOUR)).emailsWithinHour).toEqual([0, 1]);
  });
});

describe('what is left out', () => {
  it.each([
    ['auto-submitted', 'auto-generated'],
    ['auto-submitted', 'auto-replied; owner-email="a@b.example"'],
    ['content-type', 'multipart/report; report-type=delivery-status'],
    ['return-path', '<>'],
    ['list-id', '<news.cust.example>'],
    ['list-unsubscribe', '<mailto:off@cust.example>'],
    ['precedence', 'Bulk'],
    ['precedence', 'list'],
    ['precedence', 'junk'],
    ['x-autoreply', 'yes'],
    ['x-autorespond', ''],
  ])('is automated with %s: %s', (name, value) => {
    expect(figures(asks(0, '<q1@cust.example>', { hdr: { [name]: value } }))).toEqual({
      emailsAutomated: [1, 0],
    });
  });

  it.each([
    ['auto-submitted', 'no'],
    ['auto-submitted', 'No (a person)'],
    ['x-auto-response-suppress', 'All'],
    ['precedence', 'first-class'],
    ['content-type', 'multipart/alternative'],
    ['return-path', '<ann@cust.example>'],
  ])('is not with %s: %s', (name, value) => {
    expect(figures(asks(0, '<q1@cust.example>', { hdr: { [name]: value } }))).toEqual({
      emailsReceived: [1, 0],
    });
  });

  it.each([
    'MAILER-DAEMON@cust.example',
    'Post <postmaster@cust.example>',
    'no-reply@cust.example',
    'noreply@cust.example',
    'Shop <DoNotReply@cust.example>',
  ])('is automated from %s', (from) => {
    expect(figures(asks(0, '<q1@cust.example>', { from }))).toEqual({ emailsAutomated: [1, 0] });
  });

  it.each(['crm@cust.example', 'cust.example'])(
    'is no list from %s, whose mail is known to be human',
    (sender) => {
      const known = someRules({ humanSenders: [sender] });
      const mail = (hdr: Record<string, string>) => [
        asks(0, '<q1@cust.example>', { from: 'CRM <crm@cust.example>', hdr }),
      ];
      const figure = (hdr: Record<string, string>) =>
        judgeThread(mail(hdr), known).settled.map((one) => one.figure);
      expect(figure({ 'list-unsubscribe': '<mailto:off@cust.example>', precedence: 'bulk' })).toContain(
        'emailsReceived',
      );
      expect(figure({ 'auto-submitted': 'auto-replied' })).toContain('emailsAutomated');
    },
  );

  it('is told by the first reason that applies: spam, automated, internal, duplicate', () => {
    const all: Partial<MailIn> = { from: 'sam@acme.example', hdr: { precedence: 'bulk' }, spam: true };
    expect(figures(asks(0, '<q1@cust.example>', all))).toEqual({ emailsSpam: [1, 0] });
    expect(figures(asks(0, '<q1@cust.example>', { ...all, spam: false }))).toEqual({
      emailsAutomated: [1, 0],
    });
    expect(figures(asks(0, '<q1@cust.example>', { from: 'sam@acme.example' }))).toEqual({
      emailsInternal: [1, 0],
    });
    expect(figures(asks(0), asks(4 * SECOND, '<q1@cust.example>', { mailbox: 'inbox' }))).toEqual({
      emailsReceived: [1, 0],
      emailsDuplicate: [1, 0],
    });
  });

  it('is spam as soon as a person says so, even after the answer', () => {
    expect(figures(asks(0), answers(MINUTE), mark('spam', DAY))).toEqual({ emailsSpam: [1, 0] });
  });

  it('is no spam any more when a person took it out of the spam folder, unless a person says that it is', () => {
    const caught = asks(0, '<q1@cust.example>', { mailbox: 'inbox', spam: true });
    const taken = asks(0, '<q1@cust.example>', { mailbox: 'inbox' });
    for (const order of [
      [caught, taken],
      [taken, caught],
    ])
      expect(figures(...order)).toEqual({ emailsReceived: [1, 0] });
    expect(figures(caught, answers(MINUTE))).toEqual({ emailsSpam: [1, 0] });
    expect(figures(caught, taken, mark('spam', DAY))).toEqual({ emailsSpam: [2, 0] });
  });

  it('is what was said of it last, in whatever order that is heard: spam or none after all', () => {
    const said = [mark('spam', MINUTE), mark('not_spam', 2 * MINUTE), mark('spam', 3 * MINUTE)];
    const folder = asks(0, '<q1@cust.example>', { mailbox: 'inbox', spam: true });
    for (const order of [said, said.toReversed()])
      expect(figures(asks(0), ...order)).toEqual({ emailsSpam: [1, 0] });
    for (const order of [
      said.slice(0, 2),
      said.slice(0, 2).toReversed(),
      [mark('not_spam', MINUTE), mark('spam', MINUTE)],
    ])
      expect(figures(asks(0), ...order)).toEqual({ emailsReceived: [1, 0] });
    expect(figures(folder, mark('not_spam', MINUTE))).toEqual({ emailsReceived: [1, 0] });
    expect(figures(folder, asks(0), mark('not_spam', MINUTE))).toEqual({ emailsReceived: [1, 0] });
  });

  it('is never the clock of the first copy', () => {
    const judged = judgeThread([asks(4 * SECOND), asks(0)], rules);
    expect(lostAtIn(judged)).toEqual({ emailsWithinHour: TEN + HOUR });
  });
});

describe('answers that nobody saw', () => {
  const seen = again(2 * HOUR, '<q2@cust.example>', { refs: ['<q1@cust.example>', '<ghost@acme.example>'] });

  it('make the open obligation unknown and open a new one', () => {
    const judged = judgeThread([asks(0), seen], rules);
    expect(settledIn(judged)).toEqual({ emailsReceived: [2, 0], emailsUnknown: [1, 0] });
    expect(lostAtIn(judged)).toEqual({ emailsWithinHour: TEN + 3 * HOUR });
  });

  it('are judged when they are found after all', () => {
    const found = answers(30 * MINUTE, '<ghost@acme.example>');
    expect(figures(asks(0), seen, found).emailsWithinHour).toEqual([1, 1]);
  });

  it('are told by a host that our own mail was sent from', () => {
    const byOutlook = again(2 * HOUR, '<q2@cust.example>', { refs: ['<ghost@eu.prod.outlook.example>'] });
    expect(figures(asks(0), byOutlook).emailsUnknown).toBeUndefined();
    const ours = answers(-HOUR, '<a0@eu.prod.outlook.example>', { refs: ['<q0@cust.example>'] });
    expect(figures(asks(0), byOutlook, ours).emailsUnknown).toEqual([1, 0]);
  });

  it('are not told by an unseen mail of the customer, nor by any but the last reference', () => {
    const theirs = again(MINUTE, '<q2@cust.example>', {
      refs: ['<ghost@acme.example>', '<lost@cust.example>'],
    });
    expect(figures(asks(0), theirs).emailsUnknown).toBeUndefined();
  });
});

describe('who owns a message', () => {
  const two = someRules({
    queues: new Map([
      ['sales', someMailbox('money', ['sales@acme.example', 'shop@acme.example'], 1)],
      ['inbox', someMailbox('help', ['help@acme.example'], 2)],
    ]),
  });
  const ownerOf = (over: Partial<MailIn>, ...copies: Partial<MailIn>[]) =>
    judgeThread(
      [over, ...copies].map((one, i) => asks(i, '<q1@cust.example>', one)),
      two,
    ).live[0]?.scopes[0];

  it.each<[string, Partial<MailIn>, string]>([
    [
      'the first of ours in To',
      { to: ['x@y.example', 'Help <HELP@acme.example>', 'sales@acme.example'] },
      'queue:inbox',
    ],
    ['To before Cc', { to: ['shop@acme.example'], cc: ['help@acme.example'] }, 'queue:sales'],
    ['Cc before where it lies', { to: [], cc: ['help@acme.example'], mailbox: 'sales' }, 'queue:inbox'],
    ['where it lies', { to: ['list@x.example'], mailbox: 'inbox' }, 'queue:inbox'],
    ['nobody', { to: ['list@x.example'], mailbox: 'gone' }, 'site'],
  ])('%s', (_, over, owner) => {
    expect(ownerOf(over)).toBe(owner);
  });

  it('the first mailbox in the configuration of those that hold a copy', () => {
    const hidden = { to: ['list@x.example'] };
    expect(ownerOf({ ...hidden, mailbox: 'inbox' }, { ...hidden, mailbox: 'sales' })).toBe('queue:sales');
  });
});

describe('threads', () => {
  it('are the union of what refers to one another, with the marks on it, and never of equal subjects', () => {
    const facts = [
      answers(2, '<a1@acme.example>', { refs: ['<q1@cust.example>'] }),
      asks(0),
      asks(3, '<q2@cust.example>', { refs: ['<never-seen@cust.example>', '<a1@acme.example>'] }),
      asks(4, '<q3@cust.example>', { refs: ['<never-seen@cust.example>'] }),
      mark('waive', 9, '<q3@cust.example>'),
      asks(5, '<other@cust.example>'),
      mark('spam', 9, '<nobody@cust.example>'),
    ];
    for (const order of [facts, [...facts].reverse()]) {
      const sizes = threadsOf(order).map((thread) => thread.length);
      expect(sizes.sort((a, b) => a - b)).toEqual([1, 1, 5]);
    }
  });
});

it('says the same whatever the order of the facts and however often they come', () => {
  const minutes = fc.integer({ min: -6, max: 30 }).map((minute) => minute * 2 * MINUTE);
  const question = fc.constantFrom('<q1@cust.example>', '<q2@cust.example>', '<q3@cust.example>');
  const fact = fc.oneof<fc.Arbitrary<EmailFact>[]>(
    fc.tuple(minutes, question, question).map(([ms, id, ref]) => asks(ms, id, { refs: [ref] })),
    fc.tuple(minutes, question).map(([ms, id]) => asks(ms, id, { refs: ['<ghost@acme.example>'] })),
    fc
      .tuple(
        minutes,
        fc.constantFrom('<a1@acme.example>', '<a2@acme.example>', '<ghost@acme.example>'),
        question,
      )
      .map(([ms, id, ref]) => answers(ms, id, { refs: [ref] })),
    fc
      .tuple(fc.constantFrom('waive', 'waive', 'spam'), minutes, question)
      .map(([kind, ms, ref]) => mark(kind, ms, ref)),
  );
  const histories = fc
    .array(fact, { minLength: 1, maxLength: 9 })
    .chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
    );
  fc.assert(
    fc.property(histories, ([all, mixed]) => {
      expect(unordered(judgeThread(mixed, rules))).toEqual(unordered(judgeThread(all, rules)));
    }),
    { numRuns: 500 },
  );
});
