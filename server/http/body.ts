import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import { HELD_MAX_BYTES, IDLE_MAX_MS, JSON_BODY_MAX_MS } from './limits.ts';
import { Refused } from './status.ts';

/** Bytes of bodies in memory, of all requests together. */
export interface Held {
  bytes: number;
}

const tooSlow = (): Refused =>
  new Refused(
    'too_slow',
    `Nothing came for ${IDLE_MAX_MS / 1_000} s, or the body took too long. Send it again.`,
  );
const gone = (): Refused => new Refused('invalid', 'The connection ended before the body did.');

/** A whole body of at most `limit` bytes. Throws Refused: too large, too slow, too much at once, or cut off. */
export function readBody(request: IncomingMessage, limit: number, held: Held, clock: Clock): Promise<Buffer> {
  const tooLarge = (): Refused =>
    new Refused(
      'too_large',
      `The body is larger than ${limit} bytes. Send less at a time, or NDJSON (application/x-ndjson), which may be of any length.`,
    );
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const startedAt = clock.now();
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (): void => {
      held.bytes -= size;
      request.off('data', data).off('end', ended).off('timeout', slow).off('close', cut).off('error', cut);
    };
    const fail = (error: Refused): void => {
      settle();
      reject(error);
    };
    const ended = (): void => {
      settle();
      const [first] = chunks;
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
    };
    const slow = (): void => fail(tooSlow());
    const cut = (): void => fail(gone());
    const data = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
      held.bytes += chunk.length;
      if (size > limit) fail(tooLarge());
      else if (clock.now() - startedAt > JSON_BODY_MAX_MS) fail(tooSlow());
      else if (held.bytes > HELD_MAX_BYTES)
        fail(
          new Refused('too_many', 'Too much is being sent at once. Try again in a second.', {
            retryAfterS: 1,
          }),
        );
    };
    request.on('data', data).on('end', ended).on('timeout', slow).on('close', cut).on('error', cut);
  });
}

/** A body in chunks, with back-pressure: nothing more is read while the taker works. Throws Refused when it stalls or is cut off. */
export async function* chunksOf(request: IncomingMessage): AsyncGenerator<Buffer, void, void> {
  const chunks: Buffer[] = [];
  const state: { ended: boolean; failure: Refused | null; wake: () => void } = {
    ended: false,
    failure: null,
    wake: () => undefined,
  };
  const stop = (failure: Refused | null): void => {
    state.ended = true;
    state.failure ??= failure;
    state.wake();
  };
  const data = (chunk: Buffer): void => {
    chunks.push(chunk);
    request.pause();
    state.wake();
  };
  const ended = (): void => stop(null);
  const slow = (): void => stop(tooSlow());
  const cut = (): void => {
    if (!state.ended) stop(gone());
  };
  request.on('data', data).on('end', ended).on('timeout', slow).on('close', cut).on('error', cut);
  try {
    for (;;) {
      const chunk = chunks.shift();
      if (chunk !== undefined) yield chunk;
      else if (state.failure !== null) throw state.failure;
      else if (state.ended) return;
      else {
        const woken = new Promise<void>((resolve) => {
          state.wake = resolve;
        });
        request.resume();
        await woken;
      }
    }
  } finally {
    request.off('data', data).off('end', ended).off('timeout', slow).off('close', cut).off('error', cut);
  }
}
