import {
  type AlertRule,
  type AlertWeekday,
  alertWeekdays,
  QUIET_MAX,
  type QuietHours,
  SAYS_MAX,
} from '../../shared/alert.ts';
import type { RulesAnswer } from '../../shared/wire-alerts.ts';
import { ChoiceField, Tick } from './fields.tsx';

interface SettingsProps {
  rule: AlertRule;
  answer: RulesAnswer;
  change: (part: Partial<AlertRule>) => void;
}

/** What the wall says, whom else it tells, and when nobody is told. */
export function RuleSettings(props: SettingsProps) {
  const { rule, answer, change } = props;
  const chimes = answer.boards.some(({ chime }) => chime);
  return (
    <>
      <div className="set">
        <label htmlFor="says">The wall says</label>
        <div>
          <input
            id="says"
            className="says"
            type="text"
            value={rule.says}
            maxLength={SAYS_MAX}
            placeholder="What people are to do"
            onChange={(event) => change({ says: event.target.value })}
          />
          <Tick on={rule.wall} change={(wall) => change({ wall })}>
            Show it on the wall
          </Tick>
          <Tick on={rule.chime} change={(chime) => change({ chime })}>
            Chime <small>{chimes ? 'critical only' : 'critical only; no board chimes'}</small>
          </Tick>
        </div>
      </div>
      <div className="set">
        <span>Also tell</span>
        <div>
          {answer.channels.length === 0 ? <span className="quiet">No channel is set up.</span> : null}
          {answer.channels.map(({ id, name, kind }) => (
            <Tick
              key={id}
              on={rule.channels.includes(id)}
              change={(on) =>
                change({ channels: on ? [...rule.channels, id] : rule.channels.filter((one) => one !== id) })
              }
            >
              {name} <small>{kind}</small>
            </Tick>
          ))}
        </div>
      </div>
      <QuietSetting {...props} />
    </>
  );
}

const WORKDAYS: AlertWeekday[] = ['mon', 'tue', 'wed', 'thu', 'fri'];
const DAYS: readonly { value: string; name: string; days: AlertWeekday[] }[] = [
  { value: 'all', name: 'Every day', days: [...alertWeekdays] },
  { value: 'work', name: 'Weekdays', days: WORKDAYS },
  { value: 'end', name: 'Weekend', days: ['sat', 'sun'] },
  ...alertWeekdays.map((day, i) => ({
    value: day,
    name: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'][i] ?? day,
    days: [day],
  })),
];

function QuietSetting({ rule, change }: SettingsProps) {
  const { quiet } = rule;
  const put = (index: number, part: Partial<QuietHours>) =>
    change({ quiet: quiet.map((hours, i) => (i === index ? { ...hours, ...part } : hours)) });
  return (
    <div className="set">
      <span>Quiet hours</span>
      <div>
        {quiet.map((hours, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
          <span className="quiet-row" key={i}>
            <ChoiceField
              label="Quiet on"
              value={keyOf(hours.days)}
              options={optionsFor(hours.days)}
              change={(key) => put(i, { days: daysOf(key) })}
            />
            <input
              type="time"
              aria-label="Quiet from"
              value={hours.from}
              onChange={(event) => event.target.value !== '' && put(i, { from: event.target.value })}
            />{' '}
            to{' '}
            <input
              type="time"
              aria-label="Quiet to"
              value={hours.to}
              onChange={(event) => event.target.value !== '' && put(i, { to: event.target.value })}
            />
            <button
              type="button"
              aria-label="Remove these quiet hours"
              onClick={() => change({ quiet: quiet.filter((_hours, at) => at !== i) })}
            >
              Remove
            </button>
          </span>
        ))}
        {quiet.length < QUIET_MAX ? (
          <button
            type="button"
            onClick={() => change({ quiet: [...quiet, { days: WORKDAYS, from: '18:00', to: '08:00' }] })}
          >
            {quiet.length === 0 ? 'Add quiet hours' : 'Add more'}
          </button>
        ) : null}
      </div>
    </div>
  );
}

function keyOf(days: readonly AlertWeekday[]): string {
  const all = alertWeekdays.filter((day) => days.includes(day)).join(' ');
  return DAYS.find((known) => known.days.join(' ') === all)?.value ?? all;
}

function optionsFor(days: readonly AlertWeekday[]): { value: string; name: string }[] {
  const key = keyOf(days);
  const known = DAYS.map(({ value, name }) => ({ value, name }));
  return known.some(({ value }) => value === key) ? known : [{ value: key, name: key }, ...known];
}

function daysOf(key: string): AlertWeekday[] {
  return (
    DAYS.find(({ value }) => value === key)?.days ??
    alertWeekdays.filter((day) => key.split(' ').includes(day))
  );
}
