import type { Instant, Span } from '../../../shared/time.ts';
import type { Past } from './past.ts';

/** Stretches of the chart's line: a few for each pixel of a wide chart, so that nothing that shows is lost. */
const STRETCHES = 800;
const FEW_MAX = 500;

export interface Line {
  at: number[];
  n: number[];
  d: number[];
}

/** The value over a span, thinned: of each stretch its first, lowest, highest and last; of what grows its peak. */
export function lineOf(past: Past, { from, to }: Span): Line {
  const line: Line = { at: [], n: [], d: [] };
  const lengthMs = (to - from) / STRETCHES;
  let i = firstIn(past, from);
  for (let stretch = 0; stretch < STRETCHES; stretch += 1) {
    const end = stretch === STRETCHES - 1 ? to : from + (stretch + 1) * lengthMs;
    const begin = i;
    while (i < past.size && (past.t[i] as number) < end) i += 1;
    for (const { at, n, d } of past.rises ? peakOf(past, begin, i, end) : turnsOf(past, begin, i)) {
      line.at.push(at);
      line.n.push(n);
      line.d.push(d);
    }
  }
  return line;
}

/** Where fewer were counted than a rule wants, for at least one stretch; the newest of them. */
export function fewOf(past: Past, { from, to }: Span, min: number): Span[] {
  const shortest = (to - from) / STRETCHES;
  const spans: Span[] = [];
  let since: Instant | null = from;
  const end = (at: Instant): void => {
    if (since !== null && at - since >= shortest) spans.push({ from: since, to: at });
    since = null;
  };
  const first = firstIn(past, from);
  if (first > 0 && countAt(past, first - 1, from) >= min) since = null;
  for (let i = first; i < past.size; i += 1) {
    const at = past.t[i] as number;
    if (at >= to) break;
    if (countAt(past, i, at) >= min) end(at);
    else since ??= at;
  }
  end(to);
  return spans.slice(-FEW_MAX);
}

interface Point {
  at: Instant;
  n: number;
  d: number;
}

function turnsOf(past: Past, begin: number, end: number): Point[] {
  if (begin >= end) return [];
  let [low, high] = [begin, begin];
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const { columns } = past;
  for (let i = begin; i < end; i += 1) {
    const d = columns === null ? countAt(past, i, 0) : columns.d === null ? 1 : (columns.d[i] as number);
    if (d === 0) continue;
    const value = (columns === null ? pointAt(past, i).n : (columns.n[i] as number)) / d;
    if (value < lowest) [lowest, low] = [value, i];
    if (value > highest) [highest, high] = [value, i];
  }
  return [...new Set([begin, low, high, end - 1])].sort((a, b) => a - b).map((i) => pointAt(past, i));
}

/** The longest before each change, and at the end. */
function peakOf(past: Past, begin: number, end: number, to: Instant): Point[] {
  let peak: Point | null = null;
  for (let i = Math.max(0, begin - 1); i < end; i += 1) {
    const at = Math.min(i + 1 < past.size ? (past.t[i + 1] as number) : to, to);
    const n = past.reading(i, at).pairs[0]?.n ?? 0;
    if (peak === null || n > peak.n) peak = { at, n, d: 1 };
  }
  return peak === null ? [] : [peak];
}

function pointAt(past: Past, i: number): Point {
  const at = past.t[i] as number;
  return { at, ...(past.reading(i, at).pairs[0] ?? { n: 0, d: 0 }) };
}

function countAt(past: Past, i: number, at: Instant): number {
  if (past.columns !== null) return past.columns.d === null ? 1 : (past.columns.d[i] ?? 0);
  return past.reading(i, at).pairs[0]?.d ?? 0;
}

function firstIn({ t, size }: Past, from: Instant): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((t[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
