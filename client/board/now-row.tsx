import type { ReactNode } from 'react';
import type { CallbacksNow, CallsNow, EmailsNow } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import { Fade } from '../ui/fade.tsx';
import { Due } from './due.tsx';
import { waitText } from './lengths.ts';
import type { Moments } from './moments.ts';

export interface NowRowProps {
  calls: CallsNow | null;
  callbacks: CallbacksNow | null;
  emails: EmailsNow | null;
  at: Instant;
  now: Instant;
  moments: Moments;
  phone: boolean;
}

/** What needs a person now. A count that is not live is never shown; in its place stands what to do instead. */
export function NowRow(props: NowRowProps) {
  const { calls, callbacks, emails } = props;
  const due = <Due {...props} key="due" />;
  const counts = (
    <>
      <CallCells {...props} />
      <EmailCells emails={emails} />
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

function CallCells({ calls, callbacks, now }: NowRowProps) {
  const wide = callbacks === null ? 'over-2' : 'over-3';
  if (calls === null) {
    return <Unknown span={wide} title={['No phone system', 'is connected']} advice="Connect one to begin." />;
  }
  if (calls.live === null || (callbacks !== null && callbacks.live === null)) {
    return (
      <Unknown span={wide} title={['Ringing and waiting', 'are not known']} advice="Listen for the phones." />
    );
  }
  const { ringing, waiting, longestWaitingSince } = calls.live;
  return (
    <>
      <Cell value={ringing} lines={[ringing === 1 ? 'call' : 'calls', 'ringing']} />
      {waiting > 0 && longestWaitingSince !== null ? (
        <Cell
          value={waiting}
          lines={[
            waiting === 1 ? 'caller waiting,' : 'callers waiting,',
            <>
              longest <b>{waitText(now - longestWaitingSince)}</b>
            </>,
          ]}
        />
      ) : (
        <Cell value={waiting} lines={[waiting === 1 ? 'caller' : 'callers', 'waiting']} />
      )}
      {callbacks?.live ? <OwedCell owed={callbacks.live.owed} overdue={callbacks.live.overdue} /> : null}
    </>
  );
}

function OwedCell({ owed, overdue }: { owed: number; overdue: number }) {
  const who = owed === 1 ? 'caller owed' : 'callers owed';
  if (overdue === 0) return <Cell value={owed} lines={[who, 'a call back']} />;
  return <Cell value={owed} attention lines={[`${who},`, <>{overdue} overdue</>]} />;
}

function EmailCells({ emails }: { emails: EmailsNow | null }) {
  if (emails === null || emails.live === null) return null;
  const { overdue, atRisk } = emails.live;
  return (
    <>
      <Cell value={overdue} attention={overdue > 0} lines={[overdue === 1 ? 'email' : 'emails', 'overdue']} />
      <Cell value={atRisk} lines={[atRisk === 1 ? 'email' : 'emails', 'at risk']} />
    </>
  );
}

function Cell({
  value,
  lines,
  attention = false,
}: {
  value: number;
  lines: [ReactNode, ReactNode];
  attention?: boolean;
}) {
  const wide = value > 99 ? ' is-wide' : '';
  return (
    <div className="cell">
      <div className={attention ? `n attn${wide}` : `n${wide}`}>
        <Fade of={String(value)}>{value}</Fade>
      </div>
      <div className="l">
        {lines[0]}
        <br />
        {lines[1]}
      </div>
    </div>
  );
}

function Unknown({ span, title, advice }: { span: string; title: [string, string]; advice: string }) {
  return (
    <div className={`unknown ${span}`}>
      <b>
        {title[0]}
        <br />
        {title[1]}
      </b>
      <p>{advice}</p>
    </div>
  );
}
