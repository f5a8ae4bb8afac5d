import type { Instant } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import type { Post } from '../../fact.ts';
import type { Log } from '../../log.ts';
import type { ShownPosts } from '../shown-posts.ts';
import type { Run } from '../source.ts';
import type { Answer } from './answer.ts';
import type { BackOff } from './back-off.ts';
import type { XApi } from './client.ts';
import type { XConfig } from './config.ts';
import type { Mark } from './mark.ts';
import type { Meter } from './meter.ts';
import type { Notices } from './notices.ts';
import type { Outbox } from './outbox.ts';
import { postsOf } from './post.ts';

export interface XNeeds {
  config: XConfig;
  clock: Clock;
  log: Log;
  shown: ShownPosts;
}

/** Edited posts whose newest version is known without asking. */
const EDITED_MAX = 1_000;

/** What outlives a broken link. */
export interface Kept {
  meter: Meter;
  mark: Mark;
  outbox: Outbox;
  backOff: BackOff;
  /** What is asked beside the stream fails and recovers apart from it, and each apart from the others. */
  aside: { lookUps: BackOff; secondLook: BackOff; rules: BackOff };
  /** The newest version that is known of an edited post, by the id of its first. */
  newest: Map<string, string>;
  /** Up to when everything was read in this process; null before that. */
  wholeAt: Instant | null;
  /** That some posts were never read, until nobody needs to know any more. */
  leftOut: { words: string; until: Instant } | null;
  isRestored: boolean;
}

/** One run of the source. */
export interface Session {
  needs: XNeeds;
  kept: Kept;
  run: Run;
  api: XApi;
  notices: Notices;
  /** The rules that X takes; those of the configuration until it has said otherwise. */
  rules: readonly string[];
  /** Those of them that search does not take, with X's words for why. */
  unsearchable: Map<string, string>;
  /** Called when too much waits to be saved, or no longer. */
  full: ((isFull: boolean) => void) | null;
}

/** Counts what an answer cost, refuses what is no post, and gives the others as facts, known to be there just now. */
export function take({ needs, kept, run }: Session, answer: Answer): Post[] {
  const now = needs.clock.now();
  kept.meter.count(answer.paid, now);
  for (let i = 0; i < answer.unreadable; i += 1) run.refuse('a post without id, author, text or time');
  const posts = postsOf(answer, needs.config.country);
  for (const { id, chain } of posts) {
    const [first = id] = chain ?? [];
    if (chain !== undefined) remember(kept.newest, first, id);
    needs.shown.confirm('x', first, now);
  }
  return posts;
}

function remember(newest: Map<string, string>, first: string, id: string): void {
  newest.delete(first);
  newest.set(first, id);
  const [oldest] = newest.keys();
  if (newest.size > EDITED_MAX && oldest !== undefined) newest.delete(oldest);
}
