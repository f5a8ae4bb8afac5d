import type { Instant } from '../../shared/time.ts';
import type { EmailFact, MailIn, MailMark, MailOut } from '../fact.ts';
import { hasOutsider, isAutomated, isOurs, madeBy, ownerOf } from './mail.ts';
import type { Rules } from './rules.ts';

/** A customer's message, written by a person, with the mailbox that owns it. */
export interface Inbound {
  id: string;
  at: Instant;
  refs: readonly string[];
  mailbox: string | null;
}

/** A message of ours that a person wrote to somebody outside. */
export interface Outbound {
  id: string;
  at: Instant;
  refs: readonly string[];
}

/** A message that opens nothing, and why. */
export interface Excluded {
  at: Instant;
  mailbox: string | null;
  why: 'spam' | 'automated' | 'internal' | 'duplicate';
}

/** One thread's facts, sorted out. */
export interface Turns {
  inbound: Inbound[];
  outbound: Outbound[];
  excluded: Excluded[];
  waives: MailMark[];
  /** Every Message-ID that was seen. */
  seen: ReadonlySet<string>;
  /** Right-hand sides of Message-IDs that mail of ours bears. */
  ourHosts: ReadonlySet<string>;
}

/**
 * Sorts a thread's facts into customers' turns, our answers and what is left out: spam, automated, internal,
 * duplicate; the first that applies. Exact repeats are one.
 */
export function turnsOf(facts: readonly EmailFact[], rules: Rules): Turns {
  const turns = {
    inbound: [] as Inbound[],
    outbound: [] as Outbound[],
    excluded: [] as Excluded[],
    waives: [] as MailMark[],
    seen: new Set<string>(),
    ourHosts: new Set(rules.ourDomains),
  };
  const said = lastWords(facts);
  const elsewhere = new Set<string>();
  for (const fact of facts) {
    if (fact.kind === 'mail_in' && fact.spam !== true) elsewhere.add(fact.id);
  }
  const sent = new Map<string, MailIn | MailOut>();
  const received = new Map<string, MailIn[]>();
  for (const fact of onceInOrder(facts)) {
    if ('ref' in fact) {
      if (fact.kind === 'waive') turns.waives.push(fact);
      continue;
    }
    turns.seen.add(fact.id);
    const word = said.get(fact.id)?.isSpam;
    if (fact.kind === 'mail_in' && fact.spam === true && word !== true && elsewhere.has(fact.id)) continue;
    const isSpam = fact.kind === 'mail_in' && (word ?? fact.spam === true);
    // A copy that came in by BCC shows an answer that no Sent folder held.
    if (fact.kind === 'mail_out' || (!isSpam && isOurs(fact.from, rules) && hasOutsider(fact, rules))) {
      turns.ourHosts.add(madeBy(fact.id));
      if (!sent.has(fact.id)) sent.set(fact.id, fact);
      continue;
    }
    const why = isSpam
      ? 'spam'
      : isAutomated(fact, rules)
        ? 'automated'
        : isOurs(fact.from, rules)
          ? 'internal'
          : null;
    if (why !== null) turns.excluded.push({ at: fact.at, mailbox: ownerOf([fact], rules), why });
    else received.set(fact.id, [...(received.get(fact.id) ?? []), fact]);
  }
  for (const mail of sent.values()) {
    if (isAutomated(mail, rules) || !hasOutsider(mail, rules)) continue;
    turns.outbound.push({ id: mail.id, at: mail.at, refs: mail.refs ?? [] });
  }
  for (const [id, copies] of received) {
    const [first, ...others] = copies;
    if (first === undefined) continue;
    const mailbox = ownerOf(copies, rules);
    turns.inbound.push({ id, at: first.at, refs: first.refs ?? [], mailbox });
    for (const copy of others) turns.excluded.push({ at: copy.at, mailbox, why: 'duplicate' });
  }
  return turns;
}

/** What was said last of each message: is it spam? Said both at one instant, it is none. */
function lastWords(facts: readonly EmailFact[]): Map<string, { at: Instant; isSpam: boolean }> {
  const said = new Map<string, { at: Instant; isSpam: boolean }>();
  for (const fact of facts) {
    if (fact.kind !== 'spam' && fact.kind !== 'not_spam') continue;
    const isSpam = fact.kind === 'spam';
    const last = said.get(fact.ref);
    if (last === undefined || fact.at > last.at || (fact.at === last.at && !isSpam))
      said.set(fact.ref, { at: fact.at, isSpam });
  }
  return said;
}

/** By time, so that the smallest receive time of a message is kept; equal facts once. */
function onceInOrder(facts: readonly EmailFact[]): EmailFact[] {
  if (facts.length === 1) return [...facts];
  const byText = new Map(facts.map((fact) => [canonical(fact), fact]));
  return [...byText]
    .sort(([a, one], [b, other]) => one.at - other.at || (a < b ? -1 : 1))
    .map(([, fact]) => fact);
}

function canonical(fact: EmailFact): string {
  return JSON.stringify(Object.entries(fact).sort(([a], [b]) => (a < b ? -1 : 1)));
}
