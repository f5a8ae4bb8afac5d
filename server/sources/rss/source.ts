import type { Instant } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import type { Post } from '../../fact.ts';
import type { Log } from '../../log.ts';
import { Problem } from '../../problem.ts';
import type { Run, Source } from '../source.ts';
import type { RssConfig } from './config.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { waitAfter } from './pace.ts';
import { type Reading, readFeed } from './read-feed.ts';

/** A feed is late after so many of its intervals without an answer, and lost after so many. */
export const LATE_TIMES = 2;
export const LOST_TIMES = 4;

export interface RssNeeds {
  config: RssConfig;
  clock: Clock;
  log: Log;
}

/** What outlives a run: a feed must not be asked again at once because something of ours failed. */
interface Kept {
  nextAt: Instant;
  failures: number;
  /** Read and not yet durable. */
  unsaved: { posts: Post[]; cursor: string } | null;
}

/**
 * An RSS or Atom feed, read at its interval: reviews, forums, blogs. What goes wrong with the feed is told as a notice,
 * and tried again at the feed's own pace; `run` throws only when saving fails.
 */
export function createRss(needs: RssNeeds): Source {
  const { id, everyMs } = needs.config;
  const kept: Kept = { nextAt: Number.NEGATIVE_INFINITY, failures: 0, unsaved: null };
  return {
    id,
    feeds: ['mentions'],
    lateAfterMs: LATE_TIMES * everyMs,
    lostAfterMs: LOST_TIMES * everyMs,
    run: (run) => runOnce(needs, kept, run),
    check: (stop) => check(needs, stop),
  };
}

async function runOnce({ config, clock, log }: RssNeeds, kept: Kept, run: Run): Promise<void> {
  // What was read before and is saved only now is newer than the cursor that this run was started with.
  const known = readCursor(kept.unsaved?.cursor ?? run.cursor);
  await save(kept, run);
  let freshUntil = Number.NEGATIVE_INFINITY;
  for (;;) {
    if (kept.nextAt > clock.now()) await clock.sleep(kept.nextAt - clock.now(), run.stop);
    if (run.stop.aborted) return;
    if (clock.now() < freshUntil) {
      // By its publisher's word nothing newer is to be had.
      run.live();
      kept.nextAt = clock.now() + config.everyMs;
      continue;
    }
    const reading = await read({ config, clock, log }, known, run);
    if (reading === null) return;
    kept.failures = reading.outcome.kind === 'read' ? 0 : kept.failures + 1;
    kept.nextAt = clock.now() + waitAfter(reading.outcome, kept.failures, config.everyMs);
    freshUntil = clock.now() + reading.freshMs;
    run.notice(reading.trouble);
    if (reading.outcome.kind !== 'read' && reading.posts.length === 0) continue;
    kept.unsaved = { posts: reading.posts, cursor: writeCursor(known) };
    await save(kept, run);
  }
}

async function read(
  { config, clock, log }: RssNeeds,
  place: ReturnType<typeof readCursor>,
  run: Run,
): Promise<Reading | null> {
  try {
    const reading = await readFeed({
      config,
      place,
      clock,
      stop: run.stop,
      refuse: (reason) => run.refuse(reason),
    });
    log.debug({ source: config.id, items: reading.items, posts: reading.posts.length }, 'feed read');
    return run.stop.aborted ? null : reading;
  } catch (error) {
    if (run.stop.aborted) return null;
    throw error;
  }
}

async function save(kept: Kept, run: Run): Promise<void> {
  if (kept.unsaved === null) return;
  await run.deliver(kept.unsaved.posts, kept.unsaved.cursor);
  kept.unsaved = null;
}

async function check({ config, clock }: RssNeeds, stop: AbortSignal): Promise<string> {
  const place = readCursor(null);
  const reading = await readFeed({ config, place, clock, stop, refuse: () => undefined });
  if (reading.trouble !== null) throw new Problem('unavailable', reading.trouble);
  const called = reading.title === '' ? '' : ` "${reading.title}"`;
  return `Read the feed${called}: ${reading.items} items. It is read every ${Math.round(config.everyMs / 60_000)} min.`;
}
