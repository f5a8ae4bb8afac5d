import type { Instant } from '../../../shared/time.ts';
import type { EndReason } from '../../fact.ts';
import { type Call, isHeld } from './call-state.ts';

/** A hang-up this soon after the last phone or queue let go belongs to the same moment. */
export const SAME_MOMENT_MS = 250;

/** Q.850 causes by which a call fails without anybody having been rung: no route, busy, out of order, congestion. */
const FAILED_CAUSES = new Set('1 2 3 17 18 20 21 22 27 34 38 41 42 44 58'.split(' '));

/** Is this cause one of a call that could not be put through? */
export function isFailure(cause: string): boolean {
  return FAILED_CAUSES.has(cause);
}

/**
 * Why a call ended, from what is known when the caller's channel hangs up at `at` with this cause, in this context.
 * Asterisk's own words do not tell: QueueCallerAbandon also comes at a queue's timeout, and ANSWERED also means voicemail.
 */
export function endReasonOf(
  call: Call,
  hangup: { at: Instant; cause: string; context: 'callback' | 'other' },
): Exclude<EndReason, 'overflow'> {
  if (call.bridged || call.direction !== 'in') return 'hangup';
  if (call.lost || call.doubt) return call.answered ? 'hangup' : 'unknown';
  if (call.stays.length === 0) {
    if (call.callerGone) return 'abandon';
    return isFailure(hangup.cause) ? 'unavailable' : 'hangup';
  }
  if (call.leftWhileHeld || isHeld(call)) return 'abandon';
  const allFailed = call.failed && !call.unanswered;
  if (call.releasedAt === null) return allFailed ? 'unavailable' : 'abandon';
  if (hangup.context === 'callback') return 'callback';
  const isSameMoment = hangup.at - call.releasedAt <= SAME_MOMENT_MS;
  if (!isSameMoment && call.up) return 'voicemail';
  if (allFailed) return 'unavailable';
  // An analogue line does not ask for the hang-up: that its phones were called off then tells it.
  return call.callerGone || (call.cancelled && isSameMoment) ? 'abandon' : 'timeout';
}
