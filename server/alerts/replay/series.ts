import type { Instant } from '../../../shared/time.ts';
import { nextLook } from '../look-step.ts';
import type { Columns } from './columns.ts';

/** How a value went: it is (n[i], d[i]) from t[i] on, until t[i + 1]. Instants ascend; the value may stay. */
export interface Series {
  size: number;
  t: Float64Array;
  n: Float64Array;
  d: Float64Array;
}

/**
 * The sum over a window that moves with time. `leavesAt`: when what counted at an instant drops out, never earlier for a
 * later instant. The same arithmetic as metrics/meter.ts: inside from its own instant, and while it is known.
 */
export function movingSum(columns: Columns, leavesAt: (at: Instant) => Instant): Series {
  const { size, at, from, to, n, d, byStart } = columns;
  const series = createSeries(2 * size);
  const taken = takenBack(columns, leavesAt);
  let [sumN, sumD] = [0, 0];
  let [start, end, back] = [0, 0, 0];
  const startOf = (i: number): Instant => Math.max(at[i] as number, from[i] as number);
  for (;;) {
    while (end < size && Number.isFinite(to[end])) end += 1;
    const i = start < size ? (byStart[start] as number) : -1;
    const startsAt = i < 0 ? Number.POSITIVE_INFINITY : startOf(i);
    const endsAt = end < size ? leavesAt(at[end] as number) : Number.POSITIVE_INFINITY;
    const backAt = taken[back]?.at ?? Number.POSITIVE_INFINITY;
    const now = Math.min(startsAt, endsAt, backAt);
    if (now === Number.POSITIVE_INFINITY) return series;
    if (startsAt === now) {
      start += 1;
      // Known only after it left: it was never inside.
      if (Math.min(to[i] as number, leavesAt(at[i] as number)) > now) {
        sumN += n[i] as number;
        sumD += d[i] as number;
      }
    } else if (endsAt === now) {
      if (startOf(end) < now) {
        sumN -= n[end] as number;
        sumD -= d[end] as number;
      }
      end += 1;
    } else {
      const row = taken[back]?.row ?? 0;
      back += 1;
      sumN -= n[row] as number;
      sumD -= d[row] as number;
    }
    note(series, now, sumN, sumD);
  }
}

/** The sum over the newest `items` that are known, ties by key. */
export function lastSum(columns: Columns, items: number): Series {
  const { size, at, from, to, n, d, byStart, taken } = columns;
  const series = createSeries(size + taken.length);
  /** Rows that are known, in their order, which is that of instants and keys. */
  const known: number[] = [];
  let [sumN, sumD] = [0, 0];
  const count = (i: number | undefined, times: 1 | -1): void => {
    if (i === undefined) return;
    sumN += times * (n[i] as number);
    sumD += times * (d[i] as number);
  };
  const ends = [...taken]
    .filter((row) => (to[row] as number) > startAt(row))
    .sort((a, b) => (to[a] as number) - (to[b] as number));
  function startAt(row: number): Instant {
    return Math.max(at[row] as number, from[row] as number);
  }
  let [start, end] = [0, 0];
  while (start < size || end < ends.length) {
    const row = start < size ? (byStart[start] as number) : -1;
    const startsAt = row < 0 ? Number.POSITIVE_INFINITY : startAt(row);
    const endsAt = end < ends.length ? (to[ends[end] as number] as number) : Number.POSITIVE_INFINITY;
    if (startsAt <= endsAt) {
      start += 1;
      if ((to[row] as number) <= startsAt) continue;
      const place = placeIn(known, row);
      if (place >= known.length - items + 1 || known.length < items) {
        if (known.length >= items) count(known[known.length - items], -1);
        count(row, 1);
      }
      known.splice(place, 0, row);
      note(series, startsAt, sumN, sumD);
    } else {
      const gone = ends[end] as number;
      end += 1;
      const place = placeIn(known, gone) - 1;
      if (place >= known.length - items) {
        count(gone, -1);
        count(known[known.length - items - 1], 1);
      }
      known.splice(place, 1);
      note(series, endsAt, sumN, sumD);
    }
  }
  return series;
}

/** How many stays hold at once, of gauges. */
export function standing(columns: Columns): Series {
  return movingSum(columns, () => Number.POSITIVE_INFINITY);
}

/** Since when the longest of the stays that hold has stood, as (since, 1); (Infinity, 1) when none does. */
export function longestSince(columns: Columns): Series {
  const { size, at, to, byStart, taken } = columns;
  const series = createSeries(size + taken.length);
  const ends = [...taken].sort((a, b) => (to[a] as number) - (to[b] as number));
  const isOn = new Uint8Array(size);
  let oldest = size;
  let [start, end] = [0, 0];
  while (start < size || end < ends.length) {
    const row = start < size ? (byStart[start] as number) : -1;
    const startsAt =
      row < 0 ? Number.POSITIVE_INFINITY : Math.max(at[row] as number, columns.from[row] as number);
    const endsAt = end < ends.length ? (to[ends[end] as number] as number) : Number.POSITIVE_INFINITY;
    if (startsAt <= endsAt) {
      start += 1;
      if ((to[row] as number) <= startsAt) continue;
      isOn[row] = 1;
      oldest = Math.min(oldest, row);
    } else {
      isOn[ends[end] as number] = 0;
      end += 1;
      while (oldest < size && isOn[oldest] === 0) oldest += 1;
    }
    note(
      series,
      Math.min(startsAt, endsAt),
      oldest < size ? (at[oldest] as number) : Number.POSITIVE_INFINITY,
      1,
    );
  }
  return series;
}

/** The same as it stands when rules are looked at. */
export function onLooks(series: Series): Series {
  const looks = createSeries(series.size);
  for (let i = 0; i < series.size; i += 1)
    note(looks, nextLook(series.t[i] as number), series.n[i] as number, series.d[i] as number);
  return looks;
}

function createSeries(most: number): Series {
  return { size: 0, t: new Float64Array(most), n: new Float64Array(most), d: new Float64Array(most) };
}

/** Several changes at one instant are one. */
function note(series: Series, t: Instant, n: number, d: number): void {
  if (series.size === 0 || series.t[series.size - 1] !== t) series.size += 1;
  const last = series.size - 1;
  series.t[last] = t;
  series.n[last] = n;
  series.d[last] = d;
}

/** Of the few that were taken back: when each ended, be it by that or because it left. */
function takenBack(
  { at, from, to, taken }: Columns,
  leavesAt: (at: Instant) => Instant,
): { row: number; at: Instant }[] {
  const ends: { row: number; at: Instant }[] = [];
  for (const row of taken) {
    const end = Math.min(to[row] as number, leavesAt(at[row] as number));
    if (end > Math.max(at[row] as number, from[row] as number)) ends.push({ row, at: end });
  }
  return ends.sort((a, b) => a.at - b.at);
}

/** Behind every row that is not after it. */
function placeIn(known: readonly number[], row: number): number {
  let place = known.length;
  while (place > 0 && (known[place - 1] as number) > row) place -= 1;
  return place;
}
