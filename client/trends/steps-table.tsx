import { memo } from 'react';
import type { Zone } from './dates.ts';
import { FIGURES, numberText } from './figure-words.ts';
import { intervalText, stepName, stepPercent, unitText, waitText } from './step-words.ts';
import type { Drawn, DrawnStep } from './steps.ts';

interface StepsTableProps {
  drawn: Drawn;
  zone: Zone;
  caption: string;
  open: boolean;
}

/** The twin of a chart: the same steps as numbers. It is always there for those who listen. */
export const StepsTable = memo(function StepsTable({ drawn, zone, caption, open }: StepsTableProps) {
  const heads = headsOf(drawn);
  const compared = drawn.steps.some(({ before }) => before !== null);
  return (
    <div className={open ? 'twin' : 'twin sr'}>
      <table className="list">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
            {compared ? <th scope="col">Compared with</th> : null}
          </tr>
        </thead>
        <tbody>
          {drawn.steps.map((step) => (
            <tr key={step.from}>
              <th scope="row">{stepName(step, zone)}</th>
              {cellsOf(drawn, step).map((cell, i) => (
                <td key={heads[i]}>{cell}</td>
              ))}
              {compared ? <td>{beforeText(drawn, step)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});

function headsOf({ figure }: Drawn): string[] {
  const { shown, of } = FIGURES[figure];
  switch (shown) {
    case 'ratio':
      return ['Percent', 'Met', `Of ${of}`, '95% interval'];
    case 'count':
      return ['Count'];
    case 'wait':
      return ['Mean', `Of ${of}`];
    case 'ranks':
      return ['Median', '9 in 10 within', `Of ${of}`];
  }
}

function cellsOf(drawn: Drawn, step: DrawnStep): string[] {
  const { n, d } = step;
  const count = numberText(d);
  switch (FIGURES[drawn.figure].shown) {
    case 'ratio':
      return [d < drawn.minSample ? '–' : stepPercent(drawn, step), numberText(n), count, intervalText(step)];
    case 'count':
      return [numberText(n)];
    case 'wait':
      return [waitText(d === 0 ? null : n / d), count];
    case 'ranks':
      return [unitText(d === 0 ? null : n, drawn.unit), unitText(step.high, drawn.unit), count];
  }
}

function beforeText({ figure, target, unit, minSample }: Drawn, { before }: DrawnStep): string {
  if (before === null) return '–';
  switch (FIGURES[figure].shown) {
    case 'ratio': {
      if (before.d === 0) return '–';
      const counts = `${numberText(before.n)} of ${numberText(before.d)}`;
      return before.d < minSample ? counts : `${stepPercent({ figure, target }, before)}, ${counts}`;
    }
    case 'count':
      return numberText(before.n);
    case 'wait':
      return waitText(before.d === 0 ? null : before.n / before.d);
    case 'ranks':
      return unitText(before.d === 0 ? null : before.n, unit);
  }
}
