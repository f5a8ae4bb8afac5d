import type Database from 'better-sqlite3';
import type { Scope } from '../../../shared/figure.ts';
import { stepOf } from '../../../shared/step-of.ts';
import { ARRIVAL_UNIT, arrivalOf } from '../../judge/lengths.ts';
import type { ArrivalsAsked, EpochDay, Measure, Ranks, Spread, SpreadAsked, SpreadRanks } from '../trends.ts';
import type { DaySpread } from './packed-days.ts';
import { type ReadDays, type SpreadDays, spreadDays } from './spread-days.ts';
import { createPool, type Ranked } from './spread-pool.ts';

/** Distributions of lengths by local day, packed and not; to be read at one moment. */
export interface SpreadReads {
  ranks: (asked: SpreadAsked) => SpreadRanks;
  countedUpTo: (asked: SpreadAsked & { most: number }) => Float64Array;
  arrivalsIn: (asked: ArrivalsAsked) => Float64Array;
  spreads: (asked: { scopes: readonly Scope[]; measure: Measure; from: EpochDay; to: EpochDay }) => Spread[];
}

export function spreadReads(db: Database.Database): SpreadReads {
  const { days: daysIn, rankDays } = spreadDays(db);
  return {
    ranks: (asked) => (isByDay(asked) ? ranksByDay(rankDays, asked) : ranksIn(daysIn, asked)),
    countedUpTo(asked) {
      const counted = new Float64Array(placesOf(asked));
      eachDay(daysIn, asked, (place, { size, keys, counts }) => {
        let sum = 0;
        for (let i = 0; i < size && keys[i]! <= asked.most; i += 1) sum += counts[i]!;
        counted[place]! += sum;
      });
      return counted;
    },
    arrivalsIn(asked) {
      const counted = new Float64Array(Math.max(0, (asked.steps[0]?.edges.length ?? 1) - 1));
      const days = { from: asked.from, to: asked.from + asked.midnights.length };
      for (const [s, scope] of asked.scopes.entries())
        for (const day of daysIn(scope, 'arrival', days)) addArrivals(counted, asked, s, day);
      return counted;
    },
    spreads: ({ scopes, measure, from, to }) =>
      scopes.flatMap((scope) =>
        Array.from(daysIn(scope, measure, { from, to }), ({ day, size, keys, counts }) => ({
          scope,
          day,
          keys: [...keys.subarray(0, size)],
          counts: [...counts.subarray(0, size)],
        })),
      ),
  };
}

function placesOf({ scopes, edges }: SpreadAsked): number {
  return scopes.length * Math.max(0, edges.length - 1);
}

/** The days of all scopes in order, with the place of the step that each belongs to. */
function eachDay(
  daysIn: ReadDays,
  { scopes, measure, edges }: SpreadAsked,
  add: (place: number, day: DaySpread) => void,
): void {
  const steps = edges.length - 1;
  if (steps < 1) return;
  const days = { from: edges[0] ?? 0, to: edges.at(-1) ?? 0 };
  for (const [s, scope] of scopes.entries())
    for (const day of daysIn(scope, measure, days)) add(s * steps + stepOf(edges, day.day), day);
}

function isByDay({ edges, measure }: SpreadAsked): boolean {
  return measure !== 'arrival' && edges.every((edge, i) => i === 0 || edge - edges[i - 1]! === 1);
}

/** The ranks of whole days are kept with them. */
function ranksByDay(rankDays: SpreadDays['rankDays'], { scopes, measure, edges }: SpreadAsked): SpreadRanks {
  const steps = Math.max(0, edges.length - 1);
  const ranks = { ...noRanks(scopes.length * steps), totals: noRanks(scopes.length) };
  const days = { from: edges[0] ?? 0, to: edges.at(-1) ?? 0 };
  const pool = createPool();
  let place = 0;
  const rank = (day: EpochDay, count: number, p50: number, p90: number): void => {
    const at = place + day - days.from;
    ranks.count[at] = count;
    ranks.p50[at] = p50;
    ranks.p90[at] = p90;
  };
  for (const [s, scope] of scopes.entries()) {
    place = s * steps;
    rankDays(scope, measure, days, { rank, pool });
    put(ranks.totals, s, pool.take());
  }
  return ranks;
}

/** Each day is read once, for its step and for the total. */
function ranksIn(daysIn: ReadDays, { scopes, measure, edges }: SpreadAsked): SpreadRanks {
  const steps = Math.max(0, edges.length - 1);
  const ranks = { ...noRanks(scopes.length * steps), totals: noRanks(scopes.length) };
  if (steps === 0) return ranks;
  const days = { from: edges[0] ?? 0, to: edges.at(-1) ?? 0 };
  const [pool, whole] = [createPool(), createPool()];
  for (const [s, scope] of scopes.entries()) {
    let open = -1;
    for (const day of daysIn(scope, measure, days)) {
      whole.add(day);
      const step = stepOf(edges, day.day);
      // The days of a step come one after the other.
      if (step !== open && open >= 0) put(ranks, s * steps + open, pool.take());
      open = step;
      pool.add(day);
    }
    if (open >= 0) put(ranks, s * steps + open, pool.take());
    put(ranks.totals, s, whole.take());
  }
  return ranks;
}

function noRanks(places: number): Ranks {
  return {
    count: new Float64Array(places),
    p50: new Float64Array(places).fill(Number.NaN),
    p90: new Float64Array(places).fill(Number.NaN),
  };
}

function put(ranks: Ranks, place: number, [count, p50, p90]: Ranked): void {
  ranks.count[place] = count;
  ranks.p50[place] = p50;
  ranks.p90[place] = p90;
}

/** The keys of a day are in the order of arrival, so that each step is a stretch of them. */
function addArrivals(counted: Float64Array, asked: ArrivalsAsked, scope: number, day: DaySpread): void {
  const { size, keys, counts } = day;
  const own = asked.steps[scope];
  const midnight = asked.midnights[day.day - asked.from];
  if (own === undefined || midnight === undefined) return;
  const keyFrom = (at: number): number => (at - midnight) * ARRIVAL_UNIT;
  const openFrom = keyFrom(own.openFrom);
  const { edges } = own;
  let step = stepOf(edges, midnight) - 1;
  let end = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < size; i += 1) {
    const key = keys[i]!;
    while (key >= end && step < edges.length - 1) {
      step += 1;
      end = keyFrom(edges[step + 1] ?? Number.POSITIVE_INFINITY);
    }
    if (step >= edges.length - 1) return;
    if (key < keyFrom(edges[step]!)) continue;
    const { reply } = arrivalOf(key);
    if (reply === null ? key < openFrom : reply > asked.most) counted[step]! += counts[i]!;
  }
}
