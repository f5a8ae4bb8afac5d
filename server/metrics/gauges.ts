import type { CallsNow, Countdown, EmailsNow, Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { Reading } from './feed.ts';
import type { LiveCall, OpenItems, Owed } from './open-items.ts';

/** A board's dial has room for no more. */
const MARKS_MAX = 200;

/** The calls going on in a scope, each with the instant it is read at. */
export function liveCalls(
  open: OpenItems,
  scope: Scope,
  reading: Reading,
): { call: LiveCall; at: Instant }[] {
  const found: { call: LiveCall; at: Instant }[] = [];
  for (const item of open.in(scope)) {
    const at = reading.readAt(item.source);
    for (const { scopes, is } of item.live) {
      if (is.what === 'call' && is.until > at && scopes.includes(scope)) found.push({ call: is, at });
    }
  }
  return found;
}

/** Ringing, waiting (ringing calls wait too) and talking now. Nobody waits since later than now, whatever the clocks say. */
export function callGauges(calls: readonly { call: LiveCall; at: Instant }[]): NonNullable<CallsNow['live']> {
  const waiting = calls.filter(({ call }) => call.state !== 'talking');
  return {
    ringing: calls.filter(({ call }) => call.state === 'ringing').length,
    waiting: waiting.length,
    talking: calls.length - waiting.length,
    longestWaitingSince:
      waiting.length === 0 ? null : Math.min(...waiting.map(({ call, at }) => Math.min(call.offeredAt, at))),
  };
}

/** Open, overdue, at risk and the countdowns of one kind of answer that is owed. */
export function owedGauges(
  open: OpenItems,
  scope: Scope,
  what: Owed['what'],
  reading: Reading,
): NonNullable<EmailsNow['live']> {
  const gauges = { open: 0, overdue: 0, atRisk: 0 };
  const due: { owed: Owed; at: Instant }[] = [];
  for (const item of open.in(scope)) {
    const at = reading.readAt(item.source);
    for (const { scopes, is } of item.live) {
      if (is.what !== what || is.until <= at || !scopes.includes(scope)) continue;
      gauges.open += 1;
      if (at > is.dueAt) gauges.overdue += 1;
      else {
        // Without opening hours ahead it is never due.
        if (Number.isFinite(is.dueAt)) due.push({ owed: is, at });
        if (at >= is.atRiskAt) gauges.atRisk += 1;
      }
    }
  }
  due.sort((a, b) => a.owed.dueAt - b.owed.dueAt);
  const marks = due.slice(0, MARKS_MAX).map(({ owed, at }) => countdownOf(owed, at));
  return { ...gauges, next: marks[0] ?? null, marks };
}

function countdownOf({ dueAt, calendar }: Owed, at: Instant): Countdown {
  if (calendar === null) return { leftMs: dueAt - at, dueAt, runsFrom: null };
  const leftMs = calendar.openBetween(at, dueAt);
  // Used up exactly at closing: nothing is left and nothing will run.
  const runsFrom = calendar.isOpen(at) || leftMs === 0 ? null : calendar.opensAt(at);
  return { leftMs, dueAt, runsFrom };
}
