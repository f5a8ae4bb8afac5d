import type { Change, Tally } from './figure.ts';

/** How a percent is to be worded: decimals (0 on a TV, 1 elsewhere) and the target it must not be rounded onto. */
export interface PercentRule {
  decimals?: number;
  /** Whole percent. */
  target?: number;
  /** `min`: at least the target is good (the default). `max`: at most. */
  kind?: 'min' | 'max';
}

/** 1.96 to the digits that a two-sided 95 % interval needs. */
const Z_95 = 1.959964;

/**
 * The one way to turn a tally into words: "—" without data, else half-up, but never 100 % when something was missed,
 * never onto or over a target that was not reached, and never 0 % when something was met.
 */
export function percentText(tally: Tally, rule: PercentRule = {}): string {
  const decimals = rule.decimals ?? 0;
  const steps = stepsOf(tally, rule);
  if (steps === null) return '—';
  const unit = 10 ** decimals;
  if (steps === 0 && tally.n > 0) return `<${(1 / unit).toFixed(decimals)}%`;
  return `${(steps / unit).toFixed(decimals)}%`;
}

/** The whole percent that is displayed, for differences and drawings; 0 where the text says "<1%"; null without data. */
export function wholePercent(tally: Tally, rule: Omit<PercentRule, 'decimals'> = {}): number | null {
  return stepsOf(tally, { ...rule, decimals: 0 });
}

/** Wilson's 95 % interval of a ratio, both ends from 0 to 1; null without data. */
export function wilson95(tally: Tally): { low: number; high: number } | null {
  const { n, d } = tally;
  if (d === 0) return null;
  const p = n / d;
  const zz = Z_95 * Z_95;
  const centre = p + zz / (2 * d);
  const half = Z_95 * Math.sqrt((p * (1 - p)) / d + zz / (4 * d * d));
  const scale = 1 + zz / d;
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) };
}

/** Do two ratios differ by more than 1.96 standard errors? Without data on either side they do not. */
export function isClear(a: Tally, b: Tally): boolean {
  if (a.d === 0 || b.d === 0) return false;
  const p = a.n / a.d;
  const q = b.n / b.d;
  return Math.abs(p - q) > 1.96 * Math.sqrt((p * (1 - p)) / a.d + (q * (1 - q)) / b.d);
}

/**
 * What may be said of today beside another day: level when the displayed whole percents are the same, up or down by
 * their difference when it is clear, else about the same; null when either has no data.
 */
export function changeOf(
  today: Tally,
  before: Tally,
  rule: Omit<PercentRule, 'decimals'> = {},
): Change | null {
  const now = wholePercent(today, rule);
  const then = wholePercent(before, rule);
  if (now === null || then === null) return null;
  if (now === then) return { kind: 'level' };
  if (!isClear(today, before)) return { kind: 'about' };
  return { kind: now > then ? 'up' : 'down', points: Math.abs(now - then) };
}

/** Percent in steps of 10^-decimals: rounded, then held back by the guards in their order. */
function stepsOf({ n, d }: Tally, { decimals = 0, target, kind = 'min' }: PercentRule): number | null {
  if (d === 0) return null;
  const unit = 10 ** decimals;
  let steps = Math.floor((200 * unit * n + d) / (2 * d));
  if (n < d && steps >= 100 * unit) steps = 100 * unit - 1;
  if (target === undefined) return steps;
  const goal = target * unit;
  if (kind === 'min' && 100 * n < target * d && steps >= goal) steps = Math.ceil(goal) - 1;
  if (kind === 'max' && 100 * n > target * d && steps <= goal) steps = Math.floor(goal) + 1;
  return steps;
}
