import { HOUR, type Instant, SECOND } from '../../../shared/time.ts';
import type { Run, Source } from '../source.ts';
import { createBackOff } from './back-off.ts';
import { checkX } from './check.ts';
import { openApi, PAGE_MIN, type XApi } from './client.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { listen } from './listen.ts';
import { createMark } from './mark.ts';
import { createMeter, inDollars, nextDayAt } from './meter.ts';
import { createNotices } from './notices.ts';
import { createOutbox } from './outbox.ts';
import { poll } from './poll.ts';
import type { Kept, Session, XNeeds } from './session.ts';
import { XTrouble } from './trouble.ts';

/** One keep-alive missed: the stream is late. */
export const LATE_AFTER_MS = 25 * SECOND;
export const LOST_AFTER_MS = 60 * SECOND;

/**
 * Mentions on X, by its filtered stream or by recent search. `run` throws a Problem when the link breaks, and waits at
 * its beginning for as long as X's table of back-offs says. While the day's cap is used up nothing is asked: there is
 * no sign of life, so that walls say since when, and a notice why.
 */
export function createX(needs: XNeeds): Source {
  const { config } = needs;
  const kept: Kept = {
    meter: createMeter(config.cap, config.prices),
    mark: createMark(),
    outbox: createOutbox(),
    backOff: createBackOff(),
    aside: { lookUps: createBackOff(), secondLook: createBackOff(), rules: createBackOff() },
    newest: new Map(),
    wholeAt: null,
    leftOut: null,
    isRestored: false,
  };
  const isStream = config.mode === 'stream';
  return {
    id: config.id,
    feeds: ['mentions'],
    lateAfterMs: isStream ? LATE_AFTER_MS : 2 * config.everyMs,
    lostAfterMs: isStream ? LOST_AFTER_MS : 4 * config.everyMs,
    run: (run) => runOnce(needs, kept, run),
    check: (stop) => checkX(needs, stop),
  };
}

async function runOnce(needs: XNeeds, kept: Kept, run: Run): Promise<void> {
  const { config, clock } = needs;
  if (run.stop.aborted) return;
  restore(kept, run.cursor);
  const over = new AbortController();
  const stop = AbortSignal.any([run.stop, over.signal]);
  const failed = Promise.withResolvers<never>();
  let session: Session | null = null;
  let working: Promise<void> = Promise.resolve();
  kept.outbox.open({
    deliver: run.deliver,
    cursor: () => writeCursor({ sinceId: kept.mark.sinceId(), spent: kept.meter.save(clock.now()) }),
    full: (isFull) => session?.full?.(isFull),
    failed: failed.reject,
  });
  try {
    const notices = createNotices((words) => run.notice(words));
    const open = async (api: XApi): Promise<void> => {
      session = { needs, kept, run, api, notices, rules: config.rules, unsearchable: new Map(), full: null };
      await (config.mode === 'stream' ? listen(session, stop) : poll(session, stop));
    };
    working = work(needs, kept, notices, open, stop);
    await Promise.race([working, failed.promise]);
  } catch (error) {
    if (error instanceof XTrouble && !run.stop.aborted) kept.backOff.failed(error, clock.now());
    if (!(error instanceof XTrouble && run.stop.aborted)) throw error;
  } finally {
    over.abort();
    // The stream is closed before another run may open one.
    await Promise.allSettled([working]);
    await kept.outbox.empty();
  }
}

/** Day after day: what the cap allows, then nothing until the next one. */
async function work(
  { config, clock, log }: XNeeds,
  kept: Kept,
  notices: Session['notices'],
  open: (api: XApi) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  await kept.backOff.over(clock, stop);
  while (!stop.aborted) {
    if (isUsedUp(kept, clock.now())) {
      const words = capWords({ config }, kept, clock.now());
      notices.set('cap', words);
      log.warn({ source: config.id, ...kept.meter.spent(clock.now()) }, 'x: the daily cap is used up');
      while (isUsedUp(kept, clock.now()) && !stop.aborted) {
        await clock.sleep(Math.min(nextDayAt(clock.now()) - clock.now(), HOUR), stop);
      }
      notices.set('cap', null);
      continue;
    }
    const api = await openApi(config, clock, stop);
    try {
      await open(api);
    } finally {
      api.close();
    }
  }
}

/** Less is left than one page of a search could cost. */
function isUsedUp({ meter }: Kept, now: Instant): boolean {
  return meter.affordable(now, true) < PAGE_MIN;
}

function capWords({ config }: Pick<XNeeds, 'config'>, { meter }: Kept, now: Instant): string {
  const { posts, users, microUsd } = meter.spent(now);
  return `Today's cap of ${config.cap.posts} posts or ${inDollars(config.cap.microUsd)} is used up: ${posts} posts and ${users} authors were read, ${inDollars(microUsd)}. Nothing is asked of X until 00:00 UTC, and what was written since is not known. Raise daily_cap to read more.`;
}

/** At the first start of this process: what an earlier one has read and spent. */
function restore(kept: Kept, cursor: string | null): void {
  if (kept.isRestored) return;
  kept.isRestored = true;
  const before = readCursor(cursor);
  if (before === null) return;
  kept.mark.restore(before.sinceId);
  kept.meter.restore(before.spent);
}
