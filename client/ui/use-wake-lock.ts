import { useEffect } from 'react';

/** Keeps the screen awake while the page is visible, where the browser offers that (only over https or on localhost). */
export function useWakeLock(): void {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return;
    let held: WakeLockSentinel | null = null;
    let gone = false;
    const keep = async () => {
      if (document.visibilityState !== 'visible' || gone || held?.released === false) return;
      try {
        held = await navigator.wakeLock.request('screen');
        if (gone) await held.release();
      } catch {
        // A browser may refuse, on low battery for one; the wall then sleeps when the screen does.
        held = null;
      }
    };
    const again = () => void keep();
    document.addEventListener('visibilitychange', again);
    again();
    return () => {
      gone = true;
      document.removeEventListener('visibilitychange', again);
      void held?.release();
    };
  }, []);
}
