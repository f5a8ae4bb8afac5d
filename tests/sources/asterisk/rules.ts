import type { Calendar } from '../../../server/judge/hours.ts';
import type { Rules, TeamRules } from '../../../server/judge/rules.ts';

const always: Calendar = {
  zone: 'UTC',
  always: true,
  isOpen: () => true,
  addOpen: (from, openMs) => from + openMs,
  openBetween: (from, to) => Math.max(0, to - from),
  opensAt: (at) => at,
  spans: (span) => [span],
  isHoliday: () => false,
  addOpenDays: (from, days) => from + days * 86_400_000,
};

const site: TeamRules = {
  calendar: always,
  serviceLevelMs: 20_000,
  callbackMs: 600_000,
  emailMs: 3_600_000,
  emailClock: 'business',
  emailMode: 'every_turn',
  textNumbers: [],
};

/** A site in the United States that is always open and has no teams. */
export const rules: Rules = {
  zone: 'UTC',
  ringPeriodMs: 6_000,
  firstRingAnchor: 'first_alert',
  shortAbandonMs: 5_000,
  ourDomains: [],
  humanSenders: [],
  ownAccounts: [],
  mentions: { hasMutedWord: () => false, mutedAccounts: [], languages: [] },
  queues: new Map(),
  teams: new Map(),
  site,
};
