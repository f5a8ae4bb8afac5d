import type { FigureId } from '../../shared/figure.ts';
import { type Instant, MINUTE } from '../../shared/time.ts';
import type { EmailFact, MailMark } from '../fact.ts';
import { SKEW_MAX_MS } from './call-view.ts';
import { type Excluded, type Inbound, type Outbound, type Turns, turnsOf } from './email-turns.ts';
import { madeBy } from './mail.ts';
import { type Rules, scopesOf, type TeamRules, teamRulesOf } from './rules.ts';
import type { Judged, Reply } from './verdict.ts';

/** An unanswered obligation closes as never answered after so many opening days beyond its due time. */
export const EMAIL_PATIENCE_DAYS = 10;

/**
 * The verdict on one thread from all of its facts, in any order. Every turn of the customer's opens an obligation,
 * dated from its first message; its verdict counts when the answer went out in time, or when it fell due.
 * docs/metrics.md states the rules.
 */
export function judgeThread(facts: readonly EmailFact[], rules: Rules): Judged {
  const judged: Judged = { settled: [], pending: [], live: [], views: [], replies: [], contacts: [] };
  const turns = turnsOf(facts, rules);
  for (const { at, mailbox, why } of turns.excluded) settle(judged, rules, mailbox, EXCLUDED_AS[why], at);
  for (const { at, mailbox } of turns.inbound) settle(judged, rules, mailbox, 'emailsReceived', at);
  let isFirst = true;
  for (const obligation of obligationsOf(turns, rules)) {
    if (isFirst || obligation.rules.emailMode === 'every_turn') addVerdict(judged, obligation, rules);
    isFirst = false;
  }
  return judged;
}

const EXCLUDED_AS: Readonly<Record<Excluded['why'], FigureId>> = {
  spam: 'emailsSpam',
  automated: 'emailsAutomated',
  internal: 'emailsInternal',
  duplicate: 'emailsDuplicate',
};

/** One answer owed, and how it closed; open when it did not. */
interface Obligation {
  mailbox: string | null;
  rules: TeamRules;
  inAt: Instant;
  dueAt: Instant;
  /** The end of our patience. */
  until: Instant;
  /** The messages that joined it, the first included. */
  ids: Set<string>;
  close: Close | null;
}

type Close =
  | { how: 'answered'; at: Instant; skew: boolean }
  | { how: 'waived'; at: Instant }
  | { how: 'unknown'; at: Instant };

/** What happens in a thread; at one instant in this order: a message, what answers it, a waive. */
type Turn =
  | { rank: 0; at: Instant; mail: Inbound }
  | { rank: 1; at: Instant; id: string; mail: Outbound; names: string | null; lateMs: number }
  | { rank: 2; at: Instant; id: string };

function obligationsOf(turns: Turns, rules: Rules): Obligation[] {
  const obligations: Obligation[] = [];
  for (const turn of inOrder(turns)) {
    const last = obligations.at(-1);
    const open = last !== undefined && last.close === null && turn.at < last.until ? last : null;
    switch (turn.rank) {
      case 0:
        if (open !== null && !isAnsweredUnseen(turn.mail, turns)) open.ids.add(turn.mail.id);
        else {
          if (open !== null) open.close = { how: 'unknown', at: turn.at };
          obligations.push(opened(turn.mail, rules));
        }
        break;
      case 1:
        // An answer stamped before the message that it names answers no other one.
        if (open === null || (turn.names !== null && !open.ids.has(turn.names))) break;
        if (turn.lateMs > SKEW_MAX_MS) open.close = { how: 'unknown', at: turn.at };
        else open.close = { how: 'answered', at: turn.at, skew: turn.lateMs > 0 };
        break;
      case 2:
        if (open?.ids.has(turn.id)) open.close = { how: 'waived', at: turn.at };
        break;
    }
  }
  return obligations;
}

function inOrder({ inbound, outbound, waives }: Turns): Turn[] {
  const receivedAt = new Map(inbound.map(({ id, at }) => [id, at]));
  const turns: Turn[] = inbound.map((mail) => ({ rank: 0, at: mail.at, mail }));
  for (const mail of outbound) {
    turns.push({ rank: 1, at: mail.at, id: mail.id, mail, names: null, lateMs: 0 });
    for (const name of new Set(mail.refs)) {
      const at = receivedAt.get(name) ?? mail.at;
      if (at > mail.at) turns.push({ rank: 1, at, id: mail.id, mail, names: name, lateMs: at - mail.at });
    }
  }
  for (const mark of waives) turns.push(waiveOf(mark, receivedAt));
  return turns.sort((a, b) => a.at - b.at || a.rank - b.rank || compare(a, b));
}

