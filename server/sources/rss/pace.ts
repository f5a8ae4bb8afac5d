import { HOUR, MINUTE } from '../../../shared/time.ts';

/** The first wait after a failure that may be over soon. */
export const AGAIN_AFTER_MS = MINUTE;
/** The longest wait after one that a person must mend. */
export const LASTING_MAX_MS = 6 * HOUR;

/** How a reading went. */
export type Outcome =
  | { kind: 'read' }
  /** Not reached, an error of the server's, or nothing that can be read. */
  | { kind: 'failed' }
  /** Gone, moved away, refused: trying often would mend nothing. */
  | { kind: 'lasting' }
  /** The server said how long to stay away. */
  | { kind: 'asked'; ms: number };

/**
 * How long until the next reading; `failures` counts those in a row. Doubling from a minute up to the feed's own
 * interval; for lasting ones doubling from the interval up to six hours, or the interval where it is longer.
 */
export function waitAfter(outcome: Outcome, failures: number, everyMs: number): number {
  const doubled = (ms: number): number => ms * 2 ** Math.min(failures - 1, 20);
  switch (outcome.kind) {
    case 'read':
      return everyMs;
    case 'failed':
      return Math.min(everyMs, doubled(AGAIN_AFTER_MS));
    case 'lasting':
      return Math.min(Math.max(LASTING_MAX_MS, everyMs), doubled(everyMs));
    case 'asked':
      return Math.max(outcome.ms, Math.min(everyMs, AGAIN_AFTER_MS));
  }
}
