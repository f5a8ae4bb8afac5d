import type { CauseFigure, CausesAnswer } from '../../shared/wire-items.ts';
import type { TrendFigure } from '../../shared/wire-trends.ts';
import { FIGURES, numberText, pairText } from './figure-words.ts';
import { LOOK_EVERY_MS } from './row-words.ts';
import { useAnswer } from './use-answer.ts';

const CAUSED: Readonly<Record<CauseFigure, true>> = {
  firstRing: true,
  serviceLevel: true,
  abandonment: true,
  emailsWithinHour: true,
};

/** Figures on the page whose misses have causes. */
export function causedOf(figures: readonly TrendFigure[]): CauseFigure[] {
  return figures.filter((figure): figure is CauseFigure & TrendFigure => Object.hasOwn(CAUSED, figure));
}

interface CausesProps {
  figure: CauseFigure;
  scope: { scope: string; name: string };
  period: { from: string; to: string };
  /** Lists what missed the promise. */
  open: () => void;
}

/** Causes listed; the rest is counted. */
const LISTED_MAX = 8;

/** What the misses of one figure came from, as far as somebody said. */
export function Causes({ figure, scope, period, open }: CausesProps) {
  const words = new URLSearchParams({ ...period, scope: scope.scope, figure });
  const { value, busy, problem } = useAnswer<CausesAnswer>(`/api/trends/causes?${words}`, LOOK_EVERY_MS);
  const { name } = FIGURES[figure];
  if (problem !== null) return <p className="attn">{problem}</p>;
  if (value === null) return null;
  const more = value.causes.slice(LISTED_MAX).reduce((sum, { count }) => sum + count, 0);
  const given = value.missed - value.without;
  return (
    <div className="caused" aria-busy={busy}>
      <table className="list">
        <caption>
          {name}: {missedText(value.missed, given, figure)}
        </caption>
        <tbody>
          {value.causes.slice(0, LISTED_MAX).map(({ cause, count }) => (
            <tr key={cause}>
              <th scope="row">{cause}</th>
              <td>{numberText(count)}</td>
            </tr>
          ))}
          {more === 0 ? null : (
            <tr>
              <th scope="row">Other causes</th>
              <td>{numberText(more)}</td>
            </tr>
          )}
          {value.without === 0 ? null : (
            <tr>
              <th scope="row">
                <button type="button" className="link" onClick={open}>
                  Add a cause
                </button>
              </th>
              <td>{numberText(value.without)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

/** "missed 397, none has a cause.", "none missed." */
function missedText(missed: number, given: number, figure: CauseFigure): string {
  if (missed === 0) return 'none missed.';
  const known = given === 0 ? 'none has' : `${pairText(given, missed, figure)} have`;
  return `missed ${numberText(missed)}, ${known} a cause.`;
}
