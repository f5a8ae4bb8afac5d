import type { Scope } from '../../shared/figure.ts';
import { type Instant, quarterOf } from '../../shared/time.ts';
import type { Rules } from '../judge/rules.ts';
import type { Committed, Store } from '../store/store.ts';
import { type Baseline, createBaselines } from './baselines.ts';
import type { Board } from './board.ts';
import { createDayFinder, type DayShape } from './board-day.ts';
import { type CutQuarters, createCutQuarters } from './cut-quarters.ts';
import { applyTo, loadMemory, type Memory, takeDays } from './memory.ts';
import { createPosts, type Posts } from './posts.ts';

/** Everything the figures keep of the store between one refresh and the next. */
export interface Kept {
  prepare(now: Instant): Promise<void>;
  apply(committed: Committed): void;
  /** What is kept, ready for `now`; throws when `prepare` has not been through for it. */
  at(now: Instant): Memory;
  /** Null until the first preparation. */
  memory(): Memory | null;
  cuts: CutQuarters;
  posts: Posts;
  dayOf(at: Instant): DayShape;
  yesterdayOf(at: Instant): DayShape;
  /** The day a board compares with, up to the same local time as `at`; null when there is none. */
  baselineOf(board: Board, at: Instant): Baseline | null;
}

export interface KeptNeeds {
  store: Store;
  boards: readonly Board[];
  rules: Rules;
  zone: string;
}

/** Nothing read yet. */
export function createKept({ store, boards, rules, zone }: KeptNeeds): Kept {
  const scopes = new Set<Scope>(['site', ...boards.map((board) => board.scope)]);
  const dayOf = createDayFinder(zone);
  const yesterdayOf = (at: Instant): DayShape => dayOf(dayOf(at).from - 1);
  const baselineOf = createBaselines(zone, dayOf);
  const cuts = createCutQuarters(store, [...scopes]);
  const posts = createPosts(store);
  const needs = { store, rules, scopes: [...scopes], dayOf };
  let memory: Memory | null = null;
  let prepared = { day: Number.NaN, quarter: Number.NaN };
  let running: Promise<void> | null = null;

  const isPrepared = (now: Instant): boolean =>
    prepared.quarter === quarterOf(now) && cuts.ready() && posts.ready();

  const load = async (from: Instant): Promise<void> => {
    try {
      await loadMemory(needs, from, (begun) => {
        memory = begun;
      });
    } catch (error) {
      memory = null;
      throw error;
    }
  };

  const prepareOnce = async (now: Instant): Promise<void> => {
    const day = dayOf(now);
    const from = yesterdayOf(now).from;
    if (day.from !== prepared.day) cuts.forget();
    if (memory === null || memory.from > from) {
      await load(from);
    }
    const baselines = boards.flatMap((board) => baselineOf(board, now) ?? []);
    if (memory !== null)
      await takeDays(
        needs,
        memory,
        from,
        baselines.map((baseline) => baseline.day),
      );
    await cuts.read(baselines.map((baseline) => baseline.to));
    await posts.read(now, prepared.quarter !== quarterOf(now));
    prepared = { day: day.from, quarter: quarterOf(now) };
  };

  return {
    async prepare(now) {
      while (!isPrepared(now)) {
        running ??= prepareOnce(now).finally(() => {
          running = null;
        });
        await running;
      }
    },
    apply(committed) {
      posts.apply(committed);
      for (const delta of committed.tallies) cuts.restated(delta);
      if (memory !== null) applyTo(memory, scopes, committed);
    },
    at(now) {
      if (memory !== null && prepared.quarter === quarterOf(now)) return memory;
      throw new Error(`The figures are not prepared for ${new Date(now).toISOString()}.`);
    },
    memory: () => memory,
    cuts,
    posts,
    dayOf,
    yesterdayOf,
    baselineOf,
  };
}
