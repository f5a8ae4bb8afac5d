import { describe, expect, it } from 'vitest';
import { createSaving } from '../../server/intake/saving.ts';
import { Problem } from '../../server/problem.ts';
import { HOUR, SECOND } from '../../shared/time.ts';
import { createTestClock } from '../support/test-clock.ts';

const start = Date.parse('2026-03-10T10:00:00Z');
const full = new Problem('unavailable', 'the disk is full');

function watched() {
  const clock = createTestClock(start);
  const saving = createSaving(clock);
  const said: (number | null)[] = [];
  saving.onChange(() => said.push(saving.since()));
  return { clock, saving, said };
}

describe('whether what comes in can be saved', () => {
  it('is told at once when it ends and when it begins again, and once each', async () => {
    const { clock, saving, said } = watched();
    saving.saved();
    saving.failed(full);
    await clock.advance(SECOND);
    saving.failed(full);
    expect(saving.since()).toBe(start);
    saving.saved();
    expect(saving.since()).toBeNull();
    expect(said).toEqual([start, null]);
  });

  it('ends and begins again with a probe where nothing else is written', async () => {
    const { clock, saving, said } = watched();
    saving.failed(full, true);
    expect(saving.shownAt()).toBe(start);
    await clock.advance(2 * SECOND);
    saving.probed();
    expect(said).toEqual([start, null]);
  });

  it('does not begin again with a small probe within ten seconds of a save that failed', async () => {
    const { clock, saving } = watched();
    saving.failed(full);
    await clock.advance(9_999);
    saving.probed();
    expect(saving.since()).toBe(start);
    await clock.advance(1);
    saving.probed();
    expect(saving.since()).toBeNull();
  });

  it('does not end with a bug, which is nobody’s disk', () => {
    const { saving, said } = watched();
    saving.failed(new Error('a bug'), true);
    expect([saving.since(), said]).toEqual([null, []]);
    // Tried all the same, so that the next probe waits its time.
    expect(saving.shownAt()).toBe(start);
  });

  it('never ended in the future, when the clock was set back since', () => {
    const { clock, saving } = watched();
    saving.failed(full);
    clock.set(start - HOUR);
    expect(saving.since()).toBe(start - HOUR);
  });
});
