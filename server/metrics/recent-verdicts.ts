import type { FigureId, Scope, Tally } from '../../shared/figure.ts';
import type { Instant, Span } from '../../shared/time.ts';

/** One thing that was counted, or will be from `lostAt` on unless a fact comes first. */
export interface Verdict {
  at: Instant;
  /** Breaks ties. */
  key: string;
  /** A pending one is lost only as far as its source is known. */
  source: string;
  n: number;
  d: number;
  /** Null: it is counted. */
  lostAt: Instant | null;
}

/** The verdicts of one scope and figure, in order of their instants. */
export interface Track {
  readonly scope: Scope;
  readonly figure: FigureId;
  /** Raised with each change. */
  version: number;
  verdicts: Verdict[];
  /** Those that are not settled; few. */
  pending: Set<Verdict>;
}

export function createTrack(scope: Scope, figure: FigureId): Track {
  return { scope, figure, version: 0, verdicts: [], pending: new Set() };
}

export function addVerdict(track: Track, verdict: Verdict): void {
  track.version += 1;
  if (verdict.lostAt !== null) track.pending.add(verdict);
  else track.verdicts.splice(placeOf(track.verdicts, verdict), 0, verdict);
}

/** Takes away one like it; nothing where it lies before what is kept. */
export function dropVerdict(track: Track, verdict: Verdict): void {
  if (verdict.lostAt !== null) {
    for (const one of track.pending) {
      if (!isAlike(one, verdict)) continue;
      track.pending.delete(one);
      track.version += 1;
      return;
    }
    return;
  }
  const { verdicts } = track;
  for (let i = placeOf(verdicts, verdict) - 1; i >= 0; i -= 1) {
    const one = verdicts[i];
    if (one === undefined || one.at !== verdict.at || one.key !== verdict.key) return;
    if (one.n !== verdict.n || one.d !== verdict.d) continue;
    verdicts.splice(i, 1);
    track.version += 1;
    return;
  }
}

/** Forgets what no window reaches back to any more, but the newest `keep`. */
export function forgetVerdicts(track: Track, before: Instant, keep: number): void {
  const { verdicts } = track;
  const end = Math.min(firstFrom(verdicts, before), verdicts.length - keep);
  // Now and then, so that the rest is not moved for each of them.
  if (end > 1_000) verdicts.splice(0, end);
}

/** How many verdicts lie before `at`. */
export function firstFrom(verdicts: readonly Verdict[], at: Instant): number {
  let low = 0;
  let high = verdicts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((verdicts[middle] as Verdict).at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What was counted in a span of a track, both ends included, and when time alone next changes that. */
export function sumIn(
  track: Track,
  { from, to }: Span,
  readAt: (source: string) => Instant,
): Tally & { oldestAt: Instant; nextAt: Instant } {
  const { verdicts, pending } = track;
  const sum = { n: 0, d: 0, oldestAt: Number.POSITIVE_INFINITY, nextAt: Number.POSITIVE_INFINITY };
  let i = firstFrom(verdicts, from);
  for (; i < verdicts.length; i += 1) {
    const one = verdicts[i] as Verdict;
    if (one.at > to) break;
    count(sum, one.at, one.n, one.d);
  }
  const next = verdicts[i];
  if (next !== undefined) sum.nextAt = next.at;
  for (const one of pending) {
    const lostAt = Math.max(one.lostAt ?? one.at, one.at);
    if (lostAt > to) sum.nextAt = Math.min(sum.nextAt, lostAt);
    else if (one.at >= from && lostAt <= readAt(one.source)) count(sum, one.at, one.n, one.d);
  }
  return sum;
}

/** The newest `items` that have a verdict at `to`; ties go by key. */
export function sumOfLast(
  track: Track,
  items: number,
  to: Instant,
  readAt: (source: string) => Instant,
): Tally & { nextAt: Instant } {
  const { verdicts, pending } = track;
  const sum = { n: 0, d: 0, nextAt: Number.POSITIVE_INFINITY };
  const lost: Verdict[] = [];
  for (const one of pending) {
    const lostAt = Math.max(one.lostAt ?? one.at, one.at);
    if (lostAt > to) sum.nextAt = Math.min(sum.nextAt, lostAt);
    else if (lostAt <= readAt(one.source)) lost.push(one);
  }
  lost.sort(inOrder);
  let i = firstFrom(verdicts, to + 1);
  const next = verdicts[i];
  if (next !== undefined) sum.nextAt = Math.min(sum.nextAt, next.at);
  for (let left = items; left > 0; left -= 1) {
    const settled = verdicts[i - 1];
    const missed = lost.at(-1);
    const one =
      settled === undefined || (missed !== undefined && inOrder(missed, settled) > 0) ? missed : settled;
    if (one === undefined) break;
    if (one === missed) lost.pop();
    else i -= 1;
    sum.n += one.n;
    sum.d += one.d;
  }
  return sum;
}

export function inOrder(a: Verdict, b: Verdict): number {
  return a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

function count(sum: Tally & { oldestAt: Instant }, at: Instant, n: number, d: number): void {
  sum.n += n;
  sum.d += d;
  if (at < sum.oldestAt) sum.oldestAt = at;
}

/** Behind everything that is not after it. */
function placeOf(verdicts: readonly Verdict[], verdict: Verdict): number {
  let i = verdicts.length;
  // Nearly every verdict is the newest.
  if (i === 0 || inOrder(verdicts[i - 1] as Verdict, verdict) <= 0) return i;
  i = firstFrom(verdicts, verdict.at);
  while (i < verdicts.length && inOrder(verdicts[i] as Verdict, verdict) <= 0) i += 1;
  return i;
}

function isAlike(a: Verdict, b: Verdict): boolean {
  return a.key === b.key && a.at === b.at && a.lostAt === b.lostAt;
}
