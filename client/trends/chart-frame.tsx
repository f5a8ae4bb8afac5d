import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { TrendMark } from '../../shared/wire-trends.ts';
import { ChartWords } from './chart-words.tsx';
import { endText, type Zone } from './dates.ts';
import { PickedStep } from './picked-step.tsx';
import { type Plot, type PlotSize, plotOf, type Range, stepPath } from './plot.ts';
import { stepSentence } from './step-words.ts';
import { type Drawn, type DrawnStep, stepAt } from './steps.ts';
import { type CalendarTick, calendarTicks, withRoom } from './ticks.ts';
import { TrendChart, TrendFill } from './trend-chart.tsx';
import { useWidth } from './use-width.ts';

export interface ChartFrameProps {
  drawn: Drawn;
  size: PlotSize;
  range: Range;
  period: { from: string; to: string };
  zone: Zone;
  now: number;
  marks: readonly TrendMark[];
  /** A sentence that says what is drawn. */
  label: string;
  /** Index of the step that is picked out. */
  picked: number | null;
  pick: (index: number | null) => void;
  open: (index: number) => void;
  /** The line as it would have been, had another time been allowed. */
  wouldBe: readonly Pick<DrawnStep, 'from' | 'until' | 'value'>[] | null;
}

/** Units of the drawing on paper, where it is made smaller as a whole. */
const PAPER_WIDTH = { row: 640, small: 300 } as const;
/** Steps from which lines are thin. */
const DENSE_FROM = 150;

const UNITS = { minutes: ' min', seconds: ' s' } as const;

/** A chart that can be pointed at and walked through by keys. */
export function ChartFrame(props: ChartFrameProps) {
  const { drawn, size, range, period, zone, now, marks, label, picked, pick, open, wouldBe } = props;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, PAPER_WIDTH[size]);
  const [hovered, setHovered] = useState<number | null>(null);
  const plot = useMemo(
    () => (width === null ? null : plotOf(drawn, size, width, range)),
    [drawn, size, width, range],
  );
  const ticks = useMemo(() => (plot === null ? [] : ticksOf(plot, period, zone)), [plot, period, zone]);
  const { steps } = drawn;
  const shown = steps[hovered ?? picked ?? -1];
  const pointed = (clientX: number): number | null => {
    const box = frame.current?.getBoundingClientRect();
    if (box === undefined || plot === null) return null;
    const x = ((clientX - box.left) / box.width) * plot.width;
    const share = (x - plot.left) / (plot.right - plot.left);
    return stepAt(steps, plot.from + share * (plot.to - plot.from));
  };
  const keyed = (event: KeyboardEvent) => {
    const to = keyTo(event.key, picked, steps.length);
    if (to !== null) pick(to);
    else if (event.key === 'Enter' && picked !== null) open(picked);
    else if (event.key === 'Escape') pick(null);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={frame}
      className={`tr is-${size}${steps.length > DENSE_FROM ? ' is-dense' : ''}`}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={1}
      aria-valuemax={Math.max(1, steps.length)}
      aria-valuenow={(picked ?? 0) + 1}
      aria-valuetext={valueText(drawn, picked, zone)}
      onKeyDown={keyed}
      onPointerMove={(event) => setHovered(pointed(event.clientX))}
      onPointerLeave={() => setHovered(null)}
      onClick={(event) => {
        const index = pointed(event.clientX);
        if (index !== null) open(index);
      }}
    >
      {plot === null ? null : (
        <>
          <TrendFill drawn={drawn} plot={plot} ticks={ticks} />
          <TrendChart drawn={drawn} plot={plot} />
          <svg className="over" viewBox={`0 0 ${plot.width} ${plot.height}`} aria-hidden="true">
            <ChartWords
              drawn={drawn}
              plot={plot}
              ticks={ticks}
              period={period}
              marks={marks}
              now={now}
              unit={drawn.unit === null ? '' : UNITS[drawn.unit]}
            />
            {wouldBe === null ? null : <path className="would" d={stepPath(plot, wouldBe)} />}
            {shown === undefined ? null : <PickedStep drawn={drawn} plot={plot} step={shown} zone={zone} />}
          </svg>
        </>
      )}
    </div>
  );
}

function ticksOf(plot: Plot, period: ChartFrameProps['period'], zone: Zone): CalendarTick[] {
  const { from, to } = period;
  // The first and the last date are written at the ends.
  const ends = {
    from: plot.left + endText(from, period).length * 7 + 8,
    to: plot.right - endText(to, period).length * 7 - 8,
  };
  return withRoom(calendarTicks(from, to, zone), plot.x, ends);
}

function valueText(drawn: Drawn, picked: number | null, zone: Zone): string {
  const step = picked === null ? undefined : drawn.steps[picked];
  if (step === undefined) return 'No step is chosen. Arrow keys choose one, Enter lists what is in it.';
  return stepSentence(drawn, step, zone);
}

/** Where a key leads; null for other keys. Without a step, the first arrow leads to the last one. */
function keyTo(key: string, picked: number | null, count: number): number | null {
  const from = picked ?? count;
  const within = (index: number) => Math.max(0, Math.min(count - 1, index));
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return within(from - 1);
    case 'ArrowRight':
    case 'ArrowUp':
      return within(from + 1);
    case 'PageUp':
      return within(from - 7);
    case 'PageDown':
      return within(from + 7);
    case 'Home':
      return 0;
    case 'End':
      return within(count - 1);
    default:
      return null;
  }
}
