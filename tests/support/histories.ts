import fc from 'fast-check';
import type { EmailFact, Fact } from '../../server/fact.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';

/** A fact on its way in, with the source that tells it. */
export interface Told {
  source: string;
  fact: Fact;
}

/** Two hours before midnight, in the night in which London's clocks go back. */
export const historyFrom: Instant = Date.parse('2026-10-24T21:00:00Z');
export const historyTo: Instant = historyFrom + 30 * HOUR;

/** The number that "text us and we call" is promised on, in digits. */
export const textNumber = '442079460999';

const numbers = ['+44 20 7946 0001', '0044 (20) 7946-0002', '+442079460003', 'anonymous'];
const startAt = fc.integer({ min: 0, max: 28 * 60 }).map((minutes) => historyFrom + minutes * MINUTE);
const length = fc.oneof(fc.integer({ min: 0, max: 8_000 }), fc.integer({ min: 0, max: 4 * 60 * SECOND }));
const queue = fc.constantFrom('support', 'billing', 'elsewhere');

/** Everything that can happen to a small site in a night and a day: calls, mails, texts and posts, each fact once. */
export const histories: fc.Arbitrary<Told[]> = fc
  .record({
    calls: fc.array(aCall(), { maxLength: 7 }),
    mails: fc.array(aMail(), { maxLength: 9 }),
    texts: fc.array(fc.record({ at: startAt, number: fc.constantFrom(...numbers), known: fc.boolean() }), {
      maxLength: 3,
    }),
    posts: fc.array(aPost(), { maxLength: 3 }),
  })
  .map(({ calls, mails, texts, posts }) => [
    ...calls.flatMap((facts, i) => facts(`c${i}`).map((fact) => told(i % 5 === 4 ? 'branch' : 'pbx', fact))),
    ...mailFacts(mails),
    ...texts.map(({ at, number, known }, i) =>
      told('texts', { kind: 'text_in', id: `t${i}`, at, number, to: known ? `+${textNumber}` : '12345678' }),
    ),
    ...posts.flatMap((facts, i) => facts(i)),
  ]);

/** The same facts as a careless network brings them: in any order, up to three times, now and then with a later copy. */
export function deliveriesOf(history: readonly Told[]): fc.Arbitrary<Told[]> {
  const fates = fc.array(
    fc.record({ times: fc.integer({ min: 1, max: 3 }), later: fc.integer({ min: 0, max: 9 }) }),
    {
      minLength: history.length,
      maxLength: history.length,
    },
  );
  return fates
    .map((all) =>
      all.flatMap(({ times, later }, i) => {
        const one = history[i]!;
        const copies = Array.from({ length: times }, () => one);
        return later === 9 ? [...copies, { ...one, fact: { ...one.fact, at: one.fact.at + 700 } }] : copies;
      }),
    )
    .chain((copies) => fc.shuffledSubarray(copies, { minLength: copies.length, maxLength: copies.length }));
}

function told(source: string, fact: Fact): Told {
  return { source, fact };
}

function aCall(): fc.Arbitrary<(call: string) => Fact[]> {
  return fc
    .record({
      at: startAt,
      queue,
      next: queue,
      number: fc.constantFrom(...numbers),
      how: fc.constantFrom(
        'answered',
        'abandon',
        'voicemail',
        'callback',
        'overflow',
        'transfer',
        'out',
        'open',
        'unknown',
      ),
      menuMs: length,
      preRingMs: length,
      ringMs: length,
      talkMs: length,
    })
    .map((drawn) => (call) => callFacts({ ...drawn, call }));
}

interface Drawn {
  call: string;
  at: Instant;
  queue: string;
  next: string;
  number: string;
  how: string;
  menuMs: number;
  preRingMs: number;
  ringMs: number;
  talkMs: number;
}

