import { useEffect } from 'react';

const STILL_AFTER_MS = 4_000;

/** Hides the pointer a few seconds after it last moved; nobody wants an arrow on the wall. */
export function useStillCursor(): void {
  useEffect(() => {
    const root = document.documentElement;
    let timer = 0;
    const moved = () => {
      root.classList.remove('is-still');
      window.clearTimeout(timer);
      timer = window.setTimeout(() => root.classList.add('is-still'), STILL_AFTER_MS);
    };
    moved();
    window.addEventListener('pointermove', moved);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener('pointermove', moved);
      root.classList.remove('is-still');
    };
  }, []);
}
