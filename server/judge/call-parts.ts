import type { Instant } from '../../shared/time.ts';
import { type Alert, type Offered, type Pickup, partOf } from '../fact.ts';
import type { Story } from './call-story.ts';

/**
 * One stretch of a journey in which the caller waits for an answer: from an offer, through the queues she overflows
 * to, up to the answer. A transfer after an answer begins the next part.
 */
export interface Part {
  /** Counts as a new offer of its queue, and neither for a team nor for the site. */
  transfer: boolean;
  stays: Stay[];
  answer: Answer | null;
  /** The last stay ended by overflow, yet no other queue of ours was offered the call. */
  leftAt: Instant | null;
  /** When the next part began. */
  passedOnAt: Instant | null;
}

/** One stay in a queue. */
export interface Stay {
  offer: Offered;
  alerts: Alert[];
}

/** Who answered; a platform that knows only one of pickup and bridging has it stand for both. */
export interface Answer {
  pickupAt: Instant;
  bridgedAt: Instant;
  /** The leg or agent that answered; empty when not told. */
  leg: string;
  agent: string;
}

/** The parts of a call in order, each with its stays, their alerts and its answer. */
export function partsOf(story: Story): Part[] {
  const answers = answersOf(story);
  const parts: Part[] = [];
  for (const offer of story.offers) {
    const current = parts.at(-1);
    const answered = answers.some(({ bridgedAt }) => bridgedAt < offer.at);
    if (current === undefined || (answered && !current.transfer) || hasAnswer(current, answers, offer.at)) {
      if (current !== undefined) current.passedOnAt = offer.at;
      const transfer = story.transfer || current !== undefined;
      parts.push({ transfer, stays: [], answer: null, leftAt: null, passedOnAt: null });
    }
    parts.at(-1)?.stays.push({ offer, alerts: [] });
  }
  for (const answer of answers) {
    const part = at(parts, answer.bridgedAt, startOf);
    if (part !== undefined && part.answer === null) part.answer = answer;
  }
  for (const alert of story.alerts) {
    const part = at(parts, alert.at, startOf);
    if (part !== undefined) at(part.stays, alert.at, (stay) => stay.offer.at)?.alerts.push(alert);
  }
  for (const part of parts) part.leftAt = leftAt(part, story);
  return parts;
}

/**
 * Where a platform reports bridging, a pickup without it is no answer; nor is a pickup that was taken back (an agent who
 * hung up during the announcement, a mobile that did not accept), or after which the call ended as one that nobody
 * answered.
 */
function answersOf({ bridges, pickups, alertEnds, end }: Story): Answer[] {
  if (bridges.length > 0) {
    return bridges.map((bridged) => {
      const pickup =
        pickups.find((one) => partOf(one) === partOf(bridged) && partOf(one) !== '') ??
        pickups.findLast((one) => one.at <= bridged.at) ??
        pickups[0];
      const { leg = '', agent = '' } = bridged;
      return { pickupAt: pickup?.at ?? bridged.at, bridgedAt: bridged.at, leg, agent };
    });
  }
  if (end !== null && end.why !== 'hangup' && end.why !== 'unknown') return [];
  const isTakenBack = (pickup: Pickup) =>
    alertEnds.some((ended) => partOf(ended) === partOf(pickup) && ended.at >= pickup.at);
  return pickups
    .filter((pickup) => !isTakenBack(pickup))
    .map(({ at: pickupAt, leg = '', agent = '' }) => ({ pickupAt, bridgedAt: pickupAt, leg, agent }));
}

/** An answer at the very instant of the next offer belongs to that one. */
function hasAnswer(part: Part, answers: readonly Answer[], before: Instant): boolean {
  return answers.some(({ bridgedAt }) => bridgedAt >= startOf(part) && bridgedAt < before);
}

function startOf(part: Part): Instant {
  return part.stays[0]?.offer.at ?? 0;
}

/** The last one that has begun by `instant`; the first when none has, for clocks that differ a little. */
function at<T>(items: readonly T[], instant: Instant, start: (item: T) => Instant): T | undefined {
  return items.findLast((item) => start(item) <= instant) ?? items[0];
}

/** Without an entry it is that of a call that was in one queue only. */
function leftAt(part: Part, { overflows }: Story): Instant | null {
  const offer = part.stays.at(-1)?.offer;
  if (offer === undefined) return null;
  const left = overflows.find(({ entry, at: when }) =>
    entry === undefined ? part.stays.length === 1 && when >= offer.at : entry === partOf(offer),
  );
  return left === undefined || (part.answer !== null && part.answer.bridgedAt <= left.at) ? null : left.at;
}
