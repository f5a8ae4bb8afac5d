/** The largest length of a changing set. */
export interface Largest {
  /** Adds a length `times` times; −1 takes it back. */
  add(ms: number, times: 1 | -1): void;
  /** Null when the set is empty. */
  topMs(): number | null;
}

/** An empty set. Equal lengths are counted, so that it grows with how different they are and not with how many. */
export function createLargest(): Largest {
  const counts = new Map<number, number>();
  /** A binary heap, the largest first, of every length in `counts`; one that came to nought goes when it is on top. */
  const heap: number[] = [];
  return {
    add(ms, times) {
      const count = counts.get(ms);
      counts.set(ms, (count ?? 0) + times);
      if (count === undefined) push(heap, ms);
    },
    topMs() {
      for (let top = heap[0]; top !== undefined; top = heap[0]) {
        if (counts.get(top) !== 0) return top;
        counts.delete(top);
        pop(heap);
      }
      return null;
    },
  };
}

function push(heap: number[], ms: number): void {
  let at = heap.length;
  heap.push(ms);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] ?? ms;
    if (above >= ms) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = ms;
}

function pop(heap: number[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if ((heap[child + 1] ?? -1) > (heap[child] ?? -1)) child += 1;
    const below = heap[child] ?? last;
    if (below <= last) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = last;
}
