import type Database from 'better-sqlite3';
import type { ListAsked, ListReads } from '../lists.ts';
import type { ItemKey } from '../store.ts';
import { causesOf, countCauses } from './list-causes.ts';
import { listSorted } from './list-sorted.ts';
import { missingOf, storyOf } from './list-story.ts';
import { listByTime } from './list-walk.ts';
import { withWriters } from './list-writers.ts';
import type { Reader } from './reader.ts';

/** What the reading thread does for lists, by the names under which it is asked. */
export function listJobs(db: Database.Database) {
  const story = storyOf(db);
  const causes = causesOf(db);
  const missing = missingOf(db);
  const count = countCauses(db);
  const named = withWriters(db);
  return {
    listItems: (asked: ListAsked) =>
      named(asked.sort === 'at' ? listByTime(db, asked) : listSorted(db, asked)),
    itemStory: ({ key }: { key: ItemKey }) => story(key),
    causesOf: ({ keys }: { keys: readonly ItemKey[] }) => causes(keys),
    missingItems: ({ keys }: { keys: readonly ItemKey[] }) => missing(keys),
    countCauses: (asked: Parameters<typeof count>[0]) => count(asked),
  };
}

type Jobs = ReturnType<typeof listJobs>;

export function listReads(reader: Pick<Reader, 'ask'>): ListReads {
  const ask = <Job extends keyof Jobs>(job: Job, asked: Parameters<Jobs[Job]>[0]) =>
    reader.ask<ReturnType<Jobs[Job]>>(job, asked);
  return {
    listItems: (asked) => ask('listItems', asked),
    itemStory: (key) => ask('itemStory', { key }),
    causesOf: (keys) => ask('causesOf', { keys }),
    missingItems: (keys) => ask('missingItems', { keys }),
    countCauses: (asked) => ask('countCauses', asked),
  };
}
