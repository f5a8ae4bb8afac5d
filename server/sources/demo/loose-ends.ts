import { HOUR, type Instant, type Span } from '../../../shared/time.ts';
import type { Fact } from '../../fact.ts';

/** Longer than any call or unanswered email of the demo team lasts. */
const LASTING_MS = 4 * HOUR;
/** Whoever is called back is called back well within this. */
const CALLED_BACK_MS = HOUR;

/**
 * What by now has become of all that was open at an instant: ends of calls, answers, calls back. Told before anything
 * else after a sleep, or an email of last night would look overdue until the night has been made up for.
 */
export function looseEnds(factsIn: (span: Span) => Fact[], at: Instant, now: Instant): Fact[] {
  const begun = new Set(factsIn({ from: at - LASTING_MS, to: at }).flatMap(callOf));
  return factsIn({ from: at, to: Math.min(at + LASTING_MS, now + 1) }).filter((fact) => {
    if (fact.kind === 'mail_out' || fact.kind === 'waive') return true;
    if (fact.kind === 'arrived' && fact.direction === 'out' && fact.at < at + CALLED_BACK_MS)
      begun.add(fact.call);
    return callOf(fact).some((call) => begun.has(call));
  });
}

function callOf(fact: Fact): string[] {
  return 'call' in fact ? [fact.call] : [];
}
