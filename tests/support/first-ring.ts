import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** First Ring in a process of its own, as a user starts it. */
export interface FirstRing extends AsyncDisposable {
  url: string;
  /** Everything it has written so far. */
  output(): string;
  /** Sends the signal and resolves with the exit code; null when the signal ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

export interface FirstRingOptions {
  dataDir: string;
  /** Path of a first-ring.yaml; without it the demo runs. */
  config?: string;
  env?: Record<string, string>;
  /** Runs with a clock set to this instant at the start, for recordings of a certain day. */
  startAt?: number;
}

/** Starts it on a free port; rejects with what it wrote when it does not come up. */
export async function startFirstRing(options: FirstRingOptions): Promise<FirstRing> {
  const script = options.startAt === undefined ? 'server/start.mjs' : 'tests/support/first-ring-at.ts';
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PORT: '0',
    DATA_DIR: options.dataDir,
    ...(options.config === undefined ? {} : { CONFIG: options.config }),
    ...(options.startAt === undefined ? {} : { START_AT: String(options.startAt) }),
    ...options.env,
  };
  const child = spawn(process.execPath, [script], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  child.stdout.on('data', (bytes: Buffer) => {
    written += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    written += bytes.toString();
  });
  const url = await addressOf(child, () => written);
  const end: FirstRing['end'] = async (signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    child.kill(signal);
    await once(child, 'exit');
    return child.exitCode;
  };
  return {
    url,
    output: () => written,
    end,
    async [Symbol.asyncDispose]() {
      await end('SIGKILL');
    },
  };
}

function addressOf(child: ChildProcess, written: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = /First Ring is at (http:\/\/\S+)/.exec(written());
      if (found?.[1] !== undefined) resolve(found[1]);
    };
    child.stdout?.on('data', look);
    child.once('exit', (code) =>
      reject(new Error(`First Ring ended with ${code} before it listened:\n${written()}`)),
    );
  });
}