/** A mark is no earlier than its message, whatever the clocks say. */
function waiveOf({ ref, at }: MailMark, receivedAt: ReadonlyMap<string, Instant>): Turn {
  return { rank: 2, at: Math.max(at, receivedAt.get(ref) ?? at), id: ref };
}

function compare(a: Turn, b: Turn): number {
  const one = a.rank === 0 ? a.mail.id : a.id;
  const other = b.rank === 0 ? b.mail.id : b.id;
  if (a.rank === 1 && b.rank === 1 && a.lateMs !== b.lateMs) return a.lateMs - b.lateMs;
  return one === other ? 0 : one < other ? -1 : 1;
}

/** It goes on from a message of ours that we never saw: what was open has been answered, nobody knows when. */
function isAnsweredUnseen({ refs }: Inbound, { seen, ourHosts }: Turns): boolean {
  const last = refs.at(-1);
  return last !== undefined && !seen.has(last) && ourHosts.has(madeBy(last));
}

function opened(mail: Inbound, rules: Rules): Obligation {
  const team = mail.mailbox === null ? null : (rules.queues.get(mail.mailbox)?.team ?? null);
  const own = teamRulesOf(rules, team);
  const dueAt =
    own.emailClock === 'business' ? own.calendar.addOpen(mail.at, own.emailMs) : mail.at + own.emailMs;
  return {
    mailbox: mail.mailbox,
    rules: own,
    inAt: mail.at,
    dueAt,
    until: own.calendar.addOpenDays(dueAt, EMAIL_PATIENCE_DAYS),
    ids: new Set([mail.id]),
    close: null,
  };
}

function addVerdict(judged: Judged, obligation: Obligation, rules: Rules): void {
  const { mailbox, inAt, dueAt, until, close } = obligation;
  if (close?.how === 'waived') {
    settle(judged, rules, mailbox, 'emailsWaived', close.at);
    if (close.at > dueAt) settle(judged, rules, mailbox, 'emailsWaivedLate', close.at);
  } else if (close?.how === 'unknown') {
    settle(judged, rules, mailbox, 'emailsUnknown', close.at);
  } else if (close?.how === 'answered') {
    const met = close.at <= dueAt;
    settle(judged, rules, mailbox, 'emailsWithinHour', met ? close.at : dueAt, met ? 1 : 0, 1);
    settle(judged, rules, mailbox, 'emailsByArrival', inAt, met ? 1 : 0, 1);
    judged.replies.push(replyOf(obligation, close.at, rules));
    if (close.skew) settle(judged, rules, mailbox, 'skew', close.at);
  } else {
    const scopes = [...scopesOf(rules, mailbox)];
    // A calendar that never opens has no due time to file it under.
    const at = Number.isFinite(dueAt) ? dueAt : inAt;
    for (const scope of scopes) judged.pending.push({ figure: 'emailsWithinHour', scope, at, lostAt: dueAt });
    for (const scope of scopes)
      judged.pending.push({ figure: 'emailsByArrival', scope, at: inAt, lostAt: dueAt });
    judged.replies.push(replyOf(obligation, null, rules));
    judged.live.push({ what: 'email', scopes, inAt, dueAt, until });
  }
}

function replyOf(
  { mailbox, inAt, dueAt, rules: own }: Obligation,
  answeredAt: Instant | null,
  rules: Rules,
): Reply {
  const scopes = [...scopesOf(rules, mailbox)];
  if (answeredAt === null) return { scopes, inAt, dueAt, answeredAt, replyMinutes: null, isPast: false };
  const { calendar } = own;
  const isBusiness = own.emailClock === 'business';
  const openMs = isBusiness ? calendar.openBetween(inAt, answeredAt) : Math.max(0, answeredAt - inAt);
  const replyMinutes = Math.ceil(openMs / MINUTE);
  const isPast = isBusiness && calendar.addOpen(inAt, replyMinutes * MINUTE) < answeredAt && replyMinutes > 0;
  return { scopes, inAt, dueAt, answeredAt, replyMinutes, isPast };
}

function settle(
  judged: Judged,
  rules: Rules,
  mailbox: string | null,
  figure: FigureId,
  at: Instant,
  n = 1,
  d = 0,
): void {
  for (const scope of scopesOf(rules, mailbox)) judged.settled.push({ figure, scope, at, n, d });
}
