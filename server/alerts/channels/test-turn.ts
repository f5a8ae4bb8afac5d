import type { Instant } from '../../../shared/time.ts';
import type { ToldTurn } from './channel.ts';

/** A turn of no alert, to try a channel with. Everything that shows it says that it is a test. */
export function testTurn({ id, at, site }: { id: string; at: Instant; site: string }): ToldTurn {
  const nothing = { n: 0, d: 0 };
  return {
    id,
    kind: 'test',
    at,
    says: '',
    value: '',
    bunch: id,
    alert: {
      id,
      rule: 'test',
      ruleVersion: 0,
      metric: 'test',
      words: 'a test',
      scope: 'site',
      about: site,
      level: 'warning',
      worstLevel: 'warning',
      direction: 'below',
      limit: 0,
      began: at,
      firedAt: at,
      levelSince: at,
      value: nothing,
      worst: nothing,
      acked: null,
      ackedAfterMs: null,
      snoozedUntil: null,
      snoozed: null,
      toldAt: null,
      resolvedAt: null,
      ended: null,
      turns: 1,
      lastToldAt: null,
    },
  };
}
