import { describe, expect, it } from 'vitest';
import { againstText } from '../../client/trends/against-words.ts';
import { isDate, periodText, zoneOf } from '../../client/trends/dates.ts';
import { heatGridOf } from '../../client/trends/heat-grid.ts';
import { DEFAULT_STATE, type PageState, readState, searchOf } from '../../client/trends/page-state.ts';
import { rangeOf } from '../../client/trends/plot.ts';
import { stepName } from '../../client/trends/step-words.ts';
import { DRAWN_MAX, drawnOf, stepAt } from '../../client/trends/steps.ts';
import { calendarTicks } from '../../client/trends/ticks.ts';
import { HOUR } from '../../shared/time.ts';
import type { HeatmapAnswer, TrendsAnswer } from '../../shared/wire-trends.ts';

const DAY = 24 * HOUR;
const start = Date.parse('2026-11-01T00:00:00Z');
const site = { scope: 'site', minSample: 5 };

function answerOf(
  pairs: readonly (readonly [number, number])[],
  over: Partial<TrendsAnswer> = {},
): TrendsAnswer {
  const n = pairs.map(([met]) => met);
  const d = pairs.map(([, of]) => of);
  const total = { n: n.reduce((a, b) => a + b, 0), d: d.reduce((a, b) => a + b, 0) };
  const edges = Array.from({ length: pairs.length + 1 }, (_, i) => start + i * HOUR);
  return {
    now: edges.at(-1) ?? start,
    zone: 'UTC',
    demo: false,
    from: '2026-11-01',
    to: '2026-11-01',
    asked: 'hour',
    by: 'hour',
    edges,
    against: null,
    series: [{ scope: 'site', figure: 'firstRing', target: 70, n, d, total, before: null, change: null }],
    ranks: [],
    rankEdges: [],
    marks: [],
    notKnownFrom: [],
    ...over,
  };
}

describe('the steps of a chart', () => {
  it('are joined by adding what they count, and never by the mean of their percents', () => {
    const pairs = Array.from({ length: DRAWN_MAX + 1 }, (_, i): [number, number] =>
      i === 0 ? [1, 1] : [50, 100],
    );
    const drawn = drawnOf(answerOf(pairs), 'firstRing', site)!;
    expect(drawn.joined).toBe(2);
    expect(drawn.steps).toHaveLength(Math.ceil(pairs.length / 2));
    expect(drawn.steps[0]).toMatchObject({ n: 51, d: 101, from: start, to: start + 2 * HOUR });
    expect(drawn.steps[0]!.value).toBeCloseTo(5_100 / 101);
    const sum = drawn.steps.reduce((all, { d }) => all + d, 0);
    expect(sum).toBe(pairs.reduce((all, [, d]) => all + d, 0));
  });

  it('end now, and a running step is drawn from the smallest sample on', () => {
    const now = start + 90 * 60_000;
    const few = drawnOf(
      answerOf(
        [
          [3, 4],
          [4, 4],
        ],
        { now },
      ),
      'firstRing',
      site,
    )!;
    expect(few.steps.map(({ value }) => value)).toEqual([75, null]);
    const enough = drawnOf(
      answerOf(
        [
          [3, 4],
          [5, 5],
          [0, 0],
        ],
        { now },
      ),
      'firstRing',
      site,
    )!;
    expect(enough.steps.map(({ value, until }) => [value, until])).toEqual([
      [75, start + HOUR],
      [100, now],
      [null, start + 2 * HOUR],
    ]);
  });

  it('end where nothing is known any more', () => {
    const notKnownFrom = [{ feed: 'phones' as const, at: start + HOUR }];
    const drawn = drawnOf(
      answerOf(
        [
          [3, 4],
          [9, 9],
        ],
        { notKnownFrom },
      ),
      'firstRing',
      site,
    )!;
    expect(drawn.steps[1]).toMatchObject({ value: null, until: start + HOUR });
    const mail = drawnOf(answerOf([[3, 4]], { notKnownFrom }), 'emailsWithinHour', site);
    expect(mail).toBeNull();
  });

  it('are found by an instant, and nothing outside them', () => {
    const { steps } = drawnOf(
      answerOf([
        [1, 1],
        [1, 1],
        [1, 1],
      ]),
      'firstRing',
      site,
    )!;
    const at = [start - 1, start, start + HOUR - 1, start + HOUR, start + 3 * HOUR - 1, start + 3 * HOUR];
    expect(at.map((one) => stepAt(steps, one))).toEqual([null, 0, 0, 1, 2, null]);
  });

  it('share a range from the ten below the lowest value up to 100', () => {
    const of = (...values: number[]) => {
      const pairs = values.map((value) => [value, 100] as const);
      return rangeOf([drawnOf(answerOf(pairs), 'firstRing', site)!]);
    };
    expect(of(92, 88)).toEqual({ low: 60, high: 100 });
    expect(of(60, 99)).toEqual({ low: 50, high: 100 });
    expect(of(0)).toEqual({ low: 0, high: 100 });
    expect(rangeOf([])).toEqual({ low: 0, high: 100 });
  });
});

