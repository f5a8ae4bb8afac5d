import { type Calendar, createCalendar } from '../../server/judge/hours.ts';
import { ringPeriodMs } from '../../server/judge/ring-period.ts';
import type { QueueRules, Rules, TeamRules } from '../../server/judge/rules.ts';
import type { WeeklyHours } from '../../server/judge/weekly-hours.ts';

/** Every instant is open. */
export const alwaysOpen: Calendar = createCalendar({ zone: 'UTC', weekly: 'always', holidays: [] });

/** Monday to Friday, the same hours each day. */
export function onWeekdays(open: string, close: string): Exclude<WeeklyHours, 'always'> {
  const day = [[open, close]] as const;
  return { mon: day, tue: day, wed: day, thu: day, fri: day, sat: [], sun: [] };
}

export function someTeam(over: Partial<TeamRules> = {}): TeamRules {
  return {
    calendar: alwaysOpen,
    serviceLevelMs: 20_000,
    callbackMs: 600_000,
    emailMs: 3_600_000,
    emailClock: 'business',
    emailMode: 'every_turn',
    textNumbers: [],
    ...over,
  };
}

/** A call queue of a team. */
export function someQueue(team: string, order = 0): QueueRules {
  return { kind: 'calls', team, addresses: [], order };
}

export function someMailbox(team: string, addresses: readonly string[], order = 0): QueueRules {
  return { kind: 'mailbox', team, addresses, order };
}

/**
 * US rings, always open; team `help` owns the queue `support` and the mailbox `help@acme.example`, team `money` the
 * queue `billing`.
 */
export function someRules(over: Partial<Rules> = {}): Rules {
  return {
    zone: 'UTC',
    ringPeriodMs: ringPeriodMs('us'),
    firstRingAnchor: 'first_alert',
    shortAbandonMs: 5_000,
    ourDomains: ['acme.example'],
    humanSenders: [],
    ownAccounts: ['acme'],
    mentions: { hasMutedWord: () => false, mutedAccounts: [], languages: [] },
    queues: new Map([
      ['support', someQueue('help')],
      ['billing', someQueue('money')],
      ['inbox', someMailbox('help', ['help@acme.example'])],
    ]),
    teams: new Map([
      ['help', someTeam()],
      ['money', someTeam()],
    ]),
    site: someTeam(),
    ...over,
  };
}
