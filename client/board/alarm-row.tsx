import type { ReactNode } from 'react';
import type { Promised, Snapshot } from '../../shared/figure.ts';
import { percentText } from '../../shared/percent.ts';
import { type Instant, MINUTE } from '../../shared/time.ts';
import type { Alarm } from './alarms.ts';
import { DayChart } from './day-chart.tsx';
import { Figure } from './figure.tsx';
import type { Moments } from './moments.ts';
import { Row } from './row.tsx';

interface AlarmRowProps {
  alarm: Alarm;
  name: string;
  promised: Promised;
  snapshot: Snapshot;
  moments: Moments;
  now: Instant;
  floor: number;
  phone: boolean;
}

/** So many letters of a limit stand in the row in their usual size, alone and beside a count. */
const LIMIT_LETTERS = 14;
const LIMIT_LETTERS_BESIDE = 10;
/** "13:55", without a day. */
const TIME_LETTERS = 5;
/** And so many of a name with whose it is. */
const HEAD_LETTERS = 32;

/**
 * A promise whose critical rule is broken: the large figure is the one that broke it, with its limit, window and count,
 * and the day's own figure stands beside the name. A plane while nobody has it, an outline once it is acknowledged.
 */
export function AlarmRow({ alarm, name, promised, snapshot, moments, now, floor, phone }: AlarmRowProps) {
  const acked = alarm.state === 'acknowledged';
  const said = `Limit ${alarm.limit}`;
  return (
    <Row
      state={acked ? 'is-acked' : 'is-crit'}
      figure={figureOf(alarm.figure)}
      name={alarm.name ?? name}
      tight={(alarm.name ?? name).length + (alarm.about?.length ?? 0) > HEAD_LETTERS}
      aside={<span className="aside">{asideOf(alarm, promised)}</span>}
    >
      <div className={acked ? 'lim is-acked' : 'lim'}>
        {acked ? (
          <SinceText alarm={alarm} />
        ) : (
          <b
            className={
              said.length > (alarm.count === null ? LIMIT_LETTERS : LIMIT_LETTERS_BESIDE) ? 'is-long' : ''
            }
          >
            {said}
          </b>
        )}
        <span>
          {alarm.count}
          {alarm.count === null || alarm.within === null ? null : (
            <>
              ,<br />{' '}
            </>
          )}
          {alarm.within}
        </span>
      </div>
      <DayChart
        promised={promised}
        axis={snapshot.day.axis}
        now={Math.floor(now / MINUTE) * MINUTE}
        floor={floor}
        moments={moments}
        label={`${name}, each half hour of today; the shaded part is since the limit of ${alarm.limit} was broken`}
        shape={phone ? 'phone' : 'wall-crit'}
        brokenSince={alarm.since}
      />
    </Row>
  );
}

function SinceText({ alarm: { sinceTime, limit } }: { alarm: Alarm }) {
  if (sinceTime.length > TIME_LETTERS)
    return (
      <b className="is-long">
        Critical since
        <br /> {sinceTime}, limit {limit}
      </b>
    );
  return (
    <b>
      Critical since {sinceTime},
      <br /> limit {limit}
    </b>
  );
}

/** The day's own figure; of another's rule, or another measure, whose it is: the two would be taken for one. */
function asideOf({ about, name }: Alarm, { tally, target, minSample }: Promised): string | null {
  if (about !== null || name !== null) return about;
  return tally.d >= minSample && tally.d > 0
    ? `today ${percentText(tally, { target })}`
    : `today ${tally.n} of ${tally.d}`;
}

/** The unit of a burn rate. */
const TIMES = ' times';

function figureOf(text: string): ReactNode {
  return text.endsWith('%') ? (
    <Figure kind="percent" text={text} />
  ) : (
    <div className="fig is-words">
      {text.replace(TIMES, '')}
      {text.endsWith(TIMES) ? <small>{TIMES}</small> : null}
    </div>
  );
}
