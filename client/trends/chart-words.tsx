import { memo } from 'react';
import type { TrendMark } from '../../shared/wire-trends.ts';
import { endText } from './dates.ts';
import { FIGURES } from './figure-words.ts';
import { levelText, type Plot } from './plot.ts';
import type { Drawn } from './steps.ts';
import type { CalendarTick } from './ticks.ts';

export interface ChartWordsProps {
  drawn: Drawn;
  plot: Plot;
  ticks: readonly CalendarTick[];
  period: { from: string; to: string };
  marks: readonly TrendMark[];
  now: number;
  /** Units of the value axis beside its highest level, such as "min". */
  unit: string;
}

/** What is written and drawn round the lines, and stays where it is while a step is picked out. */
export const ChartWords = memo(function ChartWords(props: ChartWordsProps) {
  const { drawn, plot, ticks, period, marks, unit } = props;
  const foot = plot.barBottom + 17;
  const hasBars = plot.barTop < plot.barBottom;
  return (
    <g>
      {plot.levels.map((level, i) => (
        <text key={level} x={0} y={plot.y(level) + 4.5}>
          {levelText(level)}
          {i === 0 ? unit : ''}
        </text>
      ))}
      {hasBars ? (
        <>
          <path className="ax" d={`M${plot.left} ${plot.bottom}H${plot.right}`} />
          {plot.barMax === 0 ? null : (
            <text x={0} y={plot.barTop + 9}>
              {levelText(plot.barMax)}
            </text>
          )}
        </>
      ) : null}
      <path className="ax" d={`M${plot.left} ${plot.barBottom}H${plot.right}`} />
      <text x={plot.left} y={foot}>
        {endText(period.from, period)}
      </text>
      {ticks.map(({ at, label }) =>
        label === null ? null : (
          <text key={at} x={plot.x(at) + 3} y={foot}>
            {label}
          </text>
        ),
      )}
      {period.from === period.to ? null : (
        <text x={plot.right} y={foot} textAnchor="end">
          {endText(period.to, period)}
        </text>
      )}
      <Unknown {...props} />
      <Marks marks={marks} plot={plot} />
      {FIGURES[drawn.figure].shown === 'ranks' ? <RankNames drawn={drawn} plot={plot} /> : null}
    </g>
  );
});

/** From where nothing is known, up to now, hatched and said. */
function Unknown({ drawn: { unknownFrom }, plot, now }: ChartWordsProps) {
  if (unknownFrom === null) return null;
  const from = Math.max(plot.left, plot.x(unknownFrom));
  const to = Math.min(plot.right, plot.x(now));
  if (unknownFrom > plot.to || to < plot.left) return null;
  const height = plot.bottom - plot.top;
  const x = Math.min(from, plot.right - 8);
  return (
    <g className="gap">
      <defs>
        <pattern id="trend-unknown" width="14" height="14" patternUnits="userSpaceOnUse">
          <path d="M-3.5 3.5L3.5-3.5M0 14L14 0M10.5 17.5L17.5 10.5" strokeWidth="1.5" />
        </pattern>
      </defs>
      <rect x={x} y={plot.top} width={Math.max(8, to - from)} height={height} fill="url(#trend-unknown)" />
      <text className="halo" x={x - 5} y={plot.top + 12} textAnchor="end">
        not known
      </text>
    </g>
  );
}

/** The two lines of a figure with ranks, named where they end. */
function RankNames({ drawn, plot }: { drawn: Drawn; plot: Plot }) {
  const last = drawn.steps.findLast(({ value, high }) => value !== null && high !== null);
  if (last === undefined || last.value === null || last.high === null) return null;
  const x = Math.max(plot.left + 90, plot.x(last.until) - 4);
  const above = plot.y(last.high) - 6;
  return (
    <>
      <text className="halo" x={x} y={Math.max(plot.top + 10, above)} textAnchor="end">
        9 in 10 within
      </text>
      <text className="halo" x={x} y={Math.min(plot.bottom - 4, plot.y(last.value) + 15)} textAnchor="end">
        median
      </text>
    </>
  );
}

const LETTER = 6.6;

/** Notes and changes of the rules, above the chart, with as many of their words as have room before the next. */
function Marks({ marks, plot }: { marks: readonly TrendMark[]; plot: Plot }) {
  const shown = marks.filter(({ at }) => at >= plot.from && at < plot.to).sort((a, b) => a.at - b.at);
  return (
    <g className="marks">
      {shown.map((mark, i) => {
        const x = plot.x(mark.at);
        const next = shown[i + 1];
        const room = (next === undefined ? plot.right : plot.x(next.at)) - x - 16;
        return (
          <g key={`${mark.kind} ${mark.id}`} className={`is-${mark.kind}`}>
            <title>{mark.text}</title>
            <path className="at" d={`M${x} ${plot.top - 4}V${plot.barBottom}`} />
            <path d={shapeOf(mark.kind, x)} />
            {room < 30 ? null : (
              <text x={x + 10} y={12}>
                {fitting(mark.text, room)}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

/** A note is a flag, a change of the rules a diamond. */
function shapeOf(kind: TrendMark['kind'], x: number): string {
  return kind === 'note'
    ? `M${x} 2H${x + 7}L${x + 4.5} 6L${x + 7} 10H${x}Z`
    : `M${x} 1L${x + 6} 7L${x} 13L${x - 6} 7Z`;
}

function fitting(text: string, room: number): string {
  const letters = Math.floor(room / LETTER);
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1)).trimEnd()}…`;
}
