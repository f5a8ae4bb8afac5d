import type { TrendFigure, TrendsAnswer } from '../../shared/wire-trends.ts';
import { cellWords, drillWords } from './drill-words.ts';
import type { HeatPlace } from './heat-grid.ts';
import type { PageState } from './page-state.ts';
import { type Drawn, stepAt } from './steps.ts';

export interface Moved {
  state: PageState;
  go: (change: Partial<PageState>) => void;
  shift: (change: Partial<PageState>) => void;
}

/** What pressing on a chart, a cell or a percent leads to. */
export interface RowMoves {
  /** Index of the step that is picked out here. */
  picked: number | null;
  pick: (index: number | null) => void;
  /** Picks a step out and lists what is in it. */
  open: (index: number) => void;
  /** Lists all of the period; null for figures that have no list. */
  openAll: (() => void) | null;
  /** The cell of the heatmap whose list is open, as its hour of the week from Monday on. */
  cell: number | null;
}

export function rowMoves(drawn: Drawn, answer: TrendsAnswer, { state, go, shift }: Moved): RowMoves {
  const { figure, scope, steps } = drawn;
  const about = drillWords(figure, scope);
  const ofCell = cellWords(figure, scope);
  const { picked, drill } = state;
  const isMine = picked?.figure === figure && picked.scope === scope;
  const isCell =
    drill !== null && drill.weekday !== undefined && drill.figure === ofCell.figure && drill.scope === scope;
  return {
    picked: isMine ? stepAt(steps, picked.at) : null,
    pick(index) {
      const step = steps[index ?? -1];
      shift({ picked: step === undefined ? null : { figure, scope, at: step.from } });
    },
    open(index) {
      const step = steps[index];
      if (step === undefined) return;
      const ends = { from: String(step.from), to: String(step.to) };
      go({
        picked: { figure, scope, at: step.from },
        ...(about === null ? {} : { drill: { ...about, ...ends } }),
      });
    },
    openAll:
      about === null
        ? null
        : () => go({ drill: { ...about, from: String(answer.edges[0]), to: String(answer.edges.at(-1)) } }),
    cell: isCell ? Number(drill.weekday) * 24 + Number(drill.hour) : null,
  };
}

/** The list of what is in one hour of the week. */
export function cellList(
  figure: TrendFigure,
  scope: string,
  { from, to }: { from: string; to: string },
  { weekday, hour }: HeatPlace,
): NonNullable<PageState['drill']> {
  const place = { weekday: String(weekday), hour: String(hour) };
  return { ...cellWords(figure, scope), ...place, fromDate: from, toDate: to };
}

/** Opens or closes the table of a figure. */
export function toggleTable(figure: TrendFigure, { state: { tables }, go }: Moved): void {
  go({ tables: tables.includes(figure) ? tables.filter((one) => one !== figure) : [...tables, figure] });
}
