import { createHash } from 'node:crypto';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { RULE_BOOK_VERSION, type Rules } from '../judge/rules.ts';
import { RULE_BOOK, type RuleSetting } from '../judge/rules-said.ts';
import { defaultTargets, ownDids, type Targets, targetsOf } from './rules.ts';
import type { Settings } from './schema.ts';

/**
 * Everything written that figures or targets depend on, one setting at a time, so that a change can be told and marked.
 * What is long is a hash. It holds no secret.
 */
export function rulesSaidOf(settings: Settings, rules: Rules): RuleSetting[] {
  const { site, teams, human_senders, own_accounts, mentions } = settings;
  const siteTargets = targetsOf(site.targets, defaultTargets);
  const shared = (what: string, value: string, isTold = true): RuleSetting => ({
    owner: 'site',
    of: null,
    what,
    value,
    isTold,
  });
  const holidays = [site.holidays, site.holiday_calendar ?? null, site.open_on];
  return [
    shared(RULE_BOOK, String(RULE_BOOK_VERSION)),
    shared('Time zone', site.zone),
    shared('Length of one ring', lengthOf(rules.ringPeriodMs)),
    shared(
      'Start of the first ring',
      site.first_ring_from === 'phones' ? 'the first phone that rings' : 'entering the queue',
    ),
    shared('Shortest wait that counts as given up', lengthOf(site.short_abandon)),
    shared('Holidays', hashOf(holidays), false),
    shared('Own mail domains', hashOf(site.domains), false),
    shared('Senders known to be people', hashOf(human_senders), false),
    shared('Own accounts', hashOf([...own_accounts, ...ownDids(settings)]), false),
    shared('Muted words, accounts or languages', hashOf(mentions), false),
    ...promised('site', site.name, siteTargets, site.hours ?? 'always'),
    ...teams.flatMap((team): RuleSetting[] => [
      shared(`Team ${team.name}`, team.id, false),
      ...promised(
        `team/${team.id}`,
        team.name,
        targetsOf(team.targets, siteTargets),
        team.hours ?? site.hours ?? 'always',
      ),
      {
        owner: `team/${team.id}`,
        of: team.name,
        what: 'Numbers for texts',
        value: hashOf(team.text_numbers),
        isTold: false,
      },
      ...team.queues.flatMap((queue): RuleSetting[] => [
        shared(`Queue ${queue.id}`, team.name),
        ...(queue.kind === 'mailbox'
          ? [shared(`Addresses of mailbox ${queue.id}`, hashOf(queue.addresses), false)]
          : []),
      ]),
    ]),
  ];
}

function promised(owner: string, of: string, targets: Targets, hours: unknown): RuleSetting[] {
  const { firstRing, serviceLevel, calledBack, emails } = targets;
  const told = (what: string, value: string): RuleSetting => ({ owner, of, what, value, isTold: true });
  return [
    told('First ring target', percent(firstRing)),
    told('Service level target', percent(serviceLevel.percent)),
    told('Service level time', lengthOf(serviceLevel.withinMs)),
    told('Called back target', calledBack === null ? 'off' : percent(calledBack.percent)),
    told('Called back time', calledBack === null ? 'off' : lengthOf(calledBack.withinMs)),
    told('Email target', percent(emails.percent)),
    told('Email time', lengthOf(emails.withinMs)),
    told('Email clock', emails.clock === 'business' ? 'opening hours' : 'round the clock'),
    told('Emails that count', emails.mode === 'every_turn' ? 'every turn' : 'the first of a thread'),
    { owner, of, what: 'Opening hours', value: hashOf(hours), isTold: false },
  ];
}

function percent(value: number): string {
  return `${value} %`;
}

function lengthOf(ms: number): string {
  return ms % MINUTE === 0 && ms > MINUTE ? `${ms / MINUTE} min` : `${ms / SECOND} s`;
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
