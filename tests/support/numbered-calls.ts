import type { Fact } from '../../server/fact.ts';
import type { Rules } from '../../server/judge/rules.ts';
import { HOUR, type Instant, SECOND } from '../../shared/time.ts';
import { someRules } from './some-rules.ts';

export const KILL_SOURCE = 'pbx';

const from: Instant = Date.parse('2026-03-10T10:00:00Z');

export function killRules(): Rules {
  return someRules();
}

/** A whole call that follows from its number: every third one gives up and is owed a call. */
export function callNumbered(i: number): Fact[] {
  const call = `c${i}`;
  const at = from + ((i * 7 * SECOND) % (6 * HOUR));
  const offered: Fact[] = [
    { kind: 'arrived', call, at, number: `+1555${String(1_000_000 + (i % 500))}` },
    { kind: 'offered', call, at: at + SECOND, queue: i % 2 === 0 ? 'support' : 'billing' },
    { kind: 'alert', call, at: at + 2 * SECOND, agent: 'a1', leg: 'l1' },
  ];
  if (i % 3 === 0) return [...offered, { kind: 'end', call, at: at + 30 * SECOND, why: 'abandon' }];
  return [
    ...offered,
    { kind: 'pickup', call, at: at + (3 + (i % 9)) * SECOND, agent: 'a1', leg: 'l1' },
    { kind: 'end', call, at: at + 90 * SECOND, why: 'hangup' },
  ];
}
