import type { Committed, ItemKey, Tx } from '../store/store.ts';
import { createDeltaSum } from './contribution.ts';
import { type IngestNeeds, judgePeople, judgeTouched } from './ingest.ts';
import { load } from './load.ts';

/**
 * Judges these items again from their facts, inside one transaction: what a changed rule changes goes into the tallies
 * as if the facts had just come. Nothing changes where the rules are the same.
 */
export async function judgeAgain(tx: Tx, keys: readonly ItemKey[], needs: IngestNeeds): Promise<Committed> {
  const sum = createDeltaSum(needs.rules);
  const entries = await load(tx, new Set(keys), needs.cache);
  const changes = await judgeTouched(entries, needs, sum);
  await tx.save(changes);
  const people = await judgePeople(tx, changes, entries, needs, sum);
  await tx.save(people);
  const tallies = sum.deltas();
  await tx.addTallies(tallies);
  await tx.addSpreads(sum.spreads());
  return {
    at: needs.now,
    items: [...changes, ...people],
    tallies,
    postsChanged: false,
    quotesChanged: false,
  };
}
