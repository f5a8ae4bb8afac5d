import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import type { ItemFigure } from '../../shared/wire-items.ts';
import { isOfMail, type Listed } from './listed.ts';
import { type Rules, type TeamRules, teamRulesOf } from './rules.ts';
import type { CallView, Reply } from './verdict.ts';

/** What is asked: why a row of this figure, as this scope sees it, was judged so. */
export interface WhyAsked {
  figure: ItemFigure;
  /** The site judges calls by its own service level. */
  scope: string;
}

/** What became of a call or an email, in a word or a few. */
export function outcomeOf({ view, reply, leftOutAs, verdict }: Listed): string {
  if (view !== null) return OUTCOMES[view.outcome];
  if (leftOutAs !== null) return LEFT_OUT[leftOutAs]?.[0] ?? 'left out';
  if (reply === null) return 'received';
  if (reply.answeredAt !== null) return 'answered';
  return verdict === 'missed' ? 'overdue' : 'open';
}

/** Why it was judged so, in a sentence or two for a person. Never names who answered. */
export function whyOf(listed: Listed, { figure, scope }: WhyAsked, rules: Rules): string {
  const { view, reply, leftOutAs, queue } = listed;
  if (view === null && leftOutAs !== null) return LEFT_OUT[leftOutAs]?.[1] ?? 'Left out.';
  const team = teamRulesOf(rules, queue === null ? null : (rules.queues.get(queue)?.team ?? null));
  if (isOfMail(figure)) {
    if (reply === null) return 'Written by a customer.';
    return whyReply(reply, listed.verdict === 'missed', team);
  }
  if (view === null) return 'Nothing is known of its offer.';
  const withinMs = scope === 'site' ? rules.site.serviceLevelMs : team.serviceLevelMs;
  return whyCall(view, listed, figure, { rules, withinMs });
}

const OUTCOMES: Readonly<Record<CallView['outcome'], string>> = {
  present: 'waiting',
  answered: 'answered',
  abandoned: 'gave up',
  short_abandon: 'gave up at once',
  flow_out: 'not answered',
  callback: 'call back',
  overflow: 'moved on',
  out_of_hours: 'out of hours',
  unknown: 'not known',
};

const LEFT_OUT: Readonly<Record<string, readonly [outcome: string, why: string]>> = {
  leftInMenu: ['left in menu', 'Ended in the menu, before it was offered to anybody.'],
  outOfHours: ['out of hours', 'Came in outside opening hours: left out.'],
  callsUnknown: ['not known', 'What became of it was lost: left out.'],
  emailsWaived: ['waived', 'Somebody said that it needs no reply: left out.'],
  emailsUnknown: ['answered unseen', 'Answered where we could not see it, nobody knows when: left out.'],
  emailsSpam: ['spam', 'Spam: left out.'],
  emailsAutomated: ['automated', 'Written by a program: left out.'],
  emailsInternal: ['internal', 'From one of our own addresses: left out.'],
  emailsDuplicate: ['further copy', 'A further copy of the same email: left out.'],
};

interface Allowed {
  rules: Rules;
  withinMs: number;
}

function whyCall(
  view: CallView,
  { verdict }: Listed,
  figure: ItemFigure,
  { rules, withinMs }: Allowed,
): string {
  const isOver = verdict === 'missed';
  switch (view.outcome) {
    case 'answered':
      return whyAnswered(view, figure, { rules, withinMs });
    case 'present':
      if (!isOver) return 'Not over yet, so that it has no verdict.';
      return figure === 'firstRing'
        ? `Not answered yet, and one ring of ${allowed(rules.ringPeriodMs)} is over.`
        : `Not answered yet, and the ${allowed(withinMs)} allowed are over.`;
    case 'abandoned':
      return figure === 'leftInMenu' ? cameThrough(view) : `Gave up after ${waited(view)}, unanswered.`;
    case 'short_abandon':
      if (figure === 'leftInMenu') return cameThrough(view);
      return `Gave up after ${length(view.waitMs ?? 0, Math.floor)}: a short abandon, left out.`;
    case 'flow_out':
      if (figure === 'leftInMenu') return cameThrough(view);
      return figure === 'abandonment'
        ? 'Not answered (voicemail, or no phone to be had), but the caller did not give up.'
        : 'Not answered: it went to voicemail, or there was no phone to be had.';
    case 'callback':
      return figure === 'leftInMenu' ? cameThrough(view) : 'The caller chose to be called back: left out.';
    case 'overflow':
      if (figure === 'leftInMenu') return cameThrough(view);
      return 'Moved on unanswered, and is judged where it went: left out here.';
    case 'out_of_hours':
      return 'Came in outside opening hours: left out.';
    case 'unknown':
      return figure === 'leftInMenu' ? cameThrough(view) : 'What became of it was lost: left out.';
  }
}

function whyAnswered(view: CallView, figure: ItemFigure, { rules, withinMs }: Allowed): string {
  if (figure === 'leftInMenu') return cameThrough(view);
  if (figure === 'serviceLevel') return `Answered after ${waited(view)}; ${allowed(withinMs)} are allowed.`;
  if (figure !== 'firstRing') return `Answered after ${waited(view)}.`;
  if (view.reactionMs === null) return 'Answered, but nobody knows when a phone began to ring: left out.';
  const since = rules.firstRingAnchor === 'offered' ? 'it was offered to the queue' : 'the first phone rang';
  // Rounded down, for exactly one ring is too late.
  const after = length(view.reactionMs, Math.floor);
  return `Picked up ${after} after ${since}; one ring is ${allowed(rules.ringPeriodMs)}.`;
}

function cameThrough({ menuMs }: CallView): string {
  if (menuMs === null) return 'Came through the menu.';
  return `Came through the menu in ${length(menuMs, Math.ceil)}.`;
}

/** Rounded up, for just what is allowed is in time. */
function waited({ waitMs }: CallView): string {
  return length(waitMs ?? 0, Math.ceil);
}

function whyReply(
  { dueAt, answeredAt, replyMinutes, isPast }: Reply,
  isMissed: boolean,
  team: TeamRules,
): string {
  const of = team.emailClock === 'business' ? ' of open time' : '';
  const within = minutes(Math.round(team.emailMs / MINUTE));
  if (answeredAt !== null && replyMinutes !== null) {
    const took = `Answered ${minutes(replyMinutes)}${of} after it arrived`;
    return isPast
      ? `${took}, but only after closing; ${within} are allowed.`
      : `${took}; ${within} are allowed.`;
  }
  if (isMissed) return `Not answered when the ${within}${of} allowed were over.`;
  if (!Number.isFinite(dueAt))
    return 'Not answered; it is never due, for the opening hours do not come again.';
  return `Not answered yet; ${within}${of} are allowed.`;
}

/** "7.4 s", "1:05 min", "1:02:05 h". */
function length(ms: number, round: (tenths: number) => number): string {
  const tenths = round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const whole = round(ms / SECOND);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)} h` : `${m}:${two(s)} min`;
}

/** What is allowed, exactly: "6 s", "4.5 s", "20 s", "2 min". */
function allowed(ms: number): string {
  if (ms % HOUR === 0) return `${ms / HOUR} h`;
  return ms % MINUTE === 0 ? `${ms / MINUTE} min` : `${ms / SECOND} s`;
}

/** "42 min", "60 min", "1 h 12 min". */
function minutes(count: number): string {
  if (count <= 60) return `${count} min`;
  const [h, m] = [Math.floor(count / 60), count % 60];
  return m === 0 ? `${h} h` : `${h} h ${m} min`;
}
