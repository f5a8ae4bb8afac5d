import type { EmailFact } from '../server/fact.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../shared/time.ts';
import { BASE_AT, itemMark, personMark } from './moved-rows.ts';
import { addressOf, MAILBOXES } from './site.ts';

/** Threads of each mailbox come in so many shapes. */
const SHAPES_A_MAILBOX = 50;
/** Nobody answers the last of them. */
const NEVER_ANSWERED = 1;
/** The longest time until an answer. */
const REPLY_MAX_MS = 5 * HOUR;

/**
 * The facts of one thread of each shape, at `BASE_AT`: most are answered within the hour, some late, a few never, and
 * in a few the customer writes again.
 */
export function mailShapes(): EmailFact[][] {
  return Array.from({ length: MAILBOXES.length * SHAPES_A_MAILBOX }, (_, i) => {
    const number = i % MAILBOXES.length;
    return threadOf(i, number, Math.floor(i / MAILBOXES.length));
  });
}

function threadOf(i: number, number: number, shape: number): EmailFact[] {
  const mailbox = MAILBOXES[number] ?? '';
  const [ours, customer] = [addressOf(mailbox), `h-${personMark(i)}@cust.example`];
  const idOf = (mail: string, host: string): string => `<${itemMark(i)}.${mail}@${host}>`;
  const cameIn = (mail: string, at: Instant, refs: readonly string[]): EmailFact => ({
    kind: 'mail_in',
    id: idOf(mail, 'cust.example'),
    at,
    from: customer,
    to: [ours],
    ...(refs.length === 0 ? {} : { refs: [...refs] }),
    mailbox,
  });
  const wentOut = (mail: string, at: Instant, refs: readonly string[]): EmailFact => ({
    kind: 'mail_out',
    id: idOf(mail, 'acme.example'),
    at,
    from: ours,
    to: [customer],
    refs: [...refs],
    mailbox,
  });
  const question = cameIn('a', BASE_AT, []);
  if (shape >= SHAPES_A_MAILBOX - NEVER_ANSWERED) return [question];
  const repliedAt = BASE_AT + replyMs(shape, number);
  const named = [idOf('a', 'cust.example')];
  const answer = wentOut('b', repliedAt, named);
  if (shape % 16 !== 5) return [question, answer];
  const againAt = repliedAt + 11 * MINUTE;
  const asked = [...named, idOf('b', 'acme.example')];
  return [
    question,
    answer,
    cameIn('c', againAt, asked),
    wentOut('d', againAt + 7 * MINUTE + 20 * SECOND, [...asked, idOf('c', 'cust.example')]),
  ];
}

/** Exponentially spread, in each mailbox around another mean. */
function replyMs(shape: number, number: number): number {
  const meanMs = (22 + number) * MINUTE;
  return Math.min(REPLY_MAX_MS, Math.round(-Math.log(1 - (shape + 0.5) / SHAPES_A_MAILBOX) * meanMs));
}
