import { changeOf } from '../../shared/percent.ts';
import { HOUR } from '../../shared/time.ts';
import type { CausesAnswer, ItemsAnswer } from '../../shared/wire-items.ts';
import type { SubscribersAnswer } from '../../shared/wire-reports.ts';
import type {
  HeatmapAnswer,
  Interval,
  PairFigure,
  PairSeries,
  TrendFigure,
  TrendMark,
  TrendScopesAnswer,
  TrendsAnswer,
  WhatIfAnswer,
  WhatIfFigure,
} from '../../shared/wire-trends.ts';

/** The present of this past: Mon 16 Nov 2026, 14:00. */
export const NOW = Date.parse('2026-11-16T14:00:00Z');
export const TODAY = '2026-11-16';

const DAY = 24 * HOUR;

export const NO_SUBSCRIBERS: SubscribersAnswer = {
  now: NOW,
  zone: 'UTC',
  demo: false,
  sends: false,
  nextAt: null,
  subscribers: [],
};

export const NO_ITEMS: ItemsAnswer = {
  now: NOW,
  zone: 'UTC',
  demo: false,
  rows: [],
  next: null,
  lookedTo: null,
};

const CALLS = [
  'firstRing',
  'serviceLevel',
  'abandonment',
  'speedOfAnswer',
  'callsOffered',
  'waitTime',
] as const;
const MAIL = ['emailsWithinHour', 'emailsReceived', 'replyTime'] as const;
const TARGETS: Readonly<Partial<Record<TrendFigure, number>>> = {
  firstRing: 75,
  serviceLevel: 80,
  emailsWithinHour: 90,
  abandonment: 5,
};
const PROMISED: Readonly<Record<WhatIfFigure, number>> = {
  firstRing: 6_000,
  serviceLevel: 20_000,
  emailsWithinHour: HOUR,
};

const scope = (
  name: string,
  kind: 'site' | 'team' | 'calls' | 'mailbox',
  id: string,
  team: string | null,
): TrendScopesAnswer['scopes'][number] => {
  const figures = kind === 'calls' ? [...CALLS] : kind === 'mailbox' ? [...MAIL] : [...MAIL, ...CALLS];
  return {
    scope: id,
    name,
    kind,
    team,
    figures,
    minSample: 5,
    targets: { firstRing: 75 },
    promisedMs: PROMISED,
  };
};

export const SCOPES: TrendScopesAnswer = {
  now: NOW,
  zone: 'UTC',
  demo: false,
  today: TODAY,
  scopes: [
    scope('Acme', 'site', 'site', null),
    scope('Help', 'team', 'team:help', null),
    scope('Support', 'calls', 'queue:support', 'help'),
    scope('Billing', 'calls', 'queue:billing', 'help'),
    scope('Inbox', 'mailbox', 'queue:inbox', 'help'),
  ],
};

const STEP_MS: Readonly<Record<Interval, number>> = {
  quarter: HOUR / 4,
  hour: HOUR,
  day: DAY,
  week: 7 * DAY,
  month: 28 * DAY,
};
const COARSER: readonly Interval[] = ['quarter', 'hour', 'day', 'week', 'month'];

export function trendsOf(words: Record<string, string>): TrendsAnswer {
  const { from = TODAY, to = TODAY, figures = 'firstRing', scopes = 'site', against = 'none' } = words;
  const asked = (words.by ?? 'day') as Interval;
  const start = Date.parse(`${from}T00:00:00Z`);
  const end = Date.parse(`${to}T00:00:00Z`) + DAY;
  const by =
    COARSER.slice(COARSER.indexOf(asked)).find((one) => (end - start) / STEP_MS[one] <= 2_000) ?? 'month';
  const edges = edgesOf(start, end, STEP_MS[by]);
  const rankEdges = edgesOf(start, end, Math.max(DAY, STEP_MS[by]));
  const days = (end - start) / DAY;
  const back = (against === 'weekday' ? Math.ceil(days / 7) * 7 : days) * DAY;
  const compared = against === 'before' || against === 'weekday' ? against : null;
  const pairs = figures.split(',').filter((figure): figure is PairFigure => !figure.endsWith('Time'));
  const ranked = figures.split(',').filter((figure) => figure.endsWith('Time'));
  const isoOf = (at: number) => new Date(at).toISOString().slice(0, 10);
  return {
    now: NOW,
    zone: 'UTC',
    demo: false,
    from,
    to,
    asked,
    by,
    edges,
    against:
      compared === null
        ? null
        : {
            kind: compared,
            from: isoOf(start - back),
            to: isoOf(end - DAY - back),
            edges: edges.map((at) => at - back),
          },
    series: scopes
      .split(',')
      .flatMap((name) => pairs.map((figure) => pairOf(name, figure, edges, compared === null ? null : back))),
    ranks: scopes.split(',').flatMap((name) =>
      ranked.map((figure): TrendsAnswer['ranks'][number] => {
        const count = rankEdges
          .slice(1)
          .map((at) => (at - DAY < NOW ? 40 + luck(`${name}${figure}${at}`, 30) : 0));
        const p50 = rankEdges.slice(1).map((at, i) => (count[i] === 0 ? null : 12 + luck(`a${at}`, 9)));
        const p90 = p50.map((value, i) =>
          value === null ? null : value + 20 + luck(`b${rankEdges[i]}`, 20),
        );
        const total = { count: count.reduce((a, b) => a + b, 0), p50: 16, p90: 48 };
        const series = {
          scope: name,
          figure: figure as 'replyTime',
          unit: figure === 'replyTime' ? 'minutes' : 'seconds',
        } as const;
        return { ...series, count, p50, p90, total, before: null };
      }),
    ),
    rankEdges,
    marks: MARKS.filter(({ at }) => at >= start && at < end),
    notKnownFrom: [],
  };
}

