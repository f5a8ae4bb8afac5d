import type { Instant } from '../../../shared/time.ts';
import { LOOK_STEP_MS } from '../look-step.ts';
import { type Compiled, judge, type Reading, SHORT_ITEMS, type Verdict } from '../step.ts';
import { allSay, BLOCK, blocksOf } from './blocks.ts';
import type { Series } from './series.ts';

/** What a rule read, look by look: between two instants it reads the same, or grows. */
export interface Past {
  size: number;
  t: Float64Array;
  /** What is read from look `i` on; −1: before the first. */
  reading(i: number, at: Instant): Reading;
  /** What both levels say of look `i` at an instant: the same number, the same words. */
  said(i: number, at: Instant): number;
  /** The first look from `i` on that says something else and lies before `until`; `size` when there is none. */
  scan(i: number, until: Instant, said: number): number;
  /** The worst look from `i` on, before `end`; −1 where nothing was counted. */
  worst(i: number, end: number): number;
  /** n and d of each look as they stand in columns; d is null where n alone is told. Null where they are not kept so. */
  columns: { n: Float64Array; d: Float64Array | null } | null;
  /** A value that grows by a millisecond each millisecond. */
  rises: boolean;
  /** Looks are at full multiples of this. */
  everyMs: number;
}

/** One window: pairs, or how many there were. */
export function pastOf(series: Series, rule: Compiled, everyMs = LOOK_STEP_MS): Past {
  const { size, t, n, d } = series;
  const isPair = rule.sample !== 'none';
  return {
    size,
    t,
    columns: { n, d: isPair ? d : null },
    rises: false,
    everyMs,
    reading: (i) => ({ pairs: [{ n: n[i] ?? 0, d: isPair ? (d[i] ?? 0) : 1 }], stale: false }),
    said: (i) => saidOf(rule, (limit) => judge(limit, rule, n[i] ?? 0, d[i] ?? 0, rule.min)),
    scan: scanOf(series, rule),
    worst: worstOf(series, rule),
  };
}

/** `judge` written out, for nothing is asked so often, and whole blocks of looks passed over that say the same. */
function scanOf(series: Series, rule: Compiled): Past['scan'] {
  const { size, t, n, d } = series;
  const { below, times, misses, sample, min } = rule;
  const none = { bad: Number.NaN, good: Number.NaN };
  const [warning, critical] = [rule.warning ?? none, rule.critical ?? none];
  const [hasWarning, hasCritical] = [rule.warning !== null, rule.critical !== null];
  const least = Math.max(1, min);
  const sign = below ? 1 : -1;
  const sayAt = (i: number): number => {
    const count = d[i] as number;
    if (sample === 'd' && count < least) return 0;
    const value = sign * times * (misses ? count - (n[i] as number) : (n[i] as number));
    const of = sample === 'none' ? sign : sign * Math.max(1, count);
    let code = 0;
    if (hasWarning) code = value < warning.bad * of ? 3 : value >= warning.good * of ? 1 : 2;
    if (hasCritical) code += value < critical.bad * of ? 12 : value >= critical.good * of ? 4 : 8;
    return code;
  };
  const blocks = blocksOf(series, sample !== 'none');
  return (from, until, said) => {
    for (let i = from; i < size; i += 1) {
      if ((t[i] as number) >= until) return size;
      const end = Math.min(size, i + BLOCK);
      if (
        i % BLOCK === 0 &&
        (t[end - 1] as number) < until &&
        allSay(blocks, i / BLOCK, said, { sample, min, sayAt })
      )
        i = end - 1;
      else if (sayAt(i) !== said) return i;
    }
    return size;
  };
}

function worstOf(series: Series, { below, misses, sample }: Compiled): Past['worst'] {
  const { n, d } = series;
  const sign = below && !misses ? 1 : -1;
  const isLowWorst = below || misses;
  const blocks = blocksOf(series, sample !== 'none');
  return (from, end) => {
    let [found, least, of] = [-1, 0, 0];
    const consider = (i: number): void => {
      const count = sample === 'none' ? 1 : (d[i] as number);
      if (i < 0 || count === 0) return;
      const value = sign * (misses ? count - (n[i] as number) : (n[i] as number));
      if (found < 0 || value * of < least * count) [found, least, of] = [i, value, count];
    };
    for (let i = from; i < end; i += 1) {
      if (i % BLOCK === 0 && i + BLOCK <= end) {
        consider((isLowWorst ? blocks.low : blocks.high)[i / BLOCK] as number);
        i += BLOCK - 1;
      } else consider(i);
    }
    return found;
  };
}

/** How long it has lasted, from the instant that the series says. */
export function risingPast({ size, t, n }: Series, rule: Compiled, everyMs = LOOK_STEP_MS): Past {
  const lengthAt = (i: number, at: Instant): number => Math.max(0, at - (n[i] ?? Number.POSITIVE_INFINITY));
  return {
    size,
    t,
    columns: null,
    rises: true,
    everyMs,
    reading: (i, at) => ({ pairs: [{ n: lengthAt(i, at), d: 1 }], stale: false }),
    said: (i, at) => saidOf(rule, (limit) => judge(limit, rule, lengthAt(i, at), 1, 0)),
    // It is looked at each time: between two looks it grows.
    scan: (i) => i,
    worst: () => -1,
  };
}

/**
 * A burn rate: of the long window and the short one that which burns slower, for both must be bad and one good is
 * enough. The last items stand in for a short window with too few. (0, 0) where either has too few still.
 */
export function slowerBurn([long, short, last]: readonly [Series, Series, Series], min: number): Series {
  const all = [long, short, last] as const;
  const most = long.size + short.size + last.size;
  const series: Series = {
    size: 0,
    t: new Float64Array(most),
    n: new Float64Array(most),
    d: new Float64Array(most),
  };
  const place = [-1, -1, -1];
  const nextAt = (k: 0 | 1 | 2): Instant => all[k].t[(place[k] as number) + 1] ?? Number.POSITIVE_INFINITY;
  const at = (k: 0 | 1 | 2, values: 'n' | 'd'): number => all[k][values][place[k] as number] ?? 0;
  const within = (k: 0 | 1 | 2): boolean => (place[k] as number) + 1 < all[k].size;
  for (;;) {
    let now = Number.POSITIVE_INFINITY;
    for (const k of [0, 1, 2] as const) if (within(k)) now = Math.min(now, nextAt(k));
    if (now === Number.POSITIVE_INFINITY) return series;
    for (const k of [0, 1, 2] as const)
      if (within(k) && nextAt(k) === now) place[k] = (place[k] as number) + 1;
    const near = at(1, 'd') < min ? 2 : 1;
    const [n, d, n2, d2] = [at(0, 'n'), at(0, 'd'), at(near, 'n'), at(near, 'd')];
    const isFew = d < Math.max(1, min) || d2 < Math.max(1, Math.min(min, SHORT_ITEMS));
    const isLongSlower = (d - n) * d2 <= (d2 - n2) * d;
    series.t[series.size] = now;
    series.n[series.size] = isFew ? 0 : isLongSlower ? n : n2;
    series.d[series.size] = isFew ? 0 : isLongSlower ? d : d2;
    series.size += 1;
  }
}

const codes: Readonly<Record<Verdict, number>> = { none: 0, good: 1, hold: 2, bad: 3 };

function saidOf(rule: Compiled, say: (limit: NonNullable<Compiled['warning']>) => Verdict): number {
  const warning = rule.warning === null ? 0 : codes[say(rule.warning)];
  return rule.critical === null ? warning : warning + 4 * codes[say(rule.critical)];
}
