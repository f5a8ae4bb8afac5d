import { expect, it } from 'vitest';
import { percentile, ranksOf } from '../../server/judge/percentile.ts';

it.each([
  [[7], 50, 7],
  [[7], 90, 7],
  [[2, 1], 50, 1],
  [[3, 2, 1], 50, 2],
  [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 90, 9],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 90, 10],
  [Array.from({ length: 100 }, (_, i) => i + 1), 7, 7],
])('takes the nearest rank of %j at %i', (pool, percent, value) => {
  expect(percentile(pool, percent)).toBe(value);
});

it('has no rank in an empty pool, and leaves the pool as it was', () => {
  expect(percentile([], 50)).toBeNull();
  expect(ranksOf([])).toBeNull();
  const pool = [3, 1, 2];
  expect(ranksOf(pool)).toEqual({ p50Ms: 2, p90Ms: 3 });
  expect(pool).toEqual([3, 1, 2]);
});
