import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { DOWNLOADS_MAX } from './limits.ts';
import { Refused } from './status.ts';

/** A file that is made while it is read. */
export interface Download {
  /** Its name as it is saved. */
  name: string;
  type: string;
  /** Made only as fast as they are read; stopped when nobody reads on. */
  pieces: AsyncIterable<string>;
}

export type Send = (request: Request, response: Response, download: Download) => Promise<void>;

/**
 * Sends files piece by piece: at most one piece waits for a slow reader, and when the reader is gone the pieces are told to
 * end. What fails before the first piece is told as an answer; what fails later breaks the file off, so that it is never
 * taken for whole.
 * @throws Refused `too_many` when others are being read.
 */
export function createDownloads(most = DOWNLOADS_MAX): Send {
  let open = 0;
  return async (request, response, { name, type, pieces }) => {
    if (open >= most)
      throw new Refused('too_many', `${most} files are being fetched just now. Try again in a moment.`, {
        retryAfterS: 5,
      });
    open += 1;
    const each = pieces[Symbol.asyncIterator]();
    try {
      const first = await each.next();
      response.set({
        'content-type': type,
        'content-disposition': `attachment; filename="${safeName(name)}"`,
        'cache-control': 'no-store',
      });
      if (request.method === 'HEAD') return void response.end();
      const rest = Readable.from(from(first, each), { objectMode: true, highWaterMark: 1 });
      await pipeline(rest, response);
    } catch (error) {
      if (!isGone(error)) throw error;
    } finally {
      open -= 1;
      await each.return?.();
    }
  };
}

async function* from(
  first: IteratorResult<string>,
  each: AsyncIterator<string>,
): AsyncGenerator<string, void, void> {
  for (let next = first; next.done !== true; next = await each.next()) {
    yield next.value;
    // A fast reader would have one piece made after the other, and nobody else would get a turn.
    await setImmediate();
  }
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE';
}

/** What every system can have in a file's name. */
function safeName(name: string): string {
  return name.replace(/[^\w.-]+/g, '-').slice(0, 150);
}
