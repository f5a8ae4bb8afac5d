import type { Rules } from '../../server/judge/rules.ts';
import type { TrendScope } from '../../server/metrics/trends-scope.ts';

/** The site, the team `help`, and its queue and mailbox, as the configuration of `someRules` would have them. */
export function someTrendScopes({ site }: Pick<Rules, 'site'>): TrendScope[] {
  const due = { withinMs: site.emailMs, clock: site.emailClock, calendar: site.calendar };
  const inbox = { scope: 'queue:inbox' as const, due };
  const calls = [
    'firstRing',
    'serviceLevel',
    'abandonment',
    'speedOfAnswer',
    'callsOffered',
    'waitTime',
  ] as const;
  const mails = ['emailsWithinHour', 'emailsReceived', 'replyTime'] as const;
  const ofCalls = { targets: { firstRing: 70, serviceLevel: 80, abandonment: 5 } };
  const ofMails = { targets: { emailsWithinHour: 80 }, promisedMs: { emailsWithinHour: site.emailMs } };
  const promisedMs = { firstRing: 6_000, serviceLevel: site.serviceLevelMs };
  const both = {
    figures: [...calls, ...mails],
    minSample: 5,
    targets: { ...ofCalls.targets, ...ofMails.targets },
    promisedMs: { ...promisedMs, ...ofMails.promisedMs },
  };
  return [
    { scope: 'site', name: 'Acme', kind: 'site', team: null, ...both, mail: [inbox, { scope: 'site', due }] },
    { scope: 'team:help', name: 'Help', kind: 'team', team: null, ...both, mail: [inbox] },
    {
      scope: 'queue:support',
      name: 'support',
      kind: 'calls',
      team: 'help',
      figures: calls,
      minSample: 5,
      ...ofCalls,
      promisedMs,
      mail: [],
    },
    {
      scope: 'queue:inbox',
      name: 'inbox',
      kind: 'mailbox',
      team: 'help',
      figures: mails,
      minSample: 5,
      ...ofMails,
      mail: [inbox],
    },
  ];
}
