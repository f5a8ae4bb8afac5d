import type { Tally } from '../../shared/figure.ts';
import { wholePercent } from '../../shared/percent.ts';
import type { HeatmapAnswer } from '../../shared/wire-trends.ts';
import { FIGURES, numberText } from './figure-words.ts';
import { ruleOf } from './step-words.ts';

/** Under so many a cell is a dash. */
export const CELL_MIN = 10;

/** One hour of the week; weekday 0 is Monday. */
export interface HeatPlace {
  weekday: number;
  hour: number;
}

/** What it holds. */
export interface HeatCell extends HeatPlace {
  tally: Tally;
  text: string;
  /** 0 is unshaded; 3 the furthest from the target, or the most of a count. */
  shade: 0 | 1 | 2 | 3;
}

export interface HeatGrid {
  hours: number[];
  rows: { weekday: number; cells: HeatCell[] }[];
}

/** Points off the target from which the second and the third shade begin. */
const SECOND_FROM = 5;
const THIRD_FROM = 10;

/** The hours and weekdays with anything counted in them, and all that lie between. */
export function heatGridOf({ figure, target, cells }: HeatmapAnswer): HeatGrid {
  const isCount = FIGURES[figure].shown === 'count';
  const told = cells.filter(({ n, d }) => n + d > 0);
  const known = told.filter(({ n, d }) => (isCount ? n : d) >= CELL_MIN);
  const framed = known.length > 0 ? known : told;
  const hours = between(framed.map(({ hour }) => hour));
  const weekdays = between(framed.map(({ weekday }) => weekday));
  const most = told.reduce((max, { n }) => Math.max(max, n), 0);
  const byPlace = new Map(told.map((cell) => [cell.weekday * 24 + cell.hour, cell]));
  const rows = weekdays.map((weekday) => ({
    weekday,
    cells: hours.map((hour): HeatCell => {
      const { n, d } = byPlace.get(weekday * 24 + hour) ?? { n: 0, d: 0 };
      const tally = { n, d };
      const place = { weekday, hour, tally };
      if ((isCount ? n : d) < CELL_MIN) return { ...place, text: '–', shade: 0 };
      if (isCount) return { ...place, text: numberText(n), shade: shareShade(n, most) };
      const percent = wholePercent(tally, ruleOf(figure, target)) ?? 0;
      return { ...place, text: String(percent), shade: offShade(percent, target, FIGURES[figure].kind) };
    }),
  }));
  return { hours, rows };
}

function between(all: readonly number[]): number[] {
  if (all.length === 0) return [];
  const first = Math.min(...all);
  return Array.from({ length: Math.max(...all) - first + 1 }, (_, i) => first + i);
}

function offShade(percent: number, target: number | null, kind: 'min' | 'max'): HeatCell['shade'] {
  if (target === null) return 0;
  const off = kind === 'min' ? target - percent : percent - target;
  if (off <= 0) return 0;
  if (off < SECOND_FROM) return 1;
  return off < THIRD_FROM ? 2 : 3;
}

function shareShade(n: number, most: number): HeatCell['shade'] {
  if (n > most * 0.9) return 3;
  if (n > most * 0.75) return 2;
  return n > most * 0.6 ? 1 : 0;
}
