import type { WallAlert } from '../../shared/alert.ts';
import type { Snapshot } from '../../shared/figure.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { aSnapshot, LOST_AT, NOW, of, theCalls, theEmails } from './a-snapshot.ts';

/** 13:55 in New York. */
const SINCE = Date.parse('2026-11-17T18:55:00Z');

/** A critical rule on calls over half an hour; `but` replaces what a test is about. */
export function anAlert(but: Partial<WallAlert> = {}): WallAlert {
  return {
    id: 'a1',
    rule: 'r1',
    metric: 'firstRing',
    scope: 'team:support',
    about: 'Patient Support',
    level: 'critical',
    since: SINCE,
    value: of(22, 38),
    direction: 'below',
    limit: 65,
    window: { kind: 'rolling', minutes: 30 },
    target: null,
    words: 'first ring below 65% over 30 minutes, for 10 minutes, 20 calls or more',
    says: 'If you are free, pick up.',
    chime: true,
    acked: null,
    recoveredAt: null,
    ...but,
  };
}

const worse = theCalls(
  { live: { ringing: 5, waiting: 7, talking: 9, longestWaitingSince: NOW - 204 * SECOND } },
  { tally: of(203, 274) },
);

/** Seven callers wait: a warning on a count of now. */
export const waiting = (but: Partial<WallAlert> = {}): WallAlert =>
  anAlert({
    id: 'a2',
    rule: 'r2',
    metric: 'longestWaiting',
    level: 'warning',
    since: NOW - 2 * MINUTE,
    value: of(204 * SECOND, 1),
    direction: 'above',
    limit: 120,
    window: null,
    words: 'longest wait above 2:00',
    says: '',
    ...but,
  });

const slowMail = (but: Partial<WallAlert> = {}): WallAlert =>
  anAlert({
    id: 'a3',
    rule: 'r3',
    metric: 'emailsWithinHour',
    since: SINCE - 5 * MINUTE,
    value: of(264, 343),
    limit: 80,
    window: { kind: 'today' },
    words: 'emails within the hour below 80% today, for 5 minutes, 10 emails or more',
    says: 'Two of you, please, to the inbox until it is level again.',
    ...but,
  });

const lostCalls = {
  ...worse,
  live: null,
  firstRing: { ...worse.firstRing, feed: 'lost', asOf: LOST_AT },
} as const;

/** Every state of an alert that the wall is drawn in, by the name of its picture. */
export const ALERT_STATES: Record<string, Snapshot> = {
  critical: aSnapshot({ calls: worse, alerts: [anAlert(), waiting()] }),
  'two-critical': aSnapshot({
    calls: worse,
    emails: theEmails({}, { tally: of(264, 343) }),
    alerts: [slowMail(), anAlert(), waiting({ level: 'critical', limit: 180 })],
  }),
  warning: aSnapshot({
    calls: worse,
    alerts: [
      anAlert({ level: 'warning', limit: 75, value: of(26, 38) }),
      anAlert({
        id: 'a4',
        metric: 'emailsOverdue',
        level: 'warning',
        value: of(2, 1),
        direction: 'above',
        limit: 2,
        window: null,
      }),
      anAlert({
        id: 'a5',
        metric: 'nextEmailDue',
        level: 'warning',
        value: of(252 * SECOND, 1),
        limit: 300,
        window: null,
      }),
    ],
  }),
  'head-warning': aSnapshot({
    alerts: [
      anAlert({
        id: 'a6',
        metric: 'sourceSilent',
        scope: 'site',
        about: 'networks',
        level: 'warning',
        value: of(95 * SECOND, 1),
        direction: 'above',
        limit: 60,
        window: null,
      }),
    ],
  }),
  acknowledged: aSnapshot({
    calls: worse,
    alerts: [
      anAlert({ acked: { by: 'Ann', at: NOW - MINUTE } }),
      waiting({ level: 'critical', limit: 180, acked: { by: 'Ann', at: NOW - MINUTE } }),
    ],
  }),
  recovering: aSnapshot({
    alerts: [
      anAlert({ recoveredAt: Date.parse('2026-11-17T19:06:10Z') }),
      waiting({ recoveredAt: NOW - 20 * SECOND }),
    ],
  }),
  'critical-lost': aSnapshot({ calls: lostCalls, alerts: [anAlert({ value: null })] }),
  'critical-words': aSnapshot({
    board: { id: 'site', name: 'Everybody', place: 'New York' },
    calls: worse,
    alerts: [
      anAlert({
        metric: 'speedOfAnswer',
        scope: 'queue:billing',
        about: 'Billing and claims',
        value: of(190 * SECOND * 38, 38),
        direction: 'above',
        limit: 150,
        words:
          'average wait of Billing and claims above 2:30 over 30 minutes, for 10 minutes, 20 answered calls or more',
        says: 'Whoever is nearest to the phones of billing and claims: please pick one up.',
      }),
    ],
  }),
  callbacks: aSnapshot({
    calls: worse,
    callbacks: {
      tally: of(11, 13),
      target: 80,
      withinMs: 10 * MINUTE,
      live: { owed: 14, overdue: 12, next: null },
    },
    emails: theEmails({ live: { open: 40, overdue: 12, atRisk: 16, next: null, marks: [] } }),
    alerts: [
      waiting({ level: 'critical', limit: 180 }),
      ...(['callbacksOverdue', 'emailsOverdue', 'emailsAtRisk'] as const).map((metric, i) =>
        anAlert({
          id: metric,
          metric,
          level: i === 1 ? 'critical' : 'warning',
          value: of(12, 1),
          direction: 'above',
          limit: 10,
          window: null,
        }),
      ),
    ],
  }),
  'demo-critical': aSnapshot({ demo: true, calls: worse, alerts: [anAlert()] }),
  'mention-critical': aSnapshot({
    alerts: [
      anAlert({
        metric: 'mentionRate',
        scope: 'site',
        about: 'Harbor Health',
        value: of(41, 12),
        direction: 'above',
        limit: 200,
        since: NOW - HOUR,
        words: 'mentions above 200% of last week over 2 hours, 10 mentions or more',
        says: 'Read what they say, and tell the desk.',
      }),
    ],
  }),
};
