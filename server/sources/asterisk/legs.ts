import type { Instant } from '../../../shared/time.ts';
import type { AlertEnd, CallFact } from '../../fact.ts';
import type { Call, Leg, Stay } from './call-state.ts';

/** Takes a fact that has become certain. */
export type Say = (fact: CallFact) => void;

/** The call's beginning, dated from its first channel; one that never left the house is internal. */
export function sayArrived(call: Call, say: Say): void {
  call.told = true;
  say({
    kind: 'arrived',
    call: call.id,
    at: call.arrivedAt,
    direction: call.direction ?? 'internal',
    ...(call.number === undefined ? {} : { number: call.number }),
  });
}

/** The caller became answerable; the customer's traits go with it, as the number may have come late. */
export function sayOffered(call: Call, stay: Pick<Stay, 'name' | 'queue'>, at: Instant, say: Say): void {
  call.entries += 1;
  const entry = String(call.entries);
  call.stays.push({ ...stay, entry, leftAt: null });
  say({
    kind: 'offered',
    call: call.id,
    at,
    entry,
    direction: 'in',
    ...(stay.queue === undefined ? {} : { queue: stay.queue }),
    ...(call.number === undefined ? {} : { number: call.number }),
  });
}

/** A phone signals ringing: its first signal is the start of its ring. */
export function ring(call: Call, leg: Leg, at: Instant, say: Say): void {
  if (leg.rangAt !== null || leg.local || leg.endedAt !== null || leg.answeredAt !== null) return;
  leg.rangAt = at;
  call.rang = true;
  if (!call.ringUnknown) say({ kind: 'alert', call: call.id, leg: leg.id, agent: leg.agent, at });
}

/**
 * A phone went off-hook. Where no phone of the call ever signalled ringing, the attempt at this one stands for its
 * ring (a phone may answer without a word of ringing; a dead phone beside it does not start the clock).
 */
export function answer(call: Call, leg: Leg, at: Instant, say: Say): void {
  if (leg.answeredAt !== null || leg.local || leg.endedAt !== null) return;
  if (!call.rang && leg.triedAt !== null) ring(call, leg, leg.triedAt, say);
  leg.answeredAt = at;
  say({ kind: 'pickup', call: call.id, leg: leg.id, agent: leg.agent, at });
}

/** An attempt holds the caller no longer; a Local channel that answers leads on to what is no attempt of its own. */
export function letGo(call: Call, leg: Leg, at: Instant): void {
  leg.endedAt ??= at;
  call.cancelled = false;
  if (!call.callerGone) call.releasedAt = at;
}

/** The first word on how an attempt ended counts: Asterisk may send a second. */
export function endLeg(call: Call, leg: Leg, at: Instant, how: string, say: Say): void {
  if (leg.endedAt !== null) return;
  letGo(call, leg, at);
  if (leg.answeredAt !== null) {
    if (call.bridged || call.direction !== 'in') return;
  } else if (isFailed(how)) call.failed = true;
  else call.unanswered = true;
  // A pick-up that came to nothing has to be taken back, even where no ring was told.
  if (leg.answeredAt === null && (leg.rangAt === null || leg.local || call.ringUnknown)) return;
  const why = call.lost || call.doubt ? 'cancel' : whyOf(how);
  say({ kind: 'alert_end', call: call.id, leg: leg.id, agent: leg.agent, at, why });
}

/**
 * Tells that the caller can talk, once an answering phone is in a bridge, and the caller too where a Local channel
 * stands between them. Two that meet in one bridge have answered, even if no DialEnd said so.
 */
export function settleBridge(call: Call, leg: Leg, say: Say): void {
  if (call.bridged || leg.local || leg.bridgeAt === null || leg.endedAt !== null) return;
  const together = call.bridge !== null && call.bridge === leg.bridge;
  if (leg.answeredAt === null && together && call.direction === 'in')
    answer(call, leg, leg.upAt ?? leg.bridgeAt, say);
  if (leg.answeredAt === null) return;
  if (leg.viaLocal && call.bridgeAt === null) return;
  const at = leg.viaLocal && call.bridgeAt !== null ? Math.max(leg.bridgeAt, call.bridgeAt) : leg.bridgeAt;
  call.bridged = true;
  call.answered = true;
  say({
    kind: 'bridged',
    call: call.id,
    leg: leg.id,
    ...(call.direction === 'in' ? { agent: leg.agent } : {}),
    at: Math.max(at, leg.answeredAt),
  });
}

function isFailed(how: string): boolean {
  return how === 'BUSY' || how === 'CONGESTION' || how === 'CHANUNAVAIL';
}

/** DialStatus of a phone that rang → our word. Busy after ringing is a declined call. */
function whyOf(how: string): AlertEnd['why'] {
  if (how === 'NOANSWER') return 'no_answer';
  return isFailed(how) || how === 'DONTCALL' || how === 'TORTURE' ? 'reject' : 'cancel';
}
