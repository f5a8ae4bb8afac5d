import { type Instant, SECOND } from '../../shared/time.ts';

/**
 * Rules are looked at on whole and half seconds, live and in a replay alike: what comes and goes between two is seen by
 * neither. On whole seconds alone a breach could take all of its second, and the way to the wall on top.
 */
export const LOOK_STEP_MS: number = SECOND / 2;

/** The first instant from `at` on at which rules are looked at. */
export function nextLook(at: Instant): Instant {
  return Math.ceil(at / LOOK_STEP_MS) * LOOK_STEP_MS;
}
