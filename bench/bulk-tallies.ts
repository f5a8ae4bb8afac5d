import type { Settled } from '../server/judge/verdict.ts';
import {
  emptyPairs,
  type Month,
  type MonthPairs,
  monthOf,
  packPairs,
  quarterInMonth,
  startOfMonth,
} from '../server/store/sqlite/packed-pairs.ts';
import type { Item, TallyDelta } from '../server/store/store.ts';
import { entryOf } from '../shared/entry-of.ts';
import type { FigureId, Scope } from '../shared/figure.ts';
import { type Instant, QUARTER_HOUR, quarterOf, type Span } from '../shared/time.ts';

/** Tallies of many items of few shapes. */
export interface BulkTallies {
  /** What items of a shape contribute, to be counted as often as there are such. */
  shape(items: readonly Item[]): CountedShape;
  /** Counts one of a shape, moved by so many ms. Throws outside the span. */
  count(shape: CountedShape, movedMs: number): void;
  /** Every month of each tally up to a quarter-hour, as the store packs it. */
  months(before: Instant): Generator<PackedMonth>;
  /** Every tally from a quarter-hour on. */
  rows(from: Instant): Generator<TallyDelta>;
}

export interface PackedMonth {
  scope: Scope;
  month: Month;
  figure: FigureId;
  packed: Uint8Array;
}

export type CountedShape = readonly { sums: Sums; at: Instant; n: number; d: number }[];

/** Of one figure in one scope, by quarter-hour. */
interface Sums {
  n: Float64Array;
  d: Uint32Array;
}

/** Of a span that holds every instant at which something counts. */
export function createBulkTallies(span: Span): BulkTallies {
  const from = quarterOf(span.from);
  const quarters = Math.ceil((span.to - from) / QUARTER_HOUR);
  const sums = new Map<Scope, Map<FigureId, Sums>>();
  const sumsOf = (scope: Scope, figure: FigureId): Sums =>
    entryOf(
      entryOf(sums, scope, () => new Map<FigureId, Sums>()),
      figure,
      () => ({ n: new Float64Array(quarters), d: new Uint32Array(quarters) }),
    );
  return {
    shape: (items) =>
      items.flatMap((item) =>
        verdictsOf(item).map(({ scope, figure, at, n, d }) => ({ sums: sumsOf(scope, figure), at, n, d })),
      ),
    count(shape, movedMs) {
      for (const { sums: own, at, n, d } of shape) {
        const quarter = Math.floor((at + movedMs - from) / QUARTER_HOUR);
        if (!(quarter >= 0 && quarter < quarters)) throw new Error(`${at + movedMs} lies outside the span.`);
        own.n[quarter] = (own.n[quarter] ?? 0) + n;
        own.d[quarter] = (own.d[quarter] ?? 0) + d;
      }
    },
    *months(before) {
      for (const [scope, ofScope] of sums) {
        for (const [figure, own] of ofScope) {
          for (let month = monthOf(from); startOfMonth(month) < before; month += 1) {
            const packed = packPairs(monthIn(own, month, before));
            if (packed !== null) yield { scope, month, figure, packed };
          }
        }
      }
    },
    *rows(after) {
      for (const [scope, ofScope] of sums) {
        for (const [figure, own] of ofScope) {
          for (let i = Math.max(0, (quarterOf(after) - from) / QUARTER_HOUR); i < quarters; i += 1) {
            const [n, d] = [own.n[i] ?? 0, own.d[i] ?? 0];
            if (n !== 0 || d !== 0) yield { scope, quarter: from + i * QUARTER_HOUR, figure, n, d };
          }
        }
      }
    },
  };

  function monthIn(own: Sums, month: Month, before: Instant): MonthPairs {
    const pairs = emptyPairs();
    const to = Math.min(startOfMonth(month + 1), quarterOf(before));
    for (let at = Math.max(from, startOfMonth(month)); at < to; at += QUARTER_HOUR) {
      const [quarter, i] = [quarterInMonth(at, month), (at - from) / QUARTER_HOUR];
      pairs.n[quarter] = own.n[i] ?? 0;
      pairs.d[quarter] = own.d[i] ?? 0;
    }
    return pairs;
  }
}

/** As intake counts them: what is settled, and what is pending and folded as missed. */
function verdictsOf({ judged: { settled, pending }, foldedTo }: Item): Settled[] {
  return [
    ...settled,
    ...pending.map(({ figure, scope, at, lostAt }) => {
      if (lostAt > foldedTo) throw new Error('A made-up item has a verdict that is still open.');
      return { figure, scope, at, n: 0, d: 1 };
    }),
  ];
}
