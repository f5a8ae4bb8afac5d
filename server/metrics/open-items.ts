import { entryOf } from '../../shared/entry-of.ts';
import type { FigureId, Scope } from '../../shared/figure.ts';
import { type Instant, MINUTE, quarterOf, type Span } from '../../shared/time.ts';
import type { Calendar } from '../judge/hours.ts';
import { type Rules, teamRulesOf } from '../judge/rules.ts';
import type { Live, Pending } from '../judge/verdict.ts';
import type { Item } from '../store/store.ts';
import type { Reading } from './feed.ts';

/** An email is at risk with this much open time left, or less. */
export const AT_RISK_MS = 15 * MINUTE;

export type LiveCall = Extract<Live, { what: 'call' }>;

/** An answer that is owed, with the clock it runs on. `calendar` is null on the calendar clock. */
export interface Owed {
  what: 'email' | 'callback';
  dueAt: Instant;
  until: Instant;
  /** From here on at most 15 open minutes are left. */
  atRiskAt: Instant;
  calendar: Calendar | null;
}

export interface OpenItem {
  key: string;
  source: string;
  foldedTo: Instant;
  pending: readonly Pending[];
  live: readonly { scopes: readonly Scope[]; is: LiveCall | Owed }[];
  /** Every scope that any of it is about. */
  scopes: readonly Scope[];
}

/** Items with something pending or live, as they stand after the last commit. */
export interface OpenItems {
  replace(key: string, item: Item | null): void;
  in(scope: Scope): Iterable<OpenItem>;
  all(): Iterable<OpenItem>;
}

/** Nothing open yet. */
export function createOpenItems(rules: Rules): OpenItems {
  const items = new Map<string, OpenItem>();
  const byScope = new Map<Scope, Map<string, OpenItem>>();
  return {
    replace(key, item) {
      const old = items.get(key);
      const isOpen = item !== null && (item.judged.pending.length > 0 || item.judged.live.length > 0);
      if (!isOpen) {
        if (old === undefined) return;
        items.delete(key);
        for (const scope of old.scopes) byScope.get(scope)?.delete(key);
        return;
      }
      const open = openItemOf(rules, item);
      if (old !== undefined && isSameScopes(old.scopes, open.scopes)) {
        // It lies under its scopes already.
        Object.assign(old, open);
        return;
      }
      for (const scope of old?.scopes ?? []) byScope.get(scope)?.delete(key);
      items.set(key, open);
      for (const scope of open.scopes)
        entryOf(byScope, scope, () => new Map<string, OpenItem>()).set(key, open);
    },
    in: (scope) => byScope.get(scope)?.values() ?? [],
    all: () => items.values(),
  };
}

/** What the stored tallies must be changed by to be true at each item's own instant, and what has no verdict yet. */
export interface Unsettled {
  /** By figure and quarter-hour: what to add to d. */
  shifts: ReadonlyMap<FigureId, ReadonlyMap<Instant, number>>;
  /** Those of today; an email's or a call-back's verdict may lie ahead of it. */
  pending: ReadonlyMap<FigureId, number>;
}

/**
 * A pending verdict counts as (0, 1) from the instant it is lost. The stored tallies learn it at the next fold, which
 * may be a little later, or, for a source whose figures stay what they were, too early.
 */
export function unsettledIn(
  open: OpenItems,
  scope: Scope,
  today: Span,
  reading: Pick<Reading, 'readAt'>,
): Unsettled {
  const shifts = new Map<FigureId, Map<Instant, number>>();
  const pending = new Map<FigureId, number>();
  for (const item of open.in(scope)) {
    const at = reading.readAt(item.source);
    for (const verdict of item.pending) {
      if (verdict.scope !== scope) continue;
      const lost = verdict.lostAt <= at;
      if (!lost && verdict.at >= today.from)
        pending.set(verdict.figure, (pending.get(verdict.figure) ?? 0) + 1);
      const shift = Number(lost) - Number(verdict.lostAt <= item.foldedTo);
      if (shift === 0) continue;
      const quarters = entryOf(shifts, verdict.figure, () => new Map<Instant, number>());
      const quarter = quarterOf(verdict.at);
      quarters.set(quarter, (quarters.get(quarter) ?? 0) + shift);
    }
  }
  return { shifts, pending };
}

/** The sum of a figure's shifts in the quarter-hours that start inside the span. */
export function shiftIn(unsettled: Unsettled, figure: FigureId, span: Span): number {
  let sum = 0;
  for (const [quarter, shift] of unsettled.shifts.get(figure) ?? []) {
    if (quarter >= span.from && quarter < span.to) sum += shift;
  }
  return sum;
}

/** The next instant after `now` at which time alone changes what is open; Infinity when there is none. */
export function nextOpenChangeAt(open: OpenItems, now: Instant): Instant {
  let next = Number.POSITIVE_INFINITY;
  const consider = (at: Instant): void => {
    if (at > now && at < next) next = at;
  };
  for (const item of open.all()) {
    for (const verdict of item.pending) consider(verdict.lostAt);
    for (const { is } of item.live) {
      consider(is.until);
      if (is.what === 'call') continue;
      consider(is.atRiskAt);
      // Met until the very instant it is due, overdue the millisecond after.
      consider(is.dueAt + 1);
    }
  }
  return next;
}

function isSameScopes(a: readonly Scope[], b: readonly Scope[]): boolean {
  return a.length === b.length && a.every((scope, i) => scope === b[i]);
}

function scopesOf({ pending, live }: Item['judged']): Scope[] {
  const scopes: Scope[] = [];
  for (const { scope } of pending) if (!scopes.includes(scope)) scopes.push(scope);
  for (const one of live) for (const scope of one.scopes) if (!scopes.includes(scope)) scopes.push(scope);
  return scopes;
}

function openItemOf(rules: Rules, item: Item): OpenItem {
  return {
    key: item.key,
    source: item.source,
    foldedTo: item.foldedTo,
    pending: item.judged.pending,
    scopes: scopesOf(item.judged),
    live: item.judged.live.map((live) => ({
      scopes: live.scopes,
      is: live.what === 'call' ? live : owedOf(rules, live),
    })),
  };
}

function owedOf(rules: Rules, live: Extract<Live, { what: 'email' | 'callback' }>): Owed {
  const team = live.scopes.find((scope) => scope.startsWith('team:'))?.slice('team:'.length) ?? null;
  const { calendar, emailClock } = teamRulesOf(rules, team);
  const { what, inAt, dueAt, until } = live;
  if (!Number.isFinite(dueAt)) return { what, dueAt, until, atRiskAt: dueAt, calendar };
  if (what === 'email' && emailClock === 'calendar') {
    return { what, dueAt, until, atRiskAt: dueAt - AT_RISK_MS, calendar: null };
  }
  const openMs = calendar.openBetween(inAt, dueAt);
  const atRiskAt = calendar.addOpen(inAt, Math.max(0, openMs - AT_RISK_MS));
  return { what, dueAt, until, atRiskAt, calendar };
}
