import { useId } from 'react';
import { percentText } from '../../shared/percent.ts';
import { ALLOWED, askable, numberText, pairText } from './figure-words.ts';
import { ruleOf } from './step-words.ts';
import type { HeldWhatIf } from './use-what-if.ts';

interface WhatIfProps {
  held: HeldWhatIf;
  /** Whole percent promised. */
  target: number | null;
}

/** The slider reaches so many times what is promised. */
const REACH = 4;

/** Moves the time allowed and says what would have been. */
export function WhatIf({ held, target }: WhatIfProps) {
  const { figure, promisedMs, withinMs, change, toggle } = held;
  const id = useId();
  const { stepMs, unitMs, unit, maxMs } = ALLOWED[figure];
  const asked = withinMs ?? askable(promisedMs, figure);
  const most = askable(Math.max(promisedMs * REACH, asked), figure);
  const set = (text: string) => {
    const ms = Number(text) * unitMs;
    if (text !== '' && Number.isFinite(ms)) change(askable(ms, figure));
  };
  return (
    <fieldset className="what-if" aria-label="What if another time had been allowed">
      <label htmlFor={id}>What if the time allowed had been</label>
      <input
        type="range"
        aria-label={`Time allowed, in ${unit}`}
        min={stepMs / unitMs}
        max={most / unitMs}
        step={stepMs / unitMs}
        value={asked / unitMs}
        onChange={(event) => set(event.target.value)}
      />
      <span className="twin-field">
        <input
          id={id}
          // One that is being changed from outside is written anew; one that is being typed is left alone.
          key={asked}
          type="number"
          min={stepMs / unitMs}
          max={maxMs / unitMs}
          step={stepMs / unitMs}
          defaultValue={asked / unitMs}
          onBlur={(event) => set(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') set(event.currentTarget.value);
          }}
        />{' '}
        {unit}
      </span>
      <button type="button" onClick={toggle}>
        Back to the promise
      </button>
      <p role="status">
        <Sentence held={held} target={target} />
      </p>
    </fieldset>
  );
}

/** "64% instead of 58%, had 10 s been allowed: 209 of 328 calls instead of 190. Nothing stored changes." */
function Sentence({ held: { figure, promisedMs, withinMs, answer, problem }, target }: WhatIfProps) {
  if (problem !== null) return problem;
  if (answer === null || answer.withinMs !== withinMs) return 'Judging the period again …';
  const { unitMs, unit } = ALLOWED[figure];
  const allowed = `${withinMs / unitMs} ${unit}`;
  const { is, wouldBe } = answer;
  if (is.total.d === 0) return 'Nothing was counted in this period.';
  if (withinMs === promisedMs)
    return `${allowed} is what is promised now. Move it to judge the period again.`;
  const rule = ruleOf(figure, target);
  return (
    <>
      <b>{percentText(wouldBe.total, rule)}</b> instead of {percentText(is.total, rule)}, had <b>{allowed}</b>{' '}
      been allowed: {pairText(wouldBe.total.n, wouldBe.total.d, figure)} instead of {numberText(is.total.n)}.
      Nothing stored changes.
    </>
  );
}
