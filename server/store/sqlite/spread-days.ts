import type Database from 'better-sqlite3';
import { entryOf } from '../../../shared/entry-of.ts';
import type { Scope } from '../../../shared/figure.ts';
import type { EpochDay, Measure } from '../trends.ts';
import type { Month } from './packed-pairs.ts';
import {
  addDay,
  createMonthReader,
  createWholeReader,
  type DaySpread,
  type DaySpreads,
  dayPlaces,
  daysOfMonth,
  monthOfDay,
} from './packed-spread.ts';
import { type Pool, type Ranked, rankOf } from './spread-pool.ts';

/** The days of one distribution inside [from, to), in order, packed and not; what is given is used again for the next. */
export type ReadDays = (
  scope: Scope,
  measure: Measure,
  days: { from: EpochDay; to: EpochDay },
) => Generator<DaySpread>;

export interface SpreadDays {
  days: ReadDays;
  /** The ranks of each day inside [from, to), in order; all their lengths are added to the pool. Not for arrivals. */
  ranked: (
    scope: Scope,
    measure: Measure,
    days: { from: EpochDay; to: EpochDay },
    pool: Pool,
  ) => Generator<{ day: EpochDay; ranked: Ranked }>;
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
  const readMonth = createMonthReader();
  const readWhole = createWholeReader();
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
    const packed = readMonth(month.packed, month.month, days);
    return own.size === 0 ? packed : together(packed, own);
  };
  return {
    *days(scope, measure, days) {
      for (const one of monthsIn(scope, measure, days)) yield* daysOf(one, days);
    },
    *ranked(scope, measure, days, pool) {
      for (const one of monthsIn(scope, measure, days)) {
        const { month, rows: own } = one;
        const places = month === null ? [] : [...dayPlaces(month.packed, month.month)];
        // What is kept of all days together will do where none of them is left out, or has rows beside it.
        if (month !== null && places.every(({ day }) => day >= days.from && day < days.to && !own.has(day))) {
          for (const all of readWhole(month.packed, month.month)) pool.add(all);
          yield* places;
          yield* ranksOf(inOrder(own), pool);
        } else yield* ranksOf(daysOf(one, days), pool);
      }
    },
  };
}

function* ranksOf(days: Iterable<DaySpread>, pool: Pool): Generator<{ day: EpochDay; ranked: Ranked }> {
  for (const day of days) {
    pool.add(day);
    yield { day: day.day, ranked: rankOf(day.size, day.keys, day.counts) };
  }
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
