import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Instant } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Fact } from '../fact.ts';
import type { Rules } from '../judge/rules.ts';
import type { Log } from '../log.ts';
import type { Committed, Item, ItemKey, PutOutcome, Store, Tx } from '../store/store.ts';
import { type Commit, createGroupCommit, FACTS_PER_COMMIT } from './group-commit.ts';
import { type AsOf, fold, type IngestNeeds } from './ingest.ts';
import { createItemCache } from './item-cache.ts';
import { judgeAgain } from './judge-again.ts';
import type { Privacy } from './privacy.ts';
import { keepRefusals, type Refusals, saveTogether } from './save-together.ts';
import { createSaving, type Saving } from './saving.ts';

/** Items folded in one transaction. */
const FOLD_PER_COMMIT = 500;
/** Items judged again in one transaction: few, so that what comes in meanwhile does not wait. */
const JUDGED_AGAIN_PER_COMMIT = 100;

/** The one way in: facts are kept, judged and counted, and then told of. */
export interface Intake {
  /**
   * Saves facts, and the cursor of the source with the last of them. Resolves, with the fate of each, after the commit:
   * what is acknowledged is on the disk. Facts more than a transaction holds are saved in several. Throws a Problem when
   * the database cannot be written; saving the same again is harmless then.
   */
  save(source: string, facts: readonly Fact[], cursor?: string): Promise<PutOutcome[]>;
  /** Counts what the caller refused of a source; kept with the next commit. */
  refused(source: string, count: number): void;
  /**
   * Folds the pending verdicts lost by `now` into the stored tallies. Of a source with a last sign of life (`asOf`)
   * nothing is folded beyond it.
   */
  fold(now: Instant, asOf?: AsOf): Promise<void>;
  /**
   * Judges everything again by the rules this intake was made with, in small transactions between what comes in, until
   * done or told to stop. Resolves with the number of items looked at.
   */
  judgeAgain(stop: AbortSignal): Promise<number>;
  /** Calls the listener after each commit that changed something, in the order of the commits. */
  onCommit(listener: (committed: Committed) => void): void;
  /** Writes to see whether the database takes it, between what comes in. Never rejects: `saving` tells. */
  probe(): Promise<void>;
  saving(): { notSavedSince: Instant | null; shownAt: Instant | null };
  /** Calls the listener at once when nothing can be saved any more, and when it can again. */
  onSavingChange(listener: () => void): void;
  health(): IntakeHealth;
}

export interface IntakeHealth {
  /** Facts that wait to be judged. */
  waiting: number;
  committedAt: Instant | null;
  /** Why the last commit failed, in words for a person; null when it did not. */
  trouble: string | null;
  /** Since when nothing can be saved, because of the disk or another program; null while it can. */
  notSavedSince: Instant | null;
}

export interface IntakeNeeds {
  store: Store;
  clock: Clock;
  rules: Rules;
  log: Log;
  privacy: Privacy;
  /** The last sign of life of each source that is late or lost; Infinity for the others. */
  asOf?: AsOf;
}

/** The intake of a store; it alone writes facts and items there. */
export function createIntake(needs: IntakeNeeds): Intake {
  const writing = createWriting(needs);
  const group = createGroupCommit(writing.commit);
  return {
    async save(source, facts, cursor) {
      const hidden = facts.map(needs.privacy);
      const outcomes: PutOutcome[] = [];
      let from = 0;
      for (; hidden.length - from > FACTS_PER_COMMIT; from += FACTS_PER_COMMIT) {
        outcomes.push(...(await group.add({ source, facts: hidden.slice(from, from + FACTS_PER_COMMIT) })));
      }
      const last = await group.add({ source, facts: from === 0 ? hidden : hidden.slice(from), cursor });
      return from === 0 ? last : outcomes.concat(last);
    },
    refused: writing.refused,
    fold: (now, asOf) => writing.fold(now, asOf),
    async judgeAgain(stop) {
      let looked = 0;
      let keys: ItemKey[] = [];
      do {
        keys = await needs.store.itemKeys({ after: keys.at(-1) ?? null, limit: JUDGED_AGAIN_PER_COMMIT });
        const page = keys;
        if (page.length > 0) await writing.judgeAgain(page);
        looked += page.length;
        await nextTurn();
      } while (keys.length > 0 && !stop.aborted);
      return looked;
    },
    onCommit: writing.onCommit,
    probe: writing.probe,
    saving: () => ({ notSavedSince: writing.saving.since(), shownAt: writing.saving.shownAt() }),
    onSavingChange: (listener) => writing.saving.onChange(listener),
    health: () => ({ ...writing.state, waiting: group.waiting(), notSavedSince: writing.saving.since() }),
  };
}

