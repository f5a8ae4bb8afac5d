import { useEffect, useState } from 'react';
import type { WhoAnswer } from '../../../shared/wire-answer.ts';

/** Asked again after this long when there was no answer. */
const TRY_EVERY_MS = 10_000;

/** Whether this browser may give commands, asked once it is `wanted`; null until it is known. */
export function useIsAdmin(wanted: boolean): boolean | null {
  const [admin, setAdmin] = useState<boolean | null>(null);
  useEffect(() => {
    if (!wanted || admin !== null) return;
    const stop = new AbortController();
    let timer = 0;
    const ask = async () => {
      try {
        const answer = await fetch('/api/who', { cache: 'no-store', signal: stop.signal });
        if (answer.status === 401) return setAdmin(false);
        if (answer.ok) return setAdmin(((await answer.json()) as WhoAnswer).admin);
      } catch (error) {
        // The server is away for now: asked again below.
        if (stop.signal.aborted) return;
        if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
      }
      timer = window.setTimeout(() => void ask(), TRY_EVERY_MS);
    };
    void ask();
    return () => {
      stop.abort();
      window.clearTimeout(timer);
    };
  }, [wanted, admin]);
  return admin;
}
