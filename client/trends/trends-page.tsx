import './trends-controls.css';
import './trends.css';
import './trends-chart.css';
import './trends-tables.css';
import './trends-print.css';
import { useMemo, useState } from 'react';
import type { TrendFigure, TrendScopesAnswer, TrendsAnswer } from '../../shared/wire-trends.ts';
import { Alert, Desk, openDesk } from '../ui/desk.tsx';
import { comparedText } from './against-words.ts';
import { Below } from './below.tsx';
import { Controls, lastDays } from './controls.tsx';
import { periodText } from './dates.ts';
import { FIGURES } from './figure-words.ts';
import { Listed } from './listed.tsx';
import { missingIn, type Offered } from './offered.ts';
import { DEFAULT_STATE, queryOf } from './page-state.ts';
import { absentText, LOOK_EVERY_MS, STEP_NAMES } from './row-words.ts';
import { SmallCharts } from './small-charts.tsx';
import { DRAWN_MAX } from './steps.ts';
import { Subscribers } from './subscribers.tsx';
import { type RowProps, TrendRow } from './trend-row.tsx';
import { useAnswer } from './use-answer.ts';
import { type HeldState, usePageState } from './use-page-state.ts';

/** Days that are shown unless asked otherwise. */
const DEFAULT_DAYS = 28;

/** Opens the page of the past: every figure over time. */
export function openTrends(root: HTMLElement): void {
  openDesk(root, <TrendsPage />);
}

function TrendsPage() {
  const held = usePageState();
  const { state, faults, go } = held;
  const scopes = useAnswer<TrendScopesAnswer>('/api/trends/scopes', LOOK_EVERY_MS);
  const offered = scopes.value?.scopes ?? NOTHING;
  const today = scopes.value?.today ?? null;
  const period = state.period ?? (today === null ? null : lastDays(today, DEFAULT_DAYS));
  const gone = scopes.value === null ? [] : missingIn(offered, state.scopes);
  const wrong = [...faults, ...gone.map((scope) => `“scopes” names “${scope}”, which is not here any more.`)];
  const path = period === null || wrong.length > 0 ? null : `/api/trends?${queryOf(state, period)}`;
  const answer = useAnswer<TrendsAnswer>(path, LOOK_EVERY_MS);
  const problem = scopes.problem ?? answer.problem;
  const again = () => {
    scopes.again();
    answer.again();
  };
  return (
    <Desk
      path="/trends"
      title="Trends"
      about={
        period === null || today === null ? null : (
          <Controls state={state} period={period} today={today} offered={offered} go={go} />
        )
      }
      demo={(answer.value ?? scopes.value)?.demo === true}
      well={problem === null}
      aside={<b>{offered.find(({ kind }) => kind === 'site')?.name}</b>}
    >
      {wrong.length === 0 ? null : (
        <Alert text={`This address cannot be shown. ${wrong.join(' ')}`}>
          <button type="button" onClick={() => go(DEFAULT_STATE)}>
            Show the last four weeks
          </button>
        </Alert>
      )}
      {problem === null ? null : (
        <Alert text={problem}>
          <button type="button" onClick={again}>
            Try again
          </button>
        </Alert>
      )}
      {answer.value === null || today === null || wrong.length > 0 ? (
        <Waiting held={held} slow={wrong.length === 0 && (answer.slow || scopes.slow)} />
      ) : (
        <Shown
          held={held}
          answer={answer.value}
          busy={answer.busy}
          today={today}
          offered={offered}
          again={answer.again}
        />
      )}
    </Desk>
  );
}

const NOTHING: readonly Offered[] = [];

/** The labels in their places, before there is anything to say. */
function Waiting({ held, slow }: { held: HeldState; slow: boolean }) {
  if (!slow) return null;
  return (
    <div aria-busy="true">
      {held.state.figures.map((figure) => (
        <section key={figure} className="trend">
          <div className="words">
            <h2>{FIGURES[figure].name}</h2>
            <div className="f is-none">–</div>
            <p>–</p>
          </div>
        </section>
      ))}
    </div>
  );
}

interface ShownProps {
  held: HeldState;
  answer: TrendsAnswer;
  busy: boolean;
  today: string;
  offered: readonly Offered[];
  again: () => void;
}

function Shown({ held, answer, busy, today, offered, again }: ShownProps) {
  const { state, go } = held;
  const scopes = useMemo(() => {
    const shown = new Set([...answer.series, ...answer.ranks].map(({ scope }) => scope));
    return offered.filter(({ scope }) => shown.has(scope));
  }, [answer, offered]);
  // One that was chosen just now is not answered yet; one that is counted nowhere here never will be.
  const figures = state.figures.filter(
    (figure) =>
      [...answer.series, ...answer.ranks].some((one) => one.figure === figure) ||
      !scopes.some((scope) => scope.figures.includes(figure)),
  );
  const [first] = scopes;
  const [causesSaid, setCausesSaid] = useState(0);
  const row: Omit<RowProps, 'figure' | 'scope'> = { answer, today, moved: held };
  return (
    <div className="trends" aria-busy={busy}>
      <p className="print-head">
        {first?.name}, {periodText(answer.from, answer.to, today)}
        {answer.against === null ? '' : `, against ${comparedText(answer)}`}
      </p>
      <Coarser answer={answer} />
      {first === undefined
        ? null
        : figures.map((figure) =>
            !scopes.some((scope) => scope.figures.includes(figure)) ? (
              <NotHere key={figure} {...{ figure, scopes, offered }} />
            ) : scopes.length === 1 ? (
              <TrendRow key={figure} figure={figure} scope={first} {...row} />
            ) : (
              <SmallCharts key={figure} figure={figure} scopes={scopes} {...row} />
            ),
          )}
      {state.drill === null ? null : (
        <Listed
          drill={state.drill}
          offered={offered}
          go={go}
          said={() => setCausesSaid((times) => times + 1)}
        />
      )}
      {first === undefined ? null : <Below {...{ held, answer, first, again, causesSaid }} />}
      {first === undefined ? null : <Subscribers offered={offered} scope={first.scope} />}
    </div>
  );
}

interface AbsentProps {
  figure: TrendFigure;
  scopes: readonly Offered[];
}

/** A figure that was chosen, and that is not counted where one looks. */
function NotHere({ figure, scopes, offered }: Pick<ShownProps, 'offered'> & AbsentProps) {
  return (
    <section className="trend is-absent" aria-label={FIGURES[figure].name}>
      <h2>{FIGURES[figure].name}</h2>
      <p className="quiet">{absentText(figure, scopes, offered)}</p>
    </section>
  );
}

/** Says where the steps are longer than was asked. */
function Coarser({ answer: { asked, by, edges } }: { answer: TrendsAnswer }) {
  const steps = edges.length - 1;
  const words = [];
  if (asked !== by)
    words.push(
      `So long a period in ${STEP_NAMES[asked]} would be more than 2,000 steps, so these are ${STEP_NAMES[by]}.`,
    );
  if (steps > DRAWN_MAX)
    words.push(
      `Each step drawn is ${Math.ceil(steps / DRAWN_MAX)} ${STEP_NAMES[by]} together; the export holds each.`,
    );
  return words.length === 0 ? null : <p className="coarser">{words.join(' ')}</p>;
}
