import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Fact } from '../fact.ts';
import { Problem } from '../problem.ts';
import type { PutOutcome } from '../store/store.ts';

/** Facts of one transaction at most, so that it does not hold the process for long. */
export const FACTS_PER_COMMIT = 1_000;

/** What one caller wants saved at once: at most `FACTS_PER_COMMIT` facts. */
export interface Save {
  source: string;
  facts: readonly Fact[];
  cursor?: string | undefined;
}

/**
 * Commits saves in one transaction and gives the fate of each one's facts. `take` is called once, when everything before
 * is judged, though perhaps not on the disk yet.
 */
export type Commit = (take: () => readonly Save[]) => Promise<PutOutcome[][]>;

/**
 * Whatever arrived until the one before was judged is one transaction: while one is on its way to the disk, the next is
 * judged, and the one after that gathers.
 */
export interface GroupCommit {
  /** Resolves when the commit that the save was part of is done. */
  add(save: Save): Promise<PutOutcome[]>;
  /** Facts that are in no commit yet. */
  waiting(): number;
}

export function createGroupCommit(commit: Commit): GroupCommit {
  let waiting: Waiting[] = [];
  let flushing = false;

  const take = (): Waiting[] => {
    const group = firstGroup(waiting);
    waiting = waiting.slice(group.length);
    return group;
  };
  const flush = async (): Promise<void> => {
    flushing = true;
    do {
      // What else arrives in this turn joins, and acknowledgements leave.
      await nextTurn();
      const taken = Promise.withResolvers<void>();
      void settle(commit, take, () => taken.resolve()).then(() => taken.resolve());
      await taken.promise;
    } while (waiting.length > 0);
    flushing = false;
  };
  return {
    add: (save) =>
      new Promise((resolve, reject) => {
        waiting.push({ save, resolve, reject });
        if (!flushing) void flush();
      }),
    waiting: () => waiting.reduce((sum, { save }) => sum + save.facts.length, 0),
  };
}

interface Waiting {
  save: Save;
  resolve(outcomes: PutOutcome[]): void;
  reject(error: unknown): void;
}

function firstGroup(waiting: readonly Waiting[]): Waiting[] {
  let facts = 0;
  const end = waiting.findIndex(({ save }, i) => {
    facts += save.facts.length;
    return i > 0 && facts > FACTS_PER_COMMIT;
  });
  return end < 0 ? [...waiting] : waiting.slice(0, end);
}

/** When the database fails, all of them fail; any other failure is the fault of one and must not fail the others. */
async function settle(commit: Commit, take: () => Waiting[], taken: () => void): Promise<void> {
  let group: Waiting[] = [];
  let outcomes: PutOutcome[][];
  try {
    outcomes = await commit(() => {
      group = take();
      taken();
      return group.map(({ save }) => save);
    });
  } catch (error) {
    if (group.length === 0) group = take();
    if (group.length <= 1 || error instanceof Problem) {
      for (const one of group) one.reject(error);
      return;
    }
    for (const one of group)
      await settle(
        commit,
        () => [one],
        () => undefined,
      );
    return;
  }
  for (const [i, one] of group.entries()) one.resolve(outcomes[i] ?? []);
}
