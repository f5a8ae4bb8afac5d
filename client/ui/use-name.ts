import { useCallback, useSyncExternalStore } from 'react';
import { BY_MAX } from '../../shared/limits-desk.ts';

const KEY = 'first-ring.name';
const watchers = new Set<() => void>();

/** The name that commands are given under; asked for once and kept in this browser. Empty until it is known. */
export function useName(): [string, (name: string) => void] {
  const subscribe = useCallback((changed: () => void) => {
    watchers.add(changed);
    window.addEventListener('storage', changed);
    return () => {
      watchers.delete(changed);
      window.removeEventListener('storage', changed);
    };
  }, []);
  const name = useSyncExternalStore(subscribe, nameNow);
  const keep = useCallback((next: string) => {
    window.localStorage.setItem(KEY, next.slice(0, BY_MAX));
    for (const changed of watchers) changed();
  }, []);
  return [name, keep];
}

function nameNow(): string {
  return (window.localStorage.getItem(KEY) ?? '').trim();
}
