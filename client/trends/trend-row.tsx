import { useCallback, useMemo } from 'react';
import type { HeatmapAnswer, TrendFigure, TrendsAnswer } from '../../shared/wire-trends.ts';
import { ChartFrame } from './chart-frame.tsx';
import { periodText, zoneOf } from './dates.ts';
import { FigureHead } from './figure-head.tsx';
import { FIGURES, isHeated } from './figure-words.ts';
import type { HeatPlace } from './heat-grid.ts';
import { Heatmap } from './heatmap.tsx';
import type { Offered } from './offered.ts';
import { rangeOf } from './plot.ts';
import { cellList, type Moved, rowMoves, toggleTable } from './row-moves.ts';
import { LOOK_EVERY_MS, labelOf, seriesIn, TABLE_AFTER_MS, unknownText } from './row-words.ts';
import { drawnOf } from './steps.ts';
import { StepsTable } from './steps-table.tsx';
import { useAnswer } from './use-answer.ts';
import { useSettled } from './use-settled.ts';
import { type HeldWhatIf, useWhatIf } from './use-what-if.ts';
import { WhatIf } from './what-if.tsx';

export interface RowProps {
  figure: TrendFigure;
  scope: Offered;
  answer: TrendsAnswer;
  today: string;
  moved: Moved;
}

/** One figure of one scope: the period as a whole, step by step, and by the hours of the week. */
export function TrendRow({ figure, scope, answer, today, moved }: RowProps) {
  const drawn = useMemo(() => drawnOf(answer, figure, scope), [answer, figure, scope]);
  const isTabled = moved.state.tables.includes(figure);
  const tabled = useSettled(drawn, isTabled ? 0 : TABLE_AFTER_MS);
  const range = useMemo(() => rangeOf(drawn === null ? [] : [drawn]), [drawn]);
  const { from, to } = answer;
  const period = useMemo(() => ({ from, to }), [from, to]);
  const heat = useAnswer<HeatmapAnswer>(
    isHeated(figure)
      ? `/api/trends/heatmap?${new URLSearchParams({ from, to, figure, scope: scope.scope })}`
      : null,
    LOOK_EVERY_MS,
  );
  const { go } = moved;
  const openCell = useCallback(
    (cell: HeatPlace) => go({ drill: cellList(figure, scope.scope, period, cell) }),
    [figure, scope.scope, period, go],
  );
  const whatIf = useWhatIf(figure, scope, answer, moved);
  const series = seriesIn(answer, figure, scope.scope);
  if (drawn === null || series === null) return null;
  const { name } = FIGURES[figure];
  const zone = zoneOf(answer.zone);
  const moves = rowMoves(drawn, answer, moved);
  const caption = `${name}, ${scope.name}, ${periodText(from, to, today)}`;
  return (
    <section className="trend" aria-label={`${name}, ${scope.name}`}>
      <div className="words">
        <h2>{name}</h2>
        <FigureHead
          answer={answer}
          series={series}
          minSample={scope.minSample}
          unknown={unknownText(drawn, answer)}
          open={moves.openAll}
        />
        <RowActs whatIf={whatIf} isTabled={isTabled} table={() => toggleTable(figure, moved)} />
      </div>
      <ChartFrame
        drawn={drawn}
        size="row"
        range={range}
        period={period}
        zone={zone}
        now={answer.now}
        marks={answer.marks}
        label={labelOf(caption, drawn, answer)}
        picked={moves.picked}
        pick={moves.pick}
        open={moves.open}
        wouldBe={whatIf?.steps ?? null}
      />
      <div className="side" aria-busy={heat.busy}>
        {heat.value === null ? null : <Heatmap answer={heat.value} current={moves.cell} open={openCell} />}
        {heat.problem === null ? null : <p className="attn">{heat.problem}</p>}
      </div>
      {whatIf === null || whatIf.withinMs === null ? null : <WhatIf held={whatIf} target={drawn.target} />}
      {tabled === null ? null : <StepsTable drawn={tabled} zone={zone} caption={caption} open={isTabled} />}
    </section>
  );
}

interface RowActsProps {
  whatIf: HeldWhatIf | null;
  isTabled: boolean;
  table: () => void;
}

/** What can be opened below a chart. */
export function RowActs({ whatIf, isTabled, table }: RowActsProps) {
  return (
    <p className="row-acts">
      {whatIf === null ? null : (
        <button
          type="button"
          className="plain"
          aria-expanded={whatIf.withinMs !== null}
          onClick={whatIf.toggle}
        >
          What if
        </button>
      )}
      <button type="button" className="plain" aria-expanded={isTabled} onClick={table}>
        Table
      </button>
    </p>
  );
}
