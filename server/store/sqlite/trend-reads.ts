import type { Instant } from '../../../shared/time.ts';
import type { TrendReads } from '../trends.ts';
import type { Reader } from './reader.ts';
import type { SumsJob } from './trend-sums.ts';

/** The port's trends, asked of the reading thread. `foldedTo`: how far any item was folded since the store was opened. */
export function trendReads(reader: Reader, foldedTo: () => Instant): TrendReads {
  return {
    sums: (asked) => reader.ask('sums', { ...asked, foldedTo: foldedTo() } satisfies SumsJob),
    spreadRanks: (asked) => reader.ask('spreadRanks', asked),
    countedUpTo: (asked) => reader.ask('countedUpTo', asked),
    arrivalsIn: (asked) => reader.ask('arrivalsIn', asked),
    spreads: (asked) => reader.ask('spreads', asked),
  };
}
