import { type Instant, quarterOf } from '../../shared/time.ts';
import type { Item, TallyDelta } from '../store/store.ts';

/** Adds up changes to tallies, so that each tally is written once and one that comes to nothing not at all. */
export interface DeltaSum {
  /** Takes away what an item contributed and adds what it contributes now. */
  replace(before: Item | null, after: Item | null): void;
  /** The net changes. */
  deltas(): TallyDelta[];
}

/**
 * An item contributes what is settled, and (0, 1) for each pending verdict that was lost by the instant it is folded
 * to. It follows from the item alone, whatever happened to it before.
 */
export function createDeltaSum(): DeltaSum {
  const sums = new Map<string, TallyDelta>();
  const add = (
    figure: TallyDelta['figure'],
    scope: TallyDelta['scope'],
    at: Instant,
    n: number,
    d: number,
  ): void => {
    const quarter = quarterOf(at);
    const key = `${scope}\n${figure}\n${quarter}`;
    const sum = sums.get(key);
    if (sum === undefined) {
      sums.set(key, { figure, scope, quarter, n, d });
      return;
    }
    sum.n += n;
    sum.d += d;
  };
  const addItem = ({ judged, foldedTo }: Item, sign: 1 | -1): void => {
    for (const { figure, scope, at, n, d } of judged.settled) add(figure, scope, at, sign * n, sign * d);
    for (const { figure, scope, at, lostAt } of judged.pending)
      if (lostAt <= foldedTo) add(figure, scope, at, 0, sign);
  };
  return {
    replace(before, after) {
      if (before !== null) addItem(before, -1);
      if (after !== null) addItem(after, 1);
    },
    deltas: () => [...sums.values()].filter(({ n, d }) => n !== 0 || d !== 0),
  };
}
