import { describe, expect, it } from 'vitest';
import { createPace } from '../../server/push/pace.ts';
import type { Instant } from '../../shared/time.ts';
import { createTestClock } from '../support/test-clock.ts';

const START = Date.parse('2026-11-17T10:00:00.000Z');

function start(nextChangeAt: (now: Instant) => Instant = () => Number.POSITIVE_INFINITY) {
  const clock = createTestClock(START);
  const stopping = new AbortController();
  const sent: number[] = [];
  const work: { during: (() => void) | null } = { during: null };
  const pace = createPace({
    clock,
    nextChangeAt,
    async send(now) {
      sent.push(now - START);
      work.during?.();
    },
  });
  const running = pace.run(stopping.signal);
  return {
    clock,
    pace,
    sent,
    work,
    running,
    stop: async (): Promise<void> => {
      stopping.abort();
      await running;
    },
  };
}

describe('the pace', () => {
  it('sends at once when it starts, and every five seconds while nothing changes', async () => {
    const { clock, sent, stop } = start();
    await clock.advance(15_000);
    expect(sent).toEqual([0, 5_000, 10_000, 15_000]);
    await stop();
  });

  it('sends a change at once after a quiet time', async () => {
    const { clock, pace, sent, stop } = start();
    await clock.advance(1_234);
    pace.changed();
    await clock.advance(0);
    expect(sent).toEqual([0, 1_234]);
    await stop();
  });

  it('sends many changes inside a tenth of a second as one, at its end', async () => {
    const { clock, pace, sent, stop } = start();
    await clock.advance(1_000);
    for (let change = 0; change < 50; change += 1) {
      pace.changed();
      await clock.advance(1);
    }
    expect(sent).toEqual([0, 1_000]);
    await clock.advance(49);
    expect(sent).toEqual([0, 1_000]);
    await clock.advance(1);
    expect(sent).toEqual([0, 1_000, 1_100]);
    await clock.advance(4_999);
    expect(sent).toEqual([0, 1_000, 1_100]);
    await stop();
  });

  it('never sends more than ten a second under a flood, and loses none of its last changes', async () => {
    const { clock, pace, sent, stop } = start();
    for (let ms = 0; ms < 2_000; ms += 7) {
      pace.changed();
      await clock.advance(7);
    }
    const lastChange = clock.now() - START - 7;
    await clock.advance(100);
    for (const [index, at] of sent.entries()) {
      if (index > 0) expect(at - (sent[index - 1] ?? 0)).toBeGreaterThanOrEqual(100);
    }
    expect(sent.length).toBeGreaterThan(18);
    expect(sent.at(-1)).toBeGreaterThanOrEqual(lastChange);
    await stop();
  });

  it('takes a change that comes while it sends into the next sending', async () => {
    const { clock, pace, sent, work, stop } = start();
    await clock.advance(500);
    work.during = () => {
      work.during = null;
      pace.changed();
    };
    pace.changed();
    await clock.advance(99);
    expect(sent).toEqual([0, 500]);
    await clock.advance(1);
    expect(sent).toEqual([0, 500, 600]);
    await stop();
  });

  it('wakes at the instant at which time alone changes a figure', async () => {
    const { clock, sent, stop } = start((now) =>
      now < START + 1_777 ? START + 1_777 : Number.POSITIVE_INFINITY,
    );
    await clock.advance(1_776);
    expect(sent).toEqual([0]);
    await clock.advance(1);
    expect(sent).toEqual([0, 1_777]);
    await stop();
  });

  it('goes on at its pace after the wall clock was set back an hour', async () => {
    const { clock, pace, sent, stop } = start();
    await clock.advance(1_000);
    clock.set(START - 3_600_000);
    pace.changed();
    await clock.advance(100);
    expect(sent.slice(1)).toEqual([-3_599_900]);
    await stop();
  });

  it('stops when told to, in the middle of a pause', async () => {
    const { clock, sent, stop } = start();
    await clock.advance(10);
    await stop();
    expect(clock.sleepers).toBe(0);
    expect(sent).toEqual([0]);
  });

  it('lets an error of a need out instead of going on without it', async () => {
    const { running } = start(() => {
      throw new Error('the heap is broken');
    });
    await expect(running).rejects.toThrow('the heap is broken');
  });
});
