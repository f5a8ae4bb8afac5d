import type { StatusAnswer } from '../../shared/wire-answer.ts';

/** What /api/status says of a site whose phones are well. */
export const exampleStatus: StatusAnswer = {
  build: '3f9a1c20b7de',
  demo: false,
  zone: 'America/New_York',
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
      facts: { stored: 18_420, repeat: 12, conflict: 0, refused: 3 },
      kind: 'asterisk',
      test: true,
      lastFact: { at: 1_795_003_590_000, savedAt: 1_795_003_590_040 },
      lagMs: 40,
      lastTrouble: { text: 'Asterisk "pbx" closed the connection.', at: 1_795_000_900_000 },
      refusals: [{ reason: 'a line without a colon', count: 3, at: 1_795_001_200_000 }],
    },
  ],
  boards: { watching: 3, ignored: 0, slow: 0, refused: 0 },
  intake: { waiting: 0, committedAt: 1_795_003_599_000, trouble: null, notSavedSince: null },
  database: { bytes: 12_345_344 },
  process: { residentBytes: 120_000_000, eventLoop: { meanMs: 10.1, maxMs: 14.2 } },
};
