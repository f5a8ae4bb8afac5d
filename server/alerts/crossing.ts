import type { Instant } from '../../shared/time.ts';
import type { Compiled } from './step.ts';

/** When a length that grows with time next passes a level or its margin. */
export function nextCrossing(
  { warning, critical, times, below }: Compiled,
  value: number,
  at: Instant,
): Instant {
  let next = Number.POSITIVE_INFINITY;
  const consider = (limit: number): void => {
    const passed = below ? Math.ceil(limit / times) : Math.floor(limit / times) + 1;
    if (passed > value) next = Math.min(next, at + passed - value);
  };
  for (const level of [warning, critical]) {
    if (level === null) continue;
    consider(level.bad);
    consider(level.good);
  }
  return next;
}
