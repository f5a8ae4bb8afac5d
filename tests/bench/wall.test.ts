import { describe, expect, it } from 'vitest';
import { storedIn } from '../../bench/stored.ts';
import { dueMs, latencies } from '../../bench/wall.ts';

describe('the latency of a wall', () => {
  it('is that to the first snapshot that counts a post, however many it counts', () => {
    const sent = [
      { count: 1, at: 100 },
      { count: 2, at: 150 },
      { count: 3, at: 160 },
    ];
    const seen = [
      { count: 0, at: 90 },
      { count: 1, at: 120 },
      { count: 1, at: 155 },
      { count: 3, at: 255 },
      { count: 3, at: 355 },
    ];
    expect(latencies(sent, seen)).toEqual([20, 105, 95]);
  });

  it('goes on from the count of the time before', () => {
    const seen = [1, 2, 3, 4].map((count) => ({ count, at: 10 * count }));
    expect(latencies([{ count: 4, at: 35 }], seen)).toEqual([5]);
  });

  it('is told as a failure when a post is never shown', () => {
    expect(() => latencies([{ count: 2, at: 1 }], [{ count: 1, at: 2 }])).toThrow('Call 2 was never shown');
    expect(() => latencies([{ count: 1, at: 1 }], [])).toThrow('Call 1 was never shown');
  });

  it('is asked for at moments that fall evenly between snapshots 100 ms apart', () => {
    const due = Array.from({ length: 200 }, (_, i) => dueMs(i));
    expect(due).toEqual(due.toSorted((a, b) => a - b));
    expect(due.at(-1)).toBeCloseTo(199 * 50, -2);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const ms of due) tenths[Math.floor((ms % 100) / 10)]! += 1;
    for (const count of tenths) expect(Math.abs(count - 20)).toBeLessThanOrEqual(2);
  });
});

describe('what /metrics says was stored', () => {
  const text = [
    '# TYPE first_ring_facts_total counter',
    'first_ring_facts_total{source="mail-two",outcome="stored"} 7',
    'first_ring_facts_total{source="mail",outcome="repeat"} 3',
    'first_ring_facts_total{source="mail",outcome="stored"} 10300',
  ].join('\n');

  it('is read for the one source, and nought where it was not heard yet', () => {
    expect([storedIn(text, 'mail'), storedIn(text, 'mail-two'), storedIn(text, 'x')]).toEqual([10_300, 7, 0]);
  });
});