function callFacts({ call, at, queue, next, number, how, menuMs, preRingMs, ringMs, talkMs }: Drawn): Fact[] {
  const offeredAt = at + menuMs;
  const alertAt = offeredAt + preRingMs;
  const upAt = alertAt + ringMs;
  if (how === 'out') {
    return [
      { kind: 'offered', call, at, direction: 'out', number },
      { kind: 'pickup', call, at: at + ringMs },
      { kind: 'end', call, at: at + ringMs + talkMs, why: 'hangup' },
    ];
  }
  const offered: Fact[] = [
    { kind: 'arrived', call, at, number },
    { kind: 'offered', call, at: offeredAt, queue, entry: 'e1', number },
    { kind: 'alert', call, at: alertAt, agent: 'a1', leg: 'l1' },
  ];
  const answered: Fact[] = [
    { kind: 'pickup', call, at: upAt, agent: 'a1', leg: 'l1' },
    { kind: 'bridged', call, at: upAt + 50, agent: 'a1', leg: 'l1' },
  ];
  const end = (why: 'hangup' | 'abandon' | 'voicemail' | 'callback' | 'unknown', after: Instant): Fact => ({
    kind: 'end',
    call,
    at: after,
    why,
  });
  const rungOut: Fact = { kind: 'alert_end', call, at: upAt, agent: 'a1', leg: 'l1', why: 'no_answer' };
  switch (how) {
    case 'answered':
      return [...offered, ...answered, end('hangup', upAt + talkMs + 50)];
    case 'overflow':
      return [
        ...offered,
        rungOut,
        { kind: 'end', call, at: upAt, why: 'overflow', entry: 'e1' },
        { kind: 'offered', call, at: upAt, queue: next, entry: 'e2' },
        { kind: 'alert', call, at: upAt + 500, agent: 'a2', leg: 'l2' },
        { kind: 'pickup', call, at: upAt + 500 + ringMs, agent: 'a2', leg: 'l2' },
        end('hangup', upAt + 500 + ringMs + talkMs),
      ];
    case 'transfer':
      return [
        ...offered,
        ...answered,
        { kind: 'offered', call, at: upAt + talkMs + 50, queue: next, entry: 'e2' },
        end('hangup', upAt + 2 * talkMs + 100),
      ];
    case 'open':
      return offered;
    case 'abandon':
    case 'voicemail':
    case 'callback':
    case 'unknown':
      return [...offered, rungOut, end(how, upAt)];
  }
  return offered;
}

interface DrawnMail {
  at: Instant;
  from: string;
  refs: number[];
  mark: string;
}

function aMail(): fc.Arbitrary<DrawnMail> {
  return fc.record({
    at: startAt,
    from: fc.constantFrom('customer', 'customer', 'us', 'us', 'robot', 'inside'),
    refs: fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { maxLength: 3 }),
    mark: fc.constantFrom('', '', '', 'waive', 'spam'),
  });
}

/** Mails refer to any others, before or after them, so that threads grow together in every way. */
function mailFacts(mails: readonly DrawnMail[]): Told[] {
  const id = (i: number): string => `<m${i}@${i % 2 === 0 ? 'cust.example' : 'acme.example'}>`;
  return mails.flatMap(({ at, from, refs, mark }, i) => {
    const customer = `Ann Lee <ann${i % 3}@cust.example>`;
    const sender = {
      customer,
      us: 'sam@acme.example',
      robot: 'MAILER-DAEMON@cust.example',
      inside: 'kim@acme.example',
    }[from];
    const common = { id: id(i), at, from: sender ?? '', refs: refs.map(id) };
    const mail: EmailFact =
      from === 'us'
        ? { kind: 'mail_out', ...common, to: [customer] }
        : { kind: 'mail_in', ...common, to: ['help@acme.example'], mailbox: 'inbox' };
    const facts = [told(i % 4 === 3 ? 'archive' : 'mail', mail)];
    if (mark === 'waive' || mark === 'spam')
      facts.push(told('desk', { kind: mark, ref: id(i), at: at + 20 * MINUTE }));
    return facts;
  });
}

function aPost(): fc.Arbitrary<(i: number) => Told[]> {
  return fc
    .record({
      at: startAt,
      edits: fc.integer({ min: 0, max: 2 }),
      type: fc.constantFrom('post', 'quote', 'repost'),
      deleted: fc.option(fc.integer({ min: 0, max: 2 })),
      visibility: fc.constantFrom('public', 'direct'),
      author: fc.constantFrom('u1', 'Acme'),
      keepsId: fc.boolean(),
    })
    .map(({ at, edits, type, deleted, visibility, author, keepsId }) => (i) => {
      const ids = Array.from({ length: edits + 1 }, (_, version) => `${i}0${keepsId ? 0 : version}`);
      const versionOf = (version: number) => {
        if (!keepsId) return { chain: ids.slice(0, version + 1), at: at + version * MINUTE };
        return version === 0 ? { at } : { edited: at + version * MINUTE, at };
      };
      const facts: Told[] = ids.map((id, version) =>
        told('networks', {
          kind: 'post',
          network: 'x',
          id,
          ...versionOf(version),
          author,
          text: `version ${version}`,
          type: type as 'post',
          visibility: visibility as 'public',
          seen: at + version * MINUTE + 2_000,
        }),
      );
      if (deleted === null) return facts;
      const id = ids[Math.min(deleted, edits)]!;
      return [...facts, told('networks', { kind: 'post_delete', network: 'x', id, at: at + HOUR })];
    });
}
