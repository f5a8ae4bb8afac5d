import { memo } from 'react';
import { ComposedChart, Line, ReferenceLine, XAxis, YAxis } from 'recharts';
import { FIGURES } from './figure-words.ts';
import type { Plot } from './plot.ts';
import type { Drawn } from './steps.ts';
import type { CalendarTick } from './ticks.ts';

export interface TrendChartProps {
  drawn: Drawn;
  plot: Plot;
  ticks: readonly CalendarTick[];
}

/**
 * The lines. What moves with the pointer lies in a drawing of its own above them, so that this one is drawn once for
 * each answer.
 */
export const TrendChart = memo(function TrendChart({ drawn, plot }: Omit<TrendChartProps, 'ticks'>) {
  const { target, figure } = drawn;
  const ranks = FIGURES[figure].shown === 'ranks';
  return (
    <ComposedChart
      width={plot.width}
      height={plot.height}
      data={cornersOf(drawn)}
      margin={{
        top: plot.top,
        right: plot.width - plot.right,
        bottom: plot.height - plot.bottom,
        left: plot.left,
      }}
      style={FLUID}
      accessibilityLayer={false}
    >
      <XAxis hide type="number" dataKey="at" domain={[plot.from, plot.to]} allowDataOverflow />
      <YAxis hide domain={[plot.low, plot.high]} allowDataOverflow />
      <Line {...QUIET} className="lw" dataKey="before" />
      {ranks ? <Line {...QUIET} className="p90" dataKey="high" /> : null}
      {target === null ? null : <ReferenceLine className="tgt" y={target} zIndex={420} />}
      <Line {...QUIET} className="step" dataKey="value" zIndex={440} />
    </ComposedChart>
  );
});

/** What lies below the lines: the calendar, the volume, and what fell short of the target. */
export const TrendFill = memo(function TrendFill({ drawn, plot, ticks }: TrendChartProps) {
  const weeks = ticks.map(({ at }) => `M${plot.x(at).toFixed(1)} ${plot.top}V${plot.barBottom}`);
  return (
    <svg className="under" viewBox={`0 0 ${plot.width} ${plot.height}`} aria-hidden="true">
      <path className="wk" d={weeks.join('')} />
      <path className="v" d={barsPath(drawn, plot)} />
      <path className="short" d={shortPath(drawn, plot)} />
    </svg>
  );
});

const FLUID = { width: '100%', height: 'auto' };

const QUIET = {
  type: 'linear',
  dot: false,
  activeDot: false,
  legendType: 'none',
  tooltipType: 'none',
  connectNulls: false,
  isAnimationActive: false,
} as const;

/** One corner of the lines. */
interface Corner {
  at: number;
  value: number | null;
  high: number | null;
  before: number | null;
}

function cornersOf({ steps }: Drawn): Corner[] {
  const corners: Corner[] = [];
  for (const { from, to, until, value, high, beforeValue: before } of steps) {
    corners.push({ at: from, value, high, before });
    if (until > from && until < to) corners.push({ at: until, value, high, before });
    corners.push(
      until === to ? { at: to, value, high, before } : { at: to, value: null, high: null, before },
    );
  }
  return corners;
}

/** Bars stand apart while there is room between them. */
const APART_MAX = 200;
const GAP = 1.5;

function barsPath({ steps, figure }: Drawn, plot: Plot): string {
  if (FIGURES[figure].shown === 'count') return '';
  const gap = steps.length > APART_MAX ? 0 : GAP;
  const foot = plot.barBottom;
  let path = '';
  for (const { from, to, d } of steps) {
    if (d === 0) continue;
    const left = (plot.x(from) + gap).toFixed(1);
    path += `M${left} ${foot}V${plot.bar(d).toFixed(1)}H${(plot.x(to) - gap).toFixed(1)}V${foot}Z`;
  }
  return path;
}

function shortPath({ steps, target, figure }: Drawn, plot: Plot): string {
  if (target === null) return '';
  const { kind } = FIGURES[figure];
  const edge = plot.y(target).toFixed(1);
  let path = '';
  for (const { from, until, value } of steps) {
    if (value === null || (kind === 'min' ? value >= target : value <= target)) continue;
    path += `M${plot.x(from).toFixed(1)} ${edge}V${plot.y(value).toFixed(1)}H${plot.x(until).toFixed(1)}V${edge}Z`;
  }
  return path;
}
