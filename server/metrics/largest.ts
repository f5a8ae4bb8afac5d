/** The largest lengths of a changing set, without keeping the whole set. */
export interface Largest {
  /** Sets the length of one member; null takes it out. */
  set(key: string, ms: number | null): void;
  /** The largest; null when the set is empty, or when it is not known any more. */
  topMs(): number | null;
  /** So many of the largest were taken back that the next is not known: the set must be read again. */
  exhausted(): boolean;
}

/** How many are kept: this many corrections of the very largest are taken without reading anything again. */
const KEPT = 8;

/** An empty set. */
export function createLargest(): Largest {
  /** Largest first; everything longer than `letGoMs` is in it. */
  const held: { key: string; ms: number }[] = [];
  let letGoMs = -1;
  return {
    set(key, ms) {
      const old = held.findIndex((entry) => entry.key === key);
      if (old >= 0) held.splice(old, 1);
      if (ms === null || ms <= letGoMs) return;
      const place = held.findIndex((entry) => entry.ms < ms);
      held.splice(place < 0 ? held.length : place, 0, { key, ms });
      if (held.length > KEPT) letGoMs = Math.max(letGoMs, held.pop()?.ms ?? letGoMs);
    },
    topMs: () => held[0]?.ms ?? null,
    exhausted: () => held.length === 0 && letGoMs >= 0,
  };
}
