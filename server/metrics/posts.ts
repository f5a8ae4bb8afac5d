import type { Mention, MentionsNow, Quote } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { Committed, Store } from '../store/store.ts';
import type { DayShape } from './board-day.ts';
import type { Reading } from './feed.ts';
import type { Quarters } from './quarters.ts';

/** As many as a wall may want to rotate through. */
const MENTIONS_MAX = 20;

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
        postsChanged = false;
        latest = await orAgain(store.mentions(MENTIONS_MAX), () => {
          postsChanged = true;
        });
      }
      if (quotesChanged || again) {
        quotesChanged = false;
        quote = await orAgain(store.quote(now), () => {
          quotesChanged = true;
        });
      }
    },
    mentionsNow(quarters, day, reading) {
      return {
        // Mentions belong to no team: every board that shows them shows the site's.
        today: quarters.sum('site', 'mentions', day).n,
        latest: [...latest],
        lastAt: latest.find((mention) => mention.at < day.from)?.at ?? null,
        ...reading.of('mentions'),
      };
    },
    quote: () => quote,
  };
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
