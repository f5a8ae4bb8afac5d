import { useMemo, useRef } from 'react';
import { type AlertLevel, type AlertRule, metricShape } from '../../shared/alert.ts';
import { levelText } from '../../shared/rule-words.ts';
import type { Instant } from '../../shared/time.ts';
import { DayNames, Firings, type Frame, Past } from './chart-past.tsx';
import { daysOf, rangeOf } from './chart-scale.ts';
import { stepOf } from './draft.ts';
import type { Ready } from './use-preview.ts';

/** Units of the drawing, scaled as one by the style sheet. */
const WIDE: Frame = { width: 908, height: 300, left: 38, right: 804, top: 24, bottom: 266, text: 13 };
const NARROW: Frame = { width: 350, height: 230, left: 30, right: 258, top: 20, bottom: 200, text: 12 };

interface ChartProps {
  rule: AlertRule;
  ready: Ready;
  /** Drawn from here on. */
  from: Instant;
  /** Levels that fix the range: those of the rule as it was saved. */
  steady: readonly number[];
  /** "Tue 10" */
  dayText: (at: Instant) => string;
  label: string;
  narrow: boolean;
  change: (level: AlertLevel, value: number) => void;
}

/** The past with both levels in it, which can be dragged, or moved with the arrow keys, and where the rule would have fired. */
export function LevelChart(props: ChartProps) {
  const { rule, ready, from, steady, narrow } = props;
  const frame = narrow ? NARROW : WIDE;
  const svg = useRef<SVGSVGElement>(null);
  const { hours } = rule;
  const days = useMemo(
    () => daysOf(ready, hours, from, frame.left, frame.right - frame.left - 8),
    [ready, hours, from, frame],
  );
  const steadyKey = steady.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the range keeps still while a level moves
  const range = useMemo(
    () => rangeOf(rule, ready, steady),
    [ready.from, rule.metric, rule.window, steadyKey],
  );
  const y = (value: number): number => {
    const part = (value - range.low) / (range.high - range.low);
    return frame.bottom - Math.min(1, Math.max(0, part)) * (frame.bottom - frame.top);
  };
  const valueAt = (clientY: number): number | null => {
    const box = svg.current?.getBoundingClientRect();
    if (box === undefined || box.height === 0) return null;
    const units = ((clientY - box.top) / box.height) * frame.height;
    const part = (frame.bottom - units) / (frame.bottom - frame.top);
    const step = stepOf(rule.metric);
    const value = range.low + Math.min(1, Math.max(0, part)) * (range.high - range.low);
    return Math.round(Math.round(value / step) * step * 10) / 10;
  };
  const handle = { frame, y, valueAt, rule, range, change: props.change };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing that holds two sliders is no form
    <svg
      ref={svg}
      className="pc"
      viewBox={`0 0 ${frame.width} ${frame.height}`}
      role="group"
      aria-label={props.label}
      style={{ fontSize: frame.text }}
    >
      <defs>
        <pattern id="few" width="8" height="8" patternUnits="userSpaceOnUse">
          <path d="M-2 2L2-2M0 8L8 0M6 10L10 6" strokeWidth="1" />
        </pattern>
      </defs>
      <Firings ready={ready} days={days} from={from} frame={frame} />
      <Past {...{ rule, ready, days, from, frame, range }} />
      <DayNames days={days} frame={frame} dayText={props.dayText} narrow={narrow} />
      <text className="edge" x="0" y={frame.top + 5}>
        {levelText(rule.metric, range.high)}
      </text>
      <text className="edge" x="0" y={frame.bottom + 1}>
        {levelText(rule.metric, range.low)}
      </text>
      {rule.warning === null ? null : <Handle {...handle} level="warning" value={rule.warning} />}
      {rule.critical === null ? null : <Handle {...handle} level="critical" value={rule.critical} />}
    </svg>
  );
}

interface HandleProps {
  frame: Frame;
  y: (value: number) => number;
  valueAt: (clientY: number) => number | null;
  rule: AlertRule;
  range: { low: number; high: number };
  level: AlertLevel;
  value: number;
  change: (level: AlertLevel, value: number) => void;
}

function Handle({ frame, y, valueAt, rule, range, level, value, change }: HandleProps) {
  const at = y(value);
  const step = stepOf(rule.metric);
  const { low, high } = roomOf(rule, level, range, step);
  const move = (to: number) => change(level, Math.round(Math.min(high, Math.max(low, to)) * 10) / 10);
  const keys: Record<string, number> = {
    ArrowUp: 1,
    ArrowRight: 1,
    ArrowDown: -1,
    ArrowLeft: -1,
    PageUp: 10,
    PageDown: -10,
  };
  return (
    <g
      className={`handle is-${level}`}
      role="slider"
      tabIndex={0}
      aria-label={`${level === 'warning' ? 'Warning' : 'Critical'} level`}
      aria-orientation="vertical"
      aria-valuemin={low}
      aria-valuemax={high}
      aria-valuenow={value}
      aria-valuetext={levelText(rule.metric, value)}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus();
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const next = valueAt(event.clientY);
        if (next !== null && next !== value) move(next);
      }}
      onKeyDown={(event) => {
        const end = event.key === 'Home' ? low : event.key === 'End' ? high : null;
        const by = keys[event.key];
        if (by === undefined && end === null) return;
        event.preventDefault();
        move(end ?? value + (by ?? 0) * step);
      }}
    >
      <rect className="grip" x={frame.left} y={at - 12} width={frame.width - frame.left} height="24" />
      <path className="lvl" d={`M${frame.left} ${at}H${frame.right}`} />
      {level === 'warning' ? (
        <path className="shape" d={`M${frame.right} ${at}l14-9v18z`} />
      ) : (
        <path className="shape" d={`M${frame.right} ${at - 8}h16v16h-16z`} />
      )}
      <text className="hv" x={frame.right + 22} y={at + 5}>
        {levelText(rule.metric, value)} {level === 'warning' ? 'warn' : 'critical'}
      </text>
    </g>
  );
}

/** Between which values a level can be moved: the critical one stays the worse of the two. */
function roomOf(
  { direction, warning, critical }: AlertRule,
  level: AlertLevel,
  { low, high }: { low: number; high: number },
  step: number,
): { low: number; high: number } {
  const other = level === 'warning' ? critical : warning;
  if (other === null) return { low, high };
  const isHigher = (level === 'warning') === (direction === 'below');
  return isHigher ? { low: other + step, high } : { low, high: other - step };
}

/** What the line is called for those who cannot see it. */
export function chartLabel(rule: AlertRule, title: string, weeks: string): string {
  const unit = metricShape(rule.metric).kind === 'percent' ? ', percent' : '';
  return `${title}${unit}, ${weeks}, with the levels of the rule. The numbers are in the text beside it.`;
}