const MARKS: readonly TrendMark[] = [
  {
    id: 1,
    at: Date.parse('2026-10-28T09:40:00Z'),
    kind: 'note',
    text: 'Mail delayed at the provider',
    by: 'Ann',
  },
  {
    id: 2,
    at: Date.parse('2026-11-09T00:00:00Z'),
    kind: 'rules',
    text: 'Target of calls on the first ring: 70% to 75%',
    by: null,
  },
];

function edgesOf(start: number, end: number, stepMs: number): number[] {
  const edges: number[] = [];
  for (let at = start; at < end; at += stepMs) edges.push(at);
  return [...edges, end];
}

function pairOf(name: string, figure: PairFigure, edges: readonly number[], back: number | null): PairSeries {
  const counted = (at: number, i: number): { n: number; d: number } => {
    const length = ((edges[i + 1] ?? at) - (edges[i] ?? at)) / DAY;
    const open = new Date(at).getUTCDay() === 0 ? 0.4 : 1;
    const d = at >= NOW ? 0 : Math.round((230 + luck(`${name}d${at}`, 150)) * length * open);
    const share =
      (TARGETS[figure] ?? 60) / 100 +
      (figure === 'abandonment' ? -0.01 : 0.03) +
      (luck(`${figure}${name}${at}`, 21) - 12) / 120;
    const n = Math.round(d * Math.max(0.01, Math.min(0.99, share)));
    if (figure === 'speedOfAnswer') return { n: n * 19_000, d: n };
    return figure === 'callsOffered' || figure === 'emailsReceived' ? { n: d, d: 0 } : { n, d };
  };
  const of = (shift: number) => {
    const all = edges.slice(0, -1).map((at, i) => counted(at - shift, i));
    const n = all.map((one) => one.n);
    const d = all.map((one) => one.d);
    return { n, d, total: { n: n.reduce((a, b) => a + b, 0), d: d.reduce((a, b) => a + b, 0) } };
  };
  const now = of(0);
  const before = back === null ? null : of(back);
  const target = TARGETS[figure] ?? null;
  const change = before === null || target === null ? null : changeOf(now.total, before.total, { target });
  return { scope: name, figure, target, ...now, before, change };
}

export function heatmapOf(words: Record<string, string>): HeatmapAnswer {
  const { from = TODAY, to = TODAY, scope: name = 'site' } = words;
  const figure = (words.figure ?? 'firstRing') as HeatmapAnswer['figure'];
  const target = TARGETS[figure] ?? null;
  const cells = [0, 1, 2, 3, 4, 5].flatMap((weekday) =>
    [8, 9, 10, 11, 12, 13, 14, 15, 16, 17].map((hour) => {
      const d = weekday === 5 && (hour < 9 || hour > 13) ? 7 : 60 + luck(`${weekday}${hour}${name}`, 40);
      const off = luck(`${figure}${weekday}x${hour}`, 20) - 8;
      return { weekday, hour, n: Math.round((d * Math.max(0, Math.min(99, (target ?? 60) + off))) / 100), d };
    }),
  );
  const attributed = figure === 'emailsWithinHour' ? 'arrival' : 'counted';
  return {
    now: NOW,
    zone: 'UTC',
    from,
    to,
    scope: name,
    figure,
    attributed,
    target,
    cells,
    leftOutFrom: null,
  };
}

export function whatIfOf(words: Record<string, string>): WhatIfAnswer {
  const figure = (words.figure ?? 'firstRing') as WhatIfFigure;
  const name = words.scope ?? 'site';
  const { edges, by } = trendsOf({ ...words, figures: figure });
  const { n, d, total } = pairOf(name, figure, edges, null);
  const withinMs = Number(words.within);
  const times = Math.min(1.25, withinMs / PROMISED[figure]);
  const more = n.map((met, i) => Math.min(d[i] ?? 0, Math.round(met * times)));
  const wouldBe = { n: more, d, total: { n: more.reduce((a, b) => a + b, 0), d: total.d } };
  return {
    now: NOW,
    zone: 'UTC',
    from: words.from ?? TODAY,
    to: words.to ?? TODAY,
    by: by as 'day',
    edges,
    scope: name,
    figure,
    promisedMs: PROMISED[figure],
    withinMs,
    is: { n, d, total },
    wouldBe,
    change: null,
  };
}

export function causesOf({
  from = TODAY,
  to = TODAY,
  scope: name = 'site',
  figure = 'firstRing',
}: Record<string, string>): CausesAnswer {
  const causes = [
    { cause: 'Four at lunch at once', count: 31 },
    { cause: 'Carrier trunk down', count: 12 },
  ];
  return {
    now: NOW,
    from,
    to,
    scope: name,
    figure: figure as CausesAnswer['figure'],
    missed: 1_811,
    causes,
    without: 1_768,
    known: [],
  };
}

/** The same number below `below` for the same words, ever. */
function luck(words: string, below: number): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < words.length; i += 1) hash = Math.imul(hash ^ words.charCodeAt(i), 16_777_619);
  hash ^= hash >>> 15;
  return ((Math.imul(hash, 2_246_822_519) >>> 8) & 0xffff) % below;
}
