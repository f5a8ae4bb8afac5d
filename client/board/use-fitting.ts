import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';

/**
 * The first of so many steps, each smaller than the one before, at which what is in the box does not overflow it; the
 * last one when none does. Measured again when `key`, the size or the fonts change, before the browser paints.
 */
export function useFitting(box: RefObject<HTMLElement | null>, key: string, steps: number): number {
  const [fit, setFit] = useState({ key, step: 0 });
  const step = fit.key === key ? fit.step : 0;

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || step >= steps - 1) return;
    if (element.scrollHeight > element.clientHeight + 1) setFit({ key, step: step + 1 });
  });

  useEffect(() => {
    if (box.current === null) return;
    const again = () => setFit({ key: '', step: 0 });
    const watch = new ResizeObserver(again);
    watch.observe(box.current);
    document.fonts.addEventListener('loadingdone', again);
    return () => {
      watch.disconnect();
      document.fonts.removeEventListener('loadingdone', again);
    };
  }, [box]);

  return step;
}
