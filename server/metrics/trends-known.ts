import type { Feed, SourceHealth } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { TrendFigure } from '../../shared/wire-trends.ts';
import type { AsKnown } from '../store/trends.ts';
import { type FeedState, type Reading, readingOf } from './feed.ts';

const feeds: readonly Feed[] = ['phones', 'emails', 'mentions'];

/** Up to when everything is known, as the wall has it. */
export interface AsRead {
  known: AsKnown;
  readAt: Reading['readAt'];
  /** Of feeds whose source is late or lost. */
  notKnownFrom: { feed: Feed; at: Instant }[];
  /** Up to when a figure is true: now, or its feed's last sign of life. */
  trueTo(figure: TrendFigure): Instant;
}

/** What the tallies are read as, given the sources' health. */
export function asRead(now: Instant, health: readonly SourceHealth[], notSavedSince: Instant | null): AsRead {
  const reading = readingOf(now, health, notSavedSince);
  const to = Math.min(now, notSavedSince ?? now);
  const knownUntil: Record<string, Instant> = {};
  for (const { id } of health) if (reading.readAt(id) < to) knownUntil[id] = reading.readAt(id);
  const asOf = new Map<Feed, Instant>();
  for (const feed of feeds) {
    const at = oldFrom(reading.of(feed), feed, health, reading);
    if (at !== null) asOf.set(feed, at);
  }
  return {
    known: { now: to, knownUntil },
    readAt: (source) => reading.readAt(source),
    notKnownFrom: [...asOf].map(([feed, at]) => ({ feed, at })),
    trueTo: (figure) => asOf.get(feedOf(figure)) ?? now,
  };
}

/** A source that was never heard has told nothing since it was looked for. */
function oldFrom(
  { feed: state, asOf }: FeedState,
  feed: Feed,
  health: readonly SourceHealth[],
  reading: Reading,
): Instant | null {
  const own = health.filter((source) => source.feeds.includes(feed));
  if (state === 'live' || own.length === 0) return null;
  return asOf ?? Math.min(...own.map(({ id }) => reading.readAt(id)));
}

function feedOf(figure: TrendFigure): Feed {
  switch (figure) {
    case 'emailsWithinHour':
    case 'emailsReceived':
    case 'replyTime':
      return 'emails';
    case 'mentions':
      return 'mentions';
    case 'firstRing':
    case 'serviceLevel':
    case 'abandonment':
    case 'calledBack':
    case 'leftInMenu':
    case 'speedOfAnswer':
    case 'callsOffered':
    case 'waitTime':
      return 'phones';
  }
}
