import type { EmailFact } from '../../fact.ts';
import type { Deliver } from '../source.ts';
import { type Position, type Read, withRecent, writeCursor } from './cursor.ts';

/** One step forward: what was read of a mailbox. */
export interface Step {
  facts: readonly EmailFact[];
  mailbox: string;
  /** How far a folder is read by that; absent: as far as before. */
  moved?: { folder: string; read: Read };
  /** Ids of mails that came in and are no spam. */
  came: readonly string[];
}

/**
 * Keeps facts together with the position, one step after the other: a position is never written before the facts of every
 * folder that it speaks of are durable.
 */
export interface Keeper {
  position(): Position;
  step(step: Step): Promise<void>;
  keepToken(sealed: string): Promise<void>;
  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void>;
}

export function createKeeper(deliver: Deliver, from: Position): Keeper {
  let durable = from;
  let last: Promise<void> = Promise.resolve();
  const inTurn = (facts: readonly EmailFact[], change: (before: Position) => Position): Promise<void> => {
    const turn = last.then(async () => {
      const next = change(durable);
      await deliver(facts, writeCursor(next));
      durable = next;
    });
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    position: () => durable,
    step: ({ facts, mailbox, moved, came }) =>
      inTurn(facts, (before) => ({
        ...before,
        folders: moved === undefined ? before.folders : { ...before.folders, [moved.folder]: moved.read },
        recent:
          came.length === 0
            ? before.recent
            : { ...before.recent, [mailbox]: withRecent(before.recent[mailbox], came) },
      })),
    settled: () => last,
    keepToken: (sealed) => inTurn([], (before) => ({ ...before, token: sealed })),
  };
}
