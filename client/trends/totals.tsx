import { percentText } from '../../shared/percent.ts';
import type { TrendFigure, TrendsAnswer } from '../../shared/wire-trends.ts';
import { comparedText } from './against-words.ts';
import { FIGURES, isRank, numberText } from './figure-words.ts';
import type { Offered } from './offered.ts';
import { seriesIn } from './row-words.ts';
import { ruleOf, unitText, waitText } from './step-words.ts';

/** Every figure of the period as one number, beside what it was. */
export function Totals({
  answer,
  busy,
  problem,
  scope,
}: {
  answer: TrendsAnswer | null;
  busy: boolean;
  problem: string | null;
  scope: Offered;
}) {
  return (
    <section className="totals" aria-label="Totals" aria-busy={busy}>
      <h2>Totals</h2>
      {problem === null ? null : <p className="attn">{problem}</p>}
      {answer === null ? null : <TotalsTable answer={answer} scope={scope} />}
    </section>
  );
}

function TotalsTable({ answer, scope }: { answer: TrendsAnswer; scope: Offered }) {
  const compared = answer.against === null ? null : comparedText(answer);
  return (
    <table className="list">
      <caption className="sr">
        Every figure of {scope.name} in the period
        {compared === null ? '' : `, beside ${compared}`}
      </caption>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col">Period</th>
          <th scope="col">Of</th>
          {compared === null ? null : <th scope="col">{compared}</th>}
        </tr>
      </thead>
      <tbody>
        {scope.figures.map((figure) => {
          const words = totalWords(answer, figure, scope);
          return words === null ? null : (
            <tr key={figure}>
              <th scope="row">
                {FIGURES[figure].name}
                {isRank(figure) ? ', median' : ''}
              </th>
              <td>{words.now}</td>
              <td>{words.of}</td>
              {compared === null ? null : <td>{words.before}</td>}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function totalWords(
  answer: TrendsAnswer,
  figure: TrendFigure,
  { scope, minSample }: Offered,
): { now: string; of: string; before: string } | null {
  const series = seriesIn(answer, figure, scope);
  if (series === null) return null;
  if ('unit' in series) {
    const { total, before, unit } = series;
    const said = ({ p50 }: { p50: number | null }) => unitText(p50, unit);
    return {
      now: said(total),
      of: numberText(total.count),
      before: before === null ? '–' : said(before.total),
    };
  }
  const { total, before, target } = series;
  const said = ({ n, d }: { n: number; d: number }): string => {
    switch (FIGURES[figure].shown) {
      case 'count':
        return numberText(n);
      case 'wait':
        return waitText(d === 0 ? null : n / d);
      case 'ratio':
      case 'ranks':
        return d < minSample
          ? d === 0
            ? '–'
            : `${n} of ${d}`
          : percentText({ n, d }, ruleOf(figure, target));
    }
  };
  return {
    now: said(total),
    of: FIGURES[figure].shown === 'count' ? '' : numberText(total.d),
    before: before === null ? '–' : said(before.total),
  };
}
