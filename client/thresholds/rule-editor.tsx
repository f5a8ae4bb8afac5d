import { useLayoutEffect, useState } from 'react';
import { type AlertMetric, type AlertRule, metricShape, type SavedRule } from '../../shared/alert.ts';
import { levelFlaws } from '../../shared/rule-flaws.ts';
import { metricTitles } from '../../shared/rule-words.ts';
import type { RulesAnswer } from '../../shared/wire-alerts.ts';
import { Alert } from '../ui/desk.tsx';
import { metricsFor, newRule } from './draft.ts';
import { PreviewPart } from './preview-part.tsx';
import { RuleSettings } from './rule-settings.tsx';
import { Sentence } from './sentence.tsx';
import { type Draft, useDraft } from './use-draft.ts';
import { usePreview } from './use-preview.ts';

interface RuleEditorProps {
  /** Null: a new one. */
  saved: SavedRule | null;
  /** What a new one watches at first. */
  metric: AlertMetric;
  answer: RulesAnswer;
  busy: boolean;
  /** True when it was done. */
  save: (rule: AlertRule) => Promise<boolean>;
  remove: () => void;
  /** Takes back why the last command failed. */
  forget: () => void;
  /** Leaves a new rule. */
  leave: () => void;
}

/** One rule as a sentence on the real past; nothing is in force before it is saved. */
export function RuleEditor(props: RuleEditorProps) {
  const { saved, answer, busy, forget } = props;
  const draft = useDraft(saved, () => newRule(props.metric, answer.scopes));
  const { rule, changed, overtaken, change, drop } = draft;
  const flaws = levelFlaws(rule, metricShape(rule.metric));
  const preview = usePreview(flaws.length === 0 ? rule : null);
  // Then it is said here, with what can be done, and not twice.
  useLayoutEffect(() => {
    if (overtaken) forget();
  }, [overtaken, forget]);
  const mayBeSaved = !busy && flaws.length === 0 && changed && !overtaken;
  const save = async () => {
    if (!mayBeSaved) return;
    // It is switched in the list alone.
    if (await props.save(saved === null ? rule : { ...rule, on: saved.on })) drop();
  };
  const discard = () => {
    drop();
    if (saved === null) props.leave();
  };
  const { warning, critical } = draft.begunFrom ?? newRule(rule.metric, answer.scopes);
  const steady = [warning, critical].filter((level) => level !== null);
  return (
    <section className="ed" aria-label={saved === null ? 'New rule' : metricTitles[rule.metric]}>
      {saved === null ? (
        <h2>
          <select
            aria-label="What it watches"
            value={rule.metric}
            onChange={(event) => change(newRule(event.target.value as AlertMetric, answer.scopes))}
          >
            {metricsFor(answer).map((metric) => (
              <option key={metric} value={metric}>
                {metricTitles[metric]}
              </option>
            ))}
          </select>
        </h2>
      ) : (
        <h2>{metricTitles[rule.metric]}</h2>
      )}
      <Sentence rule={rule} answer={answer} change={change} />
      {flaws.map(({ field, message }) => (
        <p key={`${field} ${message}`} className="flaw" role="alert">
          {FIELD_NAMES[field] ?? field} {message}.
        </p>
      ))}
      {overtaken && saved !== null ? <Overtaken by={saved.changedBy} draft={draft} /> : null}
      <PreviewPart
        rule={rule}
        preview={preview}
        zone={answer.zone}
        steady={steady}
        change={(level, value) => change({ [level]: value })}
      />
      <RuleSettings rule={rule} answer={answer} change={change} />
      <Buttons {...{ saved, changed, mayBeSaved, discard }} save={() => void save()} remove={props.remove} />
    </section>
  );
}

function Overtaken({ by, draft }: { by: string; draft: Draft }) {
  return (
    <Alert text={`${by} changed this rule meanwhile. What you typed is still here.`}>
      <button type="button" onClick={draft.drop}>
        Take theirs
      </button>
      <button type="button" onClick={draft.keepMine}>
        Keep mine
      </button>
    </Alert>
  );
}

interface ButtonsProps {
  saved: SavedRule | null;
  changed: boolean;
  mayBeSaved: boolean;
  discard: () => void;
  save: () => void;
  remove: () => void;
}

function Buttons({ saved, changed, mayBeSaved, discard, save, remove }: ButtonsProps) {
  const [asks, setAsks] = useState(false);
  return (
    <div className="go">
      {saved === null ? null : (
        <>
          <button type="button" className="first" onClick={() => (asks ? remove() : setAsks(true))}>
            {asks ? 'Yes, delete it' : 'Delete rule'}
          </button>
          <span className="quiet">{changed ? 'Not saved yet.' : `Saved by ${saved.changedBy}.`}</span>
        </>
      )}
      <button type="button" aria-disabled={saved !== null && !changed} onClick={discard}>
        Discard
      </button>
      <button type="button" className="primary" aria-disabled={!mayBeSaved} onClick={save}>
        Save rule
      </button>
    </div>
  );
}

const FIELD_NAMES: Partial<Record<keyof AlertRule, string>> = {
  warning: 'The warning level',
  critical: 'The critical level',
  window: 'The time it is measured over',
  margin: 'The margin of recovery',
  minItems: 'The smallest number to judge',
  target: 'The percent promised',
  scope: 'What it is about',
};
