import { type SummaryFrom, summaryOf } from '../../server/report/summary.ts';
import type { HeatmapAnswer, TrendsAnswer } from '../../shared/wire-trends.ts';

const DAY = 86_400_000;
export const ZONE = 'America/New_York';
export const MONDAY = Date.parse('2026-11-09T00:00:00-05:00');

const edges = Array.from({ length: 8 }, (_, i) => MONDAY + i * DAY);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function series(
  figure: TrendsAnswer['series'][number]['figure'],
  n: number[],
  d: number[],
  target: number | null,
) {
  const before = n.map((value, i) => Math.max(0, Math.min(d[i] ?? value, value - 1)));
  return {
    scope: 'site',
    figure,
    target,
    n,
    d,
    total: { n: sum(n), d: sum(d) },
    before: { n: before, d, total: { n: sum(before), d: sum(d) } },
    change: target === null ? null : ({ kind: 'about' } as const),
  };
}

/** A made-up week: calls all week, emails to Saturday, the promise missed on three days. */
export function aWeek(over: Partial<TrendsAnswer> = {}): TrendsAnswer {
  return {
    now: MONDAY + 7 * DAY,
    zone: ZONE,
    demo: false,
    from: '2026-11-09',
    to: '2026-11-15',
    asked: 'day',
    by: 'day',
    edges,
    against: { kind: 'before', from: '2026-11-02', to: '2026-11-08', edges: edges.map((at) => at - 7 * DAY) },
    series: [
      series('firstRing', [40, 38, 21, 44, 30, 12, 4], [50, 47, 33, 52, 41, 15, 5], 75),
      series('emailsWithinHour', [91, 88, 97, 60, 85, 12, 0], [98, 101, 103, 75, 91, 13, 0], 90),
      series('callsOffered', [55, 49, 40, 53, 44, 16, 6], [0, 0, 0, 0, 0, 0, 0], null),
      series('emailsReceived', [120, 110, 130, 99, 101, 14, 3], [0, 0, 0, 0, 0, 0, 0], null),
    ],
    ranks: [],
    rankEdges: edges,
    marks: [
      {
        id: 1,
        at: MONDAY + 2 * DAY + 36_720_000,
        kind: 'note',
        text: 'Carrier <trunk> down',
        by: 'Ann Example',
      },
      {
        id: 2,
        at: MONDAY + 4 * DAY,
        kind: 'rules',
        text: 'Emails: within 60 min instead of 45 min',
        by: null,
      },
    ],
    notKnownFrom: [],
    ...over,
  };
}

export const HEATMAPS: readonly HeatmapAnswer[] = (['firstRing', 'emailsWithinHour'] as const).map(
  (figure) => ({
    now: MONDAY,
    zone: ZONE,
    from: '2026-11-09',
    to: '2026-11-15',
    scope: 'site',
    figure,
    attributed: figure === 'firstRing' ? ('counted' as const) : ('arrival' as const),
    target: 75,
    cells: [
      { weekday: 0, hour: 9, n: 5, d: 5 },
      { weekday: 1, hour: 10, n: 19, d: 31 },
      { weekday: 2, hour: 23, n: 3, d: 10 },
      { weekday: 3, hour: 8, n: 2, d: 9 },
      { weekday: 6, hour: 0, n: 0, d: 1 },
    ],
    leftOutFrom: null,
  }),
);

export function aSummary(over: Partial<TrendsAnswer> = {}, scope: Partial<SummaryFrom['scope']> = {}) {
  return summaryOf({
    site: 'Harbor Health',
    scope: { name: 'Patient Support', minSample: 5, promisedMs: { emailsWithinHour: 3_600_000 }, ...scope },
    week: aWeek(over),
    heatmaps: HEATMAPS,
  });
}
