import type { Ranks } from '../../shared/figure.ts';

/** The value at rank ⌈percent · N / 100⌉ of the pool in ascending order; null for an empty pool. */
export function percentile(pool: readonly number[], percent: number): number | null {
  return rank(ascending(pool), percent);
}

/** Median and 90th percentile by nearest rank; null for an empty pool. */
export function ranksOf(pool: readonly number[]): Ranks | null {
  const sorted = ascending(pool);
  const p50Ms = rank(sorted, 50);
  const p90Ms = rank(sorted, 90);
  return p50Ms === null || p90Ms === null ? null : { p50Ms, p90Ms };
}

function ascending(pool: readonly number[]): number[] {
  return [...pool].sort((a, b) => a - b);
}

/** Whole percents keep the rank exact: 0.07 · 100 is a little more than 7 in binary. */
function rank(sorted: readonly number[], percent: number): number | null {
  return sorted[Math.max(1, Math.ceil((percent * sorted.length) / 100)) - 1] ?? null;
}
