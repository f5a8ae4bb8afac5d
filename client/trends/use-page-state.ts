import { useCallback, useEffect, useRef, useState } from 'react';
import { type PageState, readState, searchOf } from './page-state.ts';

/** The state of the page, which is its address. */
export interface HeldState {
  state: PageState;
  /** What is wrong with the address, in words. */
  faults: string[];
  /** Changes it by a new entry of the history. */
  go: (change: Partial<PageState>) => void;
  /**
   * Changes it in place: what moves in small steps would make a history of hundreds. The address may follow a
   * moment later, for browsers refuse more than a hundred or two in half a minute.
   */
  shift: (change: Partial<PageState>) => void;
}

/** A held arrow key or a dragged slider moves the address so often at most. */
const ADDRESS_EVERY_MS = 400;

export function usePageState(): HeldState {
  const [held, setHeld] = useState(() => readState(window.location.search));
  const last = useRef(held);
  /** While this timer runs the address waits, and `waits` says that there is something to write. */
  const timer = useRef(0);
  const waits = useRef(false);
  /** Writes the address of the state into this entry of the history, where that is still to be done. */
  const settle = useCallback(() => {
    if (waits.current) window.history.replaceState(null, '', addressOf(last.current.state));
    waits.current = false;
  }, []);

  useEffect(() => {
    const moved = () => {
      // What was not written yet belongs to the entry that was left.
      waits.current = false;
      last.current = readState(window.location.search);
      setHeld(last.current);
    };
    window.addEventListener('popstate', moved);
    window.addEventListener('pagehide', settle);
    return () => {
      window.removeEventListener('popstate', moved);
      window.removeEventListener('pagehide', settle);
      settle();
    };
  }, [settle]);

  const take = useCallback((part: Partial<PageState>) => {
    last.current = { state: { ...last.current.state, ...part }, faults: [] };
    setHeld(last.current);
  }, []);
  const go = useCallback(
    (part: Partial<PageState>) => {
      settle();
      take(part);
      const to = addressOf(last.current.state);
      if (to !== window.location.pathname + window.location.search) window.history.pushState(null, '', to);
    },
    [settle, take],
  );
  const shift = useCallback(
    (part: Partial<PageState>) => {
      take(part);
      waits.current = true;
      if (timer.current !== 0) return;
      const write = () => {
        timer.current = waits.current ? window.setTimeout(write, ADDRESS_EVERY_MS) : 0;
        settle();
      };
      write();
    },
    [settle, take],
  );
  return { ...held, go, shift };
}

function addressOf(state: PageState): string {
  return `${window.location.pathname}${searchOf(state)}`;
}
