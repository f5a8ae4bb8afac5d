import type { Instant } from '../../../shared/time.ts';
import { type Cap, MICRO_USD, type Prices } from './config.ts';

/** Resources of the day that a cursor remembers; of more, those read again after a restart are counted again. */
export const REMEMBERED_MAX = 1_000;

/** What was read in one UTC day. */
export interface Spent {
  /** ISO date, UTC. */
  day: string;
  posts: number;
  users: number;
  microUsd: number;
}

/** What outlives the process of a day's spend. */
export interface SpentBefore {
  day: string;
  posts: number;
  users: number;
  /** The newest of what was paid for, so that reading it again costs nothing. */
  postIds: readonly string[];
  userIds: readonly string[];
}

/**
 * Counts what X bills: each post and each user read, once a UTC day however often it is read (docs.x.com "Pricing",
 * Deduplication).
 */
export interface Meter {
  count(read: { posts: readonly string[]; users: readonly string[] }, now: Instant): void;
  spent(now: Instant): Spent;
  /** How many further posts may surely be read today, each with an author not yet paid for, or without any. */
  affordable(now: Instant, withAuthors: boolean): number;
  isPaid(post: string, now: Instant): boolean;
  /** The cap that is used up, in words; null while there is something left. */
  usedUp(now: Instant): string | null;
  save(now: Instant): SpentBefore;
  restore(before: SpentBefore): void;
}

export function createMeter(cap: Cap, prices: Prices): Meter {
  let day = '';
  let counts = { posts: 0, users: 0 };
  let posts = new Set<string>();
  let users = new Set<string>();

  const begin = (today: string): void => {
    day = today;
    counts = { posts: 0, users: 0 };
    posts = new Set();
    users = new Set();
  };
  const turn = (now: Instant): void => {
    // A clock that is set back over midnight does not make a new day of the old one.
    if (dayOf(now) > day) begin(dayOf(now));
  };
  const cost = (): number => counts.posts * prices.post + counts.users * prices.user;
  const affordable = (now: Instant, withAuthors: boolean): number => {
    turn(now);
    const each = prices.post + (withAuthors ? prices.user : 0);
    const byMoney = each === 0 ? Number.POSITIVE_INFINITY : Math.floor((cap.microUsd - cost()) / each);
    return Math.max(0, Math.min(cap.posts - counts.posts, byMoney));
  };
  return {
    count(read, now) {
      turn(now);
      for (const id of read.posts) counts.posts += addTo(posts, id);
      for (const id of read.users) counts.users += addTo(users, id);
    },
    spent(now) {
      turn(now);
      return { day, ...counts, microUsd: cost() };
    },
    affordable,
    isPaid(post, now) {
      turn(now);
      return posts.has(post);
    },
    usedUp(now) {
      if (affordable(now, true) >= 1) return null;
      return counts.posts >= cap.posts ? `${cap.posts} posts` : inDollars(cap.microUsd);
    },
    save(now) {
      turn(now);
      return { day, ...counts, postIds: newest(posts), userIds: newest(users) };
    },
    restore(before) {
      if (before.day < day) return;
      begin(before.day);
      counts = { posts: before.posts, users: before.users };
      posts = new Set(before.postIds);
      users = new Set(before.userIds);
    },
  };
}

/** `$5.60` */
export function inDollars(microUsd: number): string {
  return `$${(microUsd / MICRO_USD).toFixed(2)}`;
}

/** The first instant of the next UTC day. */
export function nextDayAt(now: Instant): Instant {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
}

function dayOf(now: Instant): string {
  return new Date(now).toISOString().slice(0, 10);
}

function addTo(set: Set<string>, id: string): 0 | 1 {
  if (set.has(id)) return 0;
  set.add(id);
  return 1;
}

function newest(set: ReadonlySet<string>): string[] {
  return [...set].slice(-REMEMBERED_MAX);
}
