import type { AlertTurn, Delivery, KeptAlert } from '../../server/store/alerts.ts';

export const FIRED_AT = Date.parse('2026-11-20T14:02:11Z');

/** A critical alert of a made-up team. */
export function anAlert(more: Partial<KeptAlert> = {}): KeptAlert {
  return {
    id: 'rule1.3.1763647331000',
    rule: 'rule1',
    ruleVersion: 3,
    metric: 'firstRing',
    words: 'first ring below 65% over 30 minutes, for 5 minutes, 10 calls or more',
    scope: 'team:support',
    about: 'Patient <Support> & *friends*',
    level: 'critical',
    worstLevel: 'critical',
    direction: 'below',
    limit: 65,
    began: FIRED_AT - 300_000,
    firedAt: FIRED_AT,
    levelSince: FIRED_AT,
    value: { n: 11, d: 18 },
    worst: { n: 11, d: 18 },
    acked: null,
    ackedAfterMs: null,
    snoozedUntil: null,
    snoozed: null,
    toldAt: FIRED_AT,
    resolvedAt: null,
    ended: null,
    turns: 1,
    lastToldAt: FIRED_AT,
    ...more,
  };
}

/** A turn of it; its place among its alert's turns is `turns`. */
export function aTurn(kind: AlertTurn['kind'] = 'fired', alert: Partial<KeptAlert> = {}): AlertTurn {
  const whole = anAlert({
    ...(kind === 'resolved' ? { resolvedAt: FIRED_AT + 600_000, ended: 'recovered' as const, turns: 9 } : {}),
    ...(kind === 'acknowledged'
      ? { acked: { by: 'Ana', at: FIRED_AT + 60_000, why: 'On it.' }, turns: 5 }
      : {}),
    ...alert,
  });
  return {
    id: `${whole.id}.${whole.turns}`,
    kind,
    at: kind === 'resolved' ? FIRED_AT + 600_000 : FIRED_AT,
    alert: whole,
    says: 'If you are free, pick up.',
    value: '61%',
    bunch: 'team:support',
  };
}

/** What the engine saves beside it. */
export function aDelivery(turn: AlertTurn, channel: string, more: Partial<Delivery> = {}): Delivery {
  return {
    turn: turn.id,
    channel,
    bunch: turn.bunch,
    message: null,
    state: 'waiting',
    dueAt: turn.at,
    tries: 0,
    trouble: null,
    at: turn.at,
    ...more,
  };
}
