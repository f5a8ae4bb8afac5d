import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import { createReader, type Reader } from '../../server/store/sqlite/reader.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const asked = {
  scopes: ['site'],
  figures: ['firstRing'],
  edges: [0, 900_000],
  now: 0,
  knownUntil: {},
  foldedTo: 0,
};
const nothing = { n: new Float64Array(1), d: new Float64Array(1) };

async function openReader(folder: string): Promise<Reader> {
  const file = join(folder, 'data.sqlite');
  await (await openSqliteStore({ file })).close();
  return createReader(file);
}

/** The threads that were asked anything, in order. */
function threadsAsked(): () => Worker[] {
  const post = vi.spyOn(Worker.prototype, 'postMessage');
  return () => [...new Set(post.mock.contexts as Worker[])];
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the reading thread', () => {
  it('that dies tells whoever waits for it, and another one is asked after it', async () => {
    using folder = temporaryFolder();
    const reader = await openReader(folder.path);
    const threads = threadsAsked();
    expect(await reader.ask('sums', asked)).toEqual(nothing);
    const waiting = Promise.allSettled([reader.ask('sums', asked), reader.ask('sums', asked)]);
    // As where it needs more memory than there is: that must not end the process.
    threads()[0]?.emit('error', new Error('out of memory'));
    await threads()[0]?.terminate();
    for (const one of await waiting)
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    expect(await reader.ask('sums', asked)).toEqual(nothing);
    expect(threads()).toHaveLength(2);
    await reader.close();
  });

  it('lets a job fail alone', async () => {
    using folder = temporaryFolder();
    const reader = await openReader(folder.path);
    const [failed, fine] = await Promise.allSettled([reader.ask('no job', {}), reader.ask('sums', asked)]);
    expect(failed).toMatchObject({ status: 'rejected' });
    expect(fine).toEqual({ status: 'fulfilled', value: nothing });
    await reader.close();
  });

  it('runs none of the jobs that still wait when it is closed', async () => {
    using folder = temporaryFolder();
    const reader = await openReader(folder.path);
    const steps = Array.from({ length: 2_000 }, (_, i) => i * 900_000);
    const long = { ...asked, edges: steps, scopes: Array.from({ length: 100 }, (_, i) => `queue:${i}`) };
    let from = performance.now();
    for (let i = 0; i < 100; i += 1) await reader.ask('sums', long);
    const aHundredMs = performance.now() - from;
    const waiting = Promise.allSettled(Array.from({ length: 400 }, () => reader.ask('sums', long)));
    from = performance.now();
    await reader.close();
    expect(performance.now() - from).toBeLessThan(aHundredMs);
    for (const { status } of await waiting) expect(status).toBe('rejected');
  });

  it('refuses what is asked when it is closed, or was', async () => {
    using folder = temporaryFolder();
    const reader = await openReader(folder.path);
    const waiting = Promise.allSettled([reader.ask('sums', asked)]);
    await reader.close();
    expect(await waiting).toMatchObject([{ status: 'rejected', reason: { code: 'unavailable' } }]);
    await expect(reader.ask('sums', asked)).rejects.toMatchObject({ code: 'unavailable' });
    await reader.close();
  });
});
