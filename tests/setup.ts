import { afterEach, beforeEach, expect, vi } from 'vitest';

/** A stray console.error or console.warn is a defect that nobody looked at. */
let spies: { mock: { calls: unknown[][] } }[] = [];
beforeEach(() => {
  spies = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
});

afterEach(() => {
  const said = spies.flatMap((spy) => spy.mock.calls);
  vi.restoreAllMocks();
  expect(said, 'written to the console as an error or a warning').toEqual([]);
});
