import { type Instant, SECOND } from '../../shared/time.ts';

/** Rules are looked at on whole seconds, live and in a replay alike: what comes and goes between two is seen by neither. */
export function wholeSecond(at: Instant): Instant {
  return Math.ceil(at / SECOND) * SECOND;
}
