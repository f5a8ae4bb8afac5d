import type { Snapshot } from '../shared/figure.ts';
import { type Instant, MINUTE, SECOND } from '../shared/time.ts';
import type { Link, Told } from './link.ts';

/** This long without any message and the board is not live: it says so, drawn and all, within ten seconds. */
export const SILENT_AFTER_MS = 9.5 * SECOND;
/** And this long, or a new day, and its figures are too old to be shown as figures. */
export const TOO_OLD_AFTER_MS = 10 * MINUTE;
/** A message may be this much later on its way than an earlier one without setting the clock back. */
const DELAY_MS = 250;
/** The two clocks of this machine drift apart this far only when it slept, or when its wall clock was set. */
const SLEPT_MS = 5 * SECOND;
/** A silent line is made anew this often. */
const RENEW_EVERY_MS = 10 * SECOND;

/** A timer may fire a little early; this much later its moment has come for certain. */
const LATE_MS = 5;

/** `not-saving`: the server speaks, but cannot keep what comes in, so that its figures are old. */
export type Truth = 'loading' | 'live' | 'not-saving' | 'server-lost' | 'too-old';

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
  subscribe: (changed: () => void) => () => void;
  view: () => View;
  close(): void;
}

interface Needs {
  connect(told: Told): Link;
  /** Ms that only go forward, whatever happens to the wall clock. */
  elapsed(): number;
  /** Looked at only to notice that the machine slept. */
  wallClock(): number;
  /** Told at each snapshot of another build than the first one's; `at` is the server's time. */
  otherBuild(build: string, at: Instant): void;
}

/** Holds the connection, and works out once a second and at each message what may be shown as live. */
export function openLive(needs: Needs): Live {
  const watchers = new Set<() => void>();
  const heard = createHeard(needs);
  let current = heard.look();
  const tell = () => {
    current = heard.look();
    for (const changed of watchers) changed();
  };
  const link = needs.connect({
    snapshot(next) {
      if (next.version !== 1) return;
      heard.take(next);
      tell();
    },
    trying: heard.trying,
  });
  const stop = beatEverySecond(heard, needs, link, tell);
  return {
    subscribe(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    view: () => current,
    close() {
      stop();
      link.close();
    },
  };
}

interface Heard {
  take(next: Snapshot): void;
  trying: () => void;
  look(): View;
  silentMs(): number;
  /** Until the clock of the board moves on, or the silence has lasted too long. */
  untilNextLookMs(): number;
}

/** What was heard last and when, on the server's clock. */
function createHeard(needs: Needs): Heard {
  const openedAt = needs.elapsed();
  let snapshot: Snapshot | null = null;
  let loadedBuild: string | null = null;
  let offset = 0;
  let heard = openedAt;
  let tried: number | null = null;
  return {
    take(next) {
      heard = needs.elapsed();
      const measured = next.at - heard;
      offset = snapshot !== null && measured < offset && offset - measured < DELAY_MS ? offset : measured;
      loadedBuild ??= next.build;
      if (next.build !== loadedBuild) needs.otherBuild(next.build, next.at);
      snapshot = next;
    },
    trying() {
      tried = needs.elapsed();
    },
    look() {
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
    },
    silentMs: () => needs.elapsed() - heard,
    untilNextLookMs() {
      const at = needs.elapsed();
      const toNextSecond = SECOND - ((((at + offset) % SECOND) + SECOND) % SECOND);
      const toSilence = heard + SILENT_AFTER_MS - at;
      return toSilence > 0 ? Math.min(toNextSecond, toSilence) : toNextSecond;
    },
  };
}

/** Tells at each full second of the server's clock; makes the line anew when it is silent or the machine slept. */
function beatEverySecond(heard: Heard, needs: Needs, link: Link, tell: () => void): () => void {
  let renewed = needs.elapsed();
  let apart = needs.wallClock() - needs.elapsed();
  let timer = 0;
  const beat = () => {
    window.clearTimeout(timer);
    const at = needs.elapsed();
    const drift = needs.wallClock() - at;
    const slept = drift - apart > SLEPT_MS;
    apart = drift;
    const silent = heard.silentMs() >= SILENT_AFTER_MS && at - renewed >= RENEW_EVERY_MS;
    if (slept || silent) {
      renewed = at;
      link.renew();
    }
    tell();
    timer = window.setTimeout(beat, heard.untilNextLookMs() + LATE_MS);
  };
  const seen = () => {
    if (document.visibilityState === 'visible') beat();
  };
  document.addEventListener('visibilitychange', seen);
  beat();
  return () => {
    window.clearTimeout(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}

function truthOf(seen: { silentMs: number; now: Instant | null; snapshot: Snapshot | null }): Truth {
  if (seen.silentMs < SILENT_AFTER_MS) {
    if (seen.snapshot === null) return 'loading';
    return seen.snapshot.notSavedSince === null ? 'live' : 'not-saving';
  }
  if (seen.snapshot === null || seen.now === null) return 'server-lost';
  const old = seen.silentMs >= TOO_OLD_AFTER_MS || seen.now >= seen.snapshot.day.to;
  return old ? 'too-old' : 'server-lost';
}
