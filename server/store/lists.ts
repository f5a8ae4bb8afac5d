import type { Scope } from '../../shared/figure.ts';
import type { Instant, Span } from '../../shared/time.ts';
import type { ItemFigure, ItemOrder, ItemSort, VerdictFilter } from '../../shared/wire-items.ts';
import type { Listed } from '../judge/listed.ts';
import type { Judged } from '../judge/verdict.ts';
import type { ItemKey, KeptFact } from './store.ts';
import type { AsKnown } from './trends.ts';
import type { Said } from './voice.ts';

/** What is wanted of the calls or emails behind a figure. */
export interface ListAsked extends AsKnown {
  figure: ItemFigure;
  scope: Scope;
  verdict: VerdictFilter;
  /** Where the figure counts them: ascending, none touching another. */
  spans: readonly Span[];
  sort: ItemSort;
  order: ItemOrder;
  /** From after this row on; null: from the first. */
  after: ListPlace | null;
  limit: number;
}

/** Where a row stands in its order; `value` is null when that is by time, or where the row has none. */
export interface ListPlace {
  value: number | null;
  at: Instant;
  key: ItemKey;
  nth: number;
}

export interface ListedItem extends Listed {
  key: ItemKey;
  source: string;
  /** Keyed hash of the caller's number; of an email who wrote it, as that is kept. */
  person: string | null;
}

export interface ListPage {
  items: ListedItem[];
  /** Null when there are no more. */
  next: ListPlace | null;
  /** Set when looking ended there, before the page was full, because so much had been looked through. */
  lookedTo: Instant | null;
}

/** What a lead said of where an item came from; `cause` is null where it was taken away. */
export interface CauseSaid extends Said {
  cause: string | null;
}

/** An item with everything that was said of it. */
export interface ItemStory {
  /** The key that it has now; a thread's may have changed. */
  key: ItemKey;
  source: string;
  person: string | null;
  judged: Judged;
  /** Pending verdicts up to this instant are counted as missed; see lostUpTo. */
  foldedTo: Instant;
  /** Something of it is open still. */
  isOpen: boolean;
  facts: KeptFact[];
  /** Facts beyond those. */
  more: number;
  /** The newest first. */
  causes: CauseSaid[];
}

/** What misses of a span came from. */
export interface CausesCounted {
  /** The most frequent first, then by name. */
  causes: { cause: string; count: number }[];
  /** Causes in use, the latest first. */
  known: string[];
}

/** Lists of items. Everything here runs on a thread of its own; each answer is of one moment of the database. */
export interface ListReads {
  /**
   * A page of the rows behind a figure. In the order of time it looks through a bounded number of items and says where
   * it stopped. Rejects with a Problem when more items than can be sorted by anything else lie in the spans.
   */
  listItems(asked: ListAsked): Promise<ListPage>;
  /** Null when there is no such call or thread. */
  itemStory(key: ItemKey): Promise<ItemStory | null>;
  /** The cause of each of these items that has one. */
  causesOf(keys: readonly ItemKey[]): Promise<Map<ItemKey, string>>;
  /** Which of these are no calls or threads, or not any more. */
  missingItems(keys: readonly ItemKey[]): Promise<ItemKey[]>;
  /** Causes of the rows of these spans that are missed in the figure. */
  countCauses(asked: Pick<ListAsked, 'figure' | 'scope' | 'spans' | keyof AsKnown>): Promise<CausesCounted>;
}

export interface ListWrites {
  /** Says the same of each of these items. */
  sayCause(keys: readonly ItemKey[], said: CauseSaid): Promise<void>;
}
