import type { Item, ItemKey, KeptFact } from '../store/store.ts';

/** Items kept in memory: as many calls as can be going on, so that a call's next fact reads nothing. */
const ITEMS_MAX = 10_000;

/** Longer items are read again each time rather than kept. */
const FACTS_MAX = 200;

/** An item as it is stored: all of its facts, and its verdict. */
export interface Entry {
  facts: KeptFact[];
  item: Item | null;
}

/**
 * Copies of what the last transactions committed. Intake alone writes facts and items, so they stay true; after a
 * transaction that failed everything is forgotten.
 */
export interface ItemCache {
  get(key: ItemKey): Entry | undefined;
  set(key: ItemKey, entry: Entry): void;
  forget(key: ItemKey): void;
  clear(): void;
}

/** Two generations: what is not asked for while one fills is forgotten with it, at no cost for each. */
export function createItemCache(): ItemCache {
  let young = new Map<ItemKey, Entry>();
  let old = new Map<ItemKey, Entry>();
  return {
    get: (key) => young.get(key) ?? old.get(key),
    set(key, entry) {
      if (entry.facts.length > FACTS_MAX) {
        young.delete(key);
        old.delete(key);
        return;
      }
      young.set(key, entry);
      if (young.size < ITEMS_MAX / 2) return;
      old = young;
      young = new Map();
    },
    forget(key) {
      young.delete(key);
      old.delete(key);
    },
    clear() {
      young.clear();
      old.clear();
    },
  };
}
