import type { Ranks } from '../../shared/figure.ts';
import { SECOND } from '../../shared/time.ts';

/** Waits by whole seconds, rounded up (their thresholds are inclusive). Exact under corrections. */
export interface Histogram {
  /** Counts a wait `times` times; −1 takes it back. */
  add(ms: number, times: 1 | -1): void;
  /** Median and 90th percentile by nearest rank; null when nothing is counted. */
  ranks(): Ranks | null;
}

/** An empty histogram. */
export function createHistogram(): Histogram {
  const counts = new Map<number, number>();
  return {
    add(ms, times) {
      const seconds = Math.ceil(ms / SECOND);
      const count = (counts.get(seconds) ?? 0) + times;
      if (count === 0) counts.delete(seconds);
      else counts.set(seconds, count);
    },
    ranks() {
      const bySeconds = [...counts].sort(([a], [b]) => a - b);
      const total = bySeconds.reduce((sum, [, count]) => sum + count, 0);
      if (total === 0) return null;
      return {
        p50Ms: rank(bySeconds, Math.ceil((50 * total) / 100)) * SECOND,
        p90Ms: rank(bySeconds, Math.ceil((90 * total) / 100)) * SECOND,
      };
    },
  };
}

function rank(bySeconds: readonly [number, number][], place: number): number {
  let passed = 0;
  for (const [seconds, count] of bySeconds) {
    passed += count;
    if (passed >= place) return seconds;
  }
  return 0;
}
