import { parentPort, workerData } from 'node:worker_threads';
import type Database from 'better-sqlite3';
import { connectReader } from './connect.ts';
import { failureOf } from './failure.ts';
import type { ReaderAnswer, ReaderData, ReaderMessage } from './reader.ts';
import { type Job, readerJobs } from './reader-jobs.ts';

/** Reads on a thread of its own what reader.ts is asked; each job sees one moment of the database. */
const port = parentPort;
if (port === null) throw new Error('The reader runs as a worker thread.');
const { file, closing } = workerData as ReaderData;
let open: { db: Database.Database; jobs: Record<string, Job> } | null = null;

port.on('message', (message: ReaderMessage) => {
  if ('close' in message) {
    open?.db.close();
    port.close();
    return;
  }
  // Whoever waited was told.
  if (Atomics.load(closing, 0) === 1) return;
  const { id, job, asked } = message;
  try {
    const result = run(job, asked);
    port.postMessage({ id, result } satisfies ReaderAnswer, buffersOf(result));
  } catch (error) {
    port.postMessage({ id, failure: failureOf(error) } satisfies ReaderAnswer);
  }
});

function run(name: string, asked: object): unknown {
  open ??= connect();
  const job = open.jobs[name];
  if (job === undefined) throw new Error(`There is no job "${name}".`);
  open.db.exec('BEGIN');
  try {
    return job(asked as never);
  } finally {
    // A failing disk has ended it already.
    if (open.db.inTransaction) open.db.exec('COMMIT');
  }
}

function connect(): { db: Database.Database; jobs: Record<string, Job> } {
  const db = connectReader(file);
  return { db, jobs: readerJobs(db) };
}

/** Lists of numbers change hands instead of being copied. */
function buffersOf(result: unknown): ArrayBuffer[] {
  if (result instanceof Float64Array) return [result.buffer as ArrayBuffer];
  if (typeof result !== 'object' || result === null) return [];
  return Object.values(result).flatMap((one) =>
    one instanceof Float64Array ? [one.buffer as ArrayBuffer] : [],
  );
}
