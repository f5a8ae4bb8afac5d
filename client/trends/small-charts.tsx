import { useMemo } from 'react';
import { percentText } from '../../shared/percent.ts';
import type { TrendsAnswer } from '../../shared/wire-trends.ts';
import { ChartFrame } from './chart-frame.tsx';
import { periodText, zoneOf } from './dates.ts';
import { countText, FIGURES, pairText } from './figure-words.ts';
import type { Offered } from './offered.ts';
import { type Range, rangeOf } from './plot.ts';
import { rowMoves, toggleTable } from './row-moves.ts';
import { labelOf, seriesIn, TABLE_AFTER_MS, unknownText } from './row-words.ts';
import { ruleOf, unitText, waitText } from './step-words.ts';
import { type Drawn, drawnOf } from './steps.ts';
import { StepsTable } from './steps-table.tsx';
import { RowActs, type RowProps } from './trend-row.tsx';
import { useSettled } from './use-settled.ts';

/** Charts that are drawn at once; those below them come a moment later, so that nobody waits for what is not seen yet. */
const AT_ONCE_MAX = 6;
const OTHERS_AFTER_MS = 60;
/** Steps of all charts of a figure; the places beyond stand in the table alone. */
const SIDE_STEPS_MAX = 12_000;
/** Rows of closed tables, which are there to be heard; more would hold the browser up, and wait until they are opened. */
const ROWS_HEARD_MAX = 2_000;

interface SmallChartsProps extends Omit<RowProps, 'scope'> {
  scopes: readonly Offered[];
}

/** One figure of several scopes side by side, all in one range, so that heights can be compared by eye. */
export function SmallCharts({ figure, scopes, answer, today, moved }: SmallChartsProps) {
  const all = useMemo(
    () =>
      scopes.flatMap((scope) => {
        const drawn = scope.figures.includes(figure) ? drawnOf(answer, figure, scope) : null;
        return drawn === null ? [] : [{ scope, drawn }];
      }),
    [answer, figure, scopes],
  );
  const side = useMemo(() => {
    const each = Math.max(1, ...all.map(({ drawn }) => drawn.steps.length));
    return all.slice(0, Math.floor(SIDE_STEPS_MAX / each));
  }, [all]);
  const isTabled = moved.state.tables.includes(figure);
  const rows = all.reduce((sum, { drawn }) => sum + drawn.steps.length, 0);
  const tabled =
    useSettled(isTabled || rows <= ROWS_HEARD_MAX ? all : NONE, isTabled ? 0 : TABLE_AFTER_MS) ?? NONE;
  const range = useMemo(() => rangeOf(side.map(({ drawn }) => drawn)), [side]);
  const { from, to } = answer;
  const period = useMemo(() => ({ from, to }), [from, to]);
  const group = useMemo(() => ({ side, range, answer, period }), [side, range, answer, period]);
  const later = useSettled(group, OTHERS_AFTER_MS);
  const { name } = FIGURES[figure];
  const captionOf = (scope: Offered) => `${name}, ${scope.name}, ${periodText(from, to, today)}`;
  const drawnWords =
    all.length > side.length ? `: the first ${side.length} are drawn, the others are in the table` : '';
  return (
    <section className="trend is-many" aria-label={name}>
      <div className="words">
        <h2>{name}</h2>
        <p>
          {all.length} side by side, in one range{drawnWords}.
        </p>
        <RowActs whatIf={null} isTabled={isTabled} table={() => toggleTable(figure, moved)} />
      </div>
      <div className="smalls">
        {[
          ...chartsOf(group).slice(0, AT_ONCE_MAX),
          ...(later === null ? [] : chartsOf(later).slice(AT_ONCE_MAX)),
        ].map((one) => (
          <SmallChart key={one.scope.scope} {...one} moved={moved} caption={captionOf(one.scope)} />
        ))}
      </div>
      {tabled.map(({ scope, drawn }) => (
        <StepsTable
          key={scope.scope}
          drawn={drawn}
          zone={zoneOf(answer.zone)}
          caption={captionOf(scope)}
          open={isTabled}
        />
      ))}
    </section>
  );
}

/** What is drawn together, in one range. */
interface Group extends Pick<SmallChartProps, 'answer' | 'range' | 'period'> {
  side: readonly { scope: Offered; drawn: Drawn }[];
}

function chartsOf({ side, ...shared }: Group): Omit<SmallChartProps, 'moved' | 'caption'>[] {
  return side.map((one) => ({ ...one, ...shared }));
}

interface SmallChartProps extends Pick<RowProps, 'scope' | 'answer' | 'moved'> {
  drawn: Drawn;
  range: Range;
  period: { from: string; to: string };
  caption: string;
}

function SmallChart({ scope, drawn, answer, range, period, moved, caption }: SmallChartProps) {
  const { picked, pick, open } = rowMoves(drawn, answer, moved);
  return (
    <div className="small">
      <h3>{scope.name}</h3>
      <p>
        <Total answer={answer} drawn={drawn} scope={scope} />
      </p>
      <ChartFrame
        {...{ drawn, range, period, picked, pick, open }}
        size="small"
        zone={zoneOf(answer.zone)}
        now={answer.now}
        marks={NO_MARKS}
        label={labelOf(caption, drawn, answer)}
        wouldBe={null}
      />
    </div>
  );
}

const NO_MARKS: [] = [];
const NONE: { scope: Offered; drawn: Drawn }[] = [];

/** "78%, 1,234 of 1,582 calls" */
function Total({ answer, drawn, scope }: { answer: TrendsAnswer; drawn: Drawn; scope: Offered }) {
  const { figure } = drawn;
  const series = seriesIn(answer, figure, scope.scope);
  const unknown = unknownText(drawn, answer);
  const out = unknown === null ? null : <span className="attn">, {unknown}</span>;
  if (series === null) return null;
  if ('unit' in series) {
    const { count, p50, p90 } = series.total;
    return (
      <>
        <b>{unitText(p50, series.unit)}</b>, 9 in 10 within {unitText(p90, series.unit)},{' '}
        {countText(count, figure)}
        {out}
      </>
    );
  }
  const { total } = series;
  const { shown, of } = FIGURES[figure];
  if (shown === 'count') return <b>{countText(total.n, figure)}</b>;
  if (total.d === 0)
    return (
      <>
        – no {of} yet{out}
      </>
    );
  const isMean = shown === 'wait';
  const big = isMean ? waitText(total.n / total.d) : percentText(total, ruleOf(figure, series.target));
  const counts = isMean ? `mean of ${countText(total.d, figure)}` : pairText(total.n, total.d, figure);
  return (
    <>
      {total.d < scope.minSample && !isMean ? null : <b>{big}, </b>}
      {counts}
      {out}
    </>
  );
}
