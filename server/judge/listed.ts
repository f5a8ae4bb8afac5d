import type { FigureId, Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { CallFigure, ItemFigure, ItemVerdict, MailFigure } from '../../shared/wire-items.ts';
import { isCounted } from './call-view.ts';
import type { CallOutcome, CallView, Judged, Reply, Settled } from './verdict.ts';

/** One row of the list behind a figure: why a call or a thread counts in it, or why it was left out. */
export interface Listed {
  /** Which of the item's rows this is; the same whatever is filtered. */
  nth: number;
  /** The instant at which it counts. */
  at: Instant;
  verdict: ItemVerdict;
  /** Queue or mailbox; null where it was in none of ours. */
  queue: string | null;
  /** Of calls; null where the call was never offered. */
  view: CallView | null;
  /** Of emails; null where no answer is owed, or it is not known when one came. */
  reply: Reply | null;
  /** What it is counted as instead, where neither a view nor a reply says so. */
  leftOutAs: FigureId | null;
}

/**
 * The rows of one item behind a figure, so that those met and missed are just what the figure counts of it. Verdicts
 * lost by `asOf` are missed.
 */
export function listedOf(
  judged: Judged,
  { figure, scope }: { figure: ItemFigure; scope: Scope },
  asOf: Instant,
): Listed[] {
  const rows = isOfMail(figure)
    ? mailRows(judged, figure, scope, asOf)
    : callRows(judged, figure, scope, asOf);
  return rows.map((row, nth) => ({ ...row, nth }));
}

/** Does a figure count emails? */
export function isOfMail(figure: ItemFigure): figure is MailFigure {
  switch (figure) {
    case 'emailsWithinHour':
    case 'emailsByArrival':
    case 'emailsReceived':
    case 'replyTime':
      return true;
    case 'firstRing':
    case 'serviceLevel':
    case 'abandonment':
    case 'callsOffered':
    case 'speedOfAnswer':
    case 'leftInMenu':
    case 'waitTime':
      return false;
  }
}

type Row = Omit<Listed, 'nth'>;

function callRows(judged: Judged, figure: CallFigure, scope: Scope, asOf: Instant): Row[] {
  if (figure === 'leftInMenu') return menuRows(judged, scope);
  const settled = judged.settled.filter((one) => one.scope === scope && one.figure === figure);
  const pending = judged.pending.filter((one) => one.scope === scope && one.figure === figure);
  const rows = judged.views
    .filter((view) => view.scope === scope)
    .map((view): Row => {
      const at = view.offeredAt;
      const row = { at, view, queue: queueOf(judged, view), reply: null, leftOutAs: null };
      if (figure === 'waitTime')
        return { ...row, verdict: view.outcome === 'answered' ? 'counted' : restOf(view.outcome) };
      const own = isIn(figure, view) ? settled.findIndex((one) => one.at === at) : -1;
      const [counted] = own < 0 ? [] : settled.splice(own, 1);
      if (counted !== undefined) return { ...row, verdict: verdictOf(figure, counted) };
      const isLost = pending.some((one) => one.at === at && one.lostAt <= asOf);
      return { ...row, verdict: view.outcome === 'present' && isLost ? 'missed' : restOf(view.outcome) };
    });
  return [...rows, ...neverOffered(judged, scope)];
}

/** Of two stays that began together only the one that counts takes what is counted. */
function isIn(
  figure: Exclude<CallFigure, 'leftInMenu' | 'waitTime'>,
  { outcome, firstRing }: CallView,
): boolean {
  switch (figure) {
    case 'firstRing':
      return firstRing === 'met' || firstRing === 'missed';
    case 'serviceLevel':
    case 'abandonment':
      return isCounted(outcome) && outcome !== 'present';
    case 'callsOffered':
      return isCounted(outcome);
    case 'speedOfAnswer':
      return outcome === 'answered';
  }
}

function verdictOf(figure: CallFigure, { n }: Settled): ItemVerdict {
  switch (figure) {
    case 'firstRing':
    case 'serviceLevel':
      return n > 0 ? 'met' : 'missed';
    // What these count is what went wrong.
    case 'abandonment':
    case 'leftInMenu':
      return n > 0 ? 'missed' : 'met';
    case 'callsOffered':
    case 'speedOfAnswer':
    case 'waitTime':
      return 'counted';
  }
}

function restOf(outcome: CallOutcome): ItemVerdict {
  return outcome === 'present' ? 'pending' : 'left_out';
}

/** Calls by when they arrived; the site's only. */
function menuRows(judged: Judged, scope: Scope): Row[] {
  if (scope !== 'site') return [];
  const view = judged.views.find((one) => one.scope === scope) ?? null;
  const queue = view === null ? null : queueOf(judged, view);
  const rows = judged.settled
    .filter((one) => one.scope === scope && one.figure === 'leftInMenu')
    .map(
      (one): Row => ({
        at: one.at,
        verdict: verdictOf('leftInMenu', one),
        queue,
        view,
        reply: null,
        leftOutAs: one.n > 0 ? 'leftInMenu' : null,
      }),
    );
  if (rows.length > 0) return rows;
  if (view?.outcome === 'out_of_hours')
    return [{ at: view.offeredAt, verdict: 'left_out', queue, view, reply: null, leftOutAs: null }];
  return neverOffered(judged, scope);
}

/** A call that ended before it was offered has no view, and counts as what it was. */
function neverOffered({ settled, views }: Judged, scope: Scope): Row[] {
  if (scope !== 'site' || views.length > 0) return [];
  return settled
    .filter((one) => one.scope === scope && one.n > 0 && NEVER_OFFERED.has(one.figure))
    .map(({ at, figure }) => ({
      at,
      verdict: 'left_out',
      queue: null,
      view: null,
      reply: null,
      leftOutAs: figure,
    }));
}

const NEVER_OFFERED: ReadonlySet<FigureId> = new Set(['outOfHours', 'callsUnknown', 'leftInMenu']);

/** The queue that this part of the call began in. */
function queueOf({ views }: Judged, { scope, offeredAt }: CallView): string | null {
  if (scope.startsWith('queue:')) return scope.slice(6);
  const first = views.find((one) => one.scope.startsWith('queue:') && one.offeredAt === offeredAt);
  return first?.scope.slice(6) ?? null;
}

function mailRows(judged: Judged, figure: MailFigure, scope: Scope, asOf: Instant): Row[] {
  const replies = judged.replies.filter(({ scopes }) => scopes.includes(scope));
  const leftOut = judged.settled
    .filter((one) => one.scope === scope && one.n > 0 && LEFT_OUT[figure].has(one.figure))
    .map(({ at, figure: leftOutAs }): Row => {
      const queue = mailboxOf(judged, leftOutAs, at);
      return { at, verdict: 'left_out', queue, view: null, reply: null, leftOutAs };
    });
  if (figure === 'emailsReceived') {
    const received = judged.settled.filter((one) => one.scope === scope && one.figure === figure);
    const rows = received.map(({ at }): Row => {
      const reply = replies.find((one) => one.inAt === at) ?? null;
      const queue = mailboxOf(judged, figure, at);
      return { at, verdict: 'counted', queue, view: null, reply, leftOutAs: null };
    });
    return [...rows, ...leftOut];
  }
  const rows = replies.flatMap((reply): Row[] => {
    const at = atOf(figure, reply);
    if (at === null) return [];
    const queue = reply.scopes.find((one) => one.startsWith('queue:'))?.slice(6) ?? null;
    const verdict = figure === 'replyTime' ? 'counted' : replyVerdict(reply, asOf);
    return [{ at, verdict, queue, view: null, reply, leftOutAs: null }];
  });
  return [...rows, ...leftOut];
}

const NOT_FOR_US: readonly FigureId[] = [
  'emailsSpam',
  'emailsAutomated',
  'emailsInternal',
  'emailsDuplicate',
];
const LEFT_OUT: Readonly<Record<MailFigure, ReadonlySet<FigureId>>> = {
  emailsWithinHour: new Set([...NOT_FOR_US, 'emailsWaived', 'emailsUnknown']),
  emailsByArrival: new Set([...NOT_FOR_US, 'emailsWaived', 'emailsUnknown']),
  emailsReceived: new Set(NOT_FOR_US),
  replyTime: new Set(),
};

function atOf(
  figure: Exclude<MailFigure, 'emailsReceived'>,
  { inAt, dueAt, answeredAt }: Reply,
): Instant | null {
  switch (figure) {
    case 'emailsByArrival':
      return inAt;
    case 'replyTime':
      return answeredAt;
    case 'emailsWithinHour':
      if (answeredAt !== null && answeredAt <= dueAt) return answeredAt;
      return Number.isFinite(dueAt) ? dueAt : inAt;
  }
}

function replyVerdict({ dueAt, answeredAt }: Reply, asOf: Instant): ItemVerdict {
  if (answeredAt !== null) return answeredAt <= dueAt ? 'met' : 'missed';
  return dueAt <= asOf ? 'missed' : 'pending';
}

function mailboxOf({ settled }: Judged, figure: FigureId, at: Instant): string | null {
  const own = settled.find((one) => one.figure === figure && one.at === at && one.scope.startsWith('queue:'));
  return own?.scope.slice(6) ?? null;
}

/**
 * Up to when open verdicts of a stored item count as lost, given how far its source is known: as the wall's tallies have
 * them, in which a fold can be ahead of that while something of the item is open (`isOpen`), and is for good after.
 */
export function lostUpTo(
  { foldedTo, isOpen }: { foldedTo: Instant; isOpen: boolean },
  readAt: Instant,
): Instant {
  return isOpen ? readAt : Math.max(foldedTo, readAt);
}
