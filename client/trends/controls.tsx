import { type FormEvent, useState } from 'react';
import type { Comparison, Interval, TrendFigure } from '../../shared/wire-trends.ts';
import { againstText } from './against-words.ts';
import { daysIn, isDate, periodText, plusDays } from './dates.ts';
import { ALL_FIGURES, FIGURES } from './figure-words.ts';
import { Choice, Menu } from './menu.tsx';
import type { Offered } from './offered.ts';
import { DAYS_MAX, type PageState, queryOf } from './page-state.ts';
import { ScopeMenu } from './scope-menu.tsx';

interface ControlsProps {
  state: PageState;
  period: { from: string; to: string };
  today: string;
  offered: readonly Offered[];
  go: (change: Partial<PageState>) => void;
}

const BYS: readonly [Interval, string][] = [
  ['quarter', '15 min'],
  ['hour', 'Hour'],
  ['day', 'Day'],
  ['week', 'Week'],
  ['month', 'Month'],
];

/** Everything that is chosen: when, against what, where, which figures, how fine; and what takes it away. */
export function Controls({ state, period, today, offered, go }: ControlsProps) {
  const query = queryOf(state, period);
  return (
    <div className="controls">
      <PeriodMenu period={period} today={today} go={go} />
      <AgainstMenu against={state.against} period={period} go={go} />
      <ScopeMenu scopes={state.scopes} offered={offered} go={go} />
      <FigureMenu figures={state.figures} offered={offered} go={go} />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as one row of buttons everywhere */}
      <span className="seg" role="group" aria-label="Steps">
        {BYS.map(([by, name]) => (
          <button key={by} type="button" aria-pressed={state.by === by} onClick={() => go({ by })}>
            {name}
          </button>
        ))}
      </span>
      <span className="end">
        <a className="button" href={`/api/trends.csv?${query}`} download>
          Export CSV
        </a>
        <a className="button" href={`/api/trends.json?${query}`} download>
          JSON
        </a>
        <button type="button" onClick={() => window.print()}>
          Print
        </button>
      </span>
    </div>
  );
}

const PRESETS: readonly [days: number, name: string][] = [
  [7, 'Last 7 days'],
  [28, 'Last 4 weeks'],
  [91, 'Last 13 weeks'],
  [365, 'Last year'],
];

/** The last so many days, today included. */
export function lastDays(today: string, days: number): { from: string; to: string } {
  return { from: plusDays(today, 1 - days), to: today };
}

function PeriodMenu({ period, today, go }: Pick<ControlsProps, 'period' | 'today' | 'go'>) {
  return (
    <Menu name={null} label="Period" value={periodText(period.from, period.to, today)}>
      {(close) => {
        const choose = (next: { from: string; to: string }) => {
          go({ period: next, picked: null });
          close();
        };
        return (
          <>
            {PRESETS.map(([days, name]) => {
              const preset = lastDays(today, days);
              const on = preset.from === period.from && preset.to === period.to;
              return (
                <Choice key={days} on={on} pick={() => choose(preset)}>
                  {name}
                </Choice>
              );
            })}
            <OwnDates period={period} choose={choose} />
          </>
        );
      }}
    </Menu>
  );
}

function OwnDates({
  period,
  choose,
}: {
  period: { from: string; to: string };
  choose: (period: { from: string; to: string }) => void;
}) {
  const [from, setFrom] = useState(period.from);
  const [to, setTo] = useState(period.to);
  const fault =
    !isDate(from) || !isDate(to)
      ? 'Both dates are needed.'
      : daysIn(from, to) < 1
        ? 'The first is after the last.'
        : daysIn(from, to) > DAYS_MAX
          ? `At most ${DAYS_MAX.toLocaleString('en')} days can be shown.`
          : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (fault === null) choose({ from, to });
  };
  return (
    <form className="own-dates" onSubmit={submit}>
      <label>
        From <input type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label>
        to <input type="date" value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      <button type="submit" aria-disabled={fault !== null}>
        Show
      </button>
      <p role="status">{fault}</p>
    </form>
  );
}

function AgainstMenu({
  against,
  period,
  go,
}: { against: Comparison } & Pick<ControlsProps, 'period' | 'go'>) {
  const words = (kind: Comparison) =>
    kind === 'none' ? 'nothing' : againstText(kind, period.from, period.to);
  return (
    <Menu name="against" label="Compare with" value={words(against)}>
      {(close) =>
        (['before', 'weekday', 'none'] as const).map((kind) => (
          <Choice
            key={kind}
            on={kind === against}
            pick={() => {
              go({ against: kind });
              close();
            }}
          >
            {words(kind)}
          </Choice>
        ))
      }
    </Menu>
  );
}

function FigureMenu({
  figures,
  offered,
  go,
}: { figures: readonly TrendFigure[] } & Pick<ControlsProps, 'offered' | 'go'>) {
  const known = ALL_FIGURES.filter((figure) => offered.some((scope) => scope.figures.includes(figure)));
  const toggle = (figure: TrendFigure) => {
    const next = figures.includes(figure) ? figures.filter((one) => one !== figure) : [...figures, figure];
    if (next.length > 0) go({ figures: ALL_FIGURES.filter((one) => next.includes(one)) });
  };
  const [only] = figures;
  const value = figures.length === 1 && only !== undefined ? FIGURES[only].name : String(figures.length);
  return (
    <Menu name={figures.length === 1 ? null : 'Figures'} label="Figures" value={value}>
      {() =>
        known.map((figure) => (
          <label key={figure} className="choice">
            <input type="checkbox" checked={figures.includes(figure)} onChange={() => toggle(figure)} />
            {FIGURES[figure].name}
          </label>
        ))
      }
    </Menu>
  );
}
