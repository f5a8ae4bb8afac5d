import type { Scope } from '../../shared/figure.ts';
import type { WordMatch } from '../../shared/word-match.ts';
import type { Calendar } from './hours.ts';

/** Raised with every change of a formula: what is stored is then judged again. */
export const RULE_BOOK_VERSION = 3;

/** Everything the rule book needs to know of a site. A plain value made from the configuration. */
export interface Rules {
  /** IANA zone of the site. */
  zone: string;
  /** One ring of the country, in ms; see ring-period.ts. */
  ringPeriodMs: number;
  firstRingAnchor: 'first_alert' | 'offered';
  /** Abandons with a shorter wait are left out. */
  shortAbandonMs: number;
  /** Domains of ours, lower case: mail from them is internal, mail to them is not an answer. */
  ourDomains: readonly string[];
  /** Our own accounts on the networks, lower case, without the leading @. */
  ownAccounts: readonly string[];
  mentions: MentionRules;
  /** Addresses and whole domains, lower case, whose mail is written by people although it comes as from a list. */
  humanSenders: readonly string[];
  /** By queue id. A queue that is not here counts for the site only, under `site`. */
  queues: ReadonlyMap<string, QueueRules>;
  /** By team id. */
  teams: ReadonlyMap<string, TeamRules>;
  /** What holds where no team owns the work. */
  site: TeamRules;
}

/** Which posts are left out although they match. */
export interface MentionRules {
  hasMutedWord: WordMatch;
  /** Lower case, without the leading @. */
  mutedAccounts: readonly string[];
  /** Lower-case language tags; empty: all. A post in no known language is kept. */
  languages: readonly string[];
}

export interface QueueRules {
  kind: 'calls' | 'mailbox';
  team: string;
  /** Mailboxes: every address that is this mailbox, lower case. */
  addresses: readonly string[];
  /** Mailboxes: customers' addresses are stored readable. */
  keepsAddresses?: boolean;
  /** Position in the configuration; the last tie-break for a mail in two mailboxes. */
  order: number;
}

export interface TeamRules {
  calendar: Calendar;
  /** Answered in at most this long. */
  serviceLevelMs: number;
  /** Null where the promise to call back is switched off. */
  callbackMs: number | null;
  emailMs: number;
  emailClock: 'business' | 'calendar';
  emailMode: 'every_turn' | 'first_only';
  /** Numbers of ours with "text us and we call", in the digits-only form of intake. */
  textNumbers: readonly string[];
}

/** The rules of a queue's team, or the site's. */
export function teamRulesOf(rules: Rules, team: string | null): TeamRules {
  return (team === null ? undefined : rules.teams.get(team)) ?? rules.site;
}

/** Every scope that work in this queue is seen under: the queue, its team, the site. */
export function scopesOf(rules: Rules, queue: string | null): readonly Scope[] {
  if (queue === null) return siteAlone;
  const team = rules.queues.get(queue)?.team;
  // No more of these than there are queues, so that the same few names are used over and over.
  if (team !== undefined) return scopesOfQueue(rules, queue, team);
  return [`queue:${queue}`, 'site'];
}

const siteAlone: readonly Scope[] = ['site'];
const known = new WeakMap<Rules, Map<string, readonly Scope[]>>();

function scopesOfQueue(rules: Rules, queue: string, team: string): readonly Scope[] {
  let ofRules = known.get(rules);
  if (ofRules === undefined) {
    ofRules = new Map();
    known.set(rules, ofRules);
  }
  let scopes = ofRules.get(queue);
  if (scopes === undefined) {
    scopes = [`queue:${queue}`, `team:${team}`, 'site'];
    ofRules.set(queue, scopes);
  }
  return scopes;
}
