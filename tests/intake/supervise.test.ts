import { describe, expect, it } from 'vitest';
import {
  backOffMs,
  REFUSED_MAX_MS,
  REFUSED_MIN_MS,
  RETRY_MAX_MS,
  RETRY_MIN_MS,
} from '../../server/intake/back-off.ts';
import { supervise } from '../../server/intake/supervise.ts';
import { Problem } from '../../server/problem.ts';
import type { Run, Source } from '../../server/sources/source.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

const start = Date.parse('2026-03-10T10:00:00Z');

function watched(clock: TestClock, run: Source['run'], heardBefore: number | null = null) {
  const changes: string[] = [];
  const kept: number[] = [];
  const saved: Array<[number, string | undefined]> = [];
  const logged: string[] = [];
  const record = (_: unknown, message?: string): void => void logged.push(message ?? '');
  const supervised = supervise({
    source: { id: 'pbx', feeds: ['phones'], lateAfterMs: 15_000, lostAfterMs: 60_000, run },
    save: async (_source, facts, cursor) => void saved.push([facts.length, cursor]),
    refused: () => undefined,
    cursor: async () => saved.at(-1)?.[1] ?? null,
    heardBefore,
    keepHeard: async (_source, at) => void kept.push(at),
    changed: () => changes.push(supervised.health(clock.now()).state),
    clock,
    log: { debug: record, info: record, warn: record, error: record, fatal: record },
    random: () => 0.5,
  });
  return { supervised, changes, kept, saved, logged };
}

const untilStopped = (run: Run): Promise<void> =>
  new Promise((resolve) => run.stop.addEventListener('abort', () => resolve()));

describe('a supervised source', () => {
  it('is waiting before its first sign of life, then live, then late after 15 s and lost after 60 s of silence', async () => {
    const clock = createTestClock(start);
    let live = (): void => undefined;
    const { supervised } = watched(clock, async (run) => {
      live = () => run.live();
      await untilStopped(run);
    });
    await clock.advance(5_000);
    expect(supervised.health(clock.now()).state).toBe('waiting');
    live();
    const heardAt = clock.now();
    const stateAt = (ms: number): string => supervised.health(heardAt + ms).state;
    expect([stateAt(0), stateAt(14_999), stateAt(15_000), stateAt(59_999), stateAt(60_000)]).toEqual([
      'live',
      'live',
      'late',
      'late',
      'lost',
    ]);
    expect(supervised.health(heardAt + 60_000)).toMatchObject({ heardAt, since: heardAt + 60_000 });
    expect([supervised.nextChangeAt(heardAt), supervised.nextChangeAt(heardAt + 15_000)]).toEqual([
      heardAt + 15_000,
      heardAt + 60_000,
    ]);
    await supervised.stop();
  });

  it('is late at once when the link breaks, with the reason, and live again with the next sign of life', async () => {
    const clock = createTestClock(start);
    let runs = 0;
    const { supervised, changes } = watched(clock, async (run) => {
      runs += 1;
      run.live();
      if (runs === 1) throw new Error('The PBX closed the connection.');
      await untilStopped(run);
    });
    await clock.advance(0);
    expect(supervised.health(clock.now())).toMatchObject({
      state: 'late',
      trouble: 'The PBX closed the connection.',
    });
    await clock.advance(RETRY_MAX_MS);
    expect(runs).toBe(2);
    expect(supervised.health(clock.now())).toMatchObject({
      state: expect.stringMatching(/live|late/),
      trouble: null,
    });
    expect(changes).toEqual(expect.arrayContaining(['late', 'live']));
    await supervised.stop();
  });

  it('waits longer after each failure, and much longer after a refused password', async () => {
    const clock = createTestClock(start);
    const startedAt: number[] = [];
    const { supervised } = watched(clock, async () => {
      startedAt.push(clock.now());
      throw new Problem('forbidden', 'The PBX refused the password.');
    });
    await clock.advance(10 * 60_000);
    const gaps = startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0));
    expect(gaps[0]).toBe(0.75 * REFUSED_MIN_MS);
    expect(gaps[1]).toBe(1.5 * REFUSED_MIN_MS);
    await supervised.stop();
  });

  it('goes on from the cursor that was saved with the facts', async () => {
    const clock = createTestClock(start);
    const cursors: Array<string | null> = [];
    const { supervised } = watched(clock, async (run) => {
      cursors.push(run.cursor);
      await run.deliver([], `at-${cursors.length}`);
      throw new Error('gone');
    });
    await clock.advance(5_000);
    expect(cursors.slice(0, 3)).toEqual([null, 'at-1', 'at-2']);
    await supervised.stop();
  });

  it('remembers across a restart when it was last heard, and writes it down as it stops', async () => {
    const clock = createTestClock(start);
    const { supervised, kept } = watched(clock, untilStopped, start - 3_600_000);
    expect(supervised.health(start)).toMatchObject({ state: 'waiting', heardAt: start - 3_600_000 });
    expect(supervised.health(start + 15_000).state).toBe('late');
    expect(supervised.health(start + 60_000)).toMatchObject({ state: 'lost', heardAt: start - 3_600_000 });
    await supervised.stop();
    expect(kept).toEqual([start - 3_600_000]);
  });
});

describe('the back-off', () => {
  it('doubles from one second to half a minute, within its jitter', () => {
    expect([1, 2, 3, 4, 5, 6, 40].map((attempt) => backOffMs(attempt, false, 0.999_999))).toEqual([
      RETRY_MIN_MS,
      2_000,
      4_000,
      8_000,
      16_000,
      RETRY_MAX_MS,
      RETRY_MAX_MS,
    ]);
    expect(backOffMs(1, false, 0)).toBe(RETRY_MIN_MS / 2);
    expect(backOffMs(9, true, 0.999_999)).toBe(REFUSED_MAX_MS);
  });
});
