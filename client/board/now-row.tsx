import type { ReactNode } from 'react';
import type { CallbacksNow, CallsNow, EmailsNow } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import { Fade } from '../ui/fade.tsx';
import { LevelMark } from '../ui/level-mark.tsx';
import { type Alarm, alarmAt, alarmClass, criticalAt } from './alarms.ts';
import { Due } from './due.tsx';
import { waitText } from './lengths.ts';
import type { Moments } from './moments.ts';
import { WasCritical } from './was-critical.tsx';

export interface NowRowProps {
  calls: CallsNow | null;
  callbacks: CallbacksNow | null;
  emails: EmailsNow | null;
  at: Instant;
  now: Instant;
  moments: Moments;
  phone: boolean;
  /** All of the board, and those of them whose feed is not lost. */
  alarms: readonly Alarm[];
  current: readonly Alarm[];
}

/** What needs a person now. A count that is not live is never shown; in its place stands what to do instead. */
export function NowRow(props: NowRowProps) {
  const { calls, callbacks, emails } = props;
  const due = <Due {...props} alarm={alarmAt(props.current, 'due')} key="due" />;
  const counts = (
    <>
      <CallCells {...props} />
      <EmailCells {...props} />
    </>
  );
  const state = [
    'now',
    callbacks === null ? '' : 'has-callbacks',
    calls === null && emails === null ? 'is-empty' : '',
  ];
  return (
    <section className={state.join(' ')} aria-label="Needs a person now">
      {props.phone ? due : null}
      {props.phone ? <div className="four">{counts}</div> : counts}
      {props.phone ? null : due}
    </section>
  );
}

function CallCells({ calls, callbacks, now, alarms, current, moments }: NowRowProps) {
  const wide = callbacks === null ? 'over-2' : 'over-3';
  if (calls === null) {
    return <Unknown span={wide} title={['No phone system', 'is connected']} advice="Connect one to begin." />;
  }
  if (calls.live === null || (callbacks !== null && callbacks.live === null)) {
    const was = criticalAt(alarms, ['waiting', 'owed']);
    return (
      <Unknown
        span={was.length === 0 ? wide : `${wide} was-crit`}
        title={['Ringing and waiting', 'are not known']}
        advice="Listen for the phones."
        was={<WasCritical alarms={was} asOf={calls.firstRing.asOf} moments={moments} />}
      />
    );
  }
  const { ringing, waiting, longestWaitingSince } = calls.live;
  const alarm = alarmAt(current, 'waiting');
  return (
    <>
      <Cell value={ringing} lines={[ringing === 1 ? 'call' : 'calls', 'ringing']} />
      {waiting > 0 && longestWaitingSince !== null ? (
        <Cell
          value={waiting}
          alarm={alarm}
          lines={[
            waiting === 1 ? 'caller waiting,' : 'callers waiting,',
            <>
              longest <b>{waitText(now - longestWaitingSince)}</b>
            </>,
          ]}
        />
      ) : (
        <Cell value={waiting} alarm={alarm} lines={[waiting === 1 ? 'caller' : 'callers', 'waiting']} />
      )}
      {callbacks?.live ? <OwedCell {...callbacks.live} alarm={alarmAt(current, 'owed')} /> : null}
    </>
  );
}

function OwedCell({ owed, overdue, alarm }: { owed: number; overdue: number; alarm: Alarm | null }) {
  const who = owed === 1 ? 'caller owed' : 'callers owed';
  if (overdue === 0) return <Cell value={owed} alarm={alarm} lines={[who, 'a call back']} />;
  return <Cell value={owed} alarm={alarm} attention lines={[`${who},`, <>{overdue} overdue</>]} />;
}

function EmailCells({ emails, current }: NowRowProps) {
  if (emails === null || emails.live === null) return null;
  const { overdue, atRisk } = emails.live;
  return (
    <>
      <Cell
        value={overdue}
        alarm={alarmAt(current, 'overdue')}
        attention={overdue > 0}
        narrow
        lines={[overdue === 1 ? 'email' : 'emails', 'overdue']}
      />
      <Cell
        value={atRisk}
        alarm={alarmAt(current, 'atRisk')}
        narrow
        lines={[atRisk === 1 ? 'email' : 'emails', 'at risk']}
      />
    </>
  );
}

function Cell({
  value,
  lines,
  attention = false,
  alarm = null,
  narrow = false,
}: {
  value: number;
  lines: [ReactNode, ReactNode];
  attention?: boolean;
  alarm?: Alarm | null;
  /** Two digits and a mark do not stand side by side here in their usual size. */
  narrow?: boolean;
}) {
  const state = alarmClass(alarm);
  const critical = alarm !== null && (state === 'is-crit' || state === 'is-acked');
  const figure = critical ? alarm.figure : String(value);
  const said = critical ? limitLines(alarm) : lines;
  const wide = figure.length > 2 || (narrow && state !== '' && figure.length > 1);
  const size = figure.length > 5 ? ' is-longer' : wide ? ' is-wide' : '';
  return (
    <div className={`cell ${state}`}>
      <div className={`n${attention && !critical ? ' attn' : ''}${size}`}>
        <Fade of={figure}>{figure}</Fade>
        {alarm === null || state === '' ? null : <LevelMark level={alarm.level} said />}
      </div>
      <div className="l">
        {said[0]}
        <br />
        {said[1]}
      </div>
    </div>
  );
}

/** In a critical cell the figure is the one that broke the rule, and the limit stands under it. */
function limitLines({ short, limit }: Alarm): [string, string] {
  return [`${short},`, `limit ${limit}`];
}

interface UnknownProps {
  span: string;
  title: [string, string];
  advice: string;
  was?: ReactNode;
}

function Unknown({ span, title, advice, was }: UnknownProps) {
  return (
    <div className={`unknown ${span}`}>
      <b>
        {title[0]}
        <br />
        {title[1]}
      </b>
      <p>{advice}</p>
      {was}
    </div>
  );
}
