import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Child } from './child.ts';

const SOURCE = join(import.meta.dirname, 'process', 'write-loop.c');
const ROUNDS = 30;
const PAUSE_MS = 60;

/** CPU µs of a C program that writes so many bytes to each of so many sockets; null where no C compiler is. */
export async function writeLoopUs(
  folder: string,
  boards: Child,
  connections: number,
  bytes: number,
): Promise<number | null> {
  const program = join(folder, 'write-loop');
  try {
    await promisify(execFile)('cc', ['-O2', '-o', program, SOURCE]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const args = [connections, bytes, ROUNDS, PAUSE_MS].map(String);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const port = Number((await lines.next()).value);
    await boards.ask('openPlain', { port, count: connections });
    const used = Number((await lines.next()).value);
    if (Number.isNaN(used)) throw new Error('The C program could not write to every socket.');
    return used;
  } finally {
    child.kill();
  }
}
