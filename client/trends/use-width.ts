import { type RefObject, useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** The width of an element in whole px, now and whenever it changes; null before it stands, `onPaper` while it is printed. */
export function useWidth(element: RefObject<HTMLElement | null>, onPaper: number): number | null {
  const [width, setWidth] = useState<number | null>(null);
  const [isPrinted, setPrinted] = useState(() => window.matchMedia('print').matches);
  useLayoutEffect(() => {
    const watched = element.current;
    if (watched === null) return;
    const measure = () => setWidth(Math.floor(watched.clientWidth) || null);
    const observer = new ResizeObserver(measure);
    observer.observe(watched);
    measure();
    return () => observer.disconnect();
  }, [element]);
  useLayoutEffect(() => {
    const paper = window.matchMedia('print');
    // The sheet is laid out as soon as these return, so that what is drawn for it must stand by then.
    const before = () => flushSync(() => setPrinted(true));
    const after = () => setPrinted(false);
    const changed = () => (paper.matches ? before() : after());
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    paper.addEventListener('change', changed);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
      paper.removeEventListener('change', changed);
    };
  }, []);
  return isPrinted && width !== null ? onPaper : width;
}