interface Writing extends Pick<Intake, 'refused' | 'fold' | 'onCommit' | 'probe'> {
  judgeAgain(keys: readonly ItemKey[]): Promise<void>;
  commit: Commit;
  state: Pick<IntakeHealth, 'committedAt' | 'trouble'>;
  saving: Saving;
}

interface Transacted {
  committed: Committed;
  wrote?: boolean;
}

/** One transaction at a time, and what is told of it. */
function createWriting(needs: IntakeNeeds): Writing {
  const { store, clock, log, rules } = needs;
  const cache = createItemCache();
  const listeners: ((committed: Committed) => void)[] = [];
  const state: Writing['state'] = { committedAt: null, trouble: null };
  const saving = createSaving(clock);
  const refusals = createRefusals();
  let asOf: AsOf = needs.asOf ?? (() => Number.POSITIVE_INFINITY);

  const transact = async <T extends Transacted>(
    how: 'write' | 'writeAhead',
    work: (tx: Tx, needs: IngestNeeds, refused: Refusals) => Promise<T>,
  ): Promise<T> => {
    let refused: Refusals = new Map();
    try {
      const done = await store[how]((tx) => {
        refused = refusals.take();
        return work(tx, { rules, cache, now: clock.now(), asOf }, refused);
      });
      state.committedAt = clock.now();
      state.trouble = null;
      if (hasWritten(done)) saving.saved();
      return done;
    } catch (error) {
      cache.clear();
      refusals.putBack(refused);
      state.trouble = error instanceof Error ? error.message : String(error);
      log.error({ err: error }, 'commit failed');
      saving.failed(error);
      throw error;
    }
  };
  const tell = (committed: Committed): void => {
    if (!isNews(committed)) return;
    try {
      for (const listener of listeners) listener(committed);
    } catch (error) {
      // A bug of the listener's own: it ends the process and must not pass for a failure of the commit, which stands.
      queueMicrotask(() => {
        throw error;
      });
    }
  };

  return {
    state,
    saving,
    async probe() {
      try {
        await store.ping();
        saving.probed();
      } catch (error) {
        const isNew = saving.since() === null;
        saving.failed(error, true);
        if (isNew) log.error({ err: error }, 'the database cannot be written; it is tried again and again');
      }
    },
    refused: refusals.add,
    onCommit: (listener) => void listeners.push(listener),
    async commit(take) {
      const work = (tx: Tx, ingestNeeds: IngestNeeds, refused: Refusals) =>
        saveTogether(tx, take(), refused, ingestNeeds);
      const { outcomes, committed } = await transact('writeAhead', work);
      tell(committed);
      return outcomes;
    },
    async judgeAgain(keys) {
      const work = async (tx: Tx, ingestNeeds: IngestNeeds, refused: Refusals) => {
        await keepRefusals(tx, refused);
        return { committed: await judgeAgain(tx, keys, ingestNeeds) };
      };
      tell((await transact('write', work)).committed);
    },
    async fold(now, until) {
      asOf = until ?? asOf;
      let after: Item | undefined;
      do {
        const page = after === undefined ? { limit: FOLD_PER_COMMIT } : { limit: FOLD_PER_COMMIT, after };
        const folded = await transact('write', async (tx, ingestNeeds, refused) => {
          await keepRefusals(tx, refused);
          return fold(tx, { ...ingestNeeds, now }, page);
        });
        tell(folded.committed);
        after = folded.last;
        if (after !== undefined) await nextTurn();
      } while (after !== undefined);
    },
  };
}

/** A transaction that changed nothing succeeds on a full disk too, and shows nothing. */
function hasWritten({ committed, wrote = false }: Transacted): boolean {
  return wrote || isNews(committed);
}

function isNews({ items, tallies, postsChanged, quotesChanged }: Committed): boolean {
  return items.length > 0 || tallies.length > 0 || postsChanged || quotesChanged;
}

/** Counts of refused messages between two commits. */
function createRefusals() {
  let counts = new Map<string, number>();
  const add = (source: string, count: number): void =>
    void counts.set(source, (counts.get(source) ?? 0) + count);
  return {
    add,
    take(): Refusals {
      const taken = counts;
      counts = new Map();
      return taken;
    },
    putBack(refused: Refusals): void {
      for (const [source, count] of refused) add(source, count);
    },
  };
}
