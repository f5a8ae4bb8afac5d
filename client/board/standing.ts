import type { Instant } from '../../shared/time.ts';
import { TOO_OLD_AFTER_MS, type View } from '../live.ts';

/**
 * What may be said of one kind of figure. `late`: the figure stands, with the time it is true of. `lost`: it is drawn
 * as old, by the loss of its own source or of the server. `asOf` is null when it was never true at all.
 */
export type Standing =
  | { kind: 'live' }
  | { kind: 'late'; asOf: Instant | null }
  | { kind: 'lost'; by: 'source' | 'server'; asOf: Instant | null; tooOld: boolean };

/** Is everything on the board old, whatever its sources say? */
export function isWholeOld({ truth }: View): boolean {
  return truth === 'server-lost' || truth === 'too-old' || truth === 'not-saving';
}

/** What everything on the board is true of while it is old; null before the first message. */
export function wholeAsOf({ truth, snapshot, heardAt }: View): Instant | null {
  return truth === 'not-saving' && snapshot !== null ? snapshot.notSavedSince : heardAt;
}

/** Judges a feed by what the snapshot says of it and by whether the snapshot itself is still true. */
export function standingOf(
  view: View,
  feed: { feed: 'live' | 'late' | 'lost'; asOf: Instant | null } | null,
): Standing {
  if (isWholeOld(view)) {
    const asOf = feed?.asOf ?? wholeAsOf(view);
    return { kind: 'lost', by: 'server', asOf, tooOld: view.truth === 'too-old' || isTooOld(view, asOf) };
  }
  if (feed === null || feed.feed === 'live') return { kind: 'live' };
  if (feed.feed === 'late') return { kind: 'late', asOf: feed.asOf };
  return { kind: 'lost', by: 'source', asOf: feed.asOf, tooOld: isTooOld(view, feed.asOf) };
}

function isTooOld(view: View, asOf: Instant | null): boolean {
  if (asOf === null) return true;
  if (view.now === null || view.snapshot === null) return false;
  return view.now - asOf >= TOO_OLD_AFTER_MS || asOf < view.snapshot.day.from;
}
