import type { FigureId } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import { type CallFact, partOf } from '../fact.ts';
import { type Part, partsOf } from './call-parts.ts';
import { type Story, storyOf } from './call-story.ts';
import { type Sight, scopesOfPart, sightOf } from './call-view.ts';
import { type Rules, teamRulesOf } from './rules.ts';
import type { Contact, Judged, Live } from './verdict.ts';

/** An unended call is no longer going on this long after it was offered. */
export const CALL_LIFE_MS = 12 * 3_600_000;

/**
 * The verdict on one call from all of its facts, in any order: its view in each queue and team that it was offered in
 * and for the site, and what it means for call-backs. A waiting call that no phone was rung for has a first-ring
 * verdict pending until `Infinity`. docs/metrics.md states the rules.
 */
export function judgeCall(facts: readonly CallFact[], rules: Rules): Judged {
  const story = storyOf(facts);
  const judged: Judged = { settled: [], pending: [], live: [], views: [], replies: [], contacts: [] };
  if (story.direction === 'out') {
    const reachedAt = farEndPickup(story);
    if (reachedAt !== null && story.number !== '')
      judged.contacts.push({ what: 'reached', at: reachedAt, by: 'us' });
  }
  if (story.direction !== 'in') return judged;
  const parts = partsOf(story);
  for (const part of parts) addPart(judged, part, story, rules);
  if (!story.transfer) addMenu(judged, parts, story, rules);
  addContact(judged, parts, story, rules);
  return judged;
}

/** On an outbound call our own phone may be picked up first; the far end has no agent. */
function farEndPickup({ pickups, bridges }: Story): Instant | null {
  return (pickups.find((one) => one.agent === undefined) ?? bridges[0])?.at ?? null;
}

function addPart(judged: Judged, part: Part, story: Story, rules: Rules): void {
  for (const scope of scopesOfPart(part, rules)) {
    const sight = sightOf(scope, part, story, rules);
    if (sight === null) continue;
    judged.views.push(sight.view);
    addFigures(judged, sight, rules);
    if (story.end === null) addLive(judged, sight, part, story);
  }
}

/** Every figure of one view, in the bucket of its offer. */
function addFigures(judged: Judged, { view, anchorAt, withinMs, skew }: Sight, rules: Rules): void {
  const { scope, offeredAt: at, waitMs } = view;
  const settle = (figure: FigureId, n: number, d: number) => judged.settled.push({ figure, scope, at, n, d });
  const miss = (abandoned: 0 | 1) => {
    settle('callsOffered', 1, 0);
    settle('firstRing', 0, 1);
    settle('serviceLevel', 0, 1);
    settle('abandonment', abandoned, 1);
  };
  if (skew && view.outcome !== 'out_of_hours') settle('skew', 1, 0);
  switch (view.outcome) {
    case 'answered':
      settle('callsOffered', 1, 0);
      if (view.firstRing === 'none') settle('callsUnknown', 1, 0);
      else settle('firstRing', view.firstRing === 'met' ? 1 : 0, 1);
      settle('serviceLevel', (waitMs ?? 0) <= withinMs ? 1 : 0, 1);
      settle('speedOfAnswer', waitMs ?? 0, 1);
      settle('abandonment', 0, 1);
      break;
    case 'abandoned':
      miss(1);
      break;
    case 'flow_out':
      miss(0);
      break;
    case 'present': {
      settle('callsOffered', 1, 0);
      // No miss is certain while the call may still end as a short abandon, which is left out.
      const certainFrom = at + rules.shortAbandonMs;
      const ringLostAt =
        anchorAt === null ? Number.POSITIVE_INFINITY : Math.max(anchorAt + rules.ringPeriodMs, certainFrom);
      judged.pending.push({ figure: 'firstRing', scope, at, lostAt: ringLostAt });
      judged.pending.push({
        figure: 'serviceLevel',
        scope,
        at,
        lostAt: Math.max(at + withinMs + 1, certainFrom),
      });
      break;
    }
    case 'short_abandon':
      settle('shortAbandons', 1, 0);
      break;
    case 'callback':
      settle('callbacksAccepted', 1, 0);
      break;
    case 'overflow':
      settle('overflowed', 1, 0);
      break;
    case 'out_of_hours':
      settle('outOfHours', 1, 0);
      break;
    case 'unknown':
      settle('callsUnknown', 1, 0);
      break;
  }
}

