import type { EpochDay } from '../trends.ts';
import { damagedMonth, type Month, monthOf, startOfMonth } from './packed-pairs.ts';

const DAY_MS = 86_400_000;

export function monthOfDay(day: EpochDay): Month {
  return monthOf(day * DAY_MS);
}

/** The first day of a month, and the first after it. */
export function daysOfMonth(month: Month): { from: EpochDay; to: EpochDay } {
  return { from: startOfMonth(month) / DAY_MS, to: startOfMonth(month + 1) / DAY_MS };
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
export function readDay({ packed, month, day, size, at, end }: MonthWalk, room: DaySpread): DaySpread {
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
