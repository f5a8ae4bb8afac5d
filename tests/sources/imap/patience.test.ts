import { describe, expect, it } from 'vitest';
import { createPatience } from '../../../server/sources/imap/patience.ts';
import { createTestClock } from '../../support/test-clock.ts';

function aPatience() {
  const clock = createTestClock('2026-03-10T10:00:00Z');
  const stopping = new AbortController();
  let breaks = 0;
  const patience = createPatience({
    clock,
    stop: stopping.signal,
    silent: () => new Error('silent'),
    stopped: () => new Error('stopped'),
    failed: (error) => new Error(`failed: ${String(error)}`),
    broken: () => {
      breaks += 1;
    },
  });
  return { clock, patience, stopping, breaks: () => breaks };
}

const never = (): Promise<never> => new Promise(() => undefined);

describe('patience with a link', () => {
  it('ends with the work, and holds no timer after', async () => {
    const { clock, patience } = aPatience();
    await expect(patience.within(1_000, Promise.resolve('done'))).resolves.toBe('done');
    await expect(patience.within(1_000, Promise.reject(new Error('no')))).rejects.toThrow(
      'failed: Error: no',
    );
    await clock.advance(0);
    expect(clock.sleepers).toBe(0);
  });

  it('breaks the link that stays silent, for everybody who waits, now and later, and once', async () => {
    const { clock, patience, breaks } = aPatience();
    const waits = [
      patience.within(1_000, never()),
      patience.within(5_000, never()),
      patience.rest(9_000, () => undefined),
    ];
    const ended = Promise.allSettled(waits);
    await clock.advance(1_000);
    for (const { status } of await ended) expect(status).toBe('rejected');
    const failing = Promise.reject(new Error('the socket is gone'));
    await expect(patience.within(1_000, failing)).rejects.toThrow('silent');
    await expect(patience.rest(1_000, () => undefined)).rejects.toThrow('silent');
    expect([breaks(), clock.sleepers]).toEqual([1, 0]);
  });

  it('breaks it when told to stop, at once', async () => {
    const { patience, stopping } = aPatience();
    const work = patience.within(1_000, never());
    stopping.abort();
    await expect(work).rejects.toThrow('stopped');
    await expect(patience.rest(1_000, () => undefined)).rejects.toThrow('stopped');
  });

  it('rests until the time is over or something wakes it, and not at all when that was before', async () => {
    const { clock, patience } = aPatience();
    let listened = 0;
    const rest = () =>
      patience.rest(1_000, () => {
        listened += 1;
      });
    const over = rest();
    await clock.advance(1_000);
    await over;
    const woken = rest();
    patience.wake();
    await woken;
    patience.wake();
    patience.wake();
    await rest();
    expect(listened).toBe(2);
    const next = rest();
    await clock.advance(1_000);
    await next;
    expect(listened).toBe(3);
  });
});
