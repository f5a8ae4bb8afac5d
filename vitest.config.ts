import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const shared = {
  setupFiles: ['tests/setup.ts'],
  environment: 'node',
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // Patience for a busy machine; what must be quick is timed by itself.
  expect: { poll: { timeout: 10_000 } },
} satisfies TestProjectInlineConfiguration['test'];

/** What is timed runs after everything else and alone, or it would measure its neighbours. */
const timed = 'tests/flow/**/*.test.ts';

export default defineConfig({
  test: {
    // One more than the cores that it is held to: many of the tests wait for a clock, a browser or a mail server.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...shared,
          name: 'all',
          include: ['tests/**/*.test.ts'],
          exclude: [timed],
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...shared, name: 'flow', include: [timed], maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
