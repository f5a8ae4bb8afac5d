import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SECOND } from '../../shared/time.ts';
import { Problem } from '../problem.ts';

/** Drawing a few charts takes a tenth of a second; a busy machine is given time. */
export const DRAW_WITHIN_MS = 30 * SECOND;

export interface DrawingAsked {
  svgs: readonly string[];
  /** Dots across. */
  width: number;
  /** A font file (resvg reads woff2 as well); null: what is written in the drawings is left out. */
  font: Uint8Array | null;
}

/** The drawings as PNG. The thread that draws is gone afterwards, with its memory. @throws Problem when it cannot. */
export function drawPictures(asked: DrawingAsked): Promise<Uint8Array[]> {
  const thread = new Worker(new URL('./draw-thread.ts', import.meta.url), { workerData: asked });
  const drawn = new Promise<Uint8Array[]>((resolve, reject) => {
    const failed = (cause?: unknown): void =>
      reject(new Problem('unavailable', 'The chart of a summary could not be drawn.', { cause }));
    const timer = setTimeout(failed, DRAW_WITHIN_MS);
    thread.once('message', resolve).once('error', failed).once('exit', failed);
    thread.once('exit', () => clearTimeout(timer));
  });
  return drawn.finally(() => void thread.terminate());
}

/** The wall's typeface, as the client's build holds it; null where the client is not built. */
export async function builtFont(clientDir: string): Promise<Uint8Array | null> {
  const assets = join(clientDir, 'assets');
  try {
    const name = (await readdir(assets)).find((file) =>
      /^overpass-latin-wght-normal[\w-]*\.woff2$/.test(file),
    );
    return name === undefined ? null : await readFile(join(assets, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
