import type { ReactNode } from 'react';
import type { StatusAnswer } from '../../shared/wire-answer.ts';
import type { SourcesTodayAnswer } from '../../shared/wire-desk.ts';
import { ageText } from '../board/lengths.ts';
import { Ring } from '../ui/ring.tsx';
import { TestButton } from '../ui/test-button.tsx';
import { lagText, type Times } from '../ui/times.ts';
import { figureText } from './figure-names.ts';

type Source = StatusAnswer['sources'][number];
type Today = SourcesTodayAnswer['sources'][number];

/** One source: its link, what it told of, what became of that, and what is wrong with it. */
export function SourceRow({
  source,
  now,
  today,
  todayProblem,
  times,
}: {
  source: Source;
  now: number;
  times: Times;
  today: Today | null;
  todayProblem: string | null;
}) {
  return (
    <section className="row source" aria-label={`Source ${source.id}`}>
      <div className="name">
        <h2>{source.id}</h2>
        <p className="quiet">
          {source.kind}, {source.feeds.join(', ')}
        </p>
      </div>
      <div className="link">
        <State source={source} now={now} times={times} />
        <dl>
          <Line name="Last sign of life">
            {source.heardAt === null ? 'none yet' : times.when(source.heardAt, now)}
          </Line>
          <Line name="Last fact">
            {source.lastFact === null ? 'none yet' : times.when(source.lastFact.at, now)}
          </Line>
          <Line name="Lag">{source.lagMs === null ? '–' : lagText(source.lagMs)}</Line>
        </dl>
      </div>
      <div className="counts">
        <dl>
          <Line name="Today">{todayText(today, todayProblem)}</Line>
          {today === null || today.leftOut.length === 0 ? null : (
            <Line name="Left out">{today.leftOut.map(figureText).join(', ')}</Line>
          )}
          <Line name="Facts">{factsText(source)}</Line>
          {source.refusals.length === 0 ? null : (
            <Line name="Refused">
              <ul>
                {source.refusals.map(({ reason, count, at }) => (
                  <li key={reason}>
                    {count.toLocaleString('en')} × {reason}, last {times.when(at, now)}
                  </li>
                ))}
              </ul>
            </Line>
          )}
        </dl>
      </div>
      <div className="trouble">
        <Trouble source={source} now={now} times={times} />
        {source.test ? (
          <TestButton
            path={`/api/sources/${encodeURIComponent(source.id)}/test`}
            words="Test connection"
            found={['Connected', 'Not connected']}
          />
        ) : (
          <p className="faint">{noTestWords(source)}</p>
        )}
      </div>
    </section>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function State({ source, now, times }: { source: Source; now: number; times: Times }) {
  const { state, since, heardAt } = source;
  const silent = heardAt === null ? '' : `, silent for ${ageText(now - heardAt)}`;
  const words = {
    live: `Live since ${times.when(since, now)}`,
    heard: `Last heard ${times.when(heardAt ?? since, now)}`,
    waiting:
      source.kind === 'http'
        ? `Nothing heard since ${times.when(since, now)}`
        : `Connecting since ${times.when(since, now)}`,
    late: `Late since ${times.when(since, now)}${silent}`,
    lost: `Lost since ${times.when(since, now)}${silent}`,
  }[state];
  const whole = state === 'live' || state === 'heard';
  return (
    <p className={state === 'late' || state === 'lost' ? 'state attn' : 'state'}>
      <Ring whole={whole} />
      <span>{words}</span>
    </p>
  );
}

function todayText(today: Today | null, problem: string | null): string {
  if (today === null) return problem === null ? '–' : 'not known';
  return today.counted.length === 0 ? 'nothing counted yet' : today.counted.map(figureText).join(', ');
}

function factsText({ facts }: Source): string {
  const n = (count: number): string => count.toLocaleString('en');
  return `${n(facts.stored)} kept, ${n(facts.repeat)} said before, ${n(facts.conflict)} conflicts, ${n(facts.refused)} refused`;
}

/** The trouble of now, else the last one, which is over. */
function Trouble({ source, now, times }: { source: Source; now: number; times: Times }) {
  const trouble = source.trouble ?? silenceWords(source);
  if (trouble !== null) return <p className="now">{trouble}</p>;
  if (source.lastTrouble === null) return <p className="faint">No trouble since the start.</p>;
  const { text, at } = source.lastTrouble;
  return (
    <p className="faint">
      {source.state === 'live' ? 'Over now, at' : 'At'} {times.when(at, now)}: {text}
    </p>
  );
}

/** What to do about one that is silent without having said why: those who send to us cannot tell us that they are gone. */
function silenceWords({ state, kind }: Source): string | null {
  if (state !== 'late' && state !== 'lost') return null;
  return kind === 'http'
    ? 'It promised to be heard and is silent. See whether the program that sends still runs, reaches this server, and has the right token.'
    : 'It is silent and does not say why. Test its connection.';
}

function noTestWords({ kind }: Source): string {
  if (kind === 'http') return 'It sends to us, so there is no connection to test.';
  return kind === 'demo' ? 'It makes its data up, so there is no connection to test.' : 'It has no test.';
}
