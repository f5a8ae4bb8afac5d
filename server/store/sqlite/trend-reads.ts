import type { TrendReads } from '../trends.ts';
import type { Reader } from './reader.ts';

/** The port's trends, asked of the reading thread. */
export function trendReads(reader: Reader): TrendReads {
  return {
    sums: (asked) => reader.ask('sums', asked),
    spreadRanks: (asked) => reader.ask('spreadRanks', asked),
    countedUpTo: (asked) => reader.ask('countedUpTo', asked),
    arrivalsIn: (asked) => reader.ask('arrivalsIn', asked),
    spreads: (asked) => reader.ask('spreads', asked),
  };
}
