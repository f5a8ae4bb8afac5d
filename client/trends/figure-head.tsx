import type { Change } from '../../shared/figure.ts';
import { wholePercent } from '../../shared/percent.ts';
import type { PairSeries, RankSeries, TrendsAnswer } from '../../shared/wire-trends.ts';
import { comparedDates, comparedText } from './against-words.ts';
import { countText, FIGURES, numberText } from './figure-words.ts';
import { ruleOf, unitText, waitText } from './step-words.ts';

interface FigureHeadProps {
  answer: TrendsAnswer;
  series: PairSeries | RankSeries;
  minSample: number;
  /** "not known from 16 Nov, 14:02", where its source is late or lost. */
  unknown: string | null;
  /** Lists everything of the period; null for figures that have no list. */
  open: (() => void) | null;
}

/** The figure of the whole period, its count, its target, and how it differs from the period compared with. */
export function FigureHead({ answer, series, minSample, unknown, open }: FigureHeadProps) {
  const { figure } = series;
  const big = bigOf(series, minSample);
  return (
    <>
      {open === null ? (
        <div className={`f ${big.dress}`}>{big.words}</div>
      ) : (
        <button
          type="button"
          className={`f ${big.dress}`}
          aria-label={`${big.said}: list these ${FIGURES[figure].of}`}
          onClick={open}
        >
          {big.words}
        </button>
      )}
      <p>
        {big.count}
        {'target' in series && series.target !== null ? (
          <>
            <br />
            <span className="key dots">
              target {FIGURES[figure].kind === 'max' ? 'at most ' : ''}
              {series.target}%
            </span>
          </>
        ) : null}
        <Compared answer={answer} series={series} isSmall={big.isSmall} />
        {unknown === null ? null : (
          <>
            <br />
            <span className="attn">{unknown}</span>
          </>
        )}
      </p>
    </>
  );
}

interface Big {
  words: React.ReactNode;
  said: string;
  count: React.ReactNode;
  dress: string;
  isSmall: boolean;
}

function bigOf(series: PairSeries | RankSeries, minSample: number): Big {
  const { figure } = series;
  const none = {
    words: '–',
    said: 'Nothing',
    count: `no ${FIGURES[figure].of} yet`,
    dress: 'is-none',
    isSmall: true,
  };
  if ('unit' in series) {
    const { count, p50, p90 } = series.total;
    if (count === 0 || p50 === null) return none;
    const words = unitText(p50, series.unit);
    const of = (
      <>
        9 in 10 within <b>{unitText(p90, series.unit)}</b>
        <br />
        median of {countText(count, figure)}
      </>
    );
    return { words, said: words, count: of, dress: 'is-words', isSmall: false };
  }
  const { n, d } = series.total;
  if (FIGURES[figure].shown === 'count') {
    const words = numberText(n);
    return { words, said: words, count: 'in the period', dress: 'is-words', isSmall: false };
  }
  if (d === 0) return none;
  const counts = (
    <>
      <b>
        {numberText(n)} of {numberText(d)}
      </b>{' '}
      {FIGURES[figure].of}
    </>
  );
  if (FIGURES[figure].shown === 'wait') {
    const words = waitText(n / d);
    return {
      words,
      said: words,
      count: `mean of ${countText(d, figure)}`,
      dress: 'is-words',
      isSmall: false,
    };
  }
  if (d < minSample) {
    const words = `${n} of ${d}`;
    return { words, said: words, count: FIGURES[figure].of, dress: 'is-few', isSmall: true };
  }
  const whole = wholePercent({ n, d }, ruleOf(figure, series.target)) ?? 0;
  const text = whole === 0 && n > 0 ? '<1' : String(whole);
  const words = (
    <>
      {text}
      <sup>%</sup>
    </>
  );
  return { words, said: `${text}%`, count: counts, dress: text === '100' ? 'three' : '', isSmall: false };
}

/** "up 1 on the 4 weeks before", in the stroke of the line that it is about. */
function Compared({
  answer,
  series,
  isSmall,
}: Pick<FigureHeadProps, 'answer' | 'series'> & { isSmall: boolean }) {
  const { before } = series;
  if (before === null || answer.against === null) return null;
  const key = (
    <span className="key" title={comparedDates(answer)}>
      {comparedText(answer)}
    </span>
  );
  const words = 'unit' in series ? rankBefore(series) : pairBefore(series);
  if (words === null)
    return (
      <>
        <br />
        nothing in {key}
      </>
    );
  const change = 'change' in series ? series.change : null;
  return (
    <>
      <br />
      {change === null || isSmall ? (
        <>
          {words} in {key}
        </>
      ) : (
        <ChangeOn change={change}>{key}</ChangeOn>
      )}
    </>
  );
}

function ChangeOn({ change, children }: { change: Change; children: React.ReactNode }) {
  switch (change.kind) {
    case 'up':
    case 'down':
      return (
        <>
          {change.kind} <b>{change.points}</b> on {children}
        </>
      );
    case 'level':
      return <>level on {children}</>;
    case 'about':
      return <>no clear change on {children}</>;
  }
}

function rankBefore({ before, unit }: RankSeries): string | null {
  return before === null || before.total.p50 === null ? null : unitText(before.total.p50, unit);
}

function pairBefore({ before, figure }: PairSeries): string | null {
  if (before === null) return null;
  const { n, d } = before.total;
  switch (FIGURES[figure].shown) {
    case 'count':
      return numberText(n);
    case 'wait':
      return d === 0 ? null : waitText(n / d);
    case 'ratio':
    case 'ranks':
      return d === 0 ? null : `${numberText(n)} of ${numberText(d)}`;
  }
}
