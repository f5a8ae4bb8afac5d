import type { Snapshot } from '../shared/figure.ts';
import { type Instant, MINUTE, SECOND } from '../shared/time.ts';
import type { Link, Told } from './link.ts';

/** This long without any message and the board is not live. */
export const SILENT_AFTER_MS = 10 * SECOND;
/** And this long, or a new day, and its figures are too old to be shown as figures. */
export const TOO_OLD_AFTER_MS = 10 * MINUTE;
/** A message may be this much later on its way than an earlier one without setting the clock back. */
const DELAY_MS = 250;
/** The two clocks of this machine drift apart this far only when it slept, or when its wall clock was set. */
const SLEPT_MS = 5 * SECOND;
/** A silent line is made anew this often. */
const RENEW_EVERY_MS = 10 * SECOND;

export type Truth = 'loading' | 'live' | 'server-lost' | 'too-old';

/** The last snapshot, and whether it is still true. All instants are the server's time. */
export interface View {
  truth: Truth;
  snapshot: Snapshot | null;
  now: Instant | null;
  /** When the last message came; null before the first. */
  heardAt: Instant | null;
  /** When it last tried to connect; null before the first message. */
  triedAt: Instant | null;
  /** Since the page opened, in ms. */
  waitedMs: number;
}

export interface Live {
  subscribe(changed: () => void): () => void;
  view(): View;
  close(): void;
}

interface Needs {
  connect(told: Told): Link;
  /** Ms that only go forward, whatever happens to the wall clock. */
  elapsed(): number;
  /** Looked at only to notice that the machine slept. */
  wallClock(): number;
  newBuild(build: string): void;
}

/** Holds the connection, and works out once a second and at each message what may be shown as live. */
export function openLive(needs: Needs): Live {
  const openedAt = needs.elapsed();
  const watchers = new Set<() => void>();
  let snapshot: Snapshot | null = null;
  let offset = 0;
  let heard = openedAt;
  let tried: number | null = null;
  let renewed = openedAt;
  let apart = needs.wallClock() - openedAt;
  let timer = 0;
  let current = look();

  function look(): View {
    const at = needs.elapsed();
    const now = snapshot === null ? null : at + offset;
    return {
      truth: truthOf({ silentMs: at - heard, now, snapshot }),
      snapshot,
      now,
      heardAt: snapshot === null ? null : heard + offset,
      triedAt: snapshot === null || tried === null ? null : tried + offset,
      waitedMs: at - openedAt,
    };
  }

  function tell(): void {
    current = look();
    for (const changed of watchers) changed();
  }

  function take(next: Snapshot): void {
    if (next.version !== 1) return;
    heard = needs.elapsed();
    const measured = next.at - heard;
    offset = snapshot !== null && measured < offset && offset - measured < DELAY_MS ? offset : measured;
    if (snapshot !== null && snapshot.build !== next.build) needs.newBuild(next.build);
    snapshot = next;
    tell();
  }

  const link = needs.connect({
    snapshot: take,
    trying() {
      tried = needs.elapsed();
    },
  });

  function beat(): void {
    const at = needs.elapsed();
    const drift = needs.wallClock() - at;
    const slept = drift - apart > SLEPT_MS;
    apart = drift;
    const silent = at - heard >= SILENT_AFTER_MS && at - renewed >= RENEW_EVERY_MS;
    if (slept || silent) {
      renewed = at;
      link.renew();
    }
    tell();
    const untilNextSecond = SECOND - ((((at + offset) % SECOND) + SECOND) % SECOND);
    timer = window.setTimeout(beat, untilNextSecond + 5);
  }
  const seen = () => {
    if (document.visibilityState !== 'visible') return;
    window.clearTimeout(timer);
    beat();
  };
  document.addEventListener('visibilitychange', seen);
  beat();

  return {
    subscribe(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    view: () => current,
    close() {
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
      link.close();
    },
  };
}

function truthOf(seen: { silentMs: number; now: Instant | null; snapshot: Snapshot | null }): Truth {
  if (seen.silentMs < SILENT_AFTER_MS) return seen.snapshot === null ? 'loading' : 'live';
  if (seen.snapshot === null || seen.now === null) return 'server-lost';
  const old = seen.silentMs >= TOO_OLD_AFTER_MS || seen.now >= seen.snapshot.day.to;
  return old ? 'too-old' : 'server-lost';
}
