import type { FigureId, Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { Rules } from './rules.ts';
import type { CallView, Judged, Live } from './verdict.ts';

/** What is counted, and who waited or was kept waiting beyond her due time. */
export type HistoryFigure = FigureId | 'waiting' | 'overdue';

/** Counted at `at`, as it was known in [from, to): what a wall of that time added up. */
export interface Stay {
  figure: HistoryFigure;
  scope: Scope;
  at: Instant;
  n: number;
  d: number;
  from: Instant;
  to: Instant;
}

/** What of the rule book the lengths of a call are held against; `serviceLevelMs` is that of the scope. */
export interface HistoryRules extends Pick<Rules, 'shortAbandonMs' | 'firstRingAnchor' | 'ringPeriodMs'> {
  serviceLevelMs: number;
}

const EVER = Number.POSITIVE_INFINITY;

/** Figures of threads that say that something was counted for a while and then taken back. */
const TAKEN_BACK: ReadonlySet<FigureId> = new Set([
  'emailsWaivedLate',
  'emailsUnknown',
  'emailsSpam',
  'skew',
]);

/**
 * When each verdict of an item came to be known, read from its verdict alone, as if every fact had been told in time;
 * for one scope and figure. Null where only the facts can tell: a call that left for another queue, a late answer.
 */
export function staysOf(
  judged: Judged,
  { scope, figure }: { scope: Scope; figure: HistoryFigure },
  rules: HistoryRules,
): Stay[] | null {
  const views = judged.views.filter((view) => view.scope === scope);
  if (views.length > 0 && figure !== 'leftInMenu') return staysOfViews(judged, views, figure, rules);
  const seen: Stay[] = [];
  if (figure === 'overdue' || figure === 'waiting')
    return judged.settled.some((one) => one.scope === scope && isEmail(one.figure))
      ? null
      : staysOfLive(judged.live, scope, figure);
  for (const one of judged.settled) {
    if (one.scope !== scope) continue;
    if ((figure === 'emailsWithinHour' || figure === 'emailsReceived') && TAKEN_BACK.has(one.figure))
      return null;
    if (one.figure !== figure) continue;
    // Whoever left in the menu was there until then.
    if (figure === 'leftInMenu' && one.n > 0) return null;
    const from = figure === 'leftInMenu' ? (views[0]?.offeredAt ?? one.at) : one.at;
    seen.push({ figure, scope, at: one.at, n: one.n, d: one.d, from, to: EVER });
  }
  return [...seen, ...staysOfPending(judged, scope, figure)];
}

/** The same from facts: judged as it stood after each of them. */
export function staysOfFacts<F extends { at: Instant }>(
  facts: readonly F[],
  judge: (facts: readonly F[]) => Judged,
  { scope, figure }: { scope: Scope; figure: HistoryFigure },
): Stay[] {
  const sorted = [...facts].sort((a, b) => a.at - b.at);
  const stays: Stay[] = [];
  let open: Stay[] = [];
  for (let i = 0; i < sorted.length; i += 1) {
    const at = sorted[i]?.at ?? 0;
    if (sorted[i + 1]?.at === at) continue;
    const judged = judge(sorted.slice(0, i + 1));
    const now = staysAt(judged, scope, figure).map((stay) => ({ ...stay, from: Math.max(stay.from, at) }));
    for (const stay of open) {
      const to = Math.min(stay.to, at);
      if (stay.from < to) stays.push({ ...stay, to });
    }
    open = now;
  }
  return [...stays, ...open.filter(({ from, to }) => from < to)];
}

/** Everything that counts in a verdict from its own instants on. */
function staysAt(judged: Judged, scope: Scope, figure: HistoryFigure): Stay[] {
  if (figure === 'waiting' || figure === 'overdue') return staysOfLive(judged.live, scope, figure);
  const settled = judged.settled.filter((one) => one.scope === scope && one.figure === figure);
  return [
    ...settled.map(({ at, n, d }) => ({ figure, scope, at, n, d, from: at, to: EVER })),
    ...staysOfPending(judged, scope, figure),
  ];
}

function staysOfPending({ pending }: Judged, scope: Scope, figure: HistoryFigure): Stay[] {
  return pending
    .filter((one) => one.scope === scope && one.figure === figure && Number.isFinite(one.lostAt))
    .map(({ at, lostAt }) => ({ figure, scope, at, n: 0, d: 1, from: Math.max(at, lostAt), to: EVER }));
}

function staysOfLive(live: readonly Live[], scope: Scope, figure: 'waiting' | 'overdue'): Stay[] {
  return live.flatMap((one): Stay[] => {
    if (!one.scopes.includes(scope)) return [];
    if (one.what === 'call') {
      if (figure !== 'waiting' || one.state === 'talking') return [];
      return [{ figure, scope, at: one.offeredAt, n: 1, d: 0, from: one.offeredAt, to: one.until }];
    }
    if (figure !== 'overdue' || one.what !== 'email' || one.dueAt >= one.until) return [];
    return [{ figure, scope, at: one.dueAt, n: 1, d: 0, from: one.dueAt + 1, to: one.until }];
  });
}

function isEmail(figure: FigureId): boolean {
  return (
    figure === 'emailsWithinHour' ||
    figure === 'emailsWaived' ||
    figure === 'emailsUnknown' ||
    figure === 'emailsSpam'
  );
}

/** Calls: from the lengths of their views. Null where a view does not say when it ended. */
function staysOfViews(
  judged: Judged,
  views: readonly CallView[],
  figure: HistoryFigure,
  rules: HistoryRules,
): Stay[] | null {
  const stays: Stay[] = [];
  for (const view of views) {
    const { outcome, scope } = view;
    if (outcome === 'out_of_hours') continue;
    if (outcome === 'callback' || outcome === 'overflow' || outcome === 'unknown') return null;
    if (judged.settled.some((one) => one.figure === 'skew' && one.scope === scope)) return null;
    if (outcome === 'present') {
      stays.push(...staysAt(judged, scope, figure).filter(({ at }) => at === view.offeredAt));
      continue;
    }
    const ended = endOf(view, judged);
    if (ended === null) return null;
    stays.push(...staysOfView(view, ended, figure, rules));
  }
  return stays;
}

/** When a call was picked up and bridged, or ended unanswered. */
interface Ended {
  pickedUpAt: Instant;
  at: Instant;
}

function endOf(view: CallView, { contacts }: Judged): Ended | null {
  const { offeredAt, outcome, waitMs, ringMs, preRingMs } = view;
  if (waitMs !== null) {
    const at = offeredAt + waitMs;
    if (outcome !== 'answered') return { pickedUpAt: at, at };
    if (ringMs === null || preRingMs === null) return null;
    return { pickedUpAt: Math.min(at, offeredAt + preRingMs + ringMs), at };
  }
  const cause = contacts.find((one) => one.what === 'cause');
  return cause === undefined ? null : { pickedUpAt: cause.at, at: cause.at };
}

function staysOfView(
  view: CallView,
  { pickedUpAt, at: endAt }: Ended,
  figure: HistoryFigure,
  rules: HistoryRules,
): Stay[] {
  const { scope, offeredAt: at, outcome } = view;
  const stay = (n: number, d: number, from: Instant, to: Instant = EVER): Stay => ({
    figure,
    scope,
    at,
    n,
    d,
    from,
    to,
  });
  if (figure === 'waiting') return pickedUpAt > at ? [stay(1, 0, at, pickedUpAt)] : [];
  const certainFrom = at + rules.shortAbandonMs;
  if (outcome === 'short_abandon') {
    if (figure === 'callsOffered' && endAt > at) return [stay(1, 0, at, endAt)];
    return figure === 'shortAbandons' ? [stay(1, 0, endAt)] : [];
  }
  const answered = outcome === 'answered';
  if (figure === 'callsOffered') return [stay(1, 0, at)];
  if (figure === 'abandonment') return [stay(outcome === 'abandoned' ? 1 : 0, 1, pickedUpAt)];
  if (figure === 'firstRing') {
    if (answered && view.firstRing === 'met') return [stay(1, 1, pickedUpAt)];
    if (answered && view.firstRing === 'none') return [];
    const rangAt = view.preRingMs === null ? EVER : at + view.preRingMs;
    const anchorAt = rules.firstRingAnchor === 'offered' ? at : rangAt;
    return [stay(0, 1, Math.min(pickedUpAt, Math.max(anchorAt + rules.ringPeriodMs, certainFrom)))];
  }
  if (figure === 'serviceLevel') {
    const lostAt = Math.max(at + rules.serviceLevelMs + 1, certainFrom);
    if (!answered || pickedUpAt - at > rules.serviceLevelMs)
      return [stay(0, 1, Math.min(pickedUpAt, lostAt))];
    if (endAt - at <= rules.serviceLevelMs) return [stay(1, 1, pickedUpAt)];
    // Answered in time by the pickup, and late by the bridging.
    return [stay(1, 1, pickedUpAt, endAt), stay(0, 1, endAt)];
  }
  if (figure !== 'speedOfAnswer' || !answered) return [];
  if (pickedUpAt === endAt) return [stay(endAt - at, 1, endAt)];
  return [stay(pickedUpAt - at, 1, pickedUpAt, endAt), stay(endAt - at, 1, endAt)];
}
