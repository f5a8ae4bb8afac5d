import { setImmediate as nextTurn } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { connectLongReader } from './connect.ts';

/**
 * Long reads for the pages for people: on a connection of their own, which stays at one moment while the server goes on
 * and is closed afterwards. `work` hands back after every few rows, and everybody else gets their turn.
 */
export async function readStepwise<T>(
  file: string,
  work: (db: Database.Database) => Generator<void, T>,
): Promise<T> {
  const db = connectLongReader(file);
  try {
    db.exec('BEGIN');
    const steps = work(db);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      await nextTurn();
    }
  } finally {
    db.close();
  }
}
