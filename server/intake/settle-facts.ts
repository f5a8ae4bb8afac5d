import { winnerOf } from '../store/canonical.ts';
import type { ItemKey, KeptFact, PutOutcome } from '../store/store.ts';
import type { Entry } from './item-cache.ts';

/** What became of facts that were heard, and what is to be written of them. */
export interface SettledFacts {
  /** The fate of each, in their order. */
  outcomes: PutOutcome[];
  /** Facts whose keys were not known. */
  fresh: KeptFact[];
  /** Facts that won over the ones kept under their keys. */
  replaced: KeptFact[];
  /** Items whose facts are others now. */
  touched: Map<ItemKey, Entry>;
}

/**
 * Takes facts into the items that they belong to; `entries` holds all that is kept of each. Of two with the same key the
 * earlier instant wins, and a tie goes to the smaller canonical JSON (definitions §0), so that any order of arrival, and
 * any number of repeats, ends in the same.
 */
export function settleFacts(heard: readonly KeptFact[], entries: ReadonlyMap<ItemKey, Entry>): SettledFacts {
  const settled: SettledFacts = { outcomes: [], fresh: [], replaced: [], touched: new Map() };
  for (const one of heard) {
    const entry = entries.get(one.item);
    if (entry === undefined) throw new Error(`The item ${one.item} was not read.`);
    settled.outcomes.push(settleOne(one, entry, settled));
  }
  return settled;
}

function settleOne(came: KeptFact, entry: Entry, { fresh, replaced, touched }: SettledFacts): PutOutcome {
  const at = entry.facts.findIndex((kept) => hasSameKey(kept, came));
  const kept = entry.facts[at];
  if (kept === undefined) {
    entry.facts.push(came);
    fresh.push(came);
    touched.set(came.item, entry);
    return 'stored';
  }
  const winner = winnerOf(kept.fact, came.fact);
  if (winner === 'same') return 'repeat';
  if (winner === 'came') {
    entry.facts[at] = came;
    replaced.push(came);
    touched.set(came.item, entry);
  }
  return 'conflict';
}

function hasSameKey(a: KeptFact, b: KeptFact): boolean {
  return a.fact.kind === b.fact.kind && a.part === b.part && a.subject === b.subject && a.source === b.source;
}
