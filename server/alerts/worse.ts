import { type AlertRule, metricShape } from '../../shared/alert.ts';
import type { Tally } from '../../shared/figure.ts';

/** Is a value further on the bad side than another? Compared as integers; without items it is not. */
export function isWorse(
  { metric, direction }: Pick<AlertRule, 'metric' | 'direction'>,
  a: Tally,
  b: Tally,
): boolean {
  const { kind } = metricShape(metric);
  if (kind === 'count' || kind === 'gauge' || kind === 'length')
    return direction === 'below' ? a.n < b.n : a.n > b.n;
  const least = kind === 'rate' ? 1 : 0;
  const [of, other] = [Math.max(least, a.d), Math.max(least, b.d)];
  if (of === 0) return false;
  if (other === 0) return true;
  // Of a burn rate the misses are what grows.
  const [left, right] = kind === 'burn' ? [(a.d - a.n) * other, (b.d - b.n) * of] : [a.n * other, b.n * of];
  return direction === 'below' ? left < right : left > right;
}
