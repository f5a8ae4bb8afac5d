import { NOTHING_DUE_MS } from '../../shared/alert.ts';
import type { Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import { callGauges, liveCalls, owedGauges } from './gauges.ts';
import type { OpenItems } from './open-items.ts';

/** What is so now, by the name of its metric. */
export type OpenMetric =
  | 'longestWaiting'
  | 'callersWaiting'
  | 'callbacksOverdue'
  | 'emailsOverdue'
  | 'emailsAtRisk'
  | 'nextEmailDue';

export interface GaugeAsked {
  metric: OpenMetric;
  scope: Scope;
  now: Instant;
  readAt: (source: string) => Instant;
}

/** One number of what is open now: counts as they are, lengths in ms. */
export function openGauge(open: OpenItems, { metric, scope, now, readAt }: GaugeAsked): number {
  const reading = { now, readAt, of: () => ({ feed: 'live', asOf: null }) as const };
  switch (metric) {
    case 'longestWaiting': {
      const since = callGauges(liveCalls(open, scope, reading)).longestWaitingSince;
      return since === null ? 0 : Math.max(0, now - since);
    }
    case 'callersWaiting':
      return callGauges(liveCalls(open, scope, reading)).waiting;
    case 'callbacksOverdue':
      return owedGauges(open, scope, 'callback', reading).overdue;
    case 'emailsOverdue':
      return owedGauges(open, scope, 'email', reading).overdue;
    case 'emailsAtRisk':
      return owedGauges(open, scope, 'email', reading).atRisk;
    case 'nextEmailDue':
      return owedGauges(open, scope, 'email', reading).next?.leftMs ?? NOTHING_DUE_MS;
  }
}
