import type { AlertLevel, SavedRule, WallAlert } from '../../shared/alert.ts';
import type { Tally } from '../../shared/figure.ts';
import { shortWordsOf } from '../../shared/rule-words.ts';
import type { Instant } from '../../shared/time.ts';
import type { KeptAlert } from '../store/alerts.ts';
import type { RuleState } from './step.ts';

/** An alert as it begins. */
export function newAlert(
  needs: { about: (rule: SavedRule) => string; wordsOf: (rule: SavedRule) => string },
  rule: SavedRule,
  { level, after, at, value }: { level: AlertLevel; after: RuleState; at: Instant; value: Tally },
): KeptAlert {
  const machine = after[level];
  return {
    id: `${rule.id}.${rule.version}.${at}`,
    rule: rule.id,
    ruleVersion: rule.version,
    metric: rule.metric,
    words: needs.wordsOf(rule),
    scope: rule.scope,
    about: needs.about(rule),
    level,
    worstLevel: level,
    direction: rule.direction,
    limit: rule[level] ?? 0,
    began: machine.phase === 'firing' ? machine.began : at,
    firedAt: at,
    levelSince: at,
    value,
    worst: value,
    acked: null,
    ackedAfterMs: null,
    snoozed: null,
    snoozedUntil: null,
    toldAt: null,
    lastToldAt: null,
    resolvedAt: null,
    ended: null,
    turns: 0,
  };
}

/** An alert as a wall shows it. */
export function wallAlertOf(
  { alert, rule, latest }: { alert: KeptAlert; rule: SavedRule; latest: Tally | null },
  now: Instant,
): WallAlert {
  const { id, level, levelSince, limit, acked, snoozed, snoozedUntil, resolvedAt } = alert;
  const isSnoozed = snoozed !== null && snoozedUntil !== null && now < snoozedUntil;
  const taken = acked ?? (isSnoozed ? snoozed : null);
  return {
    id,
    rule: rule.id,
    metric: rule.metric,
    scope: rule.scope,
    about: alert.about,
    level,
    since: levelSince,
    value: latest,
    direction: rule.direction,
    limit,
    window: rule.window,
    target: rule.target,
    words: shortWordsOf(rule, limit),
    says: rule.says,
    chime: rule.chime,
    acked: taken === null ? null : { by: taken.by, at: taken.at },
    recoveredAt: resolvedAt,
  };
}
