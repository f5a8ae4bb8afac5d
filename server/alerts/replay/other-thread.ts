import { Worker } from 'node:worker_threads';
import { Problem } from '../../problem.ts';
import type { ReplayAnswer, ReplayMessage } from './messages.ts';

/** A message that is answered, before it has its number. */
export type Asked = Numbered extends infer M ? (M extends Numbered ? Omit<M, 'id'> : never) : never;
type Numbered = Extract<ReplayMessage, { id: number }>;

export interface Thread {
  ask(message: Asked): Promise<ReplayAnswer>;
  close(): Promise<void>;
}

/** The thread; a failure of its own is told to whoever waits, and `fell` says that it is gone. */
export function startThread(file: string, fell: () => void): Thread {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: { file } });
  const waiting = new Map<
    number,
    { resolve: (answer: ReplayAnswer) => void; reject: (error: Error) => void }
  >();
  let asked = 0;
  worker.unref();
  worker.on('message', (answer: ReplayAnswer) => {
    const one = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.failure === undefined) one?.resolve(answer);
    else one?.reject(cannot(answer.failure));
  });
  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', (error) => {
    fell();
    fail(cannot(error instanceof Error ? error.message : String(error)));
  });
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      fell();
      fail(new Problem('unavailable', 'What was read of the past was let go. Ask again.'));
      resolve();
    });
  });
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve, reject });
        worker.postMessage({ ...message, id: asked });
      }),
    async close() {
      worker.ref();
      worker.postMessage({ what: 'close' } satisfies ReplayMessage);
      await ended;
    },
  };
}

function cannot(why: string): Problem {
  return new Problem('unavailable', `The past cannot be read just now: ${why}`);
}