describe('words of time', () => {
  const london = zoneOf('Europe/London');

  it('name steps of every length, also of 23 and 25 hours', () => {
    const at = (text: string) => Date.parse(text);
    const name = (from: string, to: string) => stepName({ from: at(from), to: at(to) }, london);
    expect(name('2026-03-29T00:00:00Z', '2026-03-29T23:00:00Z')).toBe('Sun 29 Mar');
    expect(name('2026-10-24T23:00:00Z', '2026-10-26T00:00:00Z')).toBe('Sun 25 Oct');
    expect(name('2026-11-04T10:00:00Z', '2026-11-04T10:15:00Z')).toBe('Wed 4 Nov 10:00 to 10:15');
    expect(name('2026-11-02T00:00:00Z', '2026-11-09T00:00:00Z')).toBe('Mon 2 Nov to Sun 8 Nov');
    expect(name('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z')).toBe('Nov 2026');
    expect(name('2026-11-01T00:00:00Z', '2026-11-17T00:00:00Z')).toBe('Sun 1 Nov to Mon 16 Nov');
  });

  it('find when a day of the site begins, in either half of the year and where clocks are changed', () => {
    expect(london.startOf('2026-07-01')).toBe(Date.parse('2026-06-30T23:00:00Z'));
    expect(london.startOf('2026-10-25')).toBe(Date.parse('2026-10-24T23:00:00Z'));
    expect(london.startOf('2026-10-26')).toBe(Date.parse('2026-10-26T00:00:00Z'));
    expect(zoneOf('America/New_York').at('2026-03-08', '12:30')).toBe(Date.parse('2026-03-08T16:30:00Z'));
    expect(zoneOf('Asia/Kathmandu').startOf('2026-11-01')).toBe(Date.parse('2026-10-31T18:15:00Z'));
  });

  it('say a period, and what it is compared with', () => {
    expect(periodText('2026-10-20', '2026-11-16', '2026-11-16')).toBe('20 Oct to 16 Nov');
    expect(periodText('2025-11-17', '2026-11-16', '2026-11-16')).toBe('17 Nov 2025 to 16 Nov 2026');
    expect(againstText('before', '2026-10-20', '2026-11-16')).toBe('the 4 weeks before');
    expect(againstText('before', '2026-11-16', '2026-11-16')).toBe('the day before');
    expect(againstText('weekday', '2026-11-10', '2026-11-18')).toBe('the same weekdays 2 weeks earlier');
    expect(isDate('2026-02-29')).toBe(false);
  });

  it('mark Mondays of a season, and months of a year', () => {
    const words = (from: string, to: string) => calendarTicks(from, to, london).map(({ label }) => label);
    expect(words('2026-10-20', '2026-11-16')).toEqual(['26 Oct', '2 Nov', '9 Nov', '16 Nov']);
    expect(words('2025-11-17', '2026-11-16')).toContain('Jan 2026');
    expect(words('2026-10-25', '2026-10-25')[0]).toBe('02:00');
    expect(calendarTicks('2017-01-01', '2026-12-31', london).length).toBeLessThan(12);
  });
});

