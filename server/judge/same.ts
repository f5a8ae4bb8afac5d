import type { CallView, Contact, Judged, Live, Pending, Reply, Settled } from './verdict.ts';

/** Do two verdicts say the same, member by member and in the same order? */
export function isSameJudged(a: Judged, b: Judged): boolean {
  return (
    isSameCounted(a, b) &&
    isEach(a.live, b.live, isSameLive) &&
    isSameViews(a.views, b.views) &&
    isSameReplies(a.replies, b.replies) &&
    isSameContacts(a.contacts, b.contacts)
  );
}

/** Do two verdicts count the same, now and when what is pending is lost? */
export function isSameCounted(a: Judged, b: Judged): boolean {
  return isEach(a.settled, b.settled, isSameSettled) && isEach(a.pending, b.pending, isSamePending);
}

export function isSameViews(a: readonly CallView[], b: readonly CallView[]): boolean {
  return isEach(a, b, isSameView);
}

export function isSameReplies(a: readonly Reply[], b: readonly Reply[]): boolean {
  return isEach(a, b, isSameReply);
}

export function isSameContacts(a: readonly Contact[], b: readonly Contact[]): boolean {
  return isEach(a, b, isSameContact);
}

function isEach<T>(a: readonly T[], b: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (!isSame(a[i] as T, b[i] as T)) return false;
  return true;
}

function isSameSettled(a: Settled, b: Settled): boolean {
  return a.figure === b.figure && a.scope === b.scope && a.at === b.at && a.n === b.n && a.d === b.d;
}

function isSamePending(a: Pending, b: Pending): boolean {
  return a.figure === b.figure && a.scope === b.scope && a.at === b.at && a.lostAt === b.lostAt;
}

function isSameView(a: CallView, b: CallView): boolean {
  return (
    a.scope === b.scope &&
    a.offeredAt === b.offeredAt &&
    a.outcome === b.outcome &&
    a.firstRing === b.firstRing &&
    a.ringMs === b.ringMs &&
    a.reactionMs === b.reactionMs &&
    a.waitMs === b.waitMs &&
    a.preRingMs === b.preRingMs &&
    a.menuMs === b.menuMs &&
    a.talkMs === b.talkMs &&
    a.talkingSince === b.talkingSince
  );
}

function isSameReply(a: Reply, b: Reply): boolean {
  return (
    isEach(a.scopes, b.scopes, Object.is) &&
    a.inAt === b.inAt &&
    a.dueAt === b.dueAt &&
    a.answeredAt === b.answeredAt &&
    a.replyMinutes === b.replyMinutes &&
    a.isPast === b.isPast
  );
}

function isSameLive(a: Live, b: Live): boolean {
  if (a.until !== b.until || a.scopes.length !== b.scopes.length) return false;
  if (a.scopes.some((scope, i) => scope !== b.scopes[i])) return false;
  if (a.what === 'call' || b.what === 'call') {
    return (
      a.what === 'call' &&
      b.what === 'call' &&
      a.offeredAt === b.offeredAt &&
      a.state === b.state &&
      a.bridgedAt === b.bridgedAt
    );
  }
  return a.what === b.what && a.inAt === b.inAt && a.dueAt === b.dueAt;
}

function isSameContact(a: Contact, b: Contact): boolean {
  if (a.at !== b.at) return false;
  if (a.what === 'cause') return b.what === 'cause' && a.team === b.team && a.why === b.why;
  if (a.what === 'reached') return b.what === 'reached' && a.by === b.by;
  return b.what === 'waived';
}
