import { type KeyboardEvent, memo, useMemo, useRef, useState } from 'react';
import type { HeatmapAnswer } from '../../shared/wire-trends.ts';
import { dateText, zoneOf } from './dates.ts';
import { countText, FIGURES, pairText } from './figure-words.ts';
import { CELL_MIN, type HeatCell, type HeatPlace, heatGridOf } from './heat-grid.ts';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

interface HeatmapProps {
  answer: HeatmapAnswer;
  /** The cell whose list is open, as its hour of the week from Monday on. */
  current: number | null;
  /** The same function as long as it does the same: hundreds of cells are then left as they are. */
  open: (cell: HeatPlace) => void;
}

/** The hours of the week. One cell is reached by Tab, the others by arrows. */
export const Heatmap = memo(function Heatmap({ answer, current, open }: HeatmapProps) {
  const grid = useMemo(() => heatGridOf(answer), [answer]);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const table = useRef<HTMLTableElement>(null);
  const { figure } = answer;
  const row = Math.min(at.row, grid.rows.length - 1);
  const column = Math.min(at.column, grid.hours.length - 1);
  if (grid.rows.length === 0)
    return <p className="quiet heat-none">No {FIGURES[figure].of} to show by weekday and hour.</p>;
  const keyed = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const to = {
      row: Math.max(0, Math.min(grid.rows.length - 1, row + move[0])),
      column: Math.max(0, Math.min(grid.hours.length - 1, column + move[1])),
    };
    setAt(to);
    table.current?.tBodies[0]?.rows[to.row]?.cells[to.column + 1]?.querySelector('button')?.focus();
  };
  return (
    <div className="heat-box">
      <table className={grid.hours.length > 12 ? 'heat is-wide' : 'heat'} ref={table} onKeyDown={keyed}>
        <caption>{captionOf(answer)}</caption>
        <thead>
          <tr>
            <td />
            {grid.hours.map((hour) => (
              <th key={hour} scope="col">
                {String(hour).padStart(2, '0')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.rows.map(({ weekday, cells }, i) => (
            <tr key={weekday}>
              <th scope="row">{WEEKDAYS[weekday]}</th>
              {cells.map((cell, j) => {
                const said = cellSentence(cell, answer);
                return (
                  <td key={cell.hour} className={classOf(cell, current)}>
                    <button
                      type="button"
                      tabIndex={i === row && j === column ? 0 : -1}
                      aria-label={said}
                      title={said}
                      onFocus={() => setAt({ row: i, column: j })}
                      onClick={() => open(cell)}
                    >
                      {cell.text}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function captionOf({ figure, target, attributed, leftOutFrom, zone }: HeatmapAnswer): string {
  const { shown, kind } = FIGURES[figure];
  const hour = attributed === 'arrival' ? 'hour of arrival' : 'hour';
  const shaded =
    shown === 'count'
      ? ' Shaded: the busiest.'
      : target === null
        ? ''
        : ` Shaded ${kind === 'min' ? 'below' : 'above'} target.`;
  const words = zoneOf(zone);
  const out =
    leftOutFrom === null ? '' : `. Up to ${dateText(words.date(leftOutFrom))} ${words.minute(leftOutFrom)}.`;
  return `By weekday and ${hour}.${shaded} – under ${CELL_MIN}${out}`;
}

function cellSentence({ weekday, hour, tally, text }: HeatCell, { figure }: HeatmapAnswer): string {
  const when = `${WEEKDAYS[weekday]} ${String(hour).padStart(2, '0')}:00`;
  if (FIGURES[figure].shown === 'count') return `${when}, ${countText(tally.n, figure)}`;
  if (tally.d === 0) return `${when}, no ${FIGURES[figure].of}`;
  const counts = pairText(tally.n, tally.d, figure);
  return text === '–' ? `${when}, ${counts}` : `${when}, ${text}%, ${counts}`;
}

function classOf(cell: HeatCell, current: HeatmapProps['current']): string {
  const shade = cell.shade === 0 ? (cell.text === '–' ? 'few' : '') : `s${cell.shade}`;
  const dress = cell.text === '100' ? `${shade} three` : shade;
  const isCurrent = current === cell.weekday * 24 + cell.hour;
  return isCurrent ? `${dress} cur` : dress;
}
