import type { Feed, SourceHealth } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';

/** What is known of a source's link; the state it is in follows from this and the time. */
export interface Pulse {
  id: string;
  feeds: readonly Feed[];
  /** No sign of life for this long: late. Null: the source pushes and never promised one. */
  lateAfterMs: number | null;
  lostAfterMs: number | null;
  startedAt: Instant;
  /** The last sign of life, kept across restarts; null when there never was one. */
  heardAt: Instant | null;
  /** Heard since this process started. */
  heardSinceStart: boolean;
  /** When it was last heard after a time without: it is live since then. Null before the first time. */
  liveSince: Instant | null;
  /** The link is broken since; null while it stands. */
  downSince: Instant | null;
  trouble: string | null;
}

/**
 * What was heard in the future was heard just now: the wall clock was set back since. Without this a source could be
 * silent for as long as the clock was set back, and pass for live.
 */
export function afterSetBack(pulse: Pulse, now: Instant): Pulse {
  pulse.startedAt = Math.min(pulse.startedAt, now);
  if (pulse.heardAt !== null) pulse.heardAt = Math.min(pulse.heardAt, now);
  if (pulse.downSince !== null) pulse.downSince = Math.min(pulse.downSince, now);
  if (pulse.liveSince !== null) pulse.liveSince = Math.min(pulse.liveSince, now);
  return pulse;
}

/** The state a source is in at `now`: the rule of docs/metrics.md on late and lost sources. */
export function healthOf(pulse: Pulse, now: Instant): SourceHealth {
  const { id, feeds, heardAt, trouble } = pulse;
  const said = (state: SourceHealth['state'], since: Instant): SourceHealth => ({
    id,
    feeds,
    state,
    since,
    heardAt,
    trouble,
  });
  if (pulse.lateAfterMs === null || pulse.lostAfterMs === null) {
    return heardAt === null ? said('waiting', pulse.startedAt) : said('heard', heardAt);
  }
  // Before the first sign of life the patience counts from the start, so that a restart does not begin with an alarm.
  const from = pulse.heardSinceStart && heardAt !== null ? heardAt : pulse.startedAt;
  if (now - from >= pulse.lostAfterMs) return said('lost', from + pulse.lostAfterMs);
  if (!pulse.heardSinceStart) {
    return now - from >= pulse.lateAfterMs
      ? said('late', from + pulse.lateAfterMs)
      : said('waiting', pulse.startedAt);
  }
  if (pulse.downSince !== null) return said('late', Math.min(pulse.downSince, from + pulse.lateAfterMs));
  if (now - from >= pulse.lateAfterMs) return said('late', from + pulse.lateAfterMs);
  return said('live', pulse.liveSince ?? from);
}

/** The next instant after `now` at which silence alone changes the state; Infinity when it never will. */
export function nextHealthChangeAt(pulse: Pulse, now: Instant): Instant {
  if (pulse.lateAfterMs === null || pulse.lostAfterMs === null) return Number.POSITIVE_INFINITY;
  const from = pulse.heardSinceStart && pulse.heardAt !== null ? pulse.heardAt : pulse.startedAt;
  const next = [from + pulse.lateAfterMs, from + pulse.lostAfterMs].filter((at) => at > now);
  return Math.min(Number.POSITIVE_INFINITY, ...next);
}

/**
 * Up to which instant a source's items may be read: a figure of a source that is not connected stays what it was at
 * its last sign of life. Infinity while it is live, or where it never promised signs of life.
 */
export function knownUntil(health: SourceHealth): Instant {
  switch (health.state) {
    case 'live':
    case 'heard':
      return Number.POSITIVE_INFINITY;
    case 'waiting':
      return health.heardAt ?? Number.POSITIVE_INFINITY;
    case 'late':
    case 'lost':
      return health.heardAt ?? health.since;
  }
}
