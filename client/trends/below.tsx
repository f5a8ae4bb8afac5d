import { useCallback } from 'react';
import type { TrendsAnswer } from '../../shared/wire-trends.ts';
import { Causes, causedOf } from './causes.tsx';
import { zoneOf } from './dates.ts';
import { drillWords } from './drill-words.ts';
import { Notes } from './notes.tsx';
import type { Offered } from './offered.ts';
import { LOOK_EVERY_MS } from './row-words.ts';
import { Totals } from './totals.tsx';
import { useAnswer } from './use-answer.ts';
import type { HeldState } from './use-page-state.ts';
import { useSettled } from './use-settled.ts';

/** So long after the charts were drawn what stands below them is asked for. */
const BELOW_AFTER_MS = 100;

/** What stands below the charts; it is asked for once they are drawn. */
export function Below({
  held,
  answer,
  first,
  again,
  causesSaid,
}: {
  held: HeldState;
  answer: TrendsAnswer;
  first: Offered;
  again: () => void;
  /** How often a cause was said here: what is shown of causes is then read again. */
  causesSaid: number;
}) {
  const { state, go } = held;
  const { from, to } = useSettled(answer, BELOW_AFTER_MS) ?? { from: null, to: null };
  const words = {
    ...(from === null ? {} : { from, to }),
    by: 'month',
    figures: first.figures.join(),
    scopes: first.scope,
    against: state.against,
  };
  const totals = useAnswer<TrendsAnswer>(
    from === null ? null : `/api/trends?${new URLSearchParams(words)}`,
    LOOK_EVERY_MS,
  );
  const caused = causedOf(state.figures).filter((figure) => first.figures.includes(figure));
  const listMissed = useCallback(
    (figure: (typeof caused)[number]) => {
      const ends = { from: String(answer.edges[0]), to: String(answer.edges.at(-1)) };
      go({ drill: { ...drillWords(figure, first.scope), verdict: 'missed', ...ends } });
    },
    [answer, first, go],
  );
  return (
    <div className="below">
      <Totals answer={totals.value} busy={totals.busy} problem={totals.problem} scope={first} />
      <section className="causes" aria-label="Causes">
        <h2>Causes</h2>
        {from === null || caused.length === 0 ? (
          <p className="quiet">None of these figures has causes.</p>
        ) : null}
        {from === null
          ? null
          : caused.map((figure) => (
              <Causes
                key={`${figure} ${causesSaid}`}
                figure={figure}
                scope={first}
                period={{ from, to }}
                open={() => listMissed(figure)}
              />
            ))}
      </section>
      <Notes marks={answer.marks} now={answer.now} zone={zoneOf(answer.zone)} changed={again} />
    </div>
  );
}
