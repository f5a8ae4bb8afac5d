import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';

interface Fit {
  key: string;
  shown: ReadonlySet<number>;
}

/**
 * Which items of a list fit into it whole, from the first on; null while all are laid out to be measured, and always
 * when `key` is null. An item that could not fit even alone is passed over; after that, the first that does not fit
 * ends the list. Measured again when the items, the size or the fonts change, before the browser paints.
 */
export function useWholeItems(
  list: RefObject<HTMLElement | null>,
  key: string | null,
): ReadonlySet<number> | null {
  const [fit, setFit] = useState<Fit | null>(null);
  const shown = fit !== null && fit.key === key ? fit.shown : null;

  useLayoutEffect(() => {
    if (key === null || shown !== null || list.current === null) return;
    setFit({ key, shown: measure(list.current) });
  });

  useEffect(() => {
    if (list.current === null) return;
    const again = () => setFit(null);
    const watch = new ResizeObserver(again);
    watch.observe(list.current);
    document.fonts.addEventListener('loadingdone', again);
    return () => {
      watch.disconnect();
      document.fonts.removeEventListener('loadingdone', again);
    };
  }, [list]);

  return shown;
}

function measure(list: HTMLElement): ReadonlySet<number> {
  const room = list.clientHeight;
  const shown = new Set<number>();
  let used = 0;
  for (const [index, item] of [...list.children].entries()) {
    const height = item.getBoundingClientRect().height;
    if (height > room) continue;
    if (used + height > room + 0.5) break;
    used += height;
    shown.add(index);
  }
  return shown;
}
