import type { AlertRule } from '../../shared/alert.ts';
import type { Scope } from '../../shared/figure.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';

/** What is promised in a team, and what of it is connected; null where it is not. */
export interface Promises {
  scope: Scope;
  calls: { firstRing: number; serviceLevel: number } | null;
  emails: { percent: number } | null;
}

/** A level lies so far under what is promised; critical as far again. */
const UNDER_POINTS = 10;

/**
 * The usual rules of a team, off until a lead switches them on: ten points under what is promised for five minutes, a
 * caller who waits over two minutes, an email overdue for five.
 */
export function usualRules({ scope, calls, emails }: Promises): AlertRule[] {
  const rules: AlertRule[] = [];
  if (calls !== null) {
    const window = { kind: 'rolling', minutes: 60 } as const;
    const says = 'If you are free, pick up.';
    rules.push(underPromise({ scope, metric: 'firstRing', window, says }, calls.firstRing));
    rules.push(underPromise({ scope, metric: 'serviceLevel', window, says }, calls.serviceLevel));
    rules.push({
      ...plain,
      scope,
      metric: 'longestWaiting',
      warning: 120,
      clearForMs: 30 * SECOND,
      says: 'Somebody has waited over two minutes.',
    });
  }
  if (emails !== null) {
    const says = 'Answer the oldest email first.';
    rules.push(
      underPromise({ scope, metric: 'emailsWithinHour', window: { kind: 'today' }, says }, emails.percent),
    );
    rules.push({
      ...plain,
      scope,
      metric: 'emailsOverdue',
      warning: 0,
      forMs: 5 * MINUTE,
      clearForMs: 0,
      says,
    });
  }
  return rules;
}

function underPromise(
  about: Pick<AlertRule, 'scope' | 'metric' | 'window' | 'says'>,
  promised: number,
): AlertRule {
  const warning = Math.max(1, promised - UNDER_POINTS);
  const critical = warning - UNDER_POINTS;
  return {
    ...plain,
    ...about,
    direction: 'below',
    warning,
    critical: critical > 0 ? critical : null,
    margin: 3,
    minItems: 10,
    forMs: 5 * MINUTE,
    clearForMs: 2 * MINUTE,
  };
}

const plain: AlertRule = {
  metric: 'longestWaiting',
  scope: 'site',
  window: null,
  direction: 'above',
  warning: null,
  critical: null,
  margin: 0,
  minItems: 0,
  forMs: 0,
  clearForMs: 0,
  hours: 'open',
  quiet: [],
  wall: true,
  chime: false,
  channels: [],
  says: '',
  on: false,
  target: null,
  source: null,
  board: null,
};
