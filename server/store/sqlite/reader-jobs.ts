import type Database from 'better-sqlite3';
import { listJobs } from './list-jobs.ts';
import { spreadReads } from './trend-spreads.ts';
import { trendSums } from './trend-sums.ts';

/** Given what is asked, plain data, answers with plain data. */
export type Job = (asked: never) => unknown;

/** Everything that the reading thread can be asked, by name. */
export function readerJobs(db: Database.Database): Record<string, Job> {
  const spreads = spreadReads(db);
  return {
    sums: trendSums(db),
    spreadRanks: spreads.ranks,
    countedUpTo: spreads.countedUpTo,
    arrivalsIn: spreads.arrivalsIn,
    spreads: spreads.spreads,
    ...listJobs(db),
  };
}
