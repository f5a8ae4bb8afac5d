import type Database from 'better-sqlite3';
import { entryOf } from '../../../shared/entry-of.ts';
import type { Scope } from '../../../shared/figure.ts';
import type { EpochDay, Measure } from '../trends.ts';
import {
  createRoom,
  type DaySpread,
  daysOfMonth,
  monthOfDay,
  nextDay,
  readDays,
  readWhole,
  walkThrough,
} from './packed-days.ts';
import type { Month } from './packed-pairs.ts';
import { addDay, type DaySpreads } from './packed-spread.ts';
import { type Pool, rankOf } from './spread-pool.ts';

/** The days of one distribution inside [from, to), in order, packed and not; what is given is used again for the next. */
export type ReadDays = (
  scope: Scope,
  measure: Measure,
  days: { from: EpochDay; to: EpochDay },
) => Generator<DaySpread>;

/** Told the ranks of a day. */
export type Rank = (day: EpochDay, count: number, p50: number, p90: number) => void;

export interface SpreadDays {
  days: ReadDays;
  /** Tells the ranks of each day inside [from, to), and adds all their lengths to the pool. Not for arrivals. */
  rankDays: (
    scope: Scope,
    measure: Measure,
    days: { from: EpochDay; to: EpochDay },
    to: { rank: Rank; pool: Pool },
  ) => void;
}

/** The days of one month, packed, and those rows of days before its end that are not. */
interface MonthDays {
  month: { month: Month; packed: Uint8Array } | null;
  rows: DaySpreads;
}

export function spreadDays(db: Database.Database): SpreadDays {
  const months = db.prepare<[Scope, Measure, Month, Month], { month: Month; packed: Uint8Array }>(
    `SELECT month, packed FROM spread_months
     WHERE scope = ? AND measure = ? AND month >= ? AND month <= ? ORDER BY month`,
  );
  const rows = db.prepare<
    [Scope, Measure, EpochDay, EpochDay],
    { day: EpochDay; key: number; count: number }
  >('SELECT day, key, count FROM spreads WHERE scope = ? AND measure = ? AND day >= ? AND day < ?');
  const room = createRoom();
  const monthsIn = function* (
    scope: Scope,
    measure: Measure,
    { from, to }: { from: EpochDay; to: EpochDay },
  ): Generator<MonthDays> {
    if (to <= from) return;
    const unpacked: DaySpreads = new Map();
    for (const { day, key, count } of rows.all(scope, measure, from, to))
      entryOf(unpacked, day, () => new Map<number, number>()).set(key, count);
    for (const month of months.all(scope, measure, monthOfDay(from), monthOfDay(to - 1))) {
      const end = daysOfMonth(month.month).to;
      const early = [...unpacked].filter(([day]) => day < end);
      for (const [day] of early) unpacked.delete(day);
      yield { month, rows: new Map(early) };
    }
    yield { month: null, rows: unpacked };
  };
  const daysOf = (
    { month, rows: own }: MonthDays,
    days: { from: EpochDay; to: EpochDay },
  ): Generator<DaySpread> => {
    if (month === null) return inOrder(own);
    const packed = readDays(walkThrough(month.packed, month.month), days, room);
    return own.size === 0 ? packed : together(packed, own);
  };
  return {
    *days(scope, measure, days) {
      for (const one of monthsIn(scope, measure, days)) yield* daysOf(one, days);
    },
    rankDays(scope, measure, days, { rank, pool }) {
      for (const one of monthsIn(scope, measure, days)) {
        const { month, rows: own } = one;
        if (month !== null && own.size === 0) {
          // What is kept of all days together will do where none of them is left out.
          if (rankPacked(month, days, rank)) pool.add(readWhole(month.packed, month.month, room));
          else for (const day of daysOf(one, days)) pool.add(day);
          continue;
        }
        for (const day of daysOf(one, days)) {
          pool.add(day);
          const [count, p50, p90] = rankOf(day.size, day.keys, day.counts);
          rank(day.day, count, p50, p90);
        }
      }
    },
  };
}

/** Tells the ranks that are kept of the days inside [from, to); are they all that the month has? */
function rankPacked(
  { month, packed }: { month: Month; packed: Uint8Array },
  { from, to }: { from: EpochDay; to: EpochDay },
  rank: Rank,
): boolean {
  let isAll = true;
  for (const walk = walkThrough(packed, month); nextDay(walk); ) {
    if (walk.day >= from && walk.day < to) rank(walk.day, walk.count, walk.p50, walk.p90);
    else isAll = false;
  }
  return isAll;
}

/** Packed days and rows of days, in order; a day that is both is one. */
function* together(packed: Iterable<DaySpread>, rows: DaySpreads): Generator<DaySpread> {
  const rest = new Map([...rows].sort(([a], [b]) => a - b));
  for (const day of packed) {
    for (const [early, counts] of rest) {
      if (early >= day.day) break;
      rest.delete(early);
      yield* dayOf(early, counts);
    }
    const own = rest.get(day.day);
    if (own === undefined) yield day;
    else {
      rest.delete(day.day);
      addDay(own, day);
      yield* dayOf(day.day, own);
    }
  }
  yield* inOrder(rest);
}

function* inOrder(rows: DaySpreads): Generator<DaySpread> {
  for (const [day, counts] of [...rows].sort(([a], [b]) => a - b)) yield* dayOf(day, counts);
}

/** None where all came back to nought. */
function* dayOf(day: EpochDay, counts: ReadonlyMap<number, number>): Generator<DaySpread> {
  const kept = [...counts].filter(([, count]) => count !== 0).sort(([a], [b]) => a - b);
  if (kept.length === 0) return;
  yield {
    day,
    size: kept.length,
    keys: Float64Array.from(kept, ([key]) => key),
    counts: Float64Array.from(kept, ([, count]) => count),
  };
}
