import { useState } from 'react';
import { BY_MAX } from '../../../shared/limits-desk.ts';
import type { View } from '../../live.ts';
import { LevelMark } from '../../ui/level-mark.tsx';
import { useCommand } from '../../ui/use-command.ts';
import { useName } from '../../ui/use-name.ts';
import { type Alarm, alarmClass } from '../alarms.ts';
import type { Moments } from '../moments.ts';
import { isWholeOld } from '../standing.ts';
import { WasCritical } from '../was-critical.tsx';
import { SnoozeForm } from './snooze-form.tsx';
import { useIsAdmin } from './use-is-admin.ts';

interface InHandProps {
  alarms: readonly Alarm[];
  /** Of those without a place of their own, what was critical when its source was last heard. */
  was: readonly Alarm[];
  view: View;
  moments: Moments | null;
}

/** Alerts on a telephone, ahead of everything else: what is broken, what to do, and, for the admin, to take it on. */
export function InHand({ alarms, was, view, moments }: InHandProps) {
  const open = alarms.filter(({ state }) => state !== 'recovered');
  // A promise's row says itself that it is back.
  const over = alarms.filter(({ back, place }) => back !== null && place !== 'calls' && place !== 'emails');
  const admin = useIsAdmin(open.length > 0);
  return (
    <>
      {isWholeOld(view) ? null : (
        <WasCritical alarms={was} asOf={view.snapshot?.mentions?.asOf ?? null} moments={moments} />
      )}
      {over.map(({ id, title, back }) => (
        <p key={id} className="back-calm">
          {title}: {back?.toLowerCase()}
        </p>
      ))}
      {open.map((alarm) => (
        <AlarmCard key={alarm.id} alarm={alarm} admin={admin === true} />
      ))}
      {admin === false && open.some(({ acked }) => acked === null) ? (
        <p className="sign-in">
          <a href={`/sign-in?next=${encodeURIComponent(window.location.pathname + window.location.search)}`}>
            Sign in to acknowledge
          </a>
        </p>
      ) : null}
    </>
  );
}

function AlarmCard({ alarm, admin }: { alarm: Alarm; admin: boolean }) {
  const { level, cry, figure, limit, count, within, says, words, acked } = alarm;
  const counted = [count, within].filter((part) => part !== null).join(', ');
  return (
    <section className={`alarm ${alarmClass(alarm)}`} aria-label={`Alert: ${cry}`}>
      <h2>
        <LevelMark level={level} />
        {cry}
      </h2>
      <p>
        <b>{figure}</b>, limit {limit}
        {counted === '' ? '' : `: ${counted}`}
      </p>
      {says === '' ? null : <p className="do">{says}</p>}
      <p>Rule: {words}</p>
      {acked === null ? null : <p>Acknowledged by {acked.by}.</p>}
      {admin ? <Acts alarm={alarm} /> : null}
    </section>
  );
}

function Acts({ alarm }: { alarm: Alarm }) {
  const [name, keepName] = useName();
  const [draft, setDraft] = useState<string | null>(null);
  const [asks, setAsks] = useState<'name' | 'snooze' | null>(null);
  const command = useCommand();
  const by = (draft ?? name).trim();

  const act = (what: 'ack' | 'snooze', more: object) => {
    if (by === '') return setAsks('name');
    keepName(by);
    setDraft(null);
    void command.send(`/api/alerts/${encodeURIComponent(alarm.id)}/${what}`, { by, ...more }).then((done) => {
      if (done) setAsks(null);
    });
  };
  return (
    <div className="acts">
      {alarm.acked !== null ? null : (
        <button type="button" className="primary" aria-disabled={command.busy} onClick={() => act('ack', {})}>
          Acknowledge
        </button>
      )}
      {asks === 'snooze' ? null : (
        <button type="button" onClick={() => setAsks('snooze')}>
          Snooze
        </button>
      )}
      {draft === null && name !== '' ? (
        <button type="button" className="plain" onClick={() => setDraft(name)}>
          as {name}
        </button>
      ) : (
        <label>
          {asks === 'name' && by === '' ? 'Say who you are first: your name' : 'Your name'}
          <input
            type="text"
            value={draft ?? ''}
            maxLength={BY_MAX}
            autoComplete="name"
            onChange={(event) => setDraft(event.target.value)}
          />
        </label>
      )}
      {asks === 'snooze' ? (
        <SnoozeForm busy={command.busy} send={(minutes, why) => act('snooze', { minutes, why })} />
      ) : null}
      {command.problem === null ? null : <p role="alert">{command.problem}</p>}
    </div>
  );
}
