import type { Item, ItemChange } from '../../server/store/store.ts';

/** An item that was not there. */
export function saved(after: Item): ItemChange {
  return { key: after.key, before: null, after };
}

/** An item that is stored, and what it is now. */
export function changed(before: Item, after: Item | null): ItemChange {
  return { key: before.key, before, after };
}
