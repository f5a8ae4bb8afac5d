import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** A process of the benchmark, asked over Node's own channel; it ends with its owner. */
export interface Child extends AsyncDisposable {
  /** Resolves with the answer; rejects with the words of its failure, or when the process ends first. */
  ask<T>(question: string, about?: unknown): Promise<T>;
  /** Resolves when it has ended, in whatever way. */
  ended: Promise<void>;
}

export interface ChildOptions {
  args?: readonly string[];
  env?: Record<string, string>;
  nodeArgs?: readonly string[];
}

interface Answer {
  id: number;
  answer?: unknown;
  failure?: string;
}

/** Starts a script of bench/process; what it writes goes to our standard error. */
export function startChild(script: string, { args = [], env = {}, nodeArgs = [] }: ChildOptions = {}): Child {
  const child = fork(join(import.meta.dirname, 'process', script), [...args], {
    execArgv: [...nodeArgs],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  child.on('message', (message) => {
    const { id, answer, failure } = message as Answer;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (failure === undefined) asked?.resolve(answer);
    else asked?.reject(new Error(`${script}: ${failure}`));
  });
  const gone = endOf(child, script);
  // Who waits for the end only wants it over; why it ended is told to whoever still asks, through `gone`.
  const ended = gone.catch(() => undefined);
  let asked = 0;
  return {
    ask<T>(question: string, about?: unknown) {
      const answer = Promise.withResolvers<unknown>();
      asked += 1;
      waiting.set(asked, answer);
      if (child.connected) child.send({ id: asked, question, about });
      return Promise.race([answer.promise, gone]) as Promise<T>;
    },
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Rejects when the process ends: whoever still asks it something is told so. */
function endOf(child: ChildProcess, script: string): Promise<never> {
  return new Promise<never>((_resolve, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`${script} ended with ${code ?? signal}`)));
    child.once('error', reject);
  });
}
