import type { Snapshot } from '../../shared/figure.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { aSnapshot, LOST_AT, NOW, of, theCalls, theEmails } from './a-snapshot.ts';
import { ALERT_STATES, anAlert, waiting } from './alert-states.ts';

const lost = { feed: 'lost', asOf: LOST_AT } as const;
const calls = theCalls();
const emails = theEmails();
const mentions = aSnapshot().mentions;
const lostCalls = { ...calls, live: null, firstRing: { ...calls.firstRing, ...lost } };

const overdue = anAlert({
  id: 'a7',
  metric: 'emailsOverdue',
  value: of(12, 1),
  direction: 'above',
  limit: 10,
  window: null,
  says: 'Two of you, please, to the inbox.',
});

const silent = anAlert({
  id: 'a8',
  metric: 'sourceSilent',
  scope: 'site',
  about: 'networks',
  value: of(95 * SECOND, 1),
  direction: 'above',
  limit: 60,
  window: null,
});

const burning = anAlert({
  metric: 'burnRate',
  value: of(52, 100),
  direction: 'above',
  limit: 2,
  target: 80,
  window: { kind: 'rolling', minutes: 120 },
  words: 'missed first rings, burn rate above 2 times over 2 hours, 10 calls or more',
});

const waits = waiting({ level: 'critical', limit: 180 });

/** States that are rarer than those of the design, by the name of their picture. */
export const ODD_ALERT_STATES: Record<string, Snapshot> = {
  burning: aSnapshot({ alerts: [burning] }),
  'burning-warning': aSnapshot({ alerts: [{ ...burning, level: 'warning', limit: 1 }] }),
  'other-team-warning': aSnapshot({
    board: { id: 'site', name: 'Everybody', place: 'New York' },
    alerts: [anAlert({ level: 'warning', limit: 75, value: of(26, 38), about: 'Billing and claims' })],
  }),
  'other-team-recovering': aSnapshot({
    board: { id: 'site', name: 'Everybody', place: 'New York' },
    alerts: [anAlert({ about: 'Billing and claims', recoveredAt: NOW - 20 * SECOND })],
  }),
  'gauges-critical': aSnapshot({
    calls: theCalls({
      live: { ringing: 5, waiting: 7, talking: 9, longestWaitingSince: NOW - 204 * SECOND },
    }),
    emails: theEmails({ live: { open: 40, overdue: 12, atRisk: 16, next: null, marks: [] } }),
    alerts: [waits, overdue],
  }),
  'gauges-lost': aSnapshot({
    calls: lostCalls,
    emails: { ...emails, live: null, withinHour: { ...emails.withinHour, ...lost } },
    alerts: [waits, overdue, anAlert({ value: null })],
  }),
  'mentions-lost': aSnapshot({
    mentions: mentions === null ? null : { ...mentions, ...lost },
    alerts: [...(ALERT_STATES['mention-critical']?.alerts ?? [])],
  }),
  'three-of-calls': aSnapshot({
    board: { id: 'site', name: 'Everybody', place: 'New York' },
    alerts: [anAlert(), anAlert({ id: 'b', about: 'Billing and claims', since: NOW - MINUTE }), silent],
  }),
  'since-friday': aSnapshot({
    alerts: [
      anAlert({ since: NOW - 96 * HOUR, acked: { by: 'Ann', at: NOW } }),
      { ...silent, since: NOW - 96 * HOUR },
    ],
  }),
  'long-names': aSnapshot({
    board: { id: 'site', name: 'Everybody', place: 'New York' },
    alerts: [
      anAlert({
        about: 'Orthopaedics, rehabilitation and out-patient surgery, North Shore',
        metric: 'abandonment',
        direction: 'above',
        limit: 12.5,
      }),
      anAlert({
        id: 'b',
        level: 'warning',
        metric: 'emailsWithinHour',
        about: 'Orthopaedics, rehabilitation and out-patient surgery, North Shore',
        value: of(264, 343),
        limit: 80,
      }),
    ],
  }),
};
