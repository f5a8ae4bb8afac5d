import type { Mention, MentionsNow, Quote } from '../../shared/figure.ts';
import { HOUR, type Instant } from '../../shared/time.ts';
import type { Committed, Store } from '../store/store.ts';
import { needsItsAuthor } from '../store/voice.ts';
import { alone } from './alone.ts';
import type { DayShape } from './board-day.ts';
import type { Reading } from './feed.ts';
import type { Quarters } from './quarters.ts';

/** As many as a wall may want to rotate through. */
const MENTIONS_MAX = 20;
/** Shorter than a week: an older quote is named by its weekday, and that must be one only. */
const QUOTE_STANDS_MS = 6 * 24 * HOUR;

/** What others said, as it was last read from the store: the newest mentions and the quote of the day. */
export interface Posts {
  apply(committed: Committed): void;
  /** False when a commit changed what was read, or nothing has been read yet. */
  ready(): boolean;
  /** Reads what is not ready any more; the quote too when `again` says so, for one may have been dated ahead. */
  read(now: Instant, again: boolean): Promise<void>;
  mentionsNow(quarters: Quarters, day: DayShape, reading: Reading): MentionsNow;
  quote(): Quote | null;
}

/** Nothing read yet. */
export function createPosts(store: Store): Posts {
  let latest: Mention[] = [];
  let quote: Quote | null = null;
  let postsChanged = true;
  let quotesChanged = true;
  return {
    apply(committed) {
      postsChanged ||= committed.postsChanged;
      quotesChanged ||= committed.quotesChanged;
    },
    ready: () => !postsChanged && !quotesChanged,
    async read(now, again) {
      if (postsChanged) {
        // Alone, so that no post is listed before it is counted.
        const reading = alone(store, async () => {
          postsChanged = false;
          latest = await store.mentions(MENTIONS_MAX);
        });
        await orAgain(reading, () => {
          postsChanged = true;
        });
      }
      if (quotesChanged || again) {
        quotesChanged = false;
        quote = await orAgain(store.quote(now, now - QUOTE_STANDS_MS), () => {
          quotesChanged = true;
        });
      }
    },
    mentionsNow(quarters, day, reading) {
      return {
        // Mentions belong to no team: every board that shows them shows the site's.
        today: quarters.sum('site', 'mentions', day).n,
        latest: [...latest],
        names: true,
        lastAt: newestBefore(day.from, latest),
        ...reading.of('mentions'),
      };
    },
    quote: () => quote,
  };
}

/**
 * What a board shows of the mentions. Without names nothing tells who wrote a post, and a post that may not be shown
 * without its author is left out.
 */
export function asShown(mentions: MentionsNow, names: boolean): MentionsNow {
  if (names) return { ...mentions, latest: mentions.latest.slice(0, MENTIONS_MAX) };
  const latest = mentions.latest
    .filter(({ network }) => !needsItsAuthor(network))
    .slice(0, MENTIONS_MAX)
    .map((mention) => ({ ...mention, name: '', handle: '', avatar: null }));
  return { ...mentions, latest, names };
}

function newestBefore(at: Instant, mentions: readonly Mention[]): Instant | null {
  const before = mentions.filter((mention) => mention.at < at).map((mention) => mention.at);
  return before.length === 0 ? null : Math.max(...before);
}

/** A reading that failed is due again. */
async function orAgain<T>(reading: Promise<T>, failed: () => void): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    failed();
    throw error;
  }
}
