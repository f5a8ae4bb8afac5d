import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

/**
 * Builds the client into a folder as it is shipped. A build made inside a test runner holds React's development half,
 * which keeps a measurement of every drawing for ever.
 */
export async function buildShippedClient(folder: string): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const env = { ...process.env, NODE_ENV: 'production' };
  await run(process.execPath, [vite, 'build', '--logLevel', 'error', '--outDir', folder], { cwd: root, env });
}
