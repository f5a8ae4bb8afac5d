import type { FigureId, Scope } from '../../shared/figure.ts';
import { HOUR, type Instant } from '../../shared/time.ts';
import type { TextFact } from '../fact.ts';
import { type Rules, type TeamRules, teamRulesOf } from './rules.ts';
import type { Contact, Judged } from './verdict.ts';

/** An obligation that is not met so long after it fell due, in open time, closes as never reached. */
export const CALLBACK_PATIENCE_MS = 24 * HOUR;

type Cause = Extract<Contact, { what: 'cause' }>;
type Reached = Extract<Contact, { what: 'reached' }>;
type Waived = Extract<Contact, { what: 'waived' }>;

/**
 * The verdict on what we owe one person: in each team one open obligation at a time, dated from its earliest cause,
 * due when the team's open time since then has run out, met when she is reached by then, whoever called.
 * docs/metrics.md states the rules.
 */
export function judgePerson(contacts: readonly Contact[], rules: Rules): Judged {
  const judged: Judged = { settled: [], pending: [], live: [], views: [], replies: [], contacts: [] };
  const sorted = [...contacts].sort((a, b) => a.at - b.at || compare(a, b));
  const reached = sorted.filter((one) => one.what === 'reached');
  const waived = sorted.filter((one) => one.what === 'waived');
  const causes = sorted.filter((one) => one.what === 'cause');
  for (const team of new Set(causes.map((cause) => cause.team))) {
    const own = causes.filter((cause) => cause.team === team);
    judgeTeam(judged, team, own, reached, waived, teamRulesOf(rules, team));
  }
  return judged;
}

/** What a text opens where it was sent to a number that promises a call; null elsewhere. */
export function contactOfText(fact: TextFact, rules: Rules): Contact | null {
  for (const [team, { textNumbers }] of rules.teams) {
    if (textNumbers.includes(fact.to)) return { what: 'cause', at: fact.at, team, why: 'text' };
  }
  if (!rules.site.textNumbers.includes(fact.to)) return null;
  return { what: 'cause', at: fact.at, team: null, why: 'text' };
}

/** At one instant our own call comes first, and teams in order: any order of the same contacts is judged alike. */
function compare(a: Contact, b: Contact): number {
  const one = rankOf(a);
  const other = rankOf(b);
  return one === other ? 0 : one < other ? -1 : 1;
}

function rankOf(contact: Contact): string {
  switch (contact.what) {
    case 'cause':
      return `0 ${contact.team ?? ''}`;
    case 'reached':
      return contact.by === 'us' ? '1' : '2';
    case 'waived':
      return '3';
  }
}

function judgeTeam(
  judged: Judged,
  team: string | null,
  causes: readonly Cause[],
  reached: readonly Reached[],
  waived: readonly Waived[],
  rules: TeamRules,
): void {
  const { callbackMs, calendar } = rules;
  if (callbackMs === null) return;
  const scopes: Scope[] = team === null ? ['site'] : [`team:${team}`, 'site'];
  const settle = (figure: FigureId, at: Instant, n: number, d: number) => {
    for (const scope of scopes) judged.settled.push({ figure, scope, at, n, d });
  };
  let closed: (at: Instant) => boolean = () => false;
  for (const { at: inAt } of causes) {
    if (closed(inAt)) continue;
    const dueAt = calendar.addOpen(inAt, callbackMs);
    const until = calendar.addOpen(dueAt, CALLBACK_PATIENCE_MS);
    const contact = reached.find((one) => one.at >= inAt && one.at < until);
    const waive = waived.find((one) => one.at >= inAt && one.at < until);
    if (contact !== undefined && (waive === undefined || contact.at <= waive.at)) {
      closed = (at) => at <= contact.at;
      if (contact.at <= dueAt) {
        settle('calledBack', contact.at, 1, 1);
        if (contact.by === 'them') settle('calledAgain', contact.at, 1, 0);
      } else {
        settle('calledBack', dueAt, 0, 1);
        settle('calledBackLate', contact.at, 1, 0);
      }
    } else if (waive !== undefined) {
      closed = (at) => at <= waive.at;
      settle('callbacksWaived', waive.at, 1, 0);
    } else {
      closed = (at) => at < until;
      // A calendar that never opens has no due time to file it under.
      const at = Number.isFinite(dueAt) ? dueAt : inAt;
      for (const scope of scopes) judged.pending.push({ figure: 'calledBack', scope, at, lostAt: dueAt });
      judged.live.push({ what: 'callback', scopes, inAt, dueAt, until });
    }
  }
}
