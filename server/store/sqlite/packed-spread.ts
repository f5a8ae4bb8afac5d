import { entryOf } from '../../../shared/entry-of.ts';
import type { EpochDay, Measure } from '../trends.ts';
import {
  createRoom,
  type DaySpread,
  daysOfMonth,
  nextDay,
  readDay,
  readDays,
  readWhole,
  walkThrough,
} from './packed-days.ts';
import { damagedMonth, type Month } from './packed-pairs.ts';
import { rankOf } from './spread-pool.ts';

/** How often each key occurred, by day. */
export type DaySpreads = Map<EpochDay, Map<number, number>>;

/**
 * A month of one distribution: all its days together under the number 0 (arrivals have no rank, and not this), then each
 * day from 1 on. Of each its number, how many lengths, their median and 90th percentile, how many keys and in how many
 * bytes; then each key as the difference to the one before, and its count; as numbers of seven bits a byte. Null when all
 * is nought.
 * @throws Error for a count below nought: a length was taken away that was never counted.
 */
export function packSpread(days: DaySpreads, month: Month, measure: Measure): Uint8Array | null {
  return addToPacked(null, days, { month, measure });
}

/**
 * Adds to a packed month, or to none. Only the days that are added to are unpacked, so that a day more costs the same
 * however much the month holds.
 */
export function addToPacked(
  packed: Uint8Array | null,
  added: DaySpreads,
  { month, measure }: { month: Month; measure: Measure },
): Uint8Array | null {
  const whole = new Map<number, number>();
  if (measure !== 'arrival') {
    if (packed !== null) addDay(whole, readWhole(packed, month, createRoom()));
    for (const counts of added.values())
      for (const [key, count] of counts) whole.set(key, (whole.get(key) ?? 0) + count);
  }
  const { from } = daysOfMonth(month);
  const rest = new Map([...added].sort(([a], [b]) => a - b));
  const parts: Uint8Array[] = [packDay(from - 1, whole, from)];
  const write = (before: EpochDay): void => {
    for (const [day, counts] of rest) {
      if (day >= before) return;
      parts.push(packDay(day, counts, from));
      rest.delete(day);
    }
  };
  if (packed !== null) {
    const room = createRoom();
    for (const walk = walkThrough(packed, month); nextDay(walk); ) {
      write(walk.day);
      const own = rest.get(walk.day);
      if (own === undefined) parts.push(packed.subarray(walk.start, walk.end));
      else addDay(own, readDay(walk, room));
    }
  }
  write(Number.POSITIVE_INFINITY);
  const bytes = Buffer.concat(parts);
  return bytes.length === 0 ? null : new Uint8Array(bytes);
}

function packDay(day: EpochDay, counts: ReadonlyMap<number, number>, from: EpochDay): Uint8Array {
  const kept = [...counts].filter(([, count]) => count !== 0).sort(([a], [b]) => a - b);
  if (kept.length === 0) return new Uint8Array();
  const body: number[] = [];
  let last = 0;
  for (const [key, count] of kept) {
    if (count < 0)
      throw new Error(`Length ${key} of day ${day} was taken away more often than it was counted.`);
    putNumber(body, key - last);
    putNumber(body, count);
    last = key;
  }
  const head: number[] = [];
  const ranked = rankOf(
    kept.length,
    kept.map(([key]) => key),
    kept.map(([, count]) => count),
  );
  for (const number of [day - from + 1, ...ranked, kept.length, body.length]) putNumber(head, number);
  return Uint8Array.from([...head, ...body]);
}

/** @throws Problem where what is kept of a month's days is not what they hold. */
export function checkMonth(packed: Uint8Array, month: Month, measure: Measure): void {
  const days: DaySpreads = new Map();
  addSpread(days, packed, month);
  const again = packSpread(days, month, measure);
  if (again === null || Buffer.compare(again, packed) !== 0) throw damagedMonth(month);
}

/** Adds what is packed. */
export function addSpread(days: DaySpreads, packed: Uint8Array, month: Month): void {
  for (const one of readDays(walkThrough(packed, month), daysOfMonth(month), createRoom()))
    addDay(
      entryOf(days, one.day, () => new Map<number, number>()),
      one,
    );
}

/** Adds one day's counts. */
export function addDay(into: Map<number, number>, { size, keys, counts }: DaySpread): void {
  for (let i = 0; i < size; i += 1) into.set(keys[i]!, (into.get(keys[i]!) ?? 0) + counts[i]!);
}

function putNumber(bytes: number[], number: number): void {
  let rest = number;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}
