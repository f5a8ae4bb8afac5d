import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** What a running First Ring says of itself. */
export interface Health {
  /** The heap and what hangs on it, after everything unused was let go. */
  heldBytes: number;
  /** Exceptions and rejections that nobody caught. */
  uncaught: string[];
}

/** First Ring in a process of its own that can be asked how it is. */
export interface Probed extends AsyncDisposable {
  url: string;
  port: number;
  health(): Promise<Health>;
  /** Null while it runs. */
  exitCode(): number | null;
  output(): string;
  stop(): Promise<number | null>;
}

/** Starts it with this first-ring.yaml. */
export async function startProbed(
  configuration: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Probed> {
  const folder = temporaryFolder();
  const config = join(folder.path, 'first-ring.yaml');
  writeFileSync(config, configuration);
  const child = fork(join(import.meta.dirname, 'probed-first-ring.ts'), {
    execArgv: ['--expose-gc'],
    env: { ...process.env, PORT: '0', DATA_DIR: folder.path, CONFIG: config, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => {
      written = (written + bytes.toString()).slice(-100_000);
    });
  const exited = once(child, 'exit');
  const told = async <T>(): Promise<T> => {
    const first = await Promise.race([once(child, 'message'), exited.then(() => null)]);
    if (first === null) throw new Error(`First Ring ended with ${child.exitCode}:\n${written}`);
    return first[0] as T;
  };
  const { url } = await told<{ url: string }>();
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.send('stop');
    await exited;
    return child.exitCode;
  };
  return {
    url,
    port: Number(new URL(url).port),
    async health() {
      const health = told<Health>();
      child.send('health');
      return health;
    },
    exitCode: () => child.exitCode,
    output: () => written,
    stop,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
      folder[Symbol.dispose]();
    },
  };
}