/** Scopes that see the call alike share one entry. A queue that passed the call on sees it no more. */
function addLive(judged: Judged, { view }: Sight, part: Part, story: Story): void {
  const { scope, offeredAt } = view;
  if (view.outcome !== 'present' && view.talkingSince === null) return;
  const bridgedAt = view.talkingSince;
  const state = bridgedAt !== null ? 'talking' : isRinging(part, story) ? 'ringing' : 'waiting';
  const same = judged.live.find(
    (live) => live.what === 'call' && live.offeredAt === offeredAt && live.bridgedAt === bridgedAt,
  );
  if (same !== undefined) {
    same.scopes.push(scope);
    return;
  }
  const live: Live = {
    what: 'call',
    scopes: [scope],
    offeredAt,
    state,
    bridgedAt,
    until: offeredAt + CALL_LIFE_MS,
  };
  judged.live.push(live);
}

/** Phones of an earlier queue ring no more, even if nobody said that they stopped. */
function isRinging(part: Part, { alertEnds, pickups }: Story): boolean {
  const alerts = part.stays.at(-1)?.alerts ?? [];
  return alerts.some((alert) => {
    const leg = partOf(alert);
    return !alertEnds.some((one) => partOf(one) === leg) && !pickups.some((one) => partOf(one) === leg);
  });
}

/** Which of the calls that arrived in hours ended before they were offered; the site's only. */
function addMenu(judged: Judged, parts: readonly Part[], story: Story, rules: Rules): void {
  const { arrivedAt, end } = story;
  const scope = 'site';
  if (arrivedAt === null) return;
  const at = arrivedAt;
  if (parts.length > 0) {
    const seen = judged.views.find((view) => view.scope === scope);
    if (seen !== undefined && seen.outcome !== 'out_of_hours') {
      judged.settled.push({ figure: 'leftInMenu', scope, at, n: 0, d: 1 });
    }
    return;
  }
  if (end === null) return;
  const rang = story.alerts.length + story.pickups.length + story.bridges.length > 0;
  if (!rules.site.calendar.isOpen(at)) judged.settled.push({ figure: 'outOfHours', scope, at, n: 1, d: 0 });
  else if (end.why === 'unknown' || rang)
    judged.settled.push({ figure: 'callsUnknown', scope, at, n: 1, d: 0 });
  else judged.settled.push({ figure: 'leftInMenu', scope, at, n: 1, d: 1 });
}

/** What the call means for call-backs: it opens an obligation, or the caller was reached. */
function addContact(judged: Judged, parts: readonly Part[], { number, end }: Story, rules: Rules): void {
  const part = parts.find((one) => !one.transfer);
  const seen = judged.views.find((view) => view.scope === 'site');
  if (part === undefined || seen === undefined) return;
  if (part.answer !== null && seen.outcome !== 'unknown') {
    if (number !== '') judged.contacts.push({ what: 'reached', at: part.answer.bridgedAt, by: 'them' });
    return;
  }
  const why = seen.outcome;
  if (end === null || (why !== 'abandoned' && why !== 'flow_out' && why !== 'callback')) return;
  const queue = part.stays[0]?.offer.queue;
  const team = (queue === undefined ? undefined : rules.queues.get(queue)?.team) ?? null;
  const contact: Contact = { what: 'cause', at: end.at, team, why };
  if (number !== '') judged.contacts.push(contact);
  else if (teamRulesOf(rules, team).callbackMs !== null) {
    const scopes = team === null ? (['site'] as const) : ([`team:${team}`, 'site'] as const);
    for (const scope of scopes)
      judged.settled.push({ figure: 'callbacksUnknown', scope, at: end.at, n: 1, d: 0 });
  }
}
