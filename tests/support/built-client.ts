import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');
const OUT = join(root, 'dist', 'client');

/** The folder of the built client; builds it first when it is missing or older than what it is made of. */
export async function builtClient(): Promise<string> {
  const builtAt = newest(OUT);
  const sourceAt = Math.max(newest(join(root, 'client')), newest(join(root, 'shared')));
  if (builtAt < sourceAt) {
    // In a process of its own, as npm does it: under a test's environment it would be React's development half.
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const env = { ...process.env, NODE_ENV: 'production' };
    await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: root, env });
  }
  return OUT;
}

/** When the youngest file under a folder was written, in ms; 0 when there is none. */
function newest(folder: string): number {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' });
  const times = found
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return Math.max(0, ...times);
}
