import type { SourceHealth } from '../../shared/figure.ts';
import { type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Fact } from '../fact.ts';
import type { Log } from '../log.ts';
import { Problem } from '../problem.ts';
import type { Run, Source } from '../sources/source.ts';
import { backOffMs } from './back-off.ts';
import { afterSetBack, healthOf, nextHealthChangeAt, type Pulse } from './health.ts';

/** A link that stood this long starts again with the shortest wait. */
const STEADY_MS = MINUTE;
/** How often the last sign of life is written down, so that "as of" survives a restart. */
export const HEARD_KEPT_EVERY_MS = 10 * SECOND;

/** Keeps one source running, and knows how it is doing. */
export interface Supervised {
  health(now: Instant): SourceHealth;
  /** When silence alone will change its state. */
  nextChangeAt(now: Instant): Instant;
  /** Tells the source to stop and resolves when it has. */
  stop(): Promise<void>;
}

export interface SuperviseNeeds {
  source: Source;
  save(source: string, facts: readonly Fact[], cursor?: string): Promise<unknown>;
  refused(source: string, count: number, reason: string): void;
  cursor(source: string): Promise<string | null>;
  /** The last sign of life that an earlier run wrote down. */
  heardBefore: Instant | null;
  keepHeard(source: string, at: Instant): Promise<void>;
  /** Called when its state or its trouble may have changed. */
  changed(): void;
  clock: Clock;
  log: Log;
  /** In [0, 1). */
  random(): number;
}

/** Starts the source, and again after every broken link, with growing waits, until told to stop. */
export function supervise(needs: SuperviseNeeds): Supervised {
  const { source, clock } = needs;
  const stopping = new AbortController();
  const pulse: Pulse = {
    id: source.id,
    feeds: source.feeds,
    lateAfterMs: source.lateAfterMs,
    lostAfterMs: source.lostAfterMs,
    startedAt: clock.now(),
    heardAt: needs.heardBefore,
    heardSinceStart: false,
    liveSince: null,
    downSince: null,
    trouble: null,
  };
  const done = keepRunning(needs, pulse, stopping.signal);
  return {
    health: (now) => healthOf(afterSetBack(pulse, now), now),
    nextChangeAt: (now) => nextHealthChangeAt(afterSetBack(pulse, now), now),
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function keepRunning(needs: SuperviseNeeds, pulse: Pulse, stop: AbortSignal): Promise<void> {
  const { source, clock, log } = needs;
  let attempt = 0;
  while (!stop.aborted) {
    const startedAt = clock.now();
    let refused = false;
    try {
      const cursor = await needs.cursor(source.id);
      if (stop.aborted) break;
      await source.run(runOf(needs, pulse, stop, cursor));
      if (stop.aborted) break;
      pulse.trouble = 'The source stopped by itself; it will be started again.';
    } catch (error) {
      if (stop.aborted) break;
      refused = error instanceof Problem && error.code === 'forbidden';
      pulse.trouble = error instanceof Error ? error.message : String(error);
    }
    pulse.downSince ??= clock.now();
    needs.changed();
    attempt = clock.now() - startedAt >= STEADY_MS ? 1 : attempt + 1;
    const waitMs = backOffMs(attempt, refused, needs.random());
    log.warn({ source: source.id, attempt, waitMs, trouble: pulse.trouble }, 'source link lost');
    await clock.sleep(waitMs, stop);
  }
  if (pulse.heardAt !== null) await needs.keepHeard(source.id, pulse.heardAt);
}

function runOf(needs: SuperviseNeeds, pulse: Pulse, stop: AbortSignal, cursor: string | null): Run {
  const { source, clock, log } = needs;
  let keptAt = 0;
  let noticed: string | null = null;
  const live = (): void => {
    const before = healthOf(pulse, clock.now()).state;
    const now = clock.now();
    const hadTrouble = pulse.downSince !== null;
    pulse.heardAt = now;
    pulse.heardSinceStart = true;
    pulse.downSince = null;
    if (hadTrouble) pulse.trouble = noticed;
    if (before !== 'live') {
      pulse.liveSince = now;
      needs.changed();
    }
    if (Math.abs(now - keptAt) < HEARD_KEPT_EVERY_MS) return;
    keptAt = now;
    needs
      .keepHeard(source.id, now)
      .catch((error: unknown) => log.error({ source: source.id, err: error }, 'sign of life not kept'));
  };
  return {
    cursor,
    stop,
    live,
    async deliver(facts, next) {
      await (next === undefined ? needs.save(source.id, facts) : needs.save(source.id, facts, next));
      // Only now: a source that tells what it missed is not live before it is saved.
      live();
    },
    notice(trouble) {
      noticed = trouble;
      if (pulse.trouble === trouble) return;
      pulse.trouble = trouble;
      needs.changed();
    },
    refuse(reason) {
      needs.refused(source.id, 1, reason);
      log.warn({ source: source.id, reason }, 'message skipped');
    },
  };
}
