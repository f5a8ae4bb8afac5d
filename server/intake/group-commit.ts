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

/** Commits saves in one transaction and gives the fate of each one's facts. */
export type Commit = (saves: readonly Save[]) => Promise<PutOutcome[][]>;

/** Whatever arrived in one turn of the event loop is one transaction; while that commits, the next one gathers. */
export interface GroupCommit {
  /** Resolves when the commit that the save was part of is done. */
  add(save: Save): Promise<PutOutcome[]>;
  /** Runs work between two commits. */
  between<T>(work: () => Promise<T>): Promise<T>;
  /** Facts that are not committed yet. */
  waiting(): number;
}

export function createGroupCommit(commit: Commit): GroupCommit {
  const alone = oneAfterAnother();
  let waiting: Waiting[] = [];

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = firstGroup(waiting);
      await settle(group, commit);
      waiting = waiting.slice(group.length);
      // Acknowledgements leave, and what arrives meanwhile joins, before the next commit.
      if (waiting.length > 0) await nextTurn();
    }
  };
  return {
    add: (save) =>
      new Promise((resolve, reject) => {
        waiting.push({ save, resolve, reject });
        if (waiting.length === 1) void nextTurn().then(() => alone(flush));
      }),
    between: alone,
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
async function settle(group: readonly Waiting[], commit: Commit): Promise<void> {
  let outcomes: PutOutcome[][];
  try {
    outcomes = await commit(group.map(({ save }) => save));
  } catch (error) {
    if (group.length === 1 || error instanceof Problem) {
      for (const one of group) one.reject(error);
      return;
    }
    for (const one of group) await settle([one], commit);
    return;
  }
  for (const [i, one] of group.entries()) one.resolve(outcomes[i] ?? []);
}

/** Each piece of work begins when the one before it has ended, in whatever way. */
function oneAfterAnother(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    // Whoever asked for the work before is told of its failure; the next one only waits for its end.
    last = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  };
}
