import type { FigureId, Ranks, Scope, Tally } from '../../shared/figure.ts';
import type { Instant, Span } from '../../shared/time.ts';
import { CALL_LIFE_MS } from './call.ts';
import { ranksOf } from './percentile.ts';
import type { CallView, Judged, Live, Pending } from './verdict.ts';

/** Every figure of one scope in one window, as one moment sees it. */
export interface Counted {
  /** Figures with something counted; the others are (0, 0). */
  tallies: Map<FigureId, Tally>;
  /** Verdicts still open. */
  pending: Map<FigureId, number>;
  live: Gauges;
  /** Offered to first alert, over counted calls with an alert. */
  preRing: Ranks | null;
  /** Finished calls that no phone was rung for. */
  neverRang: number;
  /** Arrived to offered; the site's only. */
  menu: Ranks | null;
  /** Finished waits and those still going on; null when there are none. */
  longestWaitMs: number | null;
  /** Finished conversations and those still going on; null when there are none. */
  longestTalkMs: number | null;
}

/** What goes on now. */
export interface Gauges {
  /** Everybody not yet answered, those whose phone rings included. */
  waiting: number;
  ringing: number;
  talking: number;
  /** 0 when nobody waits. */
  longestWaitingMs: number;
  emailsOpen: number;
  emailsOverdue: number;
  callbacksOwed: number;
  callbacksOverdue: number;
}

/**
 * Counts verdicts plainly, one after the other: the oracle that stored tallies are held against.
 * A null span counts everything. A verdict belongs to the span that holds its `at`; a pending one counts as missed
 * from its `lostAt` on, and as pending before.
 */
export function count(judged: Iterable<Judged>, now: Instant, span: Span | null, scope: Scope): Counted {
  const tallies = new Map<FigureId, Tally>();
  const pending = new Map<FigureId, number>();
  const lives: Live[] = [];
  const views: CallView[] = [];
  const within = (at: Instant) => at <= now && (span === null || (at >= span.from && at < span.to));
  for (const item of judged) {
    for (const one of item.settled) {
      if (one.scope === scope && within(one.at)) add(tallies, one.figure, one.n, one.d);
    }
    for (const one of item.pending) {
      if (one.scope !== scope) continue;
      if (one.lostAt > now) {
        if (isAwaited(one, now, span)) pending.set(one.figure, (pending.get(one.figure) ?? 0) + 1);
      } else if (within(one.at)) add(tallies, one.figure, 0, 1);
    }
    for (const one of item.live) if (one.scopes.includes(scope) && one.until > now) lives.push(one);
    for (const view of item.views) if (view.scope === scope) views.push(view);
  }
  const offered = views.filter((view) => within(view.offeredAt));
  const live = gauge(lives, now);
  return {
    tallies,
    pending,
    live,
    preRing: ranksOf(known(offered.map((view) => view.preRingMs))),
    neverRang: offered.filter((view) => isFinished(view) && view.preRingMs === null).length,
    menu: ranksOf(
      known(views.map((view) => (within(view.offeredAt - (view.menuMs ?? 0)) ? view.menuMs : null))),
    ),
    longestWaitMs: longest([...known(offered.map(waitOf)), ...waitsNow(lives, now)]),
    longestTalkMs: longest(known(offered.map((view) => talkOf(view, now)))),
  };
}

/** Emails and call-backs are pending ahead of their verdict's time, which lies beyond a window that ends now. */
function isAwaited(one: Pending, now: Instant, span: Span | null): boolean {
  return span === null || (one.at >= span.from && (one.at < span.to || span.to >= now));
}

function add(tallies: Map<FigureId, Tally>, figure: FigureId, n: number, d: number): void {
  const tally = tallies.get(figure);
  if (tally === undefined) tallies.set(figure, { n, d });
  else {
    tally.n += n;
    tally.d += d;
  }
}

function gauge(lives: readonly Live[], now: Instant): Gauges {
  const gauges: Gauges = {
    waiting: 0,
    ringing: 0,
    talking: 0,
    longestWaitingMs: Math.max(0, ...waitsNow(lives, now)),
    emailsOpen: 0,
    emailsOverdue: 0,
    callbacksOwed: 0,
    callbacksOverdue: 0,
  };
  for (const live of lives) {
    switch (live.what) {
      case 'call':
        if (live.state === 'talking') gauges.talking += 1;
        else gauges.waiting += 1;
        if (live.state === 'ringing') gauges.ringing += 1;
        break;
      case 'email':
        gauges.emailsOpen += 1;
        if (now > live.dueAt) gauges.emailsOverdue += 1;
        break;
      case 'callback':
        gauges.callbacksOwed += 1;
        if (now > live.dueAt) gauges.callbacksOverdue += 1;
        break;
    }
  }
  return gauges;
}

function waitsNow(lives: readonly Live[], now: Instant): number[] {
  return lives.flatMap((live) =>
    live.what === 'call' && live.state !== 'talking' ? [Math.max(0, now - live.offeredAt)] : [],
  );
}

function isFinished(view: CallView): boolean {
  return view.outcome === 'answered' || view.outcome === 'abandoned' || view.outcome === 'flow_out';
}

/** Longest waits are those of the answered and the abandoned. */
function waitOf(view: CallView): number | null {
  return view.outcome === 'answered' || view.outcome === 'abandoned' ? view.waitMs : null;
}

function talkOf(view: CallView, now: Instant): number | null {
  if (view.talkMs !== null) return view.talkMs;
  if (view.talkingSince === null || now >= view.offeredAt + CALL_LIFE_MS) return null;
  return Math.max(0, now - view.talkingSince);
}

function known(lengths: readonly (number | null)[]): number[] {
  return lengths.filter((length) => length !== null);
}

function longest(lengths: readonly number[]): number | null {
  return lengths.length === 0 ? null : lengths.reduce((a, b) => Math.max(a, b));
}
