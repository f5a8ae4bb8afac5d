import type { Countdown, EmailsNow } from '../../shared/figure.ts';
import { HOUR, type Instant, MINUTE } from '../../shared/time.ts';
import { Dial, leftAt } from './dial.tsx';
import { countdownText } from './lengths.ts';
import type { Moments } from './moments.ts';

interface DueProps {
  emails: EmailsNow | null;
  at: Instant;
  now: Instant;
  moments: Moments;
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
    return (
      <div className="unknown over-mail">
        <b>
          Overdue and at risk
          <br />
          are not known
        </b>
        <p>Look in the inbox.</p>
      </div>
    );
  }
  const { next, marks } = emails.live;
  return (
    <div className="cell due">
      <div>
        <Words {...props} next={next} overdue={emails.live.overdue} />
      </div>
      <Dial next={next} marks={marks} withinMs={emails.withinHour.withinMs} at={props.at} now={props.now} />
    </div>
  );
}

function Words({ next, overdue, at, now, moments }: DueProps & { next: Countdown | null; overdue: number }) {
  if (next === null && overdue > 0)
    return <Said figure="none due" kind="word" lines={['every open email', 'is overdue']} />;
  if (next === null) return <Said figure={null} kind="calm" lines={['No email', 'is waiting']} />;
  const leftMs = leftAt(next, at, now);
  if (next.runsFrom !== null && next.runsFrom > now) {
    const soon = next.runsFrom - now < 24 * HOUR;
    const from = moments.minute(next.runsFrom);
    const lines: [string, string] = soon
      ? [`left, from ${from}`, 'for the next email']
      : ['left, from', `${moments.weekday(next.runsFrom)} ${from}`];
    return <Said figure={String(Math.ceil(leftMs / MINUTE))} unit="min" kind="rest" lines={lines} />;
  }
  const text = countdownText(leftMs);
  return (
    <Said
      figure={text}
      kind={text.length > 5 ? 'long' : 'count'}
      lines={['until the next', 'email breaches']}
    />
  );
}

interface SaidProps {
  figure: string | null;
  unit?: string;
  kind: 'count' | 'long' | 'rest' | 'word' | 'calm';
  lines: [string, string];
}

function Said({ figure, unit, kind, lines }: SaidProps) {
  return (
    <>
      {figure === null ? null : (
        <div className={`n is-${kind}`}>
          {figure}
          {unit === undefined ? null : <small> {unit}</small>}
        </div>
      )}
      <div className={kind === 'calm' ? 'l is-calm' : 'l'}>
        {lines[0]}
        <br /> {lines[1]}
      </div>
    </>
  );
}
