import { describe, expect, it } from 'vitest';
import { dayLines, floorOf } from '../../client/board/day-lines.ts';
import { MINUTE } from '../../shared/time.ts';
import { of, theCalls } from '../support/a-snapshot.ts';

const { firstRing } = theCalls();
const from = firstRing.steps[12]?.from ?? 0;
const now = from + 7 * MINUTE;
const withRunning = (n: number, d: number) => ({
  ...firstRing,
  steps: firstRing.steps.map((step) => (step.from === from ? { ...step, today: of(n, d) } : step)),
});

describe('the half-hour that is still running', () => {
  it('does not throw the line to 0 by its first missed call', () => {
    const day = withRunning(0, 1);
    expect(dayLines(day, now).end).toEqual({ at: from, value: (100 * 14) / 19 });
    expect(floorOf([day], now)).toBe(floorOf([withRunning(0, 0)], now));
  });

  it('is drawn up to now once it holds the smallest sample', () => {
    expect(dayLines(withRunning(3, 5), now).end).toEqual({ at: now, value: 60 });
    expect(floorOf([withRunning(3, 5)], now)).toBe(60);
  });

  it('is drawn whatever it holds when it is over', () => {
    const over = from + 30 * MINUTE;
    expect(dayLines(withRunning(0, 1), over).end).toEqual({ at: over, value: 0 });
    expect(floorOf([withRunning(0, 1)], over)).toBe(0);
  });
});
