/** A map that keeps its newest entries: at most as many as it was made for. */
export interface Newest<Entry> {
  get(key: string): Entry | undefined;
  set(key: string, entry: Entry): void;
  delete(key: string): void;
  /** The newest `count`, oldest of them first. */
  last(count: number): [string, Entry][];
}

export function createNewest<Entry>(max: number, entries: Iterable<[string, Entry]> = []): Newest<Entry> {
  const kept = new Map<string, Entry>(entries);
  return {
    get: (key) => kept.get(key),
    set(key, entry) {
      kept.delete(key);
      kept.set(key, entry);
      if (kept.size <= max) return;
      const oldest = kept.keys().next();
      if (!oldest.done) kept.delete(oldest.value);
    },
    delete: (key) => void kept.delete(key),
    last: (count) => [...kept].slice(-count),
  };
}
