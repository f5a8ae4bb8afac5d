import type { StatusAnswer } from '../../shared/wire-answer.ts';

/** What /api/status says of a site whose phones are well. */
export const exampleStatus: StatusAnswer = {
  build: '3f9a1c20b7de',
  demo: false,
  startedAt: 1_795_000_000_000,
  now: 1_795_003_600_000,
  sources: [
    {
      id: 'pbx',
      feeds: ['phones'],
      state: 'live',
      since: 1_795_000_001_000,
      heardAt: 1_795_003_599_000,
      trouble: null,
      facts: { stored: 18_420, repeat: 12, conflict: 0, refused: 0 },
    },
  ],
  boards: { watching: 3, ignored: 0, slow: 0, refused: 0 },
  intake: { waiting: 0, committedAt: 1_795_003_599_000, trouble: null, notSavedSince: null },
  database: { bytes: 12_345_344 },
  process: { residentBytes: 120_000_000, eventLoop: { meanMs: 10.1, maxMs: 14.2 } },
};
