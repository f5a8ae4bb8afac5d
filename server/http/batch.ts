import { parseFact } from '../../shared/read-fact.ts';
import type { Instant } from '../../shared/time.ts';
import { type FactsAnswer, REFUSALS_TOLD_MAX } from '../../shared/wire-answer.ts';
import type { Clock } from '../clock.ts';
import type { Fact } from '../fact.ts';
import type { Log } from '../log.ts';
import type { PutOutcome } from '../store/store.ts';
import { SAVE_MAX } from './limits.ts';
import { Refused } from './status.ts';

/** What facts over HTTP need of intake. */
export interface Taking {
  intake: {
    /** Resolves when the facts are durable, with the fate of each, in their order. */
    save(source: string, facts: readonly Fact[]): Promise<PutOutcome[]>;
    refused(source: string, count: number): void;
  };
  /** Why this fact cannot be true (`field: reason`, or a reason alone), or null. */
  checkFact(fact: Fact, now: Instant): string | null;
  /** The source was heard at this instant, with an `alive` fact or any other. */
  heard(source: string, at: Instant): void;
  /** What a request came to: facts that are saved now, and why others were refused (some of the reasons). */
  told(source: string, said: { facts: readonly Fact[]; refused: readonly string[] }): void;
  clock: Clock;
  log: Log;
}

/** The facts of one request on their way to intake: read, checked, saved in bounded steps, counted. */
export interface Batch {
  /** The next item, parsed. */
  take(value: unknown): void;
  /** The next item, which cannot be taken. */
  refuse(field: string | null, reason: string): void;
  /** The next item says nothing (an empty line) and is only counted as a position. */
  skip(): void;
  /** Items taken and not yet saved. */
  waiting(): number;
  /** Saves what waits. Throws Refused `unavailable` with how much is durable when a commit fails. */
  save(): Promise<void>;
  answer(): FactsAnswer;
}

/** `firstPosition` is what the first item is called in refusals: 0 in an array, 1 for lines. */
export function createBatch(needs: Taking, source: string, firstPosition: 0 | 1): Batch {
  const { clock } = needs;
  const answer: FactsAnswer = { stored: 0, repeats: 0, conflicts: 0, alive: 0, refused: [], refusedTotal: 0 };
  let seen = 0;
  let refusedUntold = 0;
  let durable = 0;
  let facts: Fact[] = [];
  let ends: number[] = [];
  let reasons: string[] = [];

  const refuse = (field: string | null, reason: string): void => {
    seen += 1;
    refusedUntold += 1;
    answer.refusedTotal += 1;
    if (reasons.length < REFUSALS_TOLD_MAX) reasons.push(field === null ? reason : `${field} ${reason}`);
    if (answer.refused.length < REFUSALS_TOLD_MAX)
      answer.refused.push({ position: seen - 1 + firstPosition, field, reason });
  };

  const saveSome = async (some: readonly Fact[]): Promise<void> => {
    let fates: PutOutcome[];
    try {
      fates = await needs.intake.save(source, some);
    } catch (error) {
      needs.log.error({ source, err: error }, 'facts not saved');
      const message =
        'The facts could not be saved just now. Send them again; what is already safe is harmless to repeat.';
      throw new Refused('unavailable', message, { retryAfterS: 1, durable }, { cause: error });
    }
    for (const fate of fates) {
      if (fate === 'stored') answer.stored += 1;
      else if (fate === 'repeat') answer.repeats += 1;
      else answer.conflicts += 1;
    }
  };

  return {
    refuse,
    take(value) {
      const read = parseFact(value);
      if (!read.ok) return refuse(read.field, read.reason);
      const { fact } = read;
      const now = clock.now();
      const wrong = needs.checkFact(fact, now);
      if (wrong !== null) return refuse(...fieldFirst(wrong));
      seen += 1;
      if (fact.kind === 'alive') {
        answer.alive += 1;
        return;
      }
      facts.push(fact);
      ends.push(seen);
    },
    skip() {
      seen += 1;
    },
    waiting: () => facts.length,
    async save() {
      const [all, until, covered] = [facts, ends, seen];
      facts = [];
      ends = [];
      for (let from = 0; from < all.length; from += SAVE_MAX) {
        await saveSome(all.slice(from, from + SAVE_MAX));
        durable = until[Math.min(from + SAVE_MAX, all.length) - 1] ?? durable;
      }
      durable = covered;
      if (refusedUntold > 0) needs.intake.refused(source, refusedUntold);
      refusedUntold = 0;
      needs.told(source, { facts: all, refused: reasons });
      reasons = [];
      needs.heard(source, clock.now());
    },
    answer: () => answer,
  };
}

function fieldFirst(wrong: string): [string | null, string] {
  const parts = /^(\w+): (.+)$/s.exec(wrong);
  return parts === null ? [null, wrong] : [parts[1] ?? null, parts[2] ?? ''];
}
