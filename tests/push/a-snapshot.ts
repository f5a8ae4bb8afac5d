import type { Snapshot } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';

/** A snapshot of a board with nothing connected. */
export function aSnapshot(board: string, at: Instant, more: Partial<Snapshot> = {}): Snapshot {
  const day = { from: at - 1, to: at + 1 };
  return {
    version: 1,
    build: 'test',
    board: { id: board, name: board, place: null },
    at,
    zone: 'Europe/London',
    day: { ...day, date: '2026-11-17', axis: day, open: true, opensAt: null },
    demo: false,
    notSavedSince: null,
    sources: [],
    calls: null,
    callbacks: null,
    emails: null,
    mentions: null,
    quote: null,
    longest: null,
    chime: null,
    alerts: [],
    ...more,
  };
}
