import type { AlertLevel } from '../../shared/alert.ts';
import type { Countdown, EmailsNow } from '../../shared/figure.ts';
import { HOUR, type Instant, MINUTE } from '../../shared/time.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { type Alarm, alarmClass, criticalAt } from './alarms.ts';
import { Dial, leftAt } from './dial.tsx';
import { countdownText } from './lengths.ts';
import type { Moments } from './moments.ts';
import { WasCritical } from './was-critical.tsx';

interface DueProps {
  emails: EmailsNow | null;
  at: Instant;
  now: Instant;
  moments: Moments;
  alarm: Alarm | null;
  /** All of the board. */
  alarms: readonly Alarm[];
}

/** The next breach: the countdown and the dial, or the words for why there is none. */
export function Due(props: DueProps) {
  const { emails } = props;
  if (emails === null) {
    return (
      <div className="unknown over-mail">
        <b>
          No mailbox
          <br />
          is connected
        </b>
        <p>Connect one to see its deadlines.</p>
      </div>
    );
  }
  if (emails.live === null) {
    const was = criticalAt(props.alarms, ['overdue', 'atRisk', 'due']);
    return (
      <div className={was.length === 0 ? 'unknown over-mail' : 'unknown over-mail was-crit'}>
        <b>
          Overdue and at risk
          <br />
          are not known
        </b>
        <p>Look in the inbox.</p>
        <WasCritical alarms={was} asOf={emails.withinHour.asOf} moments={props.moments} />
      </div>
    );
  }
  const { next, marks } = emails.live;
  return (
    <div className={`cell due ${alarmClass(props.alarm)}`}>
      <div>
        <Words {...props} next={next} overdue={emails.live.overdue} />
      </div>
      <Dial next={next} marks={marks} withinMs={emails.withinHour.withinMs} at={props.at} now={props.now} />
    </div>
  );
}

function Words(props: DueProps & { next: Countdown | null; overdue: number }) {
  const { next, overdue, at, now, moments, alarm } = props;
  const level = alarmClass(alarm) === '' ? null : (alarm?.level ?? null);
  if (next === null && overdue > 0)
    return <Said figure="none due" kind="word" lines={['every open email', 'is overdue']} level={level} />;
  if (next === null)
    return <Said figure={null} kind="calm" lines={['No email', 'is waiting']} level={null} />;
  const leftMs = leftAt(next, at, now);
  if (next.runsFrom !== null && next.runsFrom > now) {
    const soon = next.runsFrom - now < 24 * HOUR;
    const from = moments.minute(next.runsFrom);
    const lines: [string, string] = soon
      ? [`left, from ${from}`, 'for the next email']
      : ['left, from', `${moments.weekday(next.runsFrom)} ${from}`];
    return (
      <Said figure={String(Math.ceil(leftMs / MINUTE))} unit="min" kind="rest" lines={lines} level={level} />
    );
  }
  const text = countdownText(leftMs);
  return (
    <Said
      figure={text}
      kind={text.length > 5 ? 'long' : 'count'}
      lines={
        level === 'critical'
          ? ['until the next', `breach, limit ${alarm?.limit}`]
          : ['until the next', 'email breaches']
      }
      level={level}
    />
  );
}

interface SaidProps {
  figure: string | null;
  unit?: string;
  kind: 'count' | 'long' | 'rest' | 'word' | 'calm';
  lines: [string, string];
  level: AlertLevel | null;
}

function Said({ figure, unit, kind, lines, level }: SaidProps) {
  return (
    <>
      {figure === null ? null : (
        <div className={`n is-${kind}`}>
          {figure}
          {unit === undefined ? null : <small> {unit}</small>}
        </div>
      )}
      <div className={kind === 'calm' ? 'l is-calm' : 'l'}>
        {level === null ? null : <LevelMark level={level} said />}
        {lines[0]}
        <br /> {lines[1]}
      </div>
    </>
  );
}
