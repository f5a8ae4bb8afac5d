/** Whole numbers add up without loss. */
export function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** A stretch of numbers as a list of their own: several times as fast as spreading it. */
export function listOf(values: Float64Array, from: number, length: number): number[] {
  const list: number[] = [];
  for (let i = 0; i < length; i += 1) list.push(values[from + i] ?? 0);
  return list;
}
