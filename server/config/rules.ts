import { MINUTE, SECOND } from '../../shared/time.ts';
import { wordMatcher } from '../../shared/word-match.ts';
import { type Calendar, createCalendar } from '../judge/hours.ts';
import { ringPeriodMs } from '../judge/ring-period.ts';
import type { QueueRules, Rules, TeamRules } from '../judge/rules.ts';
import type { WeeklyHours } from '../judge/weekly-hours.ts';
import type { IsHoliday } from './holiday-calendar.ts';
import type { Settings, TargetSettings } from './schema.ts';

/** What is promised where the configuration says nothing: docs/metrics.md. */
export const defaultTargets: Targets = {
  firstRing: 70,
  serviceLevel: { percent: 80, withinMs: 20 * SECOND },
  calledBack: { percent: 80, withinMs: 10 * MINUTE },
  emails: { percent: 80, withinMs: 60 * MINUTE, clock: 'business', mode: 'every_turn' },
};
export const defaultMinSample = 5;

/** Every promise of a team, or of the site, in full. */
export interface Targets {
  /** Whole percents. */
  firstRing: number;
  serviceLevel: { percent: number; withinMs: number };
  calledBack: { percent: number; withinMs: number } | null;
  emails: {
    percent: number;
    withinMs: number;
    clock: 'business' | 'calendar';
    mode: 'every_turn' | 'first_only';
  };
}

/** The promises written here, and for what is not, those of `otherwise`. */
export function targetsOf(written: TargetSettings, otherwise: Targets): Targets {
  const { first_ring, service_level, called_back, emails } = written;
  return {
    firstRing: first_ring ?? otherwise.firstRing,
    serviceLevel: promised(service_level, otherwise.serviceLevel),
    calledBack:
      called_back === null
        ? null
        : called_back === undefined
          ? otherwise.calledBack
          : promised(called_back, otherwise.calledBack ?? { percent: 80, withinMs: 10 * MINUTE }),
    emails: {
      ...promised(emails, otherwise.emails),
      clock: emails?.clock ?? otherwise.emails.clock,
      mode: emails?.mode ?? otherwise.emails.mode,
    },
  };
}

/** The rule book's view of the configuration. A team without hours of its own keeps the site's. */
export function rulesOf(
  { site, teams, own_accounts, human_senders, mentions, sources }: Settings,
  isHoliday: IsHoliday | null,
): Rules {
  const siteTargets = targetsOf(site.targets, defaultTargets);
  const siteCalendar = calendarOf(site, site.hours ?? 'always', isHoliday);
  const queues = teams.flatMap((team) => team.queues.map((queue) => ({ team: team.id, queue })));
  return {
    zone: site.zone,
    ringPeriodMs: site.ring_period ?? ringPeriodMs(site.country),
    firstRingAnchor: site.first_ring_from === 'phones' ? 'first_alert' : 'offered',
    shortAbandonMs: site.short_abandon,
    ourDomains: site.domains.map((domain) => domain.toLowerCase()),
    humanSenders: human_senders.map((sender) => sender.toLowerCase().replace(/^@/, '')),
    ownAccounts: [...own_accounts, ...ownDids({ sources })].map(accountName),
    mentions: {
      hasMutedWord: wordMatcher(mentions.muted_words),
      mutedAccounts: mentions.muted_accounts.map(accountName),
      languages: mentions.languages.map((language) => language.toLowerCase()),
    },
    queues: new Map(
      queues.map(({ team, queue }, order): [string, QueueRules] => [
        queue.id,
        {
          kind: queue.kind,
          team,
          order,
          ...(queue.kind === 'mailbox' && queue.keep === 'readable' ? { keepsAddresses: true } : {}),
          addresses: queue.kind === 'mailbox' ? queue.addresses.map((address) => address.toLowerCase()) : [],
        },
      ]),
    ),
    teams: new Map(
      teams.map((team): [string, TeamRules] => {
        const calendar = team.hours === undefined ? siteCalendar : calendarOf(site, team.hours, isHoliday);
        return [team.id, teamRules(calendar, targetsOf(team.targets, siteTargets), team.text_numbers)];
      }),
    ),
    site: teamRules(siteCalendar, siteTargets, []),
  };
}

/** Accounts of ours that a source names because it looks for what is said to them. */
export function ownDids({ sources }: Pick<Settings, 'sources'>): string[] {
  return sources.flatMap((source) => (source.kind === 'bluesky' ? source.accounts : []));
}

function accountName(written: string): string {
  return written.toLowerCase().replace(/^@/, '');
}

function calendarOf(site: Settings['site'], weekly: WeeklyHours, isHoliday: IsHoliday | null): Calendar {
  const own = new Set(site.open_on);
  const closed = site.holidays.filter((date) => !own.has(date));
  // Who is always open is open on holidays too.
  return createCalendar({
    zone: site.zone,
    weekly,
    holidays: weekly === 'always' ? [] : (isHoliday ?? closed),
  });
}

function teamRules(calendar: Calendar, targets: Targets, textNumbers: readonly string[]): TeamRules {
  return {
    calendar,
    serviceLevelMs: targets.serviceLevel.withinMs,
    callbackMs: targets.calledBack?.withinMs ?? null,
    emailMs: targets.emails.withinMs,
    emailClock: targets.emails.clock,
    emailMode: targets.emails.mode,
    textNumbers: textNumbers.map((number) => number.replace(/\D/g, '').replace(/^00/, '')),
  };
}

function promised(
  written: { percent?: number | undefined; within?: number | undefined } | undefined,
  otherwise: { percent: number; withinMs: number },
) {
  return { percent: written?.percent ?? otherwise.percent, withinMs: written?.within ?? otherwise.withinMs };
}
