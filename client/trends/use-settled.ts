import { startTransition, useEffect, useState } from 'react';

/** The value once it has stood for so long: what takes long to draw then keeps nobody waiting. Null before the first. */
export function useSettled<T>(value: T, afterMs: number): T | null {
  const [settled, setSettled] = useState<{ value: T } | null>(null);
  useEffect(() => {
    const timer = window.setTimeout(() => startTransition(() => setSettled({ value })), afterMs);
    return () => window.clearTimeout(timer);
  }, [value, afterMs]);
  return settled === null ? null : settled.value;
}
