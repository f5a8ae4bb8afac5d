import { percentText, wilson95 } from '../../shared/percent.ts';
import type { Instant } from '../../shared/time.ts';
import type { PairSeries, RankSeries, TrendMark, TrendsAnswer } from '../../shared/wire-trends.ts';
import { isPercent, targetKind } from '../metrics/trends-scope.ts';
import { BYTE_ORDER_MARK, type Cell, CSV_TYPE, csvLine } from './csv.ts';
import type { Download } from './download.ts';
import { EXPORT_LINES_PER_PIECE } from './limits.ts';
import { localIso } from './local-iso.ts';

/** The series of an answer as a file: as a table, a line for each step, or as they are. */
export function trendsDownload(
  answer: TrendsAnswer,
  nameOfScope: (scope: string) => string,
  format: 'csv' | 'json',
): Download {
  const name = `${fileName(answer)}.${format}`;
  return format === 'csv'
    ? { name, type: CSV_TYPE, pieces: inPieces(linesOf(answer, nameOfScope)) }
    : { name, type: 'application/json; charset=utf-8', pieces: jsonOf(answer) };
}

const COLUMNS = [
  'scope',
  'name',
  'figure',
  'from',
  'to',
  'n',
  'd',
  'percent',
  'low_95',
  'high_95',
  'target_percent',
  'average_seconds',
  'count',
  'median',
  'p90',
  'unit',
  'compared_from',
  'compared_n',
  'compared_d',
  'compared_percent',
  'compared_count',
  'compared_median',
  'compared_p90',
  'remarks',
] as const;
type Column = (typeof COLUMNS)[number];
type Line = Partial<Record<Column, Cell>>;

function* linesOf(answer: TrendsAnswer, nameOfScope: (scope: string) => string): Generator<Line, void, void> {
  const { zone, edges, rankEdges, against } = answer;
  const times = timesOf(edges, zone);
  const rankTimes = timesOf(rankEdges, zone);
  const comparedTimes = timesOf(against?.edges ?? [], zone);
  const remarks = remarksOf(answer, edges);
  const rankRemarks = remarksOf(answer, rankEdges);
  for (const series of answer.series) {
    const about = { scope: series.scope, name: nameOfScope(series.scope), figure: series.figure };
    for (const i of series.n.keys())
      yield {
        ...about,
        from: times(i),
        to: times(i + 1),
        ...pairOf(series, i),
        compared_from: series.before === null ? null : comparedTimes(i),
        remarks: remarks[i] ?? null,
      };
  }
  for (const series of answer.ranks) {
    const about = { scope: series.scope, name: nameOfScope(series.scope), figure: series.figure };
    for (const i of series.count.keys())
      yield {
        ...about,
        from: rankTimes(i),
        to: rankTimes(i + 1),
        ...ranksOf(series, i),
        remarks: rankRemarks[i] ?? null,
      };
  }
}

function pairOf(series: PairSeries, i: number): Line {
  const { figure, target, before } = series;
  const [n, d] = [series.n[i] ?? 0, series.d[i] ?? 0];
  const compared =
    before === null || i >= before.n.length ? null : { n: before.n[i] ?? 0, d: before.d[i] ?? 0 };
  if (figure === 'speedOfAnswer')
    return {
      n,
      d,
      average_seconds: averageSeconds(n, d),
      compared_n: compared?.n ?? null,
      compared_d: compared?.d ?? null,
    };
  // Counts have no d.
  if (!isPercent(figure)) return { n, compared_n: compared?.n ?? null };
  const interval = wilson95({ n, d });
  const rule = {
    decimals: 1,
    ...(target === null ? {} : { target }),
    kind: targetKind(figure),
  } as const;
  return {
    n,
    d,
    percent: d === 0 ? null : percentText({ n, d }, rule),
    low_95: interval === null ? null : tenth(interval.low),
    high_95: interval === null ? null : tenth(interval.high),
    target_percent: target,
    compared_n: compared?.n ?? null,
    compared_d: compared?.d ?? null,
    compared_percent: compared === null || compared.d === 0 ? null : percentText(compared, rule),
  };
}

function ranksOf({ unit, count, p50, p90, before }: RankSeries, i: number): Line {
  return {
    count: count[i] ?? 0,
    median: p50[i] ?? null,
    p90: p90[i] ?? null,
    unit,
    compared_count: before?.count[i] ?? null,
    compared_median: before?.p50[i] ?? null,
    compared_p90: before?.p90[i] ?? null,
  };
}

/** An end of an interval, in percent. */
function tenth(share: number): number {
  return Math.round(share * 1_000) / 10;
}

function averageSeconds(sumMs: number, count: number): Cell {
  return count === 0 ? null : Math.round(sumMs / count / 100) / 10;
}

/** What stands beside each step on screen: notes, changed rules, and from where on a source told nothing. */
function remarksOf(
  { marks, notKnownFrom, zone }: TrendsAnswer,
  edges: readonly Instant[],
): (string | null)[] {
  const unknown = notKnownFrom.map(({ feed, at }) => ({
    at,
    text: `${feed} not known from ${localIso(at, zone)}`,
  }));
  const all = [...marks.map((mark) => ({ at: mark.at, text: markText(mark) })), ...unknown];
  return edges.slice(0, -1).map((from, i) => {
    const here = all.filter(({ at }) => at >= from && at < (edges[i + 1] ?? from));
    return here.length === 0 ? null : here.map(({ text }) => text).join('; ');
  });
}

function markText({ text, by }: TrendMark): string {
  return by === null ? text : `${text} (${by})`;
}

/** Each edge in words, worked out when it is first asked for: thousands at once would hold the process. */
function timesOf(edges: readonly Instant[], zone: string): (i: number) => string | null {
  const known: string[] = [];
  return (i) => {
    const at = edges[i];
    if (at === undefined) return null;
    known[i] ??= localIso(at, zone);
    return known[i];
  };
}

async function* inPieces(lines: Iterable<Line>): AsyncGenerator<string, void, void> {
  let piece = `${BYTE_ORDER_MARK}${csvLine(COLUMNS)}`;
  let count = 0;
  for (const line of lines) {
    piece += csvLine(COLUMNS.map((column) => line[column] ?? null));
    count += 1;
    if (count % EXPORT_LINES_PER_PIECE !== 0) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** The answer as the API gives it, series by series. */
async function* jsonOf({ series, ranks, ...about }: TrendsAnswer): AsyncGenerator<string, void, void> {
  yield `${JSON.stringify(about).slice(0, -1)},"series":[`;
  for (const [i, one] of series.entries()) yield `${i === 0 ? '\n' : ',\n'}${JSON.stringify(one)}`;
  yield '\n],"ranks":[';
  for (const [i, one] of ranks.entries()) yield `${i === 0 ? '\n' : ',\n'}${JSON.stringify(one)}`;
  yield '\n]}\n';
}

function fileName({ demo, from, to, by, series, ranks }: TrendsAnswer): string {
  const scopes = [...new Set([...series, ...ranks].map(({ scope }) => scope))];
  const of = scopes.length === 1 ? scopes[0] : `${scopes.length}-scopes`;
  return `first-ring-${demo ? 'demo-' : ''}trends-by-${by}-${from}-to-${to}-${of}`;
}
