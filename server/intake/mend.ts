import type { Instant } from '../../shared/time.ts';
import type { Rules } from '../judge/rules.ts';
import type { Store, Tx } from '../store/store.ts';
import { type Difference, type Recounted, recount } from './recount.ts';

/** A mended name can change a thread, which can change a person: so many rounds are enough for all that hangs together. */
const ROUNDS_MAX = 5;

/**
 * Makes everything stored what the facts say, and resolves with the last recount. Nothing else may write meanwhile:
 * `store` is to be the only opener of its database.
 */
export async function mend(store: Store, rules: Rules, now: Instant): Promise<Recounted> {
  let last = await recount(store, rules, now, (found) => rewrite(store, found));
  for (let round = 1; last.differences > 0 && round < ROUNDS_MAX; round += 1) {
    last = await recount(store, rules, now, (found) => rewrite(store, found));
  }
  return last;
}

/** The recount goes on reading the moment at which it began, so that what is rewritten does not confuse it. */
function rewrite(store: Store, found: readonly Difference[]): Promise<void> {
  return store.write(async (tx) => {
    for (const difference of found) await rewriteOne(tx, difference);
  });
}

async function rewriteOne(tx: Tx, difference: Difference): Promise<void> {
  switch (difference.what) {
    case 'item':
      await tx.save([
        { key: difference.key, before: difference.stored, after: null },
        { key: difference.key, before: null, after: difference.counted },
      ]);
      return;
    case 'name':
      if (difference.tied !== null) await tx.merge(difference.key, difference.tied);
      else await tx.tie([difference.name], difference.key);
      return;
    case 'tally': {
      const { figure, scope, quarter, stored, counted } = difference;
      await tx.addTallies([{ figure, scope, quarter, n: counted.n - stored.n, d: counted.d - stored.d }]);
      return;
    }
    case 'month':
      await tx.dropMonth(difference);
      return;
    case 'spread': {
      const { scope, measure, day, key, stored, counted } = difference;
      await tx.addSpreads([{ scope, measure, day, key, count: counted - stored }]);
      return;
    }
  }
}
