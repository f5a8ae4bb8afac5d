import './thresholds.css';
import './editor.css';
import './chart.css';
import { useRef, useState } from 'react';
import { type AlertMetric, type AlertRule, alertMetrics } from '../../shared/alert.ts';
import { SECOND } from '../../shared/time.ts';
import type { RulesAnswer } from '../../shared/wire-alerts.ts';
import { CommandNotes } from '../ui/command-notes.tsx';
import { Alert, Desk, openDesk } from '../ui/desk.tsx';
import { useCommand } from '../ui/use-command.ts';
import { useFetched } from '../ui/use-fetched.ts';
import { useName } from '../ui/use-name.ts';
import { You } from '../ui/you.tsx';
import { AlertsPart } from './alerts-part.tsx';
import { ChangesPart } from './changes-part.tsx';
import { ChannelsPart } from './channels-part.tsx';
import { metricsFor } from './draft.ts';
import { NEW_RULE } from './kept-drafts.ts';
import { RuleEditor } from './rule-editor.tsx';
import { type ListedRule, RuleList } from './rule-list.tsx';
import { useQuery } from './use-query.ts';

const LOOK_EVERY_MS = 5 * SECOND;

/** What stands under the rules' own part, by its name in the address. */
const PARTS = [
  { id: '', name: 'Rules' },
  { id: 'alerts', name: 'Alerts' },
  { id: 'changes', name: 'Changes' },
  { id: 'channels', name: 'Channels' },
] as const;

/** Opens the page of rules, alerts and channels. */
export function openThresholds(root: HTMLElement): void {
  openDesk(root, <ThresholdsPage />);
}

/** Gives a command in somebody's name; true when it was done. */
export type Act = (path: string, command: object, said: string) => Promise<boolean>;

function ThresholdsPage() {
  const rules = useFetched<RulesAnswer>('/api/alerts/rules', LOOK_EVERY_MS);
  const [query, go] = useQuery();
  const [name, keepName] = useName();
  const nameField = useRef<HTMLInputElement>(null);
  const command = useCommand();
  const [said, setSaid] = useState<string | null>(null);
  const [wantsName, setWantsName] = useState(false);
  const { value } = rules;
  const part = PARTS.find(({ id }) => id === query.get('show')) ?? PARTS[0];

  const act: Act = async (path, given, words) => {
    if (name === '') {
      setWantsName(true);
      nameField.current?.focus();
      return false;
    }
    setWantsName(false);
    setSaid(null);
    const done = await command.send(path, { ...given, by: name });
    if (done) setSaid(words);
    rules.again();
    return done;
  };
  const shared = { act, busy: command.busy };
  return (
    <Desk
      path="/thresholds"
      title="Thresholds"
      about="What the board calls attention to, and when."
      demo={value?.demo === true}
      well={rules.problem === null}
      aside={<You name={name} keep={keepName} field={nameField} />}
    >
      {rules.problem === null ? null : (
        <Alert text={rules.problem}>
          <button type="button" onClick={rules.again}>
            Try again
          </button>
        </Alert>
      )}
      <CommandNotes command={command} wantsName={wantsName && name === ''} />
      <div className="parts">
        <nav className="seg" aria-label="Parts of this page">
          {PARTS.map(({ id, name: words }) => (
            <button
              key={id}
              type="button"
              aria-pressed={id === part.id}
              onClick={() => go(id === '' ? {} : { show: id })}
            >
              {words}
            </button>
          ))}
        </nav>
        <p className="done" role="status">
          {said}
        </p>
        {part.id === '' ? (
          <button type="button" className="new" onClick={() => go({ rule: NEW_RULE })}>
            New rule
          </button>
        ) : null}
      </div>
      {value === null ? (
        <section className="row">{rules.waiting && rules.problem === null ? <p>–</p> : null}</section>
      ) : (
        <>
          {part.id === '' ? (
            <Rules answer={value} {...{ query, go }} forget={command.forget} {...shared} />
          ) : null}
          {part.id === 'alerts' ? <AlertsPart answer={value} {...shared} /> : null}
          {part.id === 'changes' ? <ChangesPart {...shared} /> : null}
          {part.id === 'channels' ? <ChannelsPart {...shared} /> : null}
        </>
      )}
    </Desk>
  );
}

interface RulesProps {
  forget: () => void;
  answer: RulesAnswer;
  query: URLSearchParams;
  go: (next: Record<string, string>) => void;
  act: Act;
  busy: boolean;
}

/** The list, and beside it the rule that the address names; the first one where it names none. */
function Rules({ answer, query, go, act, busy, forget }: RulesProps) {
  const asked = query.get('rule');
  const chosen =
    answer.rules.find(({ rule }) => rule.id === asked) ?? (asked === null ? answer.rules[0] : undefined);
  const saved = asked === NEW_RULE ? null : (chosen?.rule ?? null);
  const turn = ({ rule }: ListedRule, on: boolean) => {
    const path = `/api/alerts/rules/${encodeURIComponent(rule.id)}/${on ? 'on' : 'off'}`;
    void act(path, {}, on ? 'Switched on.' : 'Switched off.');
  };
  const save = async (rule: AlertRule): Promise<boolean> => {
    if (saved !== null) {
      const path = `/api/alerts/rules/${encodeURIComponent(saved.id)}`;
      return act(path, { rule, version: saved.version }, 'Saved.');
    }
    const done = await act('/api/alerts/rules', { rule }, 'Saved.');
    if (done) go({});
    return done;
  };
  const remove = async () => {
    if (saved === null) return;
    const path = `/api/alerts/rules/${encodeURIComponent(saved.id)}/delete`;
    if (await act(path, {}, 'Deleted. It can be undone under Changes.')) go({});
  };
  return (
    <div className="two">
      <RuleList
        answer={answer}
        chosen={saved?.id ?? null}
        busy={busy}
        choose={(rule) => go({ rule })}
        turn={turn}
      />
      {saved === null && asked !== NEW_RULE ? (
        <p className="quiet ed">{asked === null ? 'Make a rule, or switch one on.' : 'This rule is gone.'}</p>
      ) : (
        <RuleEditor
          key={saved?.id ?? NEW_RULE}
          saved={saved}
          metric={metricOf(query, answer)}
          answer={answer}
          busy={busy}
          forget={forget}
          save={save}
          remove={() => void remove()}
          leave={() => go({})}
        />
      )}
    </div>
  );
}

function metricOf(query: URLSearchParams, answer: RulesAnswer): AlertMetric {
  const asked = query.get('metric') ?? '';
  if (asked in alertMetrics) return asked as AlertMetric;
  return metricsFor(answer)[0] ?? 'firstRing';
}
