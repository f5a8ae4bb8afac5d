import type { Fact } from '../fact.ts';
import type { Deliver } from './source.ts';

/** What is delivered together is worked through in one turn of the event loop; more than this would be felt. */
export const FACTS_PER_DELIVERY = 50;

/**
 * Delivers in parts, one after the other, so that nobody waits for all of them. The cursor goes with the last part: it
 * never speaks of more than is durable. Rejects when a part fails; those before it are durable then, and telling them
 * again is harmless.
 */
export async function deliverInParts(
  deliver: Deliver,
  facts: readonly Fact[],
  cursor: string,
): Promise<void> {
  let from = 0;
  for (; facts.length - from > FACTS_PER_DELIVERY; from += FACTS_PER_DELIVERY)
    await deliver(facts.slice(from, from + FACTS_PER_DELIVERY));
  await deliver(facts.slice(from), cursor);
}
