import type { Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import { type End, partOf } from '../fact.ts';
import type { Part, Stay } from './call-parts.ts';
import type { Story } from './call-story.ts';
import { type Rules, scopesOf, teamRulesOf } from './rules.ts';
import type { CallOutcome, CallView } from './verdict.ts';

/** How one scope sees a call, and what its verdict needs beside it. */
export interface Sight {
  view: CallView;
  /** What the first ring is counted from; null while nothing has rung. */
  anchorAt: Instant | null;
  withinMs: number;
  skew: boolean;
}

/** A negative length up to this is two clocks that differ a little: it is 0. Beyond, nothing can be said. */
export const SKEW_MAX_MS = 300_000;

/** Every scope that sees this part of a call. A transfer is seen by its queue alone. */
export function scopesOfPart(part: Part, rules: Rules): Scope[] {
  const scopes = new Set<Scope>();
  for (const { offer } of part.stays)
    for (const scope of scopesOf(rules, offer.queue ?? null))
      if (!part.transfer || scope.startsWith('queue:')) scopes.add(scope);
  return [...scopes];
}

/** Judges one part of a call as one scope sees it: from its first offer there. Null where it was not offered there. */
export function sightOf(scope: Scope, part: Part, story: Story, rules: Rules): Sight | null {
  const stays = part.stays.filter((stay) => scopesOf(rules, stay.offer.queue ?? null).includes(scope));
  const first = stays[0]?.offer;
  if (first === undefined) return null;
  const team = teamOf(first.queue, rules);
  const measured = measure(scope, part, stays, first.at, story);
  const { alertAt, ringMs, waitMs, preRingMs, menuMs, talkMs, endAt, skew } = measured;
  const outcome = team.calendar.isOpen(first.at)
    ? outcomeOf(scope, part, stays, story.end, measured, rules)
    : 'out_of_hours';
  const answered = outcome === 'answered';
  const anchorAt = rules.firstRingAnchor === 'offered' ? first.at : alertAt;
  const anchorMs = part.answer !== null && anchorAt !== null ? part.answer.pickupAt - anchorAt : null;
  const view: CallView = {
    scope,
    offeredAt: first.at,
    outcome,
    firstRing: firstRingOf(outcome, anchorMs, rules),
    ringMs: answered ? ringMs : null,
    reactionMs: answered && anchorMs !== null ? Math.max(0, anchorMs) : null,
    waitMs: answered || outcome === 'abandoned' || outcome === 'short_abandon' ? waitMs : null,
    preRingMs: isCounted(outcome) ? preRingMs : null,
    menuMs: outcome === 'unknown' || outcome === 'out_of_hours' ? null : menuMs,
    talkMs: answered ? talkMs : null,
    talkingSince: answered && endAt === null ? (part.answer?.bridgedAt ?? null) : null,
  };
  const withinMs = scope === 'site' ? rules.site.serviceLevelMs : team.serviceLevelMs;
  return { view, anchorAt, withinMs, skew };
}

/** Is a call with this outcome one of the calls offered, on which the promises are judged? */
export function isCounted(outcome: CallOutcome): boolean {
  return outcome === 'answered' || outcome === 'abandoned' || outcome === 'flow_out' || outcome === 'present';
}

interface Measured {
  alertAt: Instant | null;
  endAt: Instant | null;
  ringMs: number | null;
  waitMs: number | null;
  preRingMs: number | null;
  menuMs: number | null;
  talkMs: number | null;
  /** A length came out a little negative and is 0. */
  skew: boolean;
  /** A length came out so negative that nothing can be said. */
  broken: boolean;
}

/** Lengths between stamps of one clock. A queue that passed the call on after its answer talks no longer. */
function measure(
  scope: Scope,
  part: Part,
  stays: readonly Stay[],
  offeredAt: Instant,
  { end, arrivedAt }: Story,
): Measured {
  let least = 0;
  const between = (from: Instant | null, to: Instant | null): number | null => {
    if (from === null || to === null) return null;
    least = Math.min(least, to - from);
    return Math.max(0, to - from);
  };
  const { answer } = part;
  const callEndAt = end?.at ?? null;
  const endAt = scope.startsWith('queue:') ? (part.passedOnAt ?? callEndAt) : callEndAt;
  const alertAt = firstAlert(stays, part);
  const lengths = {
    ringMs: answer && between(alertAt, answer.pickupAt),
    waitMs: between(offeredAt, answer?.bridgedAt ?? callEndAt),
    preRingMs: between(offeredAt, alertAt),
    menuMs: scope === 'site' ? between(arrivedAt, offeredAt) : null,
    talkMs: answer && between(answer.bridgedAt, endAt),
  };
  const broken = least < -SKEW_MAX_MS;
  return { ...lengths, alertAt, endAt, broken, skew: least < 0 && !broken };
}

/** The first that applies. */
function outcomeOf(
  scope: Scope,
  part: Part,
  stays: readonly Stay[],
  end: End | null,
  { waitMs, broken }: Measured,
  rules: Rules,
): CallOutcome {
  if (hasLeft(scope, part, stays)) return 'overflow';
  if (end?.why === 'unknown' || broken) return 'unknown';
  if (part.answer !== null) return 'answered';
  return end === null ? 'present' : outcomeOfEnd(end, waitMs ?? 0, rules);
}

function teamOf(queue: string | undefined, rules: Rules) {
  return teamRulesOf(rules, queue === undefined ? null : (rules.queues.get(queue)?.team ?? null));
}

/** A phone that rings only after the answer (a consultation, a transfer) did not start the clock. */
function firstAlert(stays: readonly Stay[], { answer }: Part): Instant | null {
  for (const { alerts } of stays) {
    for (const alert of alerts) {
      if (answer === null || alert.at <= answer.pickupAt) return alert.at;
      const part = partOf(alert);
      if (part === answer.leg || (answer.leg === '' && part === answer.agent)) return alert.at;
    }
  }
  return null;
}

/** Did the call leave this scope unanswered for another queue? */
function hasLeft(scope: Scope, part: Part, stays: readonly Stay[]): boolean {
  return stays.at(-1) !== part.stays.at(-1) || (part.leftAt !== null && scope.startsWith('queue:'));
}

/** A call that is over without an answer was given up, whatever name the platform has for hanging up. */
function outcomeOfEnd({ why }: End, waitMs: number, rules: Rules): CallOutcome {
  switch (why) {
    case 'abandon':
    case 'hangup':
    case 'overflow':
      return waitMs < rules.shortAbandonMs ? 'short_abandon' : 'abandoned';
    case 'voicemail':
    case 'timeout':
    case 'unavailable':
      return 'flow_out';
    case 'callback':
      return 'callback';
    case 'unknown':
      return 'unknown';
  }
}

/** Strictly less than one period: at exactly one period the second ring has begun. */
function firstRingOf(outcome: CallOutcome, ringMs: number | null, rules: Rules): CallView['firstRing'] {
  switch (outcome) {
    case 'answered':
      if (ringMs === null) return 'none';
      return ringMs < rules.ringPeriodMs ? 'met' : 'missed';
    case 'abandoned':
    case 'flow_out':
      return 'missed';
    case 'present':
      return 'pending';
    case 'short_abandon':
    case 'callback':
    case 'overflow':
    case 'out_of_hours':
    case 'unknown':
      return 'none';
  }
}
