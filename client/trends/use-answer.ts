import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiProblem, read } from '../api.ts';

/** The last answer, which stays until the next is there, and why the next did not come. */
export interface Answer<T> {
  value: T | null;
  /** It answers another path than the one that is asked now. */
  isOld: boolean;
  /** Another answer is on its way, and has been for long enough to say so. */
  busy: boolean;
  /** There is no answer yet, and it has been asked for long enough to say so. */
  slow: boolean;
  problem: string | null;
  again: () => void;
}

/** Nothing is said of loading for this long. */
const BLANK_MS = 400;
/** What could not be had is asked for again after this, so that a page left open comes back by itself. */
const TRY_AGAIN_MS = 5_000;

interface Held<T> {
  path: string | null;
  value: T | null;
  problem: string | null;
}

/**
 * Asks a path, and again every so often while the page is visible, and when it is seen again after longer than that. A
 * new question stops the one before it, so that no older answer comes last; the old answer stays until the new one is
 * there. A null path asks nothing.
 */
export function useAnswer<T>(path: string | null, everyMs: number): Answer<T> {
  const [held, setHeld] = useState<Held<T>>({ path: null, value: null, problem: null });
  const [late, setLate] = useState<string | null>(null);
  const ask = useRef<() => void>(() => undefined);

  useEffect(() => {
    if (path === null) return;
    let asked = new AbortController();
    let timer = 0;
    let isDue = false;
    const once = async () => {
      window.clearTimeout(timer);
      asked.abort();
      const mine = new AbortController();
      asked = mine;
      isDue = false;
      let nextMs = everyMs;
      try {
        const value = await read<T>(path, mine.signal);
        if (!mine.signal.aborted) setHeld({ path, value, problem: null });
      } catch (error) {
        if (mine.signal.aborted) return;
        if (!(error instanceof ApiProblem)) throw error;
        const problem = error.message;
        setHeld((last) => ({ path, value: last.path === path ? last.value : null, problem }));
        if (error.status === 0 || error.status >= 500) nextMs = Math.min(everyMs, TRY_AGAIN_MS);
      }
      if (mine.signal.aborted) return;
      timer = window.setTimeout(() => {
        isDue = true;
        look();
      }, nextMs);
    };
    // Hidden, it asks nothing; seen again, at once what was due meanwhile.
    const look = () => {
      if (document.visibilityState === 'visible' && isDue) void once();
    };
    ask.current = () => void once();
    document.addEventListener('visibilitychange', look);
    const blank = window.setTimeout(() => setLate(path), BLANK_MS);
    void once();
    return () => {
      asked.abort();
      document.removeEventListener('visibilitychange', look);
      window.clearTimeout(timer);
      window.clearTimeout(blank);
    };
  }, [path, everyMs]);

  const again = useCallback(() => ask.current(), []);
  const waits = path !== null && held.path !== path;
  const isLate = waits && late === path;
  return {
    value: path === null ? null : held.value,
    isOld: waits && held.value !== null,
    busy: isLate && held.value !== null,
    slow: isLate && held.value === null,
    problem: waits ? null : held.problem,
    again,
  };
}
