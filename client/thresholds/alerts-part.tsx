import { useMemo, useState } from 'react';
import { type AlertMetric, metricShape, type WallAlert, WHY_MAX } from '../../shared/alert.ts';
import { levelText, valueText } from '../../shared/rule-words.ts';
import { SECOND } from '../../shared/time.ts';
import type { AlertsAnswer, RulesAnswer, WireAlert } from '../../shared/wire-alerts.ts';
import { Alert } from '../ui/desk.tsx';
import { LevelMark } from '../ui/level-mark.tsx';
import { useFetched } from '../ui/use-fetched.ts';
import { Pages } from './pages.tsx';
import { lastedText } from './preview-part.tsx';
import { Silences } from './silences.tsx';
import type { Act } from './thresholds-page.tsx';
import { createWhen, type When } from './when.ts';

const LOOK_EVERY_MS = 5 * SECOND;
const SNOOZE_MINUTES = 60;

interface PartProps {
  answer: RulesAnswer;
  act: Act;
  busy: boolean;
}

/** What fires now, what is silenced, and what was: how long it lasted and how soon somebody took it on. */
export function AlertsPart({ answer, act, busy }: PartProps) {
  const [after, setAfter] = useState<readonly string[]>([]);
  const cursor = after.at(-1);
  const path = cursor === undefined ? '/api/alerts' : `/api/alerts?after=${encodeURIComponent(cursor)}`;
  const fetched = useFetched<AlertsAnswer>(path, LOOK_EVERY_MS);
  const when = useMemo(() => createWhen(answer.zone), [answer.zone]);
  const { value } = fetched;
  const acted: Act = async (...given) => {
    const done = await act(...given);
    fetched.again();
    return done;
  };
  if (value === null)
    return fetched.problem === null ? (
      <section className="row">{fetched.waiting ? <p>–</p> : null}</section>
    ) : (
      <Alert text={fetched.problem} />
    );
  return (
    <>
      {fetched.problem === null ? null : <Alert text={fetched.problem} />}
      <section className="row" aria-label="Firing now">
        <h2>{value.open.length === 0 ? 'Nothing fires now' : `${value.open.length} firing now`}</h2>
        <ul className="alerts">
          {value.open.map((alert) => (
            <Open key={alert.id} alert={alert} when={when} act={acted} busy={busy} />
          ))}
        </ul>
      </section>
      <Silences
        silences={value.silences}
        answer={answer}
        now={value.now}
        when={when}
        act={acted}
        busy={busy}
      />
      <section className="row" aria-label="History">
        <h2>History</h2>
        {value.history.length === 0 ? (
          <p className="quiet">Nothing has fired yet.</p>
        ) : (
          <History alerts={value.history} when={when} />
        )}
        <Pages after={after} next={value.next} show={setAfter} />
      </section>
    </>
  );
}

function Open({ alert, when, act, busy }: { alert: WireAlert; when: When; act: Act; busy: boolean }) {
  const [asks, setAsks] = useState(false);
  const [why, setWhy] = useState('');
  const path = `/api/alerts/${encodeURIComponent(alert.id)}`;
  const { level, words, acked, snoozedUntil } = alert;
  return (
    <li>
      <LevelMark level={level} said />
      <div>
        <p>
          <b>{words}</b>
        </p>
        <p className="quiet">
          {alert.about}: {level} since {when.moment(alert.levelSince)}, {heldText(alert, alert.value)} as it
          fired
          {acked === null ? '' : `; acknowledged by ${acked.by}, ${when.moment(acked.at)}`}
          {acked?.why ? `: ${acked.why}` : ''}
          {snoozedUntil === null ? '' : `; snoozed until ${when.moment(snoozedUntil)}`}
        </p>
        {asks ? (
          <form
            className="acts"
            onSubmit={(event) => {
              event.preventDefault();
              if (why.trim() === '') return;
              void act(
                `${path}/snooze`,
                { minutes: SNOOZE_MINUTES, why: why.trim() },
                'Snoozed for an hour.',
              ).then((done) => done && setAsks(false));
            }}
          >
            <input
              ref={focus}
              type="text"
              aria-label="Why it is snoozed"
              placeholder="Why"
              value={why}
              maxLength={WHY_MAX}
              onChange={(event) => setWhy(event.target.value)}
            />
            <button type="submit" aria-disabled={busy || why.trim() === ''}>
              Snooze for an hour
            </button>
            <button type="button" onClick={() => setAsks(false)}>
              Cancel
            </button>
          </form>
        ) : (
          <div className="acts">
            {acked === null ? (
              <button
                type="button"
                aria-disabled={busy}
                onClick={() => void act(`${path}/ack`, {}, 'Acknowledged.')}
              >
                Acknowledge
              </button>
            ) : null}
            <button type="button" onClick={() => setAsks(true)}>
              Snooze
            </button>
          </div>
        )}
      </div>
    </li>
  );
}

/** The button that was pressed is gone: whoever goes on by keys goes on here. */
const focus = (field: HTMLInputElement | null): void => field?.focus();

function History({ alerts, when }: { alerts: readonly WireAlert[]; when: When }) {
  return (
    <div className="scrolls">
      <table className="history">
        <thead>
          <tr>
            <th scope="col">Fired</th>
            <th scope="col">Rule</th>
            <th scope="col">Worst</th>
            <th scope="col">Lasted</th>
            <th scope="col">Acknowledged</th>
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <tr key={alert.id}>
              <td>
                <LevelMark level={alert.worstLevel} said /> {when.moment(alert.firedAt)}
              </td>
              <td>
                {alert.words} <span className="faint">{alert.about}</span>
              </td>
              <td data-name="Worst">{heldText(alert, alert.worst)}</td>
              <td data-name="Lasted">
                {lastedText(alert.lengthMs)}
                {alert.ended === null || alert.ended === 'recovered' ? '' : `, ${ENDED[alert.ended]}`}
              </td>
              <td data-name="Acknowledged">
                {alert.acked === null || alert.ackedAfterMs === null
                  ? '–'
                  : `after ${lastedText(alert.ackedAfterMs)}, ${alert.acked.by}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const ENDED = { closed: 'until closing', changed: 'until the rule changed' } as const;

function heldText(alert: WireAlert, value: WallAlert['value']): string {
  if (value === null) return '–';
  const metric = alert.metric as AlertMetric;
  // The promise that a burn rate is a multiple of may have changed since: what was missed has not.
  if (metricShape(metric).kind === 'burn')
    return `missed ${value.d - value.n} of ${value.d} (limit ${levelText(metric, alert.limit)})`;
  return `${valueText({ metric, direction: alert.direction }, value, alert.limit)} (limit ${levelText(metric, alert.limit)})`;
}
