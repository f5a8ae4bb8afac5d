import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ItemKey, Tx } from '../store/store.ts';
import type { Entry, ItemCache } from './item-cache.ts';
import { kindOf } from './judge-item.ts';

/** Items read in one turn of the event loop. */
const ITEMS_A_TURN = 50;

/** What is stored of these items: from the cache, or read. */
export async function load(
  tx: Tx,
  keys: ReadonlySet<ItemKey>,
  cache: ItemCache,
): Promise<Map<ItemKey, Entry>> {
  const entries = new Map<ItemKey, Entry>();
  const missing: ItemKey[] = [];
  for (const key of keys) {
    const entry = cache.get(key);
    if (entry === undefined) missing.push(key);
    else entries.set(key, entry);
  }
  for (let from = 0; from < missing.length; from += ITEMS_A_TURN) {
    if (from > 0) await nextTurn();
    const some = missing.slice(from, from + ITEMS_A_TURN);
    const facts = await tx.facts(some);
    // A call that nothing is known of was never judged; other items lose their facts where two become one.
    const judged = some.filter((key) => kindOf(key) !== 'call' || facts.get(key)?.length !== 0);
    const items = await tx.items(judged);
    for (const key of some) entries.set(key, { facts: facts.get(key) ?? [], item: items.get(key) ?? null });
  }
  return entries;
}
