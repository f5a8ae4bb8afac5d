import { entryOf } from '../../shared/entry-of.ts';
import type { FigureId, Scope } from '../../shared/figure.ts';
import { type Instant, quarterOf } from '../../shared/time.ts';
import type { Rules } from '../judge/rules.ts';
import { isSameCounted } from '../judge/same.ts';
import type { Item, TallyDelta } from '../store/store.ts';
import type { SpreadDelta } from '../store/trends.ts';
import { createSpreadSum } from './spread-sum.ts';

/** Adds up changes to tallies, so that each tally is written once and one that comes to nothing not at all. */
export interface DeltaSum {
  /** Takes away what an item contributed and adds what it contributes now. */
  replace(before: Item | null, after: Item | null): void;
  /** The net changes. */
  deltas(): TallyDelta[];
  /** The net changes to how often each length occurred. */
  spreads(): SpreadDelta[];
}

type Figures = Map<FigureId, TallyDelta>;

/**
 * An item contributes what is settled, and (0, 1) for each pending verdict that was lost by the instant it is folded
 * to. It follows from the item alone, whatever happened to it before.
 */
export function createDeltaSum(rules: Rules): DeltaSum {
  const lengths = createSpreadSum(rules);
  const sums = new Map<Scope, Map<Instant, Figures>>();
  // An item's verdicts lie together by scope and instant.
  let last: { scope: Scope; quarter: Instant; figures: Figures } | null = null;
  const figuresOf = (scope: Scope, at: Instant): Figures => {
    const quarter = quarterOf(at);
    if (last !== null && last.quarter === quarter && last.scope === scope) return last.figures;
    const quarters = entryOf(sums, scope, () => new Map<Instant, Figures>());
    const figures = entryOf(quarters, quarter, () => new Map<FigureId, TallyDelta>());
    last = { scope, quarter, figures };
    return figures;
  };
  const add = (figure: FigureId, scope: Scope, at: Instant, n: number, d: number): void => {
    const figures = figuresOf(scope, at);
    const sum = figures.get(figure);
    if (sum === undefined) {
      figures.set(figure, { figure, scope, quarter: quarterOf(at), n, d });
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
      lengths.replace(before?.judged ?? null, after?.judged ?? null);
      if (before !== null && after !== null && countsAlike(before, after)) return;
      if (before !== null) addItem(before, -1);
      if (after !== null) addItem(after, 1);
    },
    spreads: () => lengths.deltas(),
    deltas() {
      const net: TallyDelta[] = [];
      for (const quarters of sums.values())
        for (const figures of quarters.values())
          for (const sum of figures.values()) if (sum.n !== 0 || sum.d !== 0) net.push(sum);
      return net;
    },
  };
}

/** Time alone may have lost what is pending. */
function countsAlike(before: Item, after: Item): boolean {
  return (
    (before.foldedTo === after.foldedTo || after.judged.pending.length === 0) &&
    isSameCounted(before.judged, after.judged)
  );
}
