import type { Tally } from '../../shared/figure.ts';
import { Fade } from '../ui/fade.tsx';

type FigureProps = { kind: 'percent'; text: string } | { kind: 'few'; tally: Tally } | { kind: 'none' };

/** The hero of a row: a percent; under the smallest sample its count; an en dash when there is nothing to count. */
export function Figure(props: FigureProps) {
  switch (props.kind) {
    case 'none':
      return <div className="fig few">–</div>;
    case 'few':
      return (
        <div className="fig few">
          <Fade of={`${props.tally.n}/${props.tally.d}`}>
            {props.tally.n} <small>of</small> {props.tally.d}
          </Fade>
        </div>
      );
    case 'percent': {
      const digits = props.text.replace('%', '');
      return (
        <div className={digits.length > 2 ? 'fig three' : 'fig'}>
          <Fade of={digits}>
            {digits}
            <sup>%</sup>
          </Fade>
        </div>
      );
    }
  }
}
