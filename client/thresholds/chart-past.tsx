import { memo } from 'react';
import type { AlertRule } from '../../shared/alert.ts';
import type { Instant } from '../../shared/time.ts';
import { type DayBox, heightOf, xOf } from './chart-scale.ts';
import type { Ready } from './use-preview.ts';

/** Firings are numbered as long as the numbers can be told apart. */
const NUMBERED_MAX = 12;
/** The narrowest mark of a firing. */
const MARK_MIN = 2;
/** So many days are named each; of more only some. */
const NAMED_MAX = 8;

/** Units of a drawing; `text` is the size of its type. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  text: number;
}

interface PastProps {
  rule: AlertRule;
  ready: Ready;
  days: readonly DayBox[];
  from: Instant;
  frame: Frame;
  range: { low: number; high: number };
}

/** What was: the line, the axis of each day, and, hatched, where there were too few items to judge. */
export const Past = memo(
  function Past({ rule, ready, days, from, frame, range }: PastProps) {
    const { at, n, d } = ready.line;
    const y = (value: number): number =>
      frame.bottom -
      Math.min(1, Math.max(0, (value - range.low) / (range.high - range.low))) * (frame.bottom - frame.top);
    let path = '';
    let dayOfLast: DayBox | undefined;
    let pen = false;
    for (const [i, instant] of at.entries()) {
      if (instant < from) continue;
      const day = days.findLast((box) => box.from <= instant);
      const inside = day !== undefined && instant <= day.to;
      const value = heightOf(rule.metric, rule.target, n[i] ?? 0, d[i] ?? 0);
      if (!inside || value === null || (d[i] ?? 0) < rule.minItems) {
        pen = false;
        continue;
      }
      const x = xOf(days, instant).toFixed(1);
      path += pen && day === dayOfLast ? `H${x}V${y(value).toFixed(1)}` : `M${x} ${y(value).toFixed(1)}`;
      pen = true;
      dayOfLast = day;
    }
    return (
      <g>
        {days.flatMap((day) =>
          ready.few
            .filter((span) => span.to > day.from && span.from < day.to)
            .map((span) => {
              const left = xOf([day], Math.max(span.from, day.from));
              const right = xOf([day], Math.min(span.to, day.to));
              return (
                <rect
                  key={`${day.from} ${span.from}`}
                  className="few"
                  x={left}
                  y={frame.top}
                  width={Math.max(0.5, right - left)}
                  height={frame.bottom - frame.top}
                />
              );
            }),
        )}
        {days.map((day) => (
          <path key={day.from} className="ax" d={`M${day.x} ${frame.bottom}h${day.width}`} />
        ))}
        <path className="step" d={path} />
      </g>
    );
  },
  (a, b) =>
    a.ready.line === b.ready.line &&
    a.days === b.days &&
    a.range === b.range &&
    a.rule.minItems === b.rule.minItems,
);

/** Where the rule would have fired, numbered as in the list. */
export function Firings({ ready, days, from, frame }: Pick<PastProps, 'ready' | 'days' | 'from' | 'frame'>) {
  const shown = ready.firings
    .map((firing, i) => ({ ...firing, number: i + 1 }))
    .filter((firing) => firing.from >= from);
  return (
    <g>
      {shown.map(({ from: began, to, level, number }) => {
        const left = xOf(days, began);
        const width = Math.max(MARK_MIN, xOf(days, to ?? ready.to) - left);
        return (
          <g key={began}>
            <rect
              className={`fired is-${level}`}
              x={left}
              y={frame.top}
              width={width}
              height={frame.bottom - frame.top}
            />
            {shown.length <= NUMBERED_MAX ? (
              <text className="n" x={left + width / 2} y={frame.top - 8} textAnchor="middle">
                {number}
              </text>
            ) : null}
          </g>
        );
      })}
    </g>
  );
}

/** The days under the axis, as many as there is room for. */
export function DayNames({
  days,
  frame,
  dayText,
  narrow,
}: Pick<PastProps, 'days' | 'frame'> & { dayText: (at: Instant) => string; narrow: boolean }) {
  let lastX = Number.NEGATIVE_INFINITY;
  const room = days.length > NAMED_MAX ? (frame.right - frame.left) / (narrow ? 4 : 8) : narrow ? 50 : 56;
  return (
    <g>
      {days.map((day) => {
        if (day.x - lastX < room) return null;
        lastX = day.x;
        return (
          <text key={day.from} className="d" x={day.x} y={frame.bottom + 20}>
            {dayText(day.from)}
          </text>
        );
      })}
    </g>
  );
}
