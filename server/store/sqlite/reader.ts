import { Worker } from 'node:worker_threads';
import { Problem } from '../../problem.ts';
import { errorOf, type Failure } from './failure.ts';

/**
 * A reading connection on a thread of its own, for whatever takes longer than a few milliseconds: the walls never wait
 * for it. The thread is started when it is first asked, and again when it is asked after it died.
 */
export interface Reader {
  /**
   * Runs a job of reader-jobs.ts at one moment of the database; jobs are run one after the other. Rejects with what the
   * job threw, and with a Problem after the close, or where the thread died of it.
   */
  ask<Result>(job: string, asked: object): Promise<Result>;
  /** Whoever waits is told; resolves when the thread has come to the end of its job and let go of the file. */
  close(): Promise<void>;
}

/** What the thread is started with. `closing` is 1 from the close on: the jobs that wait then are not run. */
export interface ReaderData {
  file: string;
  closing: Int32Array<SharedArrayBuffer>;
}

export type ReaderMessage = { id: number; job: string; asked: object } | { close: true };

export type ReaderAnswer = { id: number; result: unknown } | { id: number; failure: Failure };

interface Asker {
  resolve: (result: never) => void;
  reject: (error: unknown) => void;
}

/** Nothing is opened before it is asked. */
export function createReader(file: string): Reader {
  const askers = new Map<number, Asker>();
  let thread: Worker | null = null;
  let asked = 0;
  let isClosed = false;
  const closing = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  const rejectAll = (error: Problem): void => {
    for (const { reject } of askers.values()) reject(error);
    askers.clear();
  };
  const start = (): Worker => {
    const started = new Worker(new URL('./reader-thread.ts', import.meta.url), {
      workerData: { file, closing } satisfies ReaderData,
    });
    let cause: unknown;
    started.on('error', (error) => {
      cause = error;
    });
    // It was ended by the close, or it died, of too little memory say: whoever waits is told, and the next one asks anew.
    started.on('exit', () => {
      if (thread === started) thread = null;
      rejectAll(isClosed ? closed() : died(cause));
    });
    started.on('message', (answer: ReaderAnswer) => {
      const asker = askers.get(answer.id);
      askers.delete(answer.id);
      // A process that waits for nothing else may end.
      if (askers.size === 0) started.unref();
      if ('failure' in answer) asker?.reject(errorOf(answer.failure));
      else asker?.resolve(answer.result as never);
    });
    return started;
  };
  return {
    ask(job, what) {
      if (isClosed) return Promise.reject(closed());
      thread ??= start();
      const to = thread;
      return new Promise((resolve, reject) => {
        asked += 1;
        askers.set(asked, { resolve, reject });
        to.ref();
        to.postMessage({ id: asked, job, asked: what } satisfies ReaderMessage);
      });
    },
    async close() {
      isClosed = true;
      Atomics.store(closing, 0, 1);
      rejectAll(closed());
      const last = thread;
      if (last === null) return;
      const ended = new Promise<void>((resolve) => void last.once('exit', () => resolve()));
      last.ref();
      last.postMessage({ close: true } satisfies ReaderMessage);
      await ended;
    },
  };
}

function closed(): Problem {
  return new Problem('unavailable', 'The database is closed.');
}

function died(cause: unknown): Problem {
  return new Problem(
    'unavailable',
    'What was asked of the history could not be read: ask again, or for less.',
    {
      cause,
    },
  );
}
