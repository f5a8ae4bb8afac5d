import type { Change, Feed, Tally } from '../../shared/figure.ts';
import { percentText } from '../../shared/percent.ts';
import type { HeatmapAnswer, TrendScopesAnswer, TrendsAnswer } from '../../shared/wire-trends.ts';
import { dayWords, timeWords } from './words.ts';

/** One week of one scope, in what a mail says of it. Nobody of the staff is in it. */
export interface Summary {
  site: string;
  /** Of the scope. */
  name: string;
  demo: boolean;
  /** Monday and Sunday, ISO local dates. */
  from: string;
  to: string;
  promises: PromiseTold[];
  volumes: Volume[];
  notes: { when: string; text: string }[];
  /** What was not known to its end. */
  gaps: string[];
}

export interface PromiseTold {
  figure: PromiseFigure;
  name: string;
  /** What is counted. */
  noun: 'calls' | 'emails';
  target: number | null;
  total: Tally;
  /** Null under the least sample: then the count is the figure. */
  percent: string | null;
  before: Tally;
  /** Against the week before; null where there is nothing to compare with. */
  change: Change | null;
  days: DayTold[];
  /** The hours in which it was missed most, the worst first. */
  worst: { when: string; missed: number; of: number }[];
  /** By which hour `worst` counts. */
  byArrival: boolean;
}

export interface DayTold extends Tally {
  date: string;
  before: Tally;
}

export interface Volume {
  name: string;
  count: number;
  before: number;
}

export type PromiseFigure = 'firstRing' | 'emailsWithinHour';
export const PROMISES: readonly PromiseFigure[] = ['firstRing', 'emailsWithinHour'];

const VOLUMES = [
  { figure: 'callsOffered', name: 'Calls' },
  { figure: 'emailsReceived', name: 'Emails received' },
  { figure: 'mentions', name: 'Mentions' },
] as const;
export const SUMMED = [...PROMISES, 'callsOffered', 'emailsReceived', 'mentions'] as const;

/** Hours listed under each promise, and notes of the week. */
export const WORST_HOURS = 3;
export const NOTES_MAX = 20;

export interface SummaryFrom {
  site: string;
  scope: Pick<TrendScopesAnswer['scopes'][number], 'name' | 'minSample' | 'promisedMs'>;
  /** By day, against the week before. */
  week: TrendsAnswer;
  /** Of the same week: each of its cells is one hour. */
  heatmaps: readonly HeatmapAnswer[];
}

/** What a mail says, from what the trends page would show of the week. */
export function summaryOf({ site, scope, week, heatmaps }: SummaryFrom): Summary {
  const { demo, from, to } = week;
  const promises = PROMISES.flatMap((figure) => {
    const heatmap = heatmaps.find((one) => one.figure === figure);
    const told = promiseOf(figure, { scope, week, heatmap });
    return told === null ? [] : [told];
  });
  const volumes = VOLUMES.flatMap(({ figure, name }): Volume[] => {
    const series = week.series.find((one) => one.figure === figure);
    return series === undefined ? [] : [{ name, count: series.total.n, before: series.before?.total.n ?? 0 }];
  });
  return {
    site,
    name: scope.name,
    demo,
    from,
    to,
    promises,
    volumes,
    notes: notesOf(week),
    gaps: gapsOf(week),
  };
}

function promiseOf(
  figure: PromiseFigure,
  { scope, week, heatmap }: Pick<SummaryFrom, 'scope' | 'week'> & { heatmap: HeatmapAnswer | undefined },
): PromiseTold | null {
  const series = week.series.find((one) => one.figure === figure);
  if (series === undefined) return null;
  const { target, total, before, change } = series;
  const rule = target === null ? {} : { target };
  return {
    figure,
    name: nameOf(figure, scope.promisedMs.emailsWithinHour),
    noun: figure === 'firstRing' ? 'calls' : 'emails',
    target,
    total,
    percent: total.d < scope.minSample || total.d === 0 ? null : percentText(total, rule),
    before: before?.total ?? { n: 0, d: 0 },
    change,
    days: series.n.map((n, i) => ({
      date: dayOfWeek(week.from, i),
      n,
      d: series.d[i] ?? 0,
      before: { n: before?.n[i] ?? 0, d: before?.d[i] ?? 0 },
    })),
    worst: worstOf(week.from, heatmap),
    byArrival: heatmap?.attributed === 'arrival',
  };
}

/** The emails' promise by the time that is promised. */
function nameOf(figure: PromiseFigure, promisedMs = 3_600_000): string {
  if (figure === 'firstRing') return 'Calls on the first ring';
  if (promisedMs === 3_600_000) return 'Emails within the hour';
  const minutes = promisedMs / 60_000;
  return `Emails within ${minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`}`;
}

function worstOf(monday: string, heatmap: HeatmapAnswer | undefined): PromiseTold['worst'] {
  return (heatmap?.cells ?? [])
    .map(({ weekday, hour, n, d }) => ({ weekday, hour, missed: d - n, of: d }))
    .filter(({ missed }) => missed > 0)
    .sort((a, b) => b.missed - a.missed || a.of - b.of || a.weekday - b.weekday || a.hour - b.hour)
    .slice(0, WORST_HOURS)
    .map(({ weekday, hour, missed, of }) => {
      const clock = (at: number): string => `${String(at).padStart(2, '0')}:00`;
      return {
        when: `${dayWords(dayOfWeek(monday, weekday))} ${clock(hour)} to ${clock(hour + 1)}`,
        missed,
        of,
      };
    });
}

/** Who wrote a note is not said: a mail goes further than the page. */
function notesOf({ marks, zone }: TrendsAnswer): Summary['notes'] {
  return marks.slice(-NOTES_MAX).map(({ at, text }) => ({ when: timeWords(at, zone), text }));
}

const FEEDS: Record<Feed, string> = { phones: 'Phones', emails: 'Emails', mentions: 'Mentions' };

function gapsOf({ notKnownFrom, edges, zone }: TrendsAnswer): string[] {
  const end = edges.at(-1) ?? 0;
  return notKnownFrom
    .filter(({ at }) => at < end)
    .map(({ feed, at }) => `${FEEDS[feed]} are not known after ${timeWords(at, zone)}.`);
}

function dayOfWeek(monday: string, days: number): string {
  return new Date(Date.parse(`${monday}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
