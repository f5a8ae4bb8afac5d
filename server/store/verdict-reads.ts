import type { Scope } from '../../shared/figure.ts';
import type { Instant, Span } from '../../shared/time.ts';
import type { Pending, Settled } from '../judge/verdict.ts';
import type { ItemKey } from './store.ts';

/** What of one item counts. */
export interface VerdictRow {
  key: ItemKey;
  source: string;
  settled: Settled[];
  pending: Pending[];
}

/** Which items are read: those that may count inside the span; all, posts alone, or those that name one of the scopes. */
export interface VerdictPart {
  span: Span;
  only: 'all' | 'posts' | readonly Scope[];
}

export interface VerdictReads {
  /**
   * The verdicts of items, in pages, as of the moment at which the first page is read, however long that takes. The next
   * part is asked for when the one before is through. An item that reaches over two parts comes twice: what lies outside
   * a part is for the reader to leave out.
   */
  verdicts(parts: Iterable<VerdictPart>): AsyncIterable<{ part: VerdictPart; rows: VerdictRow[] }>;
}

/** The widest span that a part can have an end at. */
export const EVER: Instant = 8_640_000_000_000_000;
