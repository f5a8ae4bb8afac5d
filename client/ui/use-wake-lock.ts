import { useEffect } from 'react';
import { MINUTE } from '../../shared/time.ts';

/** A lock that was refused, or that the system took back, is asked for again after this long. */
const TRY_EVERY_MS = MINUTE;

/** Keeps the screen awake while the page is visible, where the browser offers that (only over https or on localhost). */
export function useWakeLock(): void {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return;
    let held: WakeLockSentinel | null = null;
    let asking = false;
    let gone = false;
    const keep = async () => {
      if (document.visibilityState !== 'visible' || gone || asking || held?.released === false) return;
      asking = true;
      try {
        held = await navigator.wakeLock.request('screen');
        if (gone) await held.release();
      } catch {
        // A browser may refuse, on low battery for one; the wall then sleeps when the screen does.
        held = null;
      } finally {
        asking = false;
      }
    };
    const again = () => void keep();
    document.addEventListener('visibilitychange', again);
    const timer = window.setInterval(again, TRY_EVERY_MS);
    again();
    return () => {
      gone = true;
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', again);
      void held?.release();
    };
  }, []);
}
