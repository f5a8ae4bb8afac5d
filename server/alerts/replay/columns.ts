import type { Instant } from '../../../shared/time.ts';
import type { Stay } from '../../judge/history.ts';

/** What was counted of one scope and figure, in the order of (at, key), in columns: half a million rows in a few arrays. */
export interface Columns {
  size: number;
  at: Float64Array;
  /** Known in [from, to); `to` is Infinity for nearly all. */
  from: Float64Array;
  to: Float64Array;
  n: Float64Array;
  d: Float64Array;
  keys: string[];
  /** Rows by when each came to count: the later of `at` and `from`. */
  byStart: Uint32Array;
  /** Rows that were taken back. */
  taken: Uint32Array;
}

export interface Rows {
  keys: string[];
  at: Instant[];
  from: Instant[];
  to: Instant[];
  n: number[];
  d: number[];
}

export function noRows(): Rows {
  return { keys: [], at: [], from: [], to: [], n: [], d: [] };
}

export function addRow(rows: Rows, key: string, { at, from, to, n, d }: Stay): void {
  rows.keys.push(key);
  rows.at.push(at);
  rows.from.push(from);
  rows.to.push(to);
  rows.n.push(n);
  rows.d.push(d);
}

/** Sorts rows into columns. */
export function columnsOf(rows: Rows): Columns {
  const size = rows.keys.length;
  const order = orderOf(
    size,
    (a, b) => num(rows.at, a) - num(rows.at, b) || compare(rows.keys[a], rows.keys[b]),
  );
  const take = (from: readonly number[]): Float64Array => {
    const column = new Float64Array(size);
    for (let i = 0; i < size; i += 1) column[i] = num(from, order[i] as number);
    return column;
  };
  const at = take(rows.at);
  const from = take(rows.from);
  const to = take(rows.to);
  const start = new Float64Array(size);
  for (let i = 0; i < size; i += 1) start[i] = Math.max(at[i] as number, from[i] as number);
  const taken: number[] = [];
  for (let i = 0; i < size; i += 1) if (Number.isFinite(to[i])) taken.push(i);
  return {
    size,
    at,
    from,
    to,
    n: take(rows.n),
    d: take(rows.d),
    keys: Array.from(order, (i) => rows.keys[i] ?? ''),
    byStart: orderOf(size, (a, b) => (start[a] as number) - (start[b] as number) || a - b),
    taken: Uint32Array.from(taken),
  };
}

/** The same without the rows of these items, and with others in their place. */
export function withRows(columns: Columns, gone: ReadonlySet<string>, more: Rows): Columns {
  const rows = noRows();
  for (let i = 0; i < columns.size; i += 1) {
    const key = columns.keys[i] ?? '';
    if (gone.has(key)) continue;
    rows.keys.push(key);
    rows.at.push(columns.at[i] as number);
    rows.from.push(columns.from[i] as number);
    rows.to.push(columns.to[i] as number);
    rows.n.push(columns.n[i] as number);
    rows.d.push(columns.d[i] as number);
  }
  for (let i = 0; i < more.keys.length; i += 1) {
    rows.keys.push(more.keys[i] ?? '');
    for (const name of ['at', 'from', 'to', 'n', 'd'] as const) rows[name].push(num(more[name], i));
  }
  return columnsOf(rows);
}

/** Nearly sorted already, which the sort of arrays is quick with. */
function orderOf(size: number, before: (a: number, b: number) => number): Uint32Array {
  const order = Array.from({ length: size }, (_, i) => i);
  return Uint32Array.from(order.sort(before));
}

function num(values: readonly number[], i: number): number {
  return values[i] as number;
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
