import { HOUR, type Instant, SECOND } from '../shared/time.ts';

const KEY = 'first-ring.reloads';
/** For one and the same build the page is loaded again at most this often, so that two servers that differ cannot make it loop. */
const AGAIN_AFTER_MS = HOUR;
/** A page that could not be had is asked for again after this long. */
const TRY_EVERY_MS = 10 * SECOND;
const BUILDS_KEPT = 20;

/**
 * Loads the page again for another build of the client, once the server has shown that it can serve it: a browser's own
 * error page on the wall would stay there. `at` is the server's time, for the screen's clock may be wrong.
 */
export function createReload(): (build: string, at: Instant) => void {
  let triedAt = Number.NEGATIVE_INFINITY;
  return (build, at) => {
    if (Math.abs(at - triedAt) < TRY_EVERY_MS) return;
    const before = reloads();
    const lastAt = before.find((reload) => reload.build === build)?.at;
    if (lastAt !== undefined && Math.abs(at - lastAt) < AGAIN_AFTER_MS) return;
    triedAt = at;
    void isServed().then((served) => {
      if (!served) return;
      const others = before.filter((reload) => reload.build !== build).slice(1 - BUILDS_KEPT);
      window.sessionStorage.setItem(KEY, JSON.stringify([...others, { build, at }]));
      window.location.reload();
    });
  };
}

function reloads(): { build: string; at: Instant }[] {
  const kept: unknown = JSON.parse(window.sessionStorage.getItem(KEY) ?? '[]');
  return Array.isArray(kept) ? kept : [];
}

/** Does the server answer for this page just now? */
export async function isServed(): Promise<boolean> {
  try {
    const answer = await fetch(window.location.href, { cache: 'no-store' });
    return answer.ok;
  } catch {
    // The server is away, or went away again; whoever needs it asks anew.
    return false;
  }
}
