import type { Instant } from '../../shared/time.ts';
import { FIGURES, numberText } from './figure-words.ts';
import type { Drawn, DrawnStep } from './steps.ts';

/** Where things stand in a chart, in units of the drawing. */
export interface Plot {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Of the bars; equal where there are none. */
  barTop: number;
  barBottom: number;
  from: Instant;
  to: Instant;
  /** Range of values. */
  low: number;
  high: number;
  /** The highest bar; 0 where nothing was counted. */
  barMax: number;
  /** Values that are written at the left. */
  levels: number[];
  x: (at: Instant) => number;
  y: (value: number) => number;
  bar: (count: number) => number;
}

export type PlotSize = 'row' | 'small';

const SIZES = {
  row: { height: 226, top: 20, bottom: 150, barTop: 160, barBottom: 196 },
  small: { height: 132, top: 12, bottom: 78, barTop: 86, barBottom: 106 },
} as const;

/** Lays a chart out for so many units of width; charts that stand side by side share one range. */
export function plotOf(drawn: Drawn, size: PlotSize, width: number, range: Range): Plot {
  const { steps } = drawn;
  const shape = SIZES[size];
  const bars = FIGURES[drawn.figure].shown !== 'count';
  const bottom = bars ? shape.bottom : shape.barBottom;
  const barMax = bars ? Math.max(0, ...steps.map(({ d }) => d)) : 0;
  const levels = levelsOf(drawn, range);
  const widest = Math.max(...[...levels, bars ? barMax : 0].map(widthOf));
  const left = Math.max(LEFT, Math.ceil(widest) + 6);
  const right = width - 2;
  const from = steps[0]?.from ?? 0;
  const to = steps.at(-1)?.to ?? 1;
  const x = (at: Instant) => left + ((at - from) / (to - from)) * (right - left);
  const y = (value: number) => {
    const share = (value - range.low) / (range.high - range.low);
    return bottom - Math.max(0, Math.min(1, share)) * (bottom - shape.top);
  };
  const barTop = bars ? shape.barTop : shape.barBottom;
  const bar = (count: number) => shape.barBottom - (count / Math.max(1, barMax)) * (shape.barBottom - barTop);
  return { ...shape, ...range, width, left, right, bottom, barTop, barMax, from, to, levels, x, y, bar };
}

export interface Range {
  low: number;
  high: number;
}

/**
 * The range of charts that are compared by eye: percents up to 100 from the ten below the lowest value shown, or up to
 * the ten above the highest where less is better; everything else from zero.
 */
export function rangeOf(all: readonly Drawn[]): Range {
  const figure = all[0]?.figure;
  const values = all.flatMap(valuesOf);
  if (figure === undefined || values.length === 0) return { low: 0, high: 100 };
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const { shown, kind } = FIGURES[figure];
  if (shown !== 'ratio') return { low: 0, high: roundUp(most) };
  if (kind === 'max') return { low: 0, high: Math.min(100, Math.max(10, Math.ceil(most / 10) * 10)) };
  return { low: Math.max(0, Math.min(80, Math.floor((least - 0.001) / 10) * 10)), high: 100 };
}

/** Charts of up to four digits begin at the same place, one below the other. */
const LEFT = 38;

/** On the generous side: a digit of 13 px type, and a comma. */
function widthOf(level: number): number {
  const text = levelText(level);
  return text.length * 7.2 - (text.split(',').length - 1) * 3.6;
}

/** "428", "12,400". */
export function levelText(level: number): string {
  return numberText(level);
}

function valuesOf({ steps, target }: Drawn): number[] {
  const values = target === null ? [] : [target];
  for (const { value, high, beforeValue } of steps) {
    if (value !== null) values.push(value);
    if (high !== null) values.push(high);
    if (beforeValue !== null) values.push(beforeValue);
  }
  return values;
}

/** The ends of the range, and the target between them where its words have room. */
function levelsOf({ target }: Drawn, { low, high }: Range): number[] {
  const room = (high - low) * 0.12;
  const between = target !== null && target - low > room && high - target > room ? [target] : [];
  return [high, ...between, low];
}

/** 1, 2 or 5 times a power of ten, at least as much. */
function roundUp(value: number): number {
  if (value <= 5) return 5;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 1.5, 2, 3, 4, 5, 6, 8].find((times) => times * power >= value) ?? 10);
}

/** A step line as a path, in the units of the plot; it breaks where there is no value. */
export function stepPath(plot: Plot, steps: readonly Pick<DrawnStep, 'from' | 'until' | 'value'>[]): string {
  let path = '';
  let open = false;
  for (const { from, until, value } of steps) {
    if (value === null) {
      open = false;
      continue;
    }
    const y = plot.y(value).toFixed(1);
    path += open ? `V${y}` : `M${plot.x(from).toFixed(1)} ${y}`;
    path += `H${plot.x(until).toFixed(1)}`;
    open = true;
  }
  return path;
}
