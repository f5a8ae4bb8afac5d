import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { Problem } from '../problem.ts';

/**
 * Makes the folder of the data where it is not there yet.
 * @throws Problem `unavailable` when it cannot be made or written, with how to mend it.
 */
export async function makeDataDir(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const what =
      code === 'EEXIST' || code === 'ENOTDIR'
        ? 'a file is in its way: name a folder'
        : 'this user may not write there: give it the right to, or name another folder';
    throw new Problem('unavailable', `DATA_DIR: ${dir} cannot hold the data; ${what} (${code}).`, {
      cause: error,
    });
  }
}
