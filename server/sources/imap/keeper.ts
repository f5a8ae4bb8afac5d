import type { EmailFact } from '../../fact.ts';
import type { Deliver } from '../source.ts';
import { type Position, type Read, withMarks, withoutMarks, writeCursor } from './cursor.ts';

/** One step forward: what was read of a mailbox. */
export interface Step {
  facts: readonly EmailFact[];
  mailbox: string;
  /** How far a folder is read by that; absent: as far as before. */
  moved?: { folder: string; read: Read };
  /** Ids of mails that came in and are no spam. */
  came: readonly string[];
  /** Ids of mails that were told of as spam after they came in, and of those that are none any more. */
  spam?: { key: string; ids: readonly string[] };
  notSpam?: readonly string[];
}

/**
 * Keeps facts together with the position, one step after the other: a position is never written before the facts of every
 * folder that it speaks of are durable.
 */
export interface Keeper {
  position(): Position;
  /** The step is made from the position that it starts from. */
  step(make: (from: Position) => Step): Promise<void>;
  keepToken(sealed: string): Promise<void>;
  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void>;
}

export function createKeeper(deliver: Deliver, from: Position): Keeper {
  let durable = from;
  let last: Promise<void> = Promise.resolve();
  const inTurn = (
    make: (before: Position) => { facts: readonly EmailFact[]; next: Position },
  ): Promise<void> => {
    const turn = last.then(async () => {
      const { facts, next } = make(durable);
      await deliver(facts, writeCursor(next));
      durable = next;
    });
    // Whoever asked for this turn is told of its failure; the next one only waits for its end.
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    position: () => durable,
    step: (make) =>
      inTurn((before) => {
        const step = make(before);
        return { facts: step.facts, next: after(before, step) };
      }),
    settled: () => last,
    keepToken: (sealed) => inTurn((before) => ({ facts: [], next: { ...before, token: sealed } })),
  };
}

function after(before: Position, { mailbox, moved, came, spam, notSpam = [] }: Step): Position {
  const marks = { ...before.spam };
  if (notSpam.length > 0)
    for (const key of spamKeys(mailbox))
      if (marks[key] !== undefined) marks[key] = withoutMarks(marks[key], notSpam);
  if (spam !== undefined && spam.ids.length > 0) marks[spam.key] = withMarks(marks[spam.key], spam.ids);
  return {
    ...before,
    folders: moved === undefined ? before.folders : { ...before.folders, [moved.folder]: moved.read },
    recent:
      came.length === 0
        ? before.recent
        : { ...before.recent, [mailbox]: withMarks(before.recent[mailbox], came) },
    spam: marks,
  };
}

/** Spam by the folder that it was moved to, and by the flag that it got where it lay. */
export function spamKeys(mailbox: string): [folder: string, flag: string] {
  return [`${mailbox}/folder`, `${mailbox}/flag`];
}
