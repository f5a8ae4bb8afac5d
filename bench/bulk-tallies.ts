import type { Settled } from '../server/judge/verdict.ts';
import type { TallyDelta } from '../server/store/store.ts';
import { entryOf } from '../shared/entry-of.ts';
import type { FigureId, Scope } from '../shared/figure.ts';
import { type Instant, quarterOf } from '../shared/time.ts';

/** Tallies of many calls: how many of a shape fell in a quarter-hour is counted, and multiplied at the end. */
export interface BulkTallies {
  /** The verdicts of one call of a shape that count at this instant. */
  count(settled: readonly Settled[], at: Instant): void;
  /** Every tally, in the order of its key. */
  rows(): Generator<TallyDelta>;
}

export function createBulkTallies(): BulkTallies {
  const counts = new Map<Instant, Map<readonly Settled[], number>>();
  return {
    count(shape, at) {
      const quarter = quarterOf(at);
      const ofQuarter = entryOf(counts, quarter, () => new Map<readonly Settled[], number>());
      ofQuarter.set(shape, (ofQuarter.get(shape) ?? 0) + 1);
    },
    *rows() {
      const shapes = new Set([...counts.values()].flatMap((ofQuarter) => [...ofQuarter.keys()]));
      const scopes = new Set([...shapes].flat().map(({ scope }) => scope));
      for (const scope of [...scopes].sort()) yield* rowsOf(scope, counts);
    },
  };
}

/** A scope at a time: all of a year's together would not fit in memory. */
function* rowsOf(
  scope: Scope,
  counts: ReadonlyMap<Instant, ReadonlyMap<readonly Settled[], number>>,
): Generator<TallyDelta> {
  const quarters = new Map<Instant, Map<FigureId, TallyDelta>>();
  // Most shapes count in few of the scopes.
  const ownOf = new Map<readonly Settled[], Settled[]>();
  const add = (quarter: Instant, figure: FigureId, n: number, d: number): void => {
    const figures = entryOf(quarters, quarter, () => new Map<FigureId, TallyDelta>());
    const sum = entryOf(figures, figure, () => ({ scope, quarter, figure, n: 0, d: 0 }));
    sum.n += n;
    sum.d += d;
  };
  for (const [quarter, ofQuarter] of counts) {
    for (const [shape, times] of ofQuarter) {
      const own = entryOf(ownOf, shape, () => shape.filter((one) => one.scope === scope));
      for (const { figure, n, d } of own) add(quarter, figure, times * n, times * d);
    }
  }
  for (const [, figures] of [...quarters].sort(([a], [b]) => a - b))
    for (const [, row] of [...figures].sort(([a], [b]) => (a < b ? -1 : 1))) yield row;
}
