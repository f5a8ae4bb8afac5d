import type { Scope, Tally } from '../../shared/figure.ts';
import { type Instant, QUARTER_HOUR, quarterOf } from '../../shared/time.ts';
import type { PairFigure } from '../../shared/wire-trends.ts';
import type { Look } from './trends.ts';
import type { Against } from './trends-against.ts';
import type { Days } from './trends-steps.ts';

/** The total of an earlier period up to the local time that it is now. */
export interface Cut {
  upTo: Instant;
  total: Tally;
}

interface CutsAsked {
  scopes: readonly Scope[];
  figures: readonly PairFigure[];
  days: Days;
  against: Against;
}

/**
 * A period that is not over is compared with as much of the other one, to the millisecond, as the wall compares today;
 * a figure of a lost feed as of when it was last true. Null where the period is over, or lies ahead.
 */
export async function createCuts(
  look: Look,
  { scopes, figures, days, against }: CutsAsked,
): Promise<((scope: Scope, figure: PairFigure) => Cut) | null> {
  const from = look.zone.startOf(days.from);
  if (look.now < from || look.now >= look.zone.startOf(days.to + 1)) return null;
  const cutAt = (figure: PairFigure): Instant =>
    look.zone.sameTimeBefore(Math.max(look.read.trueTo(figure), from), against.earlier);
  const totals = new Map<string, Cut>();
  for (const [upTo, own] of Map.groupBy(figures, cutAt)) {
    const begin = look.zone.startOf(against.days.from);
    const quarter = Math.max(quarterOf(upTo), begin);
    const [whole, rest] = await Promise.all([
      quarter === begin
        ? null
        : look.store.sums({ scopes, figures: own, edges: [begin, quarter], ...look.read.known }),
      upTo <= quarter ? [] : look.store.settledIn({ from: quarter, to: quarter + QUARTER_HOUR }, own, scopes),
    ]);
    scopes.forEach((scope, row) => {
      own.forEach((figure, column) => {
        const index = row * own.length + column;
        const total = { n: whole?.n[index] ?? 0, d: whole?.d[index] ?? 0 };
        for (const verdict of rest) {
          if (verdict.at >= upTo || verdict.scope !== scope || verdict.figure !== figure) continue;
          total.n += verdict.n;
          total.d += verdict.d;
        }
        totals.set(`${scope} ${figure}`, { upTo, total });
      });
    });
  }
  return (scope, figure) => {
    const found = totals.get(`${scope} ${figure}`);
    if (found === undefined) throw new RangeError(`${figure} of ${scope} was not asked for.`);
    return found;
  };
}
