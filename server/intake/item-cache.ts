import type { Item, ItemKey, KeptFact } from '../store/store.ts';

/** Items kept in memory: about as many calls as can be going on, so that a call's next fact reads nothing. */
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

export function createItemCache(): ItemCache {
  const entries = new Map<ItemKey, Entry>();
  return {
    get: (key) => entries.get(key),
    set(key, entry) {
      entries.delete(key);
      if (entry.facts.length > FACTS_MAX) return;
      entries.set(key, entry);
      if (entries.size <= ITEMS_MAX) return;
      const [oldest] = entries.keys();
      if (oldest !== undefined) entries.delete(oldest);
    },
    forget: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  };
}
