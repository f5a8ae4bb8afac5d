import type { Feed, SourceHealth } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';

/** How one kind of feed is doing, over all of its sources. */
export interface FeedState {
  feed: 'live' | 'late' | 'lost';
  /** The earliest last sign of life among the late and lost; null while live, or when there never was one. */
  asOf: Instant | null;
}

/** Up to when each source's items may be read, and how each feed is doing. */
export interface Reading {
  now: Instant;
  /** `now`; for a source that is late or lost its last sign of life, so that its figures stay what they were. */
  readAt(source: string): Instant;
  of(feed: Feed): FeedState;
}

/**
 * Reads the sources' health. One that has not connected since the start but was heard before is taken as late: what
 * is kept of it is true as of then. One that was never heard has nothing that could be old. While nothing can be saved
 * (`notSavedSince`), all of them are lost as of then.
 */
export function readingOf(
  now: Instant,
  health: readonly SourceHealth[],
  notSavedSince: Instant | null = null,
): Reading {
  const knownTo = Math.min(now, notSavedSince ?? now);
  const frozenAt = new Map<string, Instant>();
  for (const source of health) {
    if (stateOf(source) !== 'live')
      frozenAt.set(source.id, Math.min(knownTo, source.heardAt ?? source.since));
  }
  return {
    now,
    readAt: (source) => frozenAt.get(source) ?? knownTo,
    of(feed) {
      const old = health.filter((source) => source.feeds.includes(feed) && stateOf(source) !== 'live');
      const heard = old.flatMap((source) => source.heardAt ?? []);
      if (notSavedSince !== null) return { feed: 'lost', asOf: Math.min(knownTo, ...heard) };
      if (old.length === 0) return { feed: 'live', asOf: null };
      return {
        feed: old.some((source) => stateOf(source) === 'lost') ? 'lost' : 'late',
        asOf: heard.length === 0 ? null : Math.min(now, ...heard),
      };
    },
  };
}

function stateOf(source: SourceHealth): FeedState['feed'] {
  switch (source.state) {
    case 'late':
    case 'lost':
      return source.state;
    case 'waiting':
      return source.heardAt === null ? 'live' : 'late';
    case 'live':
    case 'heard':
      return 'live';
  }
}
