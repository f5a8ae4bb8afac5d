import { type Instant, QUARTER_HOUR } from '../../../shared/time.ts';
import { Problem } from '../../problem.ts';

/** A month of UTC, counted from January 1970. */
export type Month = number;

/** Quarter-hours of the longest month. */
const QUARTERS_MAX = 31 * 96;
/** first, count: 16 bits each; the widths of n and of d in bytes; two bytes of nothing. */
const HEADER = 8;

export function monthOf(at: Instant): Month {
  const date = new Date(at);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

export function startOfMonth(month: Month): Instant {
  return Date.UTC(1970 + Math.floor(month / 12), month % 12, 1);
}

/** A month of one tally: (n, d) of each quarter-hour, by its number in the month. */
export interface MonthPairs {
  n: Float64Array;
  d: Float64Array;
}

export function emptyPairs(): MonthPairs {
  return { n: new Float64Array(QUARTERS_MAX), d: new Float64Array(QUARTERS_MAX) };
}

/** The number in its month of the quarter-hour that starts at `quarter`. */
export function quarterInMonth(quarter: Instant, month: Month): number {
  return (quarter - startOfMonth(month)) / QUARTER_HOUR;
}

type Numbers = Int8Array | Int16Array | Int32Array | Float64Array;

/** As it is stored: the quarter-hours from `first` on, each number in as few bytes as the largest needs; `d` may be empty. */
export interface PackedPairs {
  first: number;
  count: number;
  n: Numbers;
  d: Numbers;
}

/** Null when all is nought. */
export function packPairs({ n, d }: MonthPairs): Uint8Array | null {
  let first = 0;
  let end = QUARTERS_MAX;
  while (first < end && n[first] === 0 && d[first] === 0) first += 1;
  while (end > first && n[end - 1] === 0 && d[end - 1] === 0) end -= 1;
  if (first === end) return null;
  const count = end - first;
  const widths = [widthOf(n.subarray(first, end)), widthOf(d.subarray(first, end))] as const;
  // Each list begins at a multiple of 8 bytes, so that it can be read in place.
  const dAt = HEADER + padded(count * widths[0]);
  const buffer = new ArrayBuffer(dAt + count * widths[1]);
  const header = new DataView(buffer);
  header.setUint16(0, first, true);
  header.setUint16(2, count, true);
  header.setUint8(4, widths[0]);
  header.setUint8(5, widths[1]);
  numbersIn(buffer, HEADER, count, widths[0]).set(n.subarray(first, first + count * Math.sign(widths[0])));
  numbersIn(buffer, dAt, count, widths[1]).set(d.subarray(first, first + count * Math.sign(widths[1])));
  return new Uint8Array(buffer);
}

/**
 * What `packPairs` made, read in place.
 * @throws Problem where the bytes are not what was written.
 */
export function readPairs(packed: Uint8Array, month: Month): PackedPairs {
  if (packed.length < HEADER) throw damagedMonth(month);
  const isAligned = packed.byteOffset % 8 === 0;
  const { buffer, byteOffset } = isAligned ? packed : new Uint8Array(packed);
  const header = new DataView(buffer, byteOffset);
  const first = header.getUint16(0, true);
  const count = header.getUint16(2, true);
  const [nWidth, dWidth] = [header.getUint8(4), header.getUint8(5)];
  const dAt = HEADER + padded(count * nWidth);
  const isWhole = first + count <= QUARTERS_MAX && packed.length === dAt + count * dWidth;
  if (!isWhole || !isWidth(nWidth) || !isWidth(dWidth)) throw damagedMonth(month);
  return {
    first,
    count,
    n: numbersIn(buffer, byteOffset + HEADER, count, nWidth),
    d: numbersIn(buffer, byteOffset + dAt, count, dWidth),
  };
}

/** A month whose bytes are not what was written: by a disk that lies, or another program. */
export function damagedMonth(month: Month): Problem {
  const name = new Date(startOfMonth(month)).toISOString().slice(0, 7);
  return new Problem(
    'unavailable',
    `What was counted in ${name} is damaged in the database. Stop First Ring and run "npm run recount -- --mend".`,
  );
}

/** Adds what is packed. */
export function addPacked({ n, d }: MonthPairs, packed: Uint8Array, month: Month): void {
  const read = readPairs(packed, month);
  for (let i = 0; i < read.n.length; i += 1) n[read.first + i]! += read.n[i]!;
  for (let i = 0; i < read.d.length; i += 1) d[read.first + i]! += read.d[i]!;
}

type Width = 0 | 1 | 2 | 4 | 8;

function isWidth(width: number): width is Width {
  return width === 0 || width === 1 || width === 2 || width === 4 || width === 8;
}

function widthOf(numbers: Float64Array): Width {
  let most = 0;
  for (const number of numbers) most = Math.max(most, Math.abs(number));
  if (most === 0) return 0;
  if (most < 2 ** 7) return 1;
  if (most < 2 ** 15) return 2;
  return most < 2 ** 31 ? 4 : 8;
}

/** The byte order is that of every machine that this runs on: the lowest first. */
function numbersIn(buffer: ArrayBufferLike, at: number, count: number, width: Width): Numbers {
  switch (width) {
    case 0:
      return new Int8Array(0);
    case 1:
      return new Int8Array(buffer, at, count);
    case 2:
      return new Int16Array(buffer, at, count);
    case 4:
      return new Int32Array(buffer, at, count);
    case 8:
      return new Float64Array(buffer, at, count);
  }
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
