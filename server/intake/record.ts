import type { Instant } from '../../shared/time.ts';
import { SECOND } from '../../shared/time.ts';
import type { Fact } from '../fact.ts';

/** Different reasons for refusing that are remembered of one source. */
export const REASONS_MAX = 20;
const REASON_CHARS_MAX = 200;
const KEPT_EVERY_MS = 10 * SECOND;

/** The newest thing that a source told of, and when that was saved. */
export interface LastFact {
  at: Instant;
  savedAt: Instant;
}

export interface Refusal {
  reason: string;
  count: number;
  /** The last time. */
  at: Instant;
}

/** What a source did beside keeping its link, since the start; the last fact is known from before it too. */
export interface SourceRecord {
  lastFact: LastFact | null;
  /** The latest first. */
  refusals: Refusal[];
  /** Kept after it is over. */
  lastTrouble: { text: string; at: Instant } | null;
}

export interface Recorder {
  saved(facts: readonly Fact[], now: Instant): void;
  refused(reason: string, now: Instant): void;
  trouble(text: string, now: Instant): void;
  read(): SourceRecord;
  /** Writes down what is not written yet. */
  flush(): void;
}

/** `before` is what an earlier run wrote down through `keep`, which is called every few seconds at most. */
export function createRecorder(needs: { before: LastFact | null; keep(last: LastFact): void }): Recorder {
  const refusals = new Map<string, Refusal>();
  let lastFact = needs.before;
  let lastTrouble: SourceRecord['lastTrouble'] = null;
  let kept = needs.before;
  const keep = (): void => {
    if (lastFact === null || lastFact === kept) return;
    kept = lastFact;
    needs.keep(lastFact);
  };
  return {
    saved(facts, now) {
      let newest = lastFact?.at ?? Number.NEGATIVE_INFINITY;
      for (const fact of facts) if (fact.kind !== 'alive' && fact.at > newest) newest = fact.at;
      if (newest === (lastFact?.at ?? Number.NEGATIVE_INFINITY)) return;
      lastFact = { at: newest, savedAt: now };
      if (kept === null || Math.abs(now - kept.savedAt) >= KEPT_EVERY_MS) keep();
    },
    refused(said, now) {
      const reason = withoutTimes(said).slice(0, REASON_CHARS_MAX);
      const count = (refusals.get(reason)?.count ?? 0) + 1;
      // Put at the end, so that the one that was not heard of for longest makes room.
      refusals.delete(reason);
      refusals.set(reason, { reason, count, at: now });
      const oldest = refusals.keys().next().value;
      if (refusals.size > REASONS_MAX && oldest !== undefined) refusals.delete(oldest);
    },
    trouble(text, now) {
      if (lastTrouble?.text !== text) lastTrouble = { text, at: now };
    },
    read: () => ({ lastFact, refusals: [...refusals.values()].reverse(), lastTrouble }),
    flush: keep,
  };
}

/** So that the same reason, told of different moments, is one. */
function withoutTimes(reason: string): string {
  return reason.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z(?= is )/g, 'a time that');
}

/** As it is written down. */
export function writeLastFact({ at, savedAt }: LastFact): string {
  return `${at} ${savedAt}`;
}

/** Null when there is none. */
export function readLastFact(kept: string | null): LastFact | null {
  const [at, savedAt] = (kept ?? '').split(' ').map(Number);
  return at === undefined || savedAt === undefined ? null : { at, savedAt };
}
