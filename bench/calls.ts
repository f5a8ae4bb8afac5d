import type { CallFact } from '../server/fact.ts';
import { type Instant, SECOND } from '../shared/time.ts';
import { QUEUES } from './site.ts';

/** A new call comes this often, so that about 250 are going on at a time and their facts are told mixed. */
const CALL_EVERY_MS = 400;
const CALLERS = 5_000;

/** One made-up call that follows from its number; one in ten gives up. */
export function callNumbered(i: number, call: string, at: Instant): CallFact[] {
  const agent = `agent-${i % 200}`;
  const offeredAt = at + 2 * SECOND + ((i * 37) % 900);
  const alertAt = offeredAt + 400 + ((i * 53) % 3_000);
  const coming: CallFact[] = [
    { kind: 'arrived', call, at, number: `+1555${String(1_000_000 + ((i * 7_919) % CALLERS))}` },
    { kind: 'offered', call, at: offeredAt, queue: QUEUES[(i * 7) % QUEUES.length] ?? '' },
    { kind: 'alert', call, at: alertAt, agent, leg: `${call}-1` },
  ];
  if (i % 10 === 3) {
    const endAt = alertAt + 9 * SECOND + ((i * 101) % 20_000);
    return [...coming, { kind: 'end', call, at: endAt, why: 'abandon' }];
  }
  const pickupAt = alertAt + 1_500 + ((i * 211) % 9_000);
  return [
    ...coming,
    { kind: 'pickup', call, at: pickupAt, agent, leg: `${call}-1` },
    { kind: 'bridged', call, at: pickupAt + 120, agent, leg: `${call}-1` },
    { kind: 'end', call, at: pickupAt + 60 * SECOND + ((i * 401) % 90_000), why: 'hangup' },
  ];
}

/**
 * At least so many facts in the order in which they happened, the last of them a second before `until`. Every call
 * ends, or what is open would grow from stream to stream.
 */
export function streamOf(name: string, count: number, until: Instant): CallFact[] {
  const facts: CallFact[] = [];
  for (let i = 0; facts.length < count; i += 1)
    facts.push(...callNumbered(i, `${name}-${i}`, i * CALL_EVERY_MS));
  const stream = facts.sort((a, b) => a.at - b.at);
  const shift = until - SECOND - (stream.at(-1)?.at ?? 0);
  for (const fact of stream) fact.at += shift;
  return stream;
}

/** The same in an order that follows from nothing but their number. */
export function shuffled<T>(all: readonly T[]): T[] {
  const mixed = [...all];
  let state = 1;
  for (let i = mixed.length - 1; i > 0; i -= 1) {
    // Numerical Recipes' generator: the same order at every run.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (i + 1));
    [mixed[i], mixed[other]] = [mixed[other] as T, mixed[i] as T];
  }
  return mixed;
}

export function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, i * size + size));
}
