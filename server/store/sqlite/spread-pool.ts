import type { DaySpread } from './packed-days.ts';

/** How many lengths there are, and by nearest rank the median and the 90th percentile; NaN where there are none. */
export type Ranked = [count: number, p50: number, p90: number];

/** Several days' lengths together: they are merged, and percentiles never averaged. */
export interface Pool {
  add(day: DaySpread): void;
  /** The ranks of what was added since the last time. */
  take(): Ranked;
}

/** Keys up to here are counted in a list that is looked through; what is longer than a day of minutes is rare. */
const LISTED_KEYS = 4_096;

/** An empty pool. */
export function createPool(): Pool {
  const listed = new Float64Array(LISTED_KEYS);
  const others = new Map<number, number>();
  let end = 0;
  return {
    add({ size, keys, counts }) {
      for (let i = 0; i < size; i += 1) {
        const [key, count] = [keys[i]!, counts[i]!];
        if (key < LISTED_KEYS) {
          listed[key]! += count;
          if (key >= end) end = key + 1;
        } else others.set(key, (others.get(key) ?? 0) + count);
      }
    },
    take() {
      const keys: number[] = [];
      const counts: number[] = [];
      for (let key = 0; key < end; key += 1) {
        if (listed[key] === 0) continue;
        keys.push(key);
        counts.push(listed[key]!);
      }
      for (const [key, count] of [...others].sort(([a], [b]) => a - b)) {
        keys.push(key);
        counts.push(count);
      }
      const ranked = rankOf(keys.length, keys, counts);
      listed.fill(0, 0, end);
      others.clear();
      end = 0;
      return ranked;
    },
  };
}

/** Nearest ranks of the first `size` keys, which are in order. */
export function rankOf(size: number, keys: ArrayLike<number>, counts: ArrayLike<number>): Ranked {
  let total = 0;
  for (let i = 0; i < size; i += 1) total += counts[i]!;
  const [half, most] = [Math.ceil((50 * total) / 100), Math.ceil((90 * total) / 100)];
  let passed = 0;
  let p50 = Number.NaN;
  for (let i = 0; i < size; i += 1) {
    passed += counts[i]!;
    if (passed >= half && Number.isNaN(p50)) p50 = keys[i]!;
    if (passed >= most) return [total, p50, keys[i]!];
  }
  return [total, p50, Number.NaN];
}
