import { z } from 'zod';

/** What `/trends` asks and is answered: series, heatmap, what if. Instants are integer milliseconds UTC. */

const said = (description: string) => ({ description });
const instant = z.int();
const count = z.int().min(0);
const date = z.iso.date().meta(said('ISO local date of the site, e.g. 2026-11-16.'));

/** Lengths of a step, the finest first. */
export const intervals = ['quarter', 'hour', 'day', 'week', 'month'] as const;
export type Interval = (typeof intervals)[number];

/** Figures that are kept as (n, d); of counts d is 0, of `speedOfAnswer` n is a sum of milliseconds. */
export const pairFigures = [
  'firstRing',
  'serviceLevel',
  'emailsWithinHour',
  'abandonment',
  'calledBack',
  'leftInMenu',
  'speedOfAnswer',
  'callsOffered',
  'emailsReceived',
  'mentions',
] as const;
export type PairFigure = (typeof pairFigures)[number];

/** Figures that are a median and a 90th percentile by nearest rank; by the day at the finest. */
export const rankFigures = ['replyTime', 'waitTime'] as const;
export type RankFigure = (typeof rankFigures)[number];
export type TrendFigure = PairFigure | RankFigure;

/** Figures that can be judged again with another time allowed. */
export const whatIfFigures = ['firstRing', 'serviceLevel', 'emailsWithinHour'] as const;
export type WhatIfFigure = (typeof whatIfFigures)[number];

/** Figures that are drawn by weekday and hour. */
export const heatFigures = [
  'firstRing',
  'serviceLevel',
  'emailsWithinHour',
  'abandonment',
  'callsOffered',
  'emailsReceived',
] as const;

/** `before`: as many days, directly before. `weekday`: the same weekdays, so many whole weeks earlier as needed. */
export const comparisons = ['before', 'weekday', 'none'] as const;
export type Comparison = (typeof comparisons)[number];

/** Steps of one series at most: a longer period is answered in coarser steps, and `by` says so. */
export const STEPS_MAX = 2_000;
/** Steps of all series of one answer, and of what they are compared with. */
export const POINTS_MAX = 50_000;
export const SCOPES_MAX = 24;
/** Days of a period. */
export const DAYS_MAX = 3_660;

const tally = z.strictObject({ n: z.int(), d: z.int() });
const change = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.enum(['up', 'down']),
      points: z.int().meta(said('Difference of the whole percents.')),
    }),
    z.strictObject({ kind: z.enum(['level', 'about']).meta(said('about: no clear change.')) }),
  ])
  .nullable()
  .meta(said('Null where there is nothing to compare, or for figures that are no percent.'));
const ranks = z.strictObject({ count, p50: z.int().nullable(), p90: z.int().nullable() });

const pairSeries = z.strictObject({
  scope: z.string(),
  figure: z.enum(pairFigures),
  target: z.int().nullable().meta(said('Whole percent promised; null where nothing is.')),
  n: z.array(z.int()),
  d: z.array(z.int()),
  total: tally,
  before: z
    .strictObject({
      n: z.array(z.int()),
      d: z.array(z.int()),
      total: tally,
      upTo: instant
        .optional()
        .meta(
          said(
            'Where the period holds this moment: the total covers what came before this one, at the same local time.',
          ),
        ),
    })
    .nullable(),
  change,
});
export type PairSeries = z.infer<typeof pairSeries>;

const rankSeries = z.strictObject({
  scope: z.string(),
  figure: z.enum(rankFigures),
  unit: z
    .enum(['minutes', 'seconds'])
    .meta(said('replyTime: open minutes, rounded up; waitTime: seconds, rounded up.')),
  count: z.array(count),
  p50: z.array(z.int().nullable()),
  p90: z.array(z.int().nullable()),
  total: ranks,
  before: z
    .strictObject({
      count: z.array(count),
      p50: z.array(z.int().nullable()),
      p90: z.array(z.int().nullable()),
      total: ranks,
    })
    .nullable(),
});
export type RankSeries = z.infer<typeof rankSeries>;

