import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Snapshot } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';

const root = join(import.meta.dirname, '..', '..');
const TV_TOKEN = 'a-token-for-the-television';
const SENDER_TOKEN = 'a-token-for-the-sender-that-is-long';

/** A First Ring that is restarted again and again, each time as a new process on the same port and data. */
export interface LongLivedServer extends AsyncDisposable {
  /** Where a TV is sent once, with its token. */
  wallUrl: string;
  /** What the server's clock shows. */
  now(): Instant;
  /** Saves facts; resolves when they are durable, and tries again while the server is away. */
  send(facts: readonly object[]): Promise<void>;
  snapshot(): Promise<Snapshot>;
  /** Breaks off every connection. */
  cut(): void;
  restart(): Promise<void>;
  /** Everything that all the processes wrote. */
  output(): string;
}

/** Starts it with a clock that runs `speed` times as fast from `startAt` on. */
export async function openLongLivedServer(needs: {
  config: string;
  dataDir: string;
  clientDir: string;
  startAt: Instant;
  speed: number;
}): Promise<LongLivedServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const beganAt = Date.now();
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    CONFIG: needs.config,
    DATA_DIR: needs.dataDir,
    CLIENT_DIR: needs.clientDir,
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'warn',
    SENDER_TOKEN,
    FIRST_RING_ADMIN_PASSWORD: 'a-password-of-ours',
    FIRST_RING_TV_TOKEN: TV_TOKEN,
    SPEED: String(needs.speed),
    BEGAN_AT: String(beganAt),
    START_AT: String(needs.startAt),
  };
  let written = '';
  const write = (bytes: Buffer): void => {
    written += bytes.toString();
  };
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, ['tests/soak/fast-first-ring.ts'], { cwd: root, env });
    child.stdout.on('data', write);
    child.stderr.on('data', write);
    while (!(await isReady(url))) {
      if (child.exitCode !== null) throw new Error(`First Ring ended before it listened:\n${written}`);
      await pause(20);
    }
    return child;
  };
  let running = await start();
  return {
    wallUrl: `${url}/wall?token=${TV_TOKEN}`,
    now: () => Math.round(needs.startAt + (Date.now() - beganAt) * needs.speed),
    send: (facts) => sendUntilSaved(url, JSON.stringify(facts)),
    async snapshot() {
      const headers = { authorization: `Bearer ${TV_TOKEN}` };
      const answer = await fetch(`${url}/api/snapshot/support`, { headers });
      if (!answer.ok) throw new Error(`the snapshot was answered with ${answer.status}`);
      return (await answer.json()) as Snapshot;
    },
    cut: () => void running.kill('SIGUSR2'),
    async restart() {
      await end(running);
      if (running.exitCode !== 0) throw new Error(`First Ring ended with ${running.exitCode}:\n${written}`);
      running = await start();
    },
    output: () => written,
    async [Symbol.asyncDispose]() {
      await end(running);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function isReady(url: string): Promise<boolean> {
  return (await answerTo(`${url}/readyz`))?.status === 200;
}

async function sendUntilSaved(url: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${SENDER_TOKEN}`, 'content-type': 'application/json' };
  for (;;) {
    const answer = await answerTo(`${url}/api/facts`, { method: 'POST', headers, body });
    if (answer?.status === 200) {
      const { refusedTotal } = (await answer.json()) as { refusedTotal: number };
      if (refusedTotal === 0) return;
      throw new Error(`facts were refused: ${body}`);
    }
    await pause(50);
  }
}

/** Null while the server is away; what was in its hands when it went is sent again, which counts nothing twice. */
async function answerTo(url: string, request: RequestInit = {}): Promise<Response | null> {
  try {
    const answer = await fetch(url, request);
    return new Response(await answer.arrayBuffer(), { status: answer.status });
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  holder.close();
  await once(holder, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
