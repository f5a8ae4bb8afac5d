import type { Scope } from '../../shared/figure.ts';
import type { Instant, Span } from '../../shared/time.ts';
import type { Rules } from '../judge/rules.ts';
import type { CallView } from '../judge/verdict.ts';
import type { Committed, Store } from '../store/store.ts';
import { alone, turn } from './alone.ts';
import { createDayViews, type DayViews } from './day-views.ts';
import { createOpenItems, type OpenItems } from './open-items.ts';
import { createQuarters, type Quarters } from './quarters.ts';

/** What the figures need of the store, kept true by every commit since. */
export interface Memory {
  quarters: Quarters;
  views: DayViews;
  open: OpenItems;
  /** Call views and tallies are whole from here on. */
  from: Instant;
}

export interface MemoryNeeds {
  store: Store;
  rules: Rules;
  scopes: readonly Scope[];
  dayOf: (at: Instant) => Span;
}

/** The last instant that a Date can hold. */
const FOREVER = 8_640_000_000_000_000;

/**
 * Reads everything from `from` on. It is handed to `begun` while nothing else is committed, when all but the call views
 * is read: every commit that `apply` is told of afterwards is one that was not read, and none is missed between. The
 * views of that moment are added in pages, so that nothing waits for them; it is whole when this resolves.
 */
export async function loadMemory(
  needs: MemoryNeeds,
  from: Instant,
  begun: (memory: Memory) => void,
): Promise<void> {
  const { store, rules, scopes, dayOf } = needs;
  const span = { from, to: FOREVER };
  const views = createDayViews(new Set(scopes), from, dayOf);
  const pages = store.callViews(span)[Symbol.asyncIterator]();
  let first: CallView[] = [];
  try {
    await alone(store, async () => {
      const quarters = createQuarters();
      const open = createOpenItems(rules);
      quarters.take(span, await store.tallies(span, scopes));
      for (const item of await store.openItems()) open.replace(item.key, item);
      first = (await pages.next()).value ?? [];
      begun({ quarters, views, open, from });
    });
  } catch (error) {
    // Pages that nobody reads on would hold the moment at which they were begun, and the log of the database grow.
    await pages.return?.();
    throw error;
  }
  views.replace([], first);
  for await (const page of { [Symbol.asyncIterator]: () => pages }) {
    views.replace([], page);
    await turn();
  }
}

/** Takes in the tallies of the days that are compared with and not there yet, and forgets what is no longer needed. */
export async function takeDays(
  needs: MemoryNeeds,
  memory: Memory,
  from: Instant,
  days: readonly Span[],
): Promise<void> {
  memory.quarters.forget(from, days);
  memory.views.forget(from);
  memory.from = Math.max(memory.from, from);
  if (days.every((day) => memory.quarters.covers(day))) return;
  await alone(needs.store, async () => {
    for (const day of days) {
      if (memory.quarters.covers(day)) continue;
      memory.quarters.take(day, await needs.store.tallies(day, needs.scopes));
    }
  });
}

/** Takes over what a commit changed. */
export function applyTo(memory: Memory, scopes: ReadonlySet<Scope>, committed: Committed): void {
  for (const delta of committed.tallies) if (scopes.has(delta.scope)) memory.quarters.add(delta);
  for (const { key, before, after } of committed.items) {
    memory.open.replace(key, after);
    memory.views.replace(before?.judged.views ?? [], after?.judged.views ?? []);
  }
}