const mark = z.strictObject({
  id: z.int(),
  at: instant,
  kind: z
    .enum(['note', 'rules'])
    .meta(said('note: written by a person; rules: a target, calendar or formula was changed.')),
  text: z.string(),
  by: z.string().nullable(),
});
export type TrendMark = z.infer<typeof mark>;
/** A note or a change of the rules, as it is kept. */
export const trendMark = mark;

const edges = z
  .array(instant)
  .meta(said('Steps are [edges[i], edges[i + 1]); one more than there are steps.'));

export const trendsAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  demo: z.boolean(),
  from: date,
  to: date.meta(said('The last day, included.')),
  asked: z.enum(intervals),
  by: z
    .enum(intervals)
    .meta(said('As asked, or coarser where that would be more than 2,000 steps, or 50,000 in all.')),
  edges,
  against: z
    .strictObject({
      kind: z.enum(['before', 'weekday']),
      from: date,
      to: date,
      edges: z
        .array(instant)
        .meta(
          said(
            'edges[i] is where that begins which step i is compared with; no length where there is nothing.',
          ),
        ),
    })
    .nullable(),
  series: z.array(pairSeries),
  ranks: z.array(rankSeries).meta(said('Their steps are those of `rankEdges`: never finer than a day.')),
  rankEdges: edges,
  marks: z.array(mark),
  notKnownFrom: z
    .array(z.strictObject({ feed: z.enum(['phones', 'emails', 'mentions']), at: instant }))
    .meta(said('Feeds whose source is late or lost: nothing of them is known after this instant.')),
});
export type TrendsAnswer = z.infer<typeof trendsAnswer>;

export const heatmapAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  from: date,
  to: date,
  scope: z.string(),
  figure: z.enum(heatFigures),
  attributed: z.enum(['counted', 'arrival']).meta(said('arrival: emails by the hour in which they arrived.')),
  target: z.int().nullable(),
  cells: z
    .array(
      z.strictObject({
        weekday: z.int().min(0).max(6).meta(said('0 is Monday.')),
        hour: z.int().min(0).max(23),
        n: z.int(),
        d: z.int(),
      }),
    )
    .meta(said('Those with anything counted.')),
  leftOutFrom: instant
    .nullable()
    .meta(said('Emails that arrived from here on are left out: not all of them have a verdict.')),
});
export type HeatmapAnswer = z.infer<typeof heatmapAnswer>;

const judgedSteps = z.strictObject({ n: z.array(z.int()), d: z.array(z.int()), total: tally });
export const whatIfAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  from: date,
  to: date,
  by: z.enum(['day', 'week', 'month']),
  edges,
  scope: z.string(),
  figure: z.enum(whatIfFigures),
  promisedMs: z.int().meta(said('The time allowed that is promised now.')),
  withinMs: z.int().meta(said('The time allowed that was asked about.')),
  is: judgedSteps.meta(said('Finished calls, or emails, as they are judged by the promise.')),
  wouldBe: judgedSteps.meta(said('The same, had `withinMs` been promised.')),
  change,
});
export type WhatIfAnswer = z.infer<typeof whatIfAnswer>;

/** What can be looked at: the site, its teams and their queues, in the order of the configuration. */
export const trendScopesAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  demo: z.boolean(),
  today: date,
  scopes: z.array(
    z.strictObject({
      scope: z.string(),
      name: z.string(),
      kind: z.enum(['site', 'team', 'calls', 'mailbox']),
      team: z.string().nullable().meta(said("A queue's team, by its id.")),
      figures: z
        .array(z.enum([...pairFigures, ...rankFigures]))
        .meta(said('Those that can have anything counted here.')),
      minSample: count.meta(said('Under this many counted items no percent and no change is shown.')),
      targets: z
        .partialRecord(z.enum(pairFigures), z.int())
        .meta(said('Whole percents promised; of abandonment the most that is good.')),
      promisedMs: z.partialRecord(z.enum(whatIfFigures), z.int()).meta(said('The time allowed now.')),
    }),
  ),
});
export type TrendScopesAnswer = z.infer<typeof trendScopesAnswer>;
