import { type Instant, SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import { Problem } from '../problem.ts';

/**
 * A small write that succeeds does not prove that a large one would: while saves go on failing, the trouble is over
 * only with a save, or this long after the last of them failed.
 */
const HOLD_MS = 10 * SECOND;

/** Whether what comes in can be saved, as the last writes showed. */
export interface Saving {
  /** Since when nothing could be written, because of the disk or another program; null while it can. */
  since(): Instant | null;
  /** When something was last written, or tried to be; null before the first. */
  shownAt(): Instant | null;
  /** A transaction that wrote something is on the disk. */
  saved(): void;
  /** A probe is on the disk. */
  probed(): void;
  /** A write failed; a bug, which is nobody's disk, is no reason. `probing`: it was a probe. */
  failed(error: unknown, probing?: boolean): void;
  /** Calls the listener at once when saving ends and when it begins again. */
  onChange(listener: () => void): void;
}

export function createSaving(clock: Clock): Saving {
  const listeners: (() => void)[] = [];
  let since: Instant | null = null;
  let shownAt: Instant | null = null;
  let saveFailedAt = Number.NEGATIVE_INFINITY;
  const show = (next: Instant | null): void => {
    shownAt = clock.now();
    const turned = (since === null) !== (next === null);
    since = next;
    if (turned) for (const listener of listeners) listener();
  };
  return {
    // The clock may have been set back.
    since: () => (since === null ? null : Math.min(since, clock.now())),
    shownAt: () => shownAt,
    saved: () => show(null),
    probed() {
      const isHeld = Math.abs(clock.now() - saveFailedAt) < HOLD_MS;
      show(isHeld ? since : null);
    },
    failed(error, probing = false) {
      if (!(error instanceof Problem)) return show(since);
      if (!probing) saveFailedAt = clock.now();
      show(since ?? clock.now());
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
