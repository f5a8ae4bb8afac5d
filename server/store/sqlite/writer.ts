import { Worker } from 'node:worker_threads';
import { Problem } from '../../problem.ts';
import { errorOf, type Failure } from './failure.ts';

export type Value = string | number | Uint8Array | null;

/** A statement that was told to the writer. */
export type StatementId = number;

/** The writing connection, on a thread of its own, which runs what it is sent in order. */
export interface Writer {
  statement(sql: string): StatementId;
  /**
   * May be called when the commit of the one before is on its way: when that fails this one fails with it. Throws after
   * the close.
   */
  begin(): Transaction;
  close(): Promise<void>;
}

/** One transaction. Everything throws, or rejects, once it failed or was rolled back; nothing of it has happened then. */
export interface Transaction {
  /**
   * Runs a statement once for each row of values, one row after the other; a failure is told by what is asked next. The
   * array of values is the transaction's from then on.
   */
  run(statement: StatementId, values: Value[]): void;
  /** The same, and it fails where nothing is changed. */
  change(statement: StatementId, values: Value[]): void;
  /** Runs a statement that takes no values. */
  once(statement: StatementId): void;
  /** The rows of each execution. */
  ask<Row>(statement: StatementId, values: readonly Value[]): Promise<Row[][]>;
  /** Sends what was only noted so far, so that it is run while its sender goes on with other work. */
  send(): void;
  /** Resolves when all of it is on the disk. */
  commit(): Promise<void>;
  rollback(): void;
}

export interface Message {
  what: 'run' | 'rollback' | 'close';
  /** Null when no answer is wanted. */
  id: number | null;
  /** New statements, in the order of their ids. */
  statements: string[];
  runs: Run[];
}

interface Run {
  statement: StatementId;
  how: 'run' | 'change' | 'ask';
  values: Value[];
}

export interface Opening {
  failure: Failure | null;
}

export interface Answer {
  id: number;
  failure: Failure | null;
  rows: unknown[][];
}

/** Values that are noted before they are sent: enough to be worth a message. */
const NOTED_MAX = 4_096;

/** Starts the thread and opens the file there, made and migrated as need be. Throws as `Database` and `migrate` do. */
export async function openWriter(file: string): Promise<Writer> {
  const thread = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: { file } });
  const { failure } = await new Promise<Opening>((resolve, reject) => {
    thread.once('message', resolve).once('error', reject);
  });
  // From here on a failure of the thread itself is a bug, and ends the process.
  thread.removeAllListeners('error');
  if (failure !== null) throw errorOf(failure);
  return writerOn(thread);
}

interface Asker {
  transaction: { failed: Error | null };
  resolve: (rows: unknown[][]) => void;
  reject: (error: unknown) => void;
}

function writerOn(thread: Worker): Writer {
  const askers = new Map<number, Asker>();
  /** Begun and not over, the earliest first: at most the one whose commit is on its way, and the next. */
  const open = new Set<{ failed: Error | null }>();
  const ids = new Map<string, StatementId>();
  let statements: string[] = [];
  let runs: Run[] = [];
  let noted = 0;
  let asked = 0;
  let isClosed = false;

  const post = (what: Message['what'], id: number | null): void => {
    thread.postMessage({ what, id, statements, runs } satisfies Message);
    statements = [];
    runs = [];
    noted = 0;
  };
  /** What was begun after a failure rests on what did not happen. */
  const fail = (error: Error): void => {
    for (const one of open) one.failed = error;
    open.clear();
    runs = [];
    post('rollback', null);
  };
  thread.on('message', ({ id, failure, rows }: Answer) => {
    const asker = askers.get(id);
    askers.delete(id);
    // A process that waits for nothing else may end.
    if (askers.size === 0) thread.unref();
    if (asker === undefined) return;
    const { transaction, resolve, reject } = asker;
    if (failure !== null && transaction.failed === null) fail(errorOf(failure));
    if (transaction.failed === null) resolve(rows);
    else reject(transaction.failed);
  });
  thread.unref();
  const ended = new Promise<void>((resolve) => void thread.once('exit', () => resolve()));

  const statement = (sql: string): StatementId => {
    const known = ids.get(sql);
    if (known !== undefined) return known;
    ids.set(sql, ids.size);
    statements.push(sql);
    return ids.size - 1;
  };
  const [beginning, commitment] = [statement('BEGIN IMMEDIATE'), statement('COMMIT')];

  const begin = (): Transaction => {
    // Nobody is there to answer.
    if (isClosed) throw new Problem('unavailable', 'The database is closed.');
    const transaction: { failed: Error | null } = { failed: null };
    const note = (how: Run['how'], id: StatementId, values: Value[]): void => {
      if (transaction.failed !== null) throw transaction.failed;
      const last = runs.at(-1);
      if (last?.statement === id && last.how === how) for (const value of values) last.values.push(value);
      else runs.push({ statement: id, how, values });
      noted += values.length;
      if (noted > NOTED_MAX && how !== 'ask') post('run', null);
    };
    const answer = (): Promise<unknown[][]> =>
      new Promise((resolve, reject) => {
        asked += 1;
        askers.set(asked, { transaction, resolve, reject });
        thread.ref();
        post('run', asked);
      });
    open.add(transaction);
    note('run', beginning, []);
    return {
      run(id, values) {
        if (values.length > 0) note('run', id, values);
      },
      change(id, values) {
        if (values.length > 0) note('change', id, values);
      },
      once: (id) => note('run', id, []),
      async ask<Row>(id: StatementId, values: readonly Value[]) {
        if (values.length === 0) return [];
        note('ask', id, [...values]);
        return (await answer()) as Row[][];
      },
      send() {
        if (runs.length > 0) post('run', null);
      },
      async commit() {
        note('run', commitment, []);
        await answer();
        open.delete(transaction);
      },
      rollback() {
        if (transaction.failed !== null) return;
        // It is the last that was begun, and nothing rests on it; the one whose commit is on its way before it stands.
        transaction.failed = new Error('The transaction was rolled back.');
        open.delete(transaction);
        runs = [];
        post('rollback', null);
      },
    };
  };
  return {
    statement,
    begin,
    async close() {
      isClosed = true;
      thread.ref();
      post('close', null);
      await ended;
    },
  };
}
