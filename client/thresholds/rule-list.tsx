import { useEffect, useRef } from 'react';
import { metricShape, type RuleStanding } from '../../shared/alert.ts';
import { levelText, metricTitles, valueText } from '../../shared/rule-words.ts';
import type { RulesAnswer } from '../../shared/wire-alerts.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { windowWords } from './draft.ts';

/** More than so many scroll on their own. */
const MANY = 10;

export type ListedRule = RulesAnswer['rules'][number];

interface RuleListProps {
  answer: RulesAnswer;
  chosen: string | null;
  busy: boolean;
  choose: (id: string) => void;
  /** Switches one on or off. */
  turn: (listed: ListedRule, on: boolean) => void;
}

/** Every rule with its levels, what it watches and how that is now; those that are off can be switched on at once. */
export function RuleList({ answer, chosen, busy, choose, turn }: RuleListProps) {
  const list = useRef<HTMLUListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row is another one when another rule is chosen
  useEffect(() => {
    const row = list.current?.querySelector('.on')?.getBoundingClientRect();
    const box = list.current?.getBoundingClientRect();
    if (row === undefined || box === undefined || list.current === null) return;
    if (row.top < box.top || row.bottom > box.bottom)
      list.current.scrollTop += row.top - box.top - box.height / 2;
  }, [chosen]);
  if (answer.rules.length === 0) return <p className="quiet rules">There is no rule yet.</p>;
  return (
    <ul ref={list} className={answer.rules.length > MANY ? 'rules is-many' : 'rules'}>
      {answer.rules.map((listed) => (
        <Listed
          key={listed.rule.id}
          {...{ listed, answer, busy, choose, turn }}
          on={listed.rule.id === chosen}
        />
      ))}
    </ul>
  );
}

function Listed({
  listed,
  answer,
  on,
  busy,
  choose,
  turn,
}: Omit<RuleListProps, 'chosen'> & { listed: ListedRule; on: boolean }) {
  const { rule, words } = listed;
  const { metric, warning, critical } = rule;
  return (
    <li className={`${on ? 'on' : ''}${rule.on ? '' : ' off'}`}>
      <a
        href={`?rule=${encodeURIComponent(rule.id)}`}
        aria-current={on ? 'true' : undefined}
        title={words}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          choose(rule.id);
        }}
      >
        <b>{metricTitles[metric]}</b>
        <span className="lv">
          {warning === null ? null : (
            <span>
              <LevelMark level="warning" said />
              {levelText(metric, warning)}
            </span>
          )}
          {critical === null ? null : (
            <span>
              <LevelMark level="critical" said />
              {levelText(metric, critical)}
            </span>
          )}
        </span>
        <small>
          {windowWords(metric, rule.window).replace(/^the /, '')}, {aboutText(listed, answer)}.{' '}
          {standingText(listed)}
        </small>
      </a>
      <button
        type="button"
        role="switch"
        aria-checked={rule.on}
        aria-label={`${metricTitles[metric]}, ${aboutText(listed, answer)}`}
        aria-disabled={busy}
        onClick={() => turn(listed, !rule.on)}
      >
        {rule.on ? 'On' : 'Turn on'}
      </button>
    </li>
  );
}

/** Whose calls or emails, which source or which screen. */
export function aboutText({ rule }: ListedRule, { scopes, boards }: RulesAnswer): string {
  if (rule.metric === 'sourceSilent') return rule.source ?? 'any source';
  if (rule.metric === 'boardDark')
    return rule.board === null
      ? 'any screen'
      : (boards.find(({ id }) => id === rule.board)?.name ?? rule.board);
  return scopes.find(({ scope }) => scope === rule.scope)?.name ?? rule.scope;
}

function standingText({ rule, standing }: ListedRule): string {
  switch (standing.phase) {
    case 'off':
      return 'Off';
    case 'closed':
      return 'Rests, closed';
    case 'unknown':
      return standing.value === null ? 'Not known now' : `Too few ${metricShape(rule.metric).items} now`;
    case 'well':
      return nowText(rule, standing);
    case 'pending':
      return `${nowText(rule, standing)}, beyond its level`;
    case 'firing':
      return `${nowText(rule, standing)}, ${standing.level ?? 'firing'}`;
  }
}

function nowText(rule: ListedRule['rule'], { value }: RuleStanding): string {
  return value === null ? 'Nothing now' : `Now ${valueText(rule, value)}`;
}
