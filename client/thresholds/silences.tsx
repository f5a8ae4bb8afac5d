import { useState } from 'react';
import { WHY_MAX } from '../../shared/alert.ts';
import { metricTitles } from '../../shared/rule-words.ts';
import { HOUR, type Instant } from '../../shared/time.ts';
import type { RulesAnswer, WireSilence } from '../../shared/wire-alerts.ts';
import { aboutText } from './rule-list.tsx';
import type { Act } from './thresholds-page.tsx';
import type { When } from './when.ts';

const LENGTHS = [
  { hours: 1, name: '1 hour' },
  { hours: 4, name: '4 hours' },
  { hours: 24, name: 'a day' },
  { hours: 24 * 7, name: 'a week' },
] as const;

interface SilencesProps {
  silences: readonly WireSilence[];
  answer: RulesAnswer;
  now: Instant;
  when: When;
  act: Act;
  busy: boolean;
}

/** Nobody is written to about a team, a queue or a rule for a while; the wall shows it all the same. */
export function Silences({ silences, answer, now, when, act, busy }: SilencesProps) {
  const [of, setOf] = useState('scope site');
  const [hours, setHours] = useState(1);
  const [why, setWhy] = useState('');
  const rules = answer.rules.map((listed) => ({
    value: `rule ${listed.rule.id}`,
    name: `${metricTitles[listed.rule.metric]}, ${aboutText(listed, answer)}`,
  }));
  const scopes = answer.scopes.map(({ scope, name }) => ({
    value: `scope ${scope}`,
    name: `All of ${name}`,
  }));
  const send = async () => {
    const id = of.slice(of.indexOf(' ') + 1);
    const named = of.startsWith('rule ') ? { rule: id, scope: null } : { rule: null, scope: id };
    const given = { ...named, from: now, to: now + hours * HOUR, why: why.trim() };
    if (await act('/api/alerts/silences', given, 'Silenced.')) setWhy('');
  };
  return (
    <section className="row" aria-label="Silences">
      <h2>
        Silences <small>The wall shows an alert all the same; nobody is written to.</small>
      </h2>
      <ul className="silences">
        {silences.map((silence) => (
          <li key={silence.id}>
            <span>
              <b>{nameOf(silence, [...rules, ...scopes])}</b> until {when.moment(silence.to)}: {silence.why}{' '}
              <span className="faint">{silence.by}</span>
            </span>
            <button
              type="button"
              aria-disabled={busy}
              onClick={() =>
                void act(
                  `/api/alerts/silences/${encodeURIComponent(silence.id)}/end`,
                  {},
                  'No longer silenced.',
                )
              }
            >
              End it
            </button>
          </li>
        ))}
      </ul>
      <form
        className="acts"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && why.trim() !== '') void send();
        }}
      >
        <select aria-label="What to silence" value={of} onChange={(event) => setOf(event.target.value)}>
          {[...scopes, ...rules].map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label="For how long"
          value={hours}
          onChange={(event) => setHours(Number(event.target.value))}
        >
          {LENGTHS.map((length) => (
            <option key={length.hours} value={length.hours}>
              for {length.name}
            </option>
          ))}
        </select>
        <input
          type="text"
          aria-label="Why it is silenced"
          placeholder="Why"
          value={why}
          maxLength={WHY_MAX}
          onChange={(event) => setWhy(event.target.value)}
        />
        <button type="submit" aria-disabled={busy || why.trim() === ''}>
          Silence
        </button>
      </form>
    </section>
  );
}

function nameOf({ rule, scope }: WireSilence, known: readonly { value: string; name: string }[]): string {
  const value = rule === null ? `scope ${scope}` : `rule ${rule}`;
  return known.find((one) => one.value === value)?.name ?? rule ?? scope ?? '';
}
