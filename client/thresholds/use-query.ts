import { useCallback, useSyncExternalStore } from 'react';

const watchers = new Set<() => void>();

/** What the address says after the question mark, and a way to say something else; going back works. */
export function useQuery(): [URLSearchParams, (next: Record<string, string>) => void] {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  const go = useCallback((next: Record<string, string>) => {
    const query = new URLSearchParams(next).toString();
    window.history.pushState(null, '', query === '' ? window.location.pathname : `?${query}`);
    for (const changed of watchers) changed();
  }, []);
  return [new URLSearchParams(search), go];
}

function subscribe(changed: () => void): () => void {
  watchers.add(changed);
  window.addEventListener('popstate', changed);
  return () => {
    watchers.delete(changed);
    window.removeEventListener('popstate', changed);
  };
}
