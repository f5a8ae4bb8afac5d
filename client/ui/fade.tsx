import { type ReactNode, useLayoutEffect, useRef } from 'react';

const FADE_MS = 160;
const AT_MOST_EVERY_MS = 1_000;

/** Text that changes at once; a short fade goes with the change, at most once a second, and never delays it. */
export function Fade({ of, children }: { of: string; children: ReactNode }) {
  const ref = useRef<HTMLSpanElement>(null);
  const last = useRef({ text: of, fadedAt: Number.NEGATIVE_INFINITY });
  useLayoutEffect(() => {
    if (last.current.text === of) return;
    last.current.text = of;
    const at = performance.now();
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (calm || at - last.current.fadedAt < AT_MOST_EVERY_MS) return;
    last.current.fadedAt = at;
    ref.current?.animate([{ opacity: 0.35 }, { opacity: 1 }], { duration: FADE_MS, easing: 'ease-out' });
  }, [of]);
  return (
    <span className="fade" ref={ref}>
      {children}
    </span>
  );
}
