import { entryOf } from '../../../shared/entry-of.ts';
import type { EpochDay, Measure } from '../trends.ts';
import { damagedMonth, type Month, monthOf, startOfMonth } from './packed-pairs.ts';
import { rankOf } from './spread-pool.ts';

const DAY_MS = 86_400_000;

/** How often each key occurred, by day. */
export type DaySpreads = Map<EpochDay, Map<number, number>>;

export function monthOfDay(day: EpochDay): Month {
  return monthOf(day * DAY_MS);
}

/** The first day of a month, and the first after it. */
export function daysOfMonth(month: Month): { from: EpochDay; to: EpochDay } {
  return { from: startOfMonth(month) / DAY_MS, to: startOfMonth(month + 1) / DAY_MS };
}

/**
 * A month of one distribution: all its days together under the number 0 (arrivals have no rank, and not this), then each
 * day from 1 on. Of each its
 * number, how many lengths, their median and 90th percentile, how many keys and in how many bytes; then each key as the
 * difference to the one before, and its count; as numbers of seven bits a byte. Null when all is nought.
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

/** Goes through the days of a packed month; before the first until `nextDay` was asked. */
export interface MonthWalk {
  packed: Uint8Array;
  month: Month;
  /** The first day of the month, and the first after it. */
  from: EpochDay;
  to: EpochDay;
  /** The day it stands on, with its ranks, and how many keys it has. */
  day: EpochDay;
  count: number;
  p50: number;
  p90: number;
  size: number;
  /** Where the day lies: from `start`, its keys from `at`, to `end`. */
  start: number;
  at: number;
  end: number;
}

export function walkThrough(packed: Uint8Array, month: Month): MonthWalk {
  const day = { day: Number.NEGATIVE_INFINITY, count: 0, p50: 0, p90: 0, size: 0, start: 0, at: 0, end: 0 };
  return { packed, month, ...daysOfMonth(month), ...day };
}

/** Goes on to the next day; false at the end. @throws Problem where the bytes are not what was written. */
export function nextDay(walk: MonthWalk): boolean {
  if (!nextPlace(walk)) return false;
  return walk.day >= walk.from || nextPlace(walk);
}

/** The next day, or what is kept of all days together, which stands as the day before the first. */
function nextPlace(walk: MonthWalk): boolean {
  const { packed, month, from, to, day: last } = walk;
  walk.start = walk.end;
  walk.at = walk.end;
  if (walk.at >= packed.length) return false;
  walk.day = from - 1 + takeNumber(packed, walk);
  walk.count = takeNumber(packed, walk);
  walk.p50 = takeNumber(packed, walk);
  walk.p90 = takeNumber(packed, walk);
  walk.size = takeNumber(packed, walk);
  const bytes = takeNumber(packed, walk);
  walk.end = walk.at + bytes;
  // A key and its count have a byte each at the least.
  if (walk.day > last && walk.day < to && 2 * walk.size <= bytes && walk.end <= packed.length) return true;
  throw damagedMonth(month);
}

/** One day of a distribution: its first `size` keys in order, and how often each occurred. */
export interface DaySpread {
  day: EpochDay;
  size: number;
  keys: Float64Array;
  counts: Float64Array;
}

/** Room to read a day into, used again for the next: whoever keeps what is in it copies it. */
export function createRoom(): DaySpread {
  return { day: 0, size: 0, keys: new Float64Array(256), counts: new Float64Array(256) };
}

/** All days of a packed month together. @throws Problem where that is not kept: of no month but those of arrivals. */
export function readWhole(packed: Uint8Array, month: Month, room: DaySpread): DaySpread {
  const walk = walkThrough(packed, month);
  if (nextPlace(walk) && walk.day < walk.from) return readDay(walk, room);
  throw damagedMonth(month);
}

/** Those days of a packed month that are inside [from, to), in order, each in the same room. */
export function* readDays(
  walk: MonthWalk,
  { from, to }: { from: EpochDay; to: EpochDay },
  room: DaySpread,
): Generator<DaySpread> {
  while (nextDay(walk)) {
    if (walk.day >= to) return;
    if (walk.day >= from) yield readDay(walk, room);
  }
}

/** The day that the walk stands on. */
function readDay({ packed, month, day, size, at, end }: MonthWalk, room: DaySpread): DaySpread {
  room.day = day;
  room.size = size;
  if (size > room.keys.length) {
    room.keys = new Float64Array(2 * size);
    room.counts = new Float64Array(2 * size);
  }
  if (readKeys(packed, at, room) !== end) throw damagedMonth(month);
  return room;
}

/** Gives where it ended. Written out, for it is most of the work: a call for each number would take several times as long. */
function readKeys(packed: Uint8Array, start: number, { size, keys, counts }: DaySpread): number {
  let at = start;
  let key = 0;
  for (let i = 0; i < size; i += 1) {
    let number = packed[at++]!;
    if (number >= 128) {
      number -= 128;
      let unit = 128;
      let byte = packed[at++]!;
      for (; byte >= 128; unit *= 128) {
        number += (byte - 128) * unit;
        byte = packed[at++]!;
      }
      number += byte * unit;
    }
    key += number;
    let count = packed[at++]!;
    if (count >= 128) {
      count -= 128;
      let unit = 128;
      let byte = packed[at++]!;
      for (; byte >= 128; unit *= 128) {
        count += (byte - 128) * unit;
        byte = packed[at++]!;
      }
      count += byte * unit;
    }
    keys[i] = key;
    counts[i] = count;
  }
  return at;
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

/** Numbers may be larger than 32 bits. */
function takeNumber(bytes: Uint8Array, place: { at: number }): number {
  let byte = bytes[place.at++]!;
  if (byte < 128) return byte;
  let number = byte - 128;
  let unit = 128;
  do {
    byte = bytes[place.at++]!;
    number += (byte % 128) * unit;
    unit *= 128;
  } while (byte >= 128);
  return number;
}
