import type { CallbacksNow, CallsNow, EmailsNow, Longest, Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { Board } from './board.ts';
import type { DayShape } from './board-day.ts';
import type { DayViews } from './day-views.ts';
import type { Reading } from './feed.ts';
import { callGauges, liveCalls, owedGauges } from './gauges.ts';
import type { OpenItems } from './open-items.ts';
import { promisedOf, type Today, tallyIn } from './today.ts';

/** What every region of a board is made from. */
export interface Scene {
  board: Board;
  now: Instant;
  today: Today;
  yesterday: DayShape;
  views: DayViews;
  open: OpenItems;
  reading: Reading;
}

/** Calls, or null where no phones are connected. */
export function callsNow(scene: Scene): CallsNow | null {
  const { board, now, today, views, open, reading } = scene;
  if (board.calls === null) return null;
  const { firstRingTarget, ringPeriodMs, serviceLevelTarget, serviceLevelMs } = board.calls;
  const { minSample, scope } = board;
  const phones = reading.of('phones');
  const calls = liveCalls(open, scope, reading);
  const ofDay = views.of(scope, today.day);
  const waits = calls.flatMap(({ call, at }) =>
    call.state === 'talking' ? [] : Math.max(0, at - call.offeredAt),
  );
  const longestMs = Math.max(ofDay?.longestWaitMs() ?? -1, ...waits);
  const goal = { target: firstRingTarget, withinMs: ringPeriodMs, minSample };
  return {
    firstRing: promisedOf(today, 'firstRing', goal, phones, now),
    serviceLevel: {
      tally: tallyIn(today, 'serviceLevel'),
      target: serviceLevelTarget,
      withinMs: serviceLevelMs,
    },
    speedOfAnswer: tallyIn(today, 'speedOfAnswer'),
    abandonment: tallyIn(today, 'abandonment'),
    live: phones.feed === 'live' ? callGauges(calls) : null,
    longestWaitTodayMs: longestMs < 0 ? null : longestMs,
    preRing: ofDay?.preRing() ?? null,
    neverRang: ofDay?.neverRang() ?? 0,
    menu: ofDay?.menu() ?? null,
    leftInMenu: tallyIn(today, 'leftInMenu'),
    autoAnswer: ofDay?.autoAnswer(minSample) ?? false,
  };
}

/** Callers owed a call back, or null where nothing of the kind is promised. */
export function callbacksNow({ board, today, open, reading }: Scene): CallbacksNow | null {
  if (board.callbacks === null) return null;
  return {
    tally: tallyIn(today, 'calledBack'),
    ...board.callbacks,
    live: reading.of('phones').feed === 'live' ? owedNow(open, board.scope, reading) : null,
  };
}

/** Emails, or null where no mailbox is connected. */
export function emailsNow({ board, now, today, open, reading }: Scene): EmailsNow | null {
  if (board.emails === null) return null;
  const { target, withinMs, clock } = board.emails;
  const mailboxes = reading.of('emails');
  const goal = { target, withinMs, minSample: board.minSample };
  return {
    withinHour: promisedOf(today, 'emailsWithinHour', goal, mailboxes, now),
    clock,
    received: tallyIn(today, 'emailsReceived').n,
    live: mailboxes.feed === 'live' ? owedGauges(open, board.scope, 'email', reading) : null,
  };
}

/** The longest conversation of today, one still going on included; before the first of today yesterday's. */
export function longestNow({ board, today, yesterday, views, open, reading }: Scene): Longest | null {
  if (board.calls === null) return null;
  const { date, from, to } = today.day;
  const live = reading.of('phones').feed === 'live';
  const finishedMs = views.of(board.scope, today.day)?.longestTalkMs() ?? null;
  let longest: Longest | null = finishedMs === null ? null : { ms: finishedMs, since: null, date };
  for (const { call, at } of liveCalls(open, board.scope, reading)) {
    if (call.state !== 'talking' || call.bridgedAt === null || call.offeredAt < from || call.offeredAt >= to)
      continue;
    const ms = Math.max(0, at - call.bridgedAt);
    if (longest === null || ms > longest.ms)
      longest = { ms, since: live ? Math.min(call.bridgedAt, at) : null, date };
  }
  if (longest) return longest;
  const lastMs = views.of(board.scope, yesterday)?.longestTalkMs() ?? null;
  return lastMs === null ? null : { ms: lastMs, since: null, date: yesterday.date };
}

function owedNow(open: OpenItems, scope: Scope, reading: Reading): NonNullable<CallbacksNow['live']> {
  const gauges = owedGauges(open, scope, 'callback', reading);
  return { owed: gauges.open, overdue: gauges.overdue, next: gauges.next };
}
