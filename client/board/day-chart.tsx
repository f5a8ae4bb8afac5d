import { memo, useDeferredValue } from 'react';
import {
  Area,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceDot,
  ReferenceLine,
  XAxis,
  YAxis,
} from 'recharts';
import type { Promised } from '../../shared/figure.ts';
import type { Instant, Span } from '../../shared/time.ts';
import { type Corner, dayLines } from './day-lines.ts';
import { hourTicks } from './hour-ticks.ts';
import type { Moments } from './moments.ts';
import { UnknownTime } from './unknown-time.tsx';

export interface DayChartProps {
  promised: Promised;
  axis: Span;
  /** To the minute, so that the chart is drawn anew once a minute and not once a second. */
  now: Instant;
  /** Lowest percent of the range that all charts of the board share. */
  floor: number;
  moments: Moments;
  label: string;
  shape: ChartShape;
  /** Set when the figures are old: today's line ends there, hollow, and what is not known is hatched up to now. */
  asOf?: Instant | null;
  /** When a rule was broken: the time from then on is shaded, and the shortfall not. */
  brokenSince?: Instant | null;
}

export type ChartShape = keyof typeof SHAPES;

/**
 * The day in half-hours: today's steps, the comparison day's, the target dotted, and what fell short of it. It is drawn
 * after the words of the board stand, which a person waits for; a new shape (a lost line) is drawn with them.
 */
export function DayChart(props: DayChartProps) {
  const drawn = useDeferredValue(props);
  return <Drawing {...(drawn.shape === props.shape ? drawn : props)} />;
}

const Drawing = memo(function Drawing(props: DayChartProps) {
  const shape = SHAPES[props.shape];
  const old = props.asOf !== undefined;
  const until = Math.min(props.now, props.asOf ?? props.now);
  const broken = props.brokenSince ?? null;
  const unknownTo = Math.min(props.now, props.axis.to);
  const { corners, end } = dayLines(props.promised, until);
  const inset = { left: shape.inset, right: shape.inset };
  return (
    <div className={`day is-${props.shape}`} role="img" aria-label={props.label}>
      <ComposedChart
        width={shape.width}
        height={shape.height}
        data={corners}
        margin={{ top: shape.top, right: 0, bottom: 0, left: 0 }}
        style={FLUID}
        accessibilityLayer={false}
      >
        <YAxis hide domain={[props.floor, 100]} />
        <XAxis
          type="number"
          dataKey="at"
          domain={[props.axis.from, props.axis.to]}
          allowDataOverflow
          padding={inset}
          height={shape.foot}
          interval={0}
          ticks={hourTicks(props.axis, props.moments).map((tick) => tick.at)}
          tickSize={0}
          tickMargin={0}
          tickLine={false}
          tick={<HourTick axis={props.axis} moments={props.moments} shape={props.shape} />}
        />
        {broken === null ? (
          <Area {...QUIET} className="short" dataKey={(corner: Corner) => corner.short} />
        ) : null}
        {broken === null || broken >= until ? null : (
          <ReferenceArea className="breach" x1={Math.max(broken, props.axis.from)} x2={until} zIndex={380} />
        )}
        {old ? null : <Line {...QUIET} className="lw" dataKey="last" />}
        <ReferenceLine className="tgt" y={props.promised.target} zIndex={420} />
        <Line {...QUIET} className="step" dataKey="today" zIndex={440} />
        {old && end !== null && until < unknownTo ? (
          <ReferenceArea
            x1={Math.max(until, props.axis.from)}
            x2={unknownTo}
            zIndex={380}
            shape={<UnknownTime />}
          />
        ) : null}
        {end === null ? null : (
          <ReferenceDot
            className={old ? 'dot is-hollow' : 'dot'}
            x={end.at}
            y={end.value}
            r={shape.dot}
            zIndex={700}
            ifOverflow="visible"
          />
        )}
      </ComposedChart>
    </div>
  );
}, isSame);

/** The drawing is scaled to its place; its own units stay as they are. */
const FLUID = { width: '100%', height: 'auto' };

const QUIET = {
  type: 'linear',
  dot: false,
  activeDot: false,
  legendType: 'none',
  connectNulls: false,
  isAnimationActive: false,
} as const;

/** Units of the drawing, scaled as one by the style sheet. `foot` is from the axis down to the lower edge. */
const SHAPES = {
  wall: {
    width: 708,
    height: 108,
    top: 8,
    foot: 35,
    inset: 4,
    dot: 8.5,
    text: 33,
    ticks: [9, 5.5],
    hours: true,
  },
  'wall-old': {
    width: 708,
    height: 141,
    top: 8,
    foot: 38,
    inset: 4,
    dot: 8.5,
    text: 36,
    ticks: [10.6, 6.2],
    hours: true,
  },
  'wall-crit': {
    width: 708,
    height: 92,
    top: 8,
    foot: 10,
    inset: 4,
    dot: 8.5,
    text: 0,
    ticks: [10.6, 6.2],
    hours: false,
  },
  'wall-lost': {
    width: 708,
    height: 74,
    top: 8,
    foot: 10,
    inset: 4,
    dot: 8.5,
    text: 0,
    ticks: [10.6, 6.2],
    hours: false,
  },
  phone: {
    width: 350,
    height: 74,
    top: 6,
    foot: 19,
    inset: 4,
    dot: 5.1,
    text: 17,
    ticks: [5.3, 3.1],
    hours: true,
  },
} as const;

interface TickProps {
  axis: Span;
  moments: Moments;
  shape: ChartShape;
  x?: number;
  y?: number;
  payload?: { value: number };
}

function HourTick({ axis, moments, shape, x = 0, y = 0, payload }: TickProps) {
  const tick = hourTicks(axis, moments).find(({ at }) => at === payload?.value);
  const { hours, text, width, ticks } = SHAPES[shape];
  if (tick === undefined) return null;
  const atStart = x < width * 0.03;
  const atEnd = x > width * 0.97;
  return (
    <g>
      <line className="axis" x1={x} x2={x} y1={y} y2={y + ticks[tick.label === null ? 1 : 0]} />
      {hours && tick.label !== null ? (
        <text
          className="hr"
          x={atStart ? 0 : atEnd ? width : x}
          y={y + text}
          textAnchor={atStart ? 'start' : atEnd ? 'end' : 'middle'}
        >
          {tick.label}
        </text>
      ) : null}
    </g>
  );
}

function isSame(a: DayChartProps, b: DayChartProps): boolean {
  return a.moments === b.moments && keyOf(a) === keyOf(b);
}

function keyOf({ promised, axis, now, floor, label, shape, asOf, brokenSince }: DayChartProps): string {
  const { target, minSample, tally, steps } = promised;
  return JSON.stringify([
    target,
    tally.d >= minSample,
    steps,
    axis,
    now,
    floor,
    label,
    shape,
    asOf,
    brokenSince,
  ]);
}
