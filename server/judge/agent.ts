import type { Tally } from '../../shared/figure.ts';
import { type Alert, type CallFact, partOf } from '../fact.ts';
import { judgeCall } from './call.ts';
import { type Story, storyOf } from './call-story.ts';
import { isCounted, SKEW_MAX_MS } from './call-view.ts';
import type { Rules } from './rules.ts';

/**
 * First-ring attempts of each agent in one call, for coaching only: picked up before the second ring of the own phone
 * (n) out of the attempts with a result (d). Ringing out and rejecting are misses; a phone that stopped because
 * somebody else answered or the caller left, or that was busy, is not counted. Calls that the promise leaves out have
 * no attempts.
 */
export function attemptsOf(facts: readonly CallFact[], rules: Rules): Map<string, Tally> {
  const attempts = new Map<string, Tally>();
  const outcome = judgeCall(facts, rules).views.find((view) => view.scope === 'site')?.outcome;
  if (outcome === undefined || !isCounted(outcome)) return attempts;
  const story = storyOf(facts);
  for (const alert of story.alerts) {
    const met = resultOf(alert, story, rules.ringPeriodMs);
    if (met === null) continue;
    const tally = attempts.get(alert.agent) ?? { n: 0, d: 0 };
    attempts.set(alert.agent, { n: tally.n + (met ? 1 : 0), d: tally.d + 1 });
  }
  return attempts;
}

function resultOf(
  alert: Alert,
  { pickups, bridges, alertEnds }: Story,
  ringPeriodMs: number,
): boolean | null {
  const leg = partOf(alert);
  const answer = [...pickups, ...bridges].find((one) => partOf(one) === leg);
  if (answer !== undefined) {
    const ringMs = answer.at - alert.at;
    return ringMs < -SKEW_MAX_MS ? null : ringMs < ringPeriodMs;
  }
  const end = alertEnds.find((one) => partOf(one) === leg);
  return end?.why === 'no_answer' || end?.why === 'reject' ? false : null;
}
