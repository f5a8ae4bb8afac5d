import { type AlertRule, type AlertWindow, metricShape } from '../../shared/alert.ts';
import type { Scope } from '../../shared/figure.ts';
import { lengthText, levelText } from '../../shared/rule-words.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import type { RulesAnswer } from '../../shared/wire-alerts.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { readLength, readLevel, scopesFor, stepOf, windowKey, windowsFor, windowWords } from './draft.ts';
import { ChoiceField, TypedField } from './fields.tsx';

interface SentenceProps {
  rule: AlertRule;
  answer: RulesAnswer;
  change: (part: Partial<AlertRule>) => void;
}

/** The rule as a sentence whose words can be typed over or chosen. */
export function Sentence(props: SentenceProps) {
  const { rule, change } = props;
  const { items, kind } = metricShape(rule.metric);
  const sampled = kind === 'percent' || kind === 'mean' || kind === 'burn';
  return (
    <p className="sent">
      Warn <Side {...props} /> <LevelField {...props} level="warning" /> and go critical {rule.direction}{' '}
      <LevelField {...props} level="critical" />
      {rule.window === null ? null : (
        <>
          , measured over <WindowField {...props} />
        </>
      )}{' '}
      <About {...props} />, when it stays there for{' '}
      <Length label="Held for" value={rule.forMs} change={(forMs) => change({ forMs })} />
      {sampled ? (
        <>
          {' '}
          and there are at least{' '}
          <TypedField
            label={`At least so many ${items}`}
            value={rule.minItems}
            show={String}
            read={(text) => (/^\d{1,5}$/.test(text.trim()) ? Number(text) : null)}
            change={(minItems) => change({ minItems })}
            move={(value, by) => Math.max(1, value + by)}
          />{' '}
          {items} to judge
        </>
      ) : null}
      {kind === 'burn' ? <Promised {...props} /> : null}. It is over once it is back{' '}
      <TypedField
        label="Margin of recovery"
        value={rule.margin}
        show={(margin) =>
          kind === 'length' || kind === 'mean' ? levelText(rule.metric, margin) : String(margin)
        }
        read={(text) => readLevel(rule.metric, text)}
        change={(margin) => change({ margin })}
        move={(value, by) => Math.max(0, value + by)}
      />{' '}
      {kind === 'percent' ? 'points ' : ''}past its level for{' '}
      <Length label="Recovered for" value={rule.clearForMs} change={(clearForMs) => change({ clearForMs })} />
      ; it watches{' '}
      <ChoiceField
        label="When it watches"
        value={rule.hours}
        options={[
          { value: 'open', name: 'in opening hours' },
          { value: 'always', name: 'at all hours' },
        ]}
        change={(hours) => change({ hours: hours === 'always' ? 'always' : 'open' })}
      />
      .
    </p>
  );
}

function Side({ rule, change }: SentenceProps) {
  return (
    <ChoiceField
      label="Bad on which side"
      value={rule.direction}
      options={[
        { value: 'below', name: 'below' },
        { value: 'above', name: 'above' },
      ]}
      change={(direction) => change({ direction: direction === 'above' ? 'above' : 'below' })}
    />
  );
}

function LevelField({ rule, change, level }: SentenceProps & { level: 'warning' | 'critical' }) {
  const { metric } = rule;
  const step = stepOf(metric);
  return (
    <TypedField<number | 'never'>
      label={level === 'warning' ? 'Warning level' : 'Critical level'}
      mark={<LevelMark level={level} />}
      value={rule[level] ?? 'never'}
      show={(value) => (value === 'never' ? value : levelText(metric, value))}
      read={(text) => (/^\s*(never|none|-|)\s*$/i.test(text) ? 'never' : readLevel(metric, text))}
      change={(value) => change({ [level]: value === 'never' ? null : value })}
      move={(value, by) =>
        value === 'never' ? 'never' : Math.max(0, Math.round((value + by * step) * 10) / 10)
      }
    />
  );
}

function WindowField({ rule, change }: SentenceProps) {
  const offered = windowsFor(rule.metric);
  const current = rule.window === null ? '' : windowKey(rule.window);
  const all = offered.some((window) => windowKey(window) === current)
    ? offered
    : [...(rule.window === null ? [] : [rule.window]), ...offered];
  return (
    <ChoiceField
      label="Measured over"
      value={current}
      options={all.map((window) => ({ value: windowKey(window), name: windowWords(rule.metric, window) }))}
      change={(key) => change({ window: JSON.parse(key) as AlertWindow })}
    />
  );
}

/** Which team or queue it is about, or which source or screen. */
function About({ rule, answer, change }: SentenceProps) {
  if (rule.metric === 'sourceSilent' || rule.metric === 'boardDark') {
    const of = rule.metric === 'sourceSilent' ? 'source' : 'board';
    const known =
      of === 'source'
        ? answer.sources.map(({ id }) => ({ value: id, name: id }))
        : answer.boards.map(({ id, name }) => ({ value: id, name }));
    return (
      <>
        , of{' '}
        <ChoiceField
          label={of === 'source' ? 'Which source' : 'Which screen'}
          value={rule[of] ?? ''}
          options={[{ value: '', name: of === 'source' ? 'any source' : 'any screen' }, ...known]}
          change={(id) => change({ [of]: id === '' ? null : id })}
        />
      </>
    );
  }
  return (
    <>
      in{' '}
      <ChoiceField
        label="About"
        value={rule.scope}
        options={scopesFor(rule.metric, answer.scopes).map(({ scope, name }) => ({ value: scope, name }))}
        change={(scope) => change({ scope: scope as Scope })}
      />
    </>
  );
}

function Promised({ rule, change }: SentenceProps) {
  return (
    <>
      , with{' '}
      <TypedField
        label="Percent promised"
        value={rule.target ?? 80}
        show={(target) => `${target}%`}
        read={(text) => (/^\d{1,2}%?$/.test(text.trim()) ? Number.parseInt(text, 10) : null)}
        change={(target) => change({ target })}
        move={(value, by) => Math.min(99, Math.max(1, value + by))}
      />{' '}
      promised
    </>
  );
}

function Length({ label, value, change }: { label: string; value: number; change: (ms: number) => void }) {
  return (
    <TypedField
      label={label}
      value={value}
      show={(ms) => (ms === 0 ? '0 minutes' : lengthText(ms))}
      read={readLength}
      change={change}
      move={(ms, by) => Math.max(0, ms + by * (ms < 2 * MINUTE ? 30 * SECOND : MINUTE))}
    />
  );
}
