import type { AlertRule, SavedRule } from '../../shared/alert.ts';
import { MINUTE } from '../../shared/time.ts';

/** First rings of a team over half an hour, below 75 % for 5 minutes, critical below 65 %. */
export function aRule(but: Partial<AlertRule> = {}): AlertRule {
  return {
    metric: 'firstRing',
    scope: 'team:support',
    window: { kind: 'rolling', minutes: 30 },
    direction: 'below',
    warning: 75,
    critical: 65,
    margin: 3,
    minItems: 10,
    forMs: 5 * MINUTE,
    clearForMs: 2 * MINUTE,
    hours: 'always',
    quiet: [],
    wall: true,
    chime: true,
    channels: [],
    says: 'If you are free, pick up.',
    on: true,
    target: null,
    source: null,
    board: null,
    ...but,
  };
}

/** The same as it is kept. */
export function aSavedRule(but: Partial<SavedRule> = {}): SavedRule {
  return { ...aRule(), id: 'r1', version: 1, changedAt: 0, changedBy: 'Ann', ...but };
}
