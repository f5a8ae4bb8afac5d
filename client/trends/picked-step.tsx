import { wilson95 } from '../../shared/percent.ts';
import type { Zone } from './dates.ts';
import { FIGURES } from './figure-words.ts';
import type { Plot } from './plot.ts';
import { stepLines } from './step-words.ts';
import type { Drawn, DrawnStep } from './steps.ts';

interface PickedStepProps {
  drawn: Drawn;
  plot: Plot;
  step: DrawnStep;
  zone: Zone;
}

const LINE = 16.5;
/** Width of a letter, on the generous side. */
const LETTER = 7;

/** The step that is picked out or pointed at: a line, its bar, its 95 % interval, and what it says. */
export function PickedStep({ drawn, plot, step, zone }: PickedStepProps) {
  const middle = (plot.x(step.from) + plot.x(step.to)) / 2;
  const lines = stepLines(drawn, step, zone);
  const width = Math.max(2, plot.x(step.to) - plot.x(step.from) - 3);
  const isLeft = middle > (plot.left + plot.right) / 2;
  const x = middle + (isLeft ? -12 : 12) - (isLeft ? width : -width) / 2;
  const plate = Math.max(...lines.map((line) => line.length)) * LETTER;
  const ends = isLeft ? { from: x - plate, to: x } : { from: x, to: x + plate };
  const first = isLow(drawn, plot, ends) ? plot.top + 12 : plot.bottom - 8 - (lines.length - 1) * LINE;
  const hasBars = plot.barTop < plot.barBottom;
  return (
    <g className="picked">
      <path className="sel" d={`M${middle} ${plot.top - 2}V${plot.barBottom}`} />
      {hasBars ? (
        <rect
          className="selb"
          x={middle - width / 2}
          y={plot.bar(step.d)}
          width={width}
          height={plot.barBottom - plot.bar(step.d)}
        />
      ) : null}
      {FIGURES[drawn.figure].shown === 'ratio' ? <Interval step={step} x={middle} plot={plot} /> : null}
      <rect
        className="plate"
        x={isLeft ? x - plate : x - 4}
        y={first - 13}
        width={plate + 4}
        height={lines.length * LINE + 2}
      />
      {lines.map((line, i) => (
        <text
          key={line}
          className={i === 0 ? 'halo big' : 'halo sub'}
          x={x}
          y={first + i * LINE}
          textAnchor={isLeft ? 'end' : 'start'}
        >
          {line}
        </text>
      ))}
    </g>
  );
}

/** Do the lines lie in the lower half there? Then the words stand in the upper one. */
function isLow({ steps }: Drawn, plot: Plot, ends: { from: number; to: number }): boolean {
  const heights = steps.flatMap(({ from, to, value, beforeValue }) =>
    plot.x(to) < ends.from || plot.x(from) > ends.to
      ? []
      : [value, beforeValue].filter((one) => one !== null),
  );
  const mean = heights.reduce((sum, one) => sum + plot.y(one), 0) / heights.length;
  return mean > (plot.top + plot.bottom) / 2;
}

function Interval({ step, x, plot }: { step: DrawnStep; x: number; plot: Plot }) {
  const interval = wilson95(step);
  if (interval === null) return null;
  const low = plot.y(interval.low * 100);
  const high = plot.y(interval.high * 100);
  return (
    <path className="wilson" d={`M${x - 5} ${high}H${x + 5}M${x} ${high}V${low}M${x - 5} ${low}H${x + 5}`} />
  );
}
