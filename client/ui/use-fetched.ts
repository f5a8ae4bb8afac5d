import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiProblem, read } from '../api.ts';

/** What was read last, and why it could not be read again. The old value stays beside a problem. */
export interface Fetched<T> {
  value: T | null;
  problem: string | null;
  /** Since the page opened, in ms; decides whether an empty page says that it loads. */
  waiting: boolean;
  /** Reads again now. */
  again: () => void;
}

/** Nothing is said of loading for this long. */
const BLANK_MS = 400;

/** Reads a path, and again every so often while the page is visible. Another path begins anew. */
export function useFetched<T>(path: string, everyMs: number): Fetched<T> {
  const [state, setState] = useState<{ path: string; value: T | null; problem: string | null }>({
    path,
    value: null,
    problem: null,
  });
  const [waiting, setWaiting] = useState(false);
  const load = useRef<() => void>(() => undefined);

  useEffect(() => {
    const over = new AbortController();
    let running: AbortController | null = null;
    let timer = 0;
    const once = async () => {
      window.clearTimeout(timer);
      running?.abort();
      const mine = new AbortController();
      running = mine;
      const stop = AbortSignal.any([over.signal, mine.signal]);
      try {
        const value = await read<T>(path, stop);
        if (!stop.aborted) setState({ path, value, problem: null });
      } catch (error) {
        if (stop.aborted) return;
        if (!(error instanceof ApiProblem)) throw error;
        setState((last) => ({
          path,
          value: last.path === path ? last.value : null,
          problem: error.message,
        }));
      }
      if (!stop.aborted) timer = window.setTimeout(look, everyMs);
    };
    const look = () => {
      if (document.visibilityState === 'visible') void once();
      else timer = window.setTimeout(look, everyMs);
    };
    const seen = () => {
      if (document.visibilityState === 'visible') void once();
    };
    load.current = () => void once();
    const blank = window.setTimeout(() => setWaiting(true), BLANK_MS);
    document.addEventListener('visibilitychange', seen);
    void once();
    return () => {
      over.abort();
      window.clearTimeout(timer);
      window.clearTimeout(blank);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [path, everyMs]);

  const again = useCallback(() => load.current(), []);
  const current = state.path === path ? state : { value: null, problem: null };
  return { value: current.value, problem: current.problem, waiting, again };
}