describe('the heatmap', () => {
  const heat = (cells: HeatmapAnswer['cells'], over: Partial<HeatmapAnswer> = {}) =>
    heatGridOf({
      now: start,
      zone: 'UTC',
      from: '2026-11-01',
      to: '2026-11-28',
      scope: 'site',
      figure: 'firstRing',
      attributed: 'counted',
      target: 75,
      cells,
      leftOutFrom: null,
      ...over,
    });
  const cell = (weekday: number, hour: number, n: number, d: number) => ({ weekday, hour, n, d });

  it('has a dash under ten, and three shades by how far a cell is off', () => {
    const grid = heat([
      cell(0, 9, 9, 9),
      cell(0, 10, 75, 100),
      cell(0, 11, 71, 100),
      cell(0, 12, 70, 100),
      cell(0, 13, 65, 100),
    ]);
    expect(grid.hours).toEqual([10, 11, 12, 13]);
    expect(grid.rows[0]!.cells.map(({ text, shade }) => [text, shade])).toEqual([
      ['75', 0],
      ['71', 1],
      ['70', 2],
      ['65', 3],
    ]);
    expect(heat([cell(2, 9, 3, 4)]).rows[0]!.cells[0]).toMatchObject({ text: '–', shade: 0 });
  });

  it('never rounds onto the target, and shades what is above it where less is better', () => {
    expect(heat([cell(0, 9, 749, 1_000)]).rows[0]!.cells[0]).toMatchObject({ text: '74', shade: 1 });
    const lost = heat([cell(0, 9, 51, 1_000)], { figure: 'abandonment', target: 5 });
    expect(lost.rows[0]!.cells[0]).toMatchObject({ text: '6', shade: 1 });
  });

  it('keeps the hours between, and is empty without anything', () => {
    expect(heat([cell(1, 8, 20, 20), cell(3, 11, 20, 20)])).toMatchObject({ hours: [8, 9, 10, 11] });
    expect(heat([cell(1, 8, 20, 20), cell(3, 11, 20, 20)]).rows.map(({ weekday }) => weekday)).toEqual([
      1, 2, 3,
    ]);
    expect(heat([])).toEqual({ hours: [], rows: [] });
  });
});

describe('the address of the page', () => {
  it('holds the whole state, there and back', () => {
    const state: PageState = {
      period: { from: '2026-10-20', to: '2026-11-16' },
      by: 'hour',
      figures: ['replyTime', 'firstRing'],
      scopes: ['site', 'queue:new patients & more', 'team:ä'],
      against: 'none',
      picked: { figure: 'firstRing', scope: 'queue:new patients & more', at: start },
      within: { firstRing: 10_000, emailsWithinHour: 1_800_000 },
      tables: ['firstRing'],
      drill: { kind: 'calls', scope: 'queue:a,b', from: '1', to: String(DAY) },
    };
    expect(readState(searchOf(state))).toEqual({ state, faults: [] });
    expect(searchOf(DEFAULT_STATE)).toBe('');
    expect(readState('')).toEqual({ state: DEFAULT_STATE, faults: [] });
  });

  it.each([
    '?by=__proto__',
    '?against=constructor',
    '?figures=toString',
    '?figures=',
    '?scopes=',
    '?from=2026-11-01',
    '?within.firstRing=NaN',
    '?within.firstRing=-500',
    `?scopes=${Array.from({ length: 25 }, (_, i) => `queue:${i}`).join()}`,
  ])('says what is wrong with %s', (search) => {
    const { state, faults } = readState(search);
    expect(faults).toHaveLength(1);
    expect({ ...state, within: {} }).toEqual(DEFAULT_STATE);
  });
});
