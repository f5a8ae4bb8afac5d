import type { ReactNode } from 'react';
import type { Promised, Snapshot, Tally } from '../../shared/figure.ts';
import { percentText } from '../../shared/percent.ts';
import { type Instant, MINUTE } from '../../shared/time.ts';
import { Fade } from '../ui/fade.tsx';
import { LevelMark } from '../ui/level-mark.tsx';
import { Ring } from '../ui/ring.tsx';
import { AlarmRow } from './alarm-row.tsx';
import type { Alarm } from './alarms.ts';
import { ChangeWords } from './change-words.tsx';
import { type ChartShape, DayChart } from './day-chart.tsx';
import { Figure } from './figure.tsx';
import { ageText } from './lengths.ts';
import type { Moments } from './moments.ts';
import { Row } from './row.tsx';
import type { Standing } from './standing.ts';

export interface PromiseRowProps {
  /** "Calls on the first ring" */
  name: string;
  /** What is counted: "calls". */
  items: string;
  /** Null when nothing of the kind is connected. */
  promised: Promised | null;
  standing: Standing;
  snapshot: Snapshot | null;
  now: Instant | null;
  moments: Moments | null;
  floor: number;
  phone: boolean;
  /** "today, from phone ringing", and what the figure hides: "84% within 20 s". */
  clock: string;
  beside: string | null;
  /** What to connect when nothing is. */
  connect: string;
  /** "Phones not connected" */
  lost: string;
  /** A figure that says nothing about people loses its ink. */
  plain?: boolean;
  /** The rule that this row breaks, or broke just now. */
  alarm: Alarm | null;
}

/** One promise: its figure, what it counts, its target, how it compares, what clock it uses, and its day in half-hours. */
export function PromiseRow(props: PromiseRowProps) {
  const { promised, standing, snapshot, moments, now, alarm } = props;
  if (promised === null || snapshot === null || moments === null || now === null)
    return <EmptyRow {...props} />;
  const filled: Filled = { ...props, promised, snapshot, moments, now };
  if (standing.kind === 'lost') return <OldRow {...filled} standing={standing} />;
  if (alarm?.level === 'critical' && alarm.state !== 'recovered')
    return <AlarmRow {...filled} alarm={alarm} />;
  return <CurrentRow {...filled} />;
}

type Filled = PromiseRowProps & { promised: Promised; snapshot: Snapshot; moments: Moments; now: Instant };

function EmptyRow({ name, connect, snapshot }: PromiseRowProps) {
  return (
    <Row state="is-empty" figure={<Figure kind="none" />} name={name}>
      {snapshot === null ? null : <p className="wide connect">{connect}</p>}
    </Row>
  );
}

function CurrentRow(props: Filled) {
  const { promised, items, standing, moments, now, alarm } = props;
  const { tally, target, minSample, baseline } = promised;
  const late = standing.kind === 'late' && standing.asOf !== null;
  const enough = tally.d >= minSample && tally.d > 0;
  const goal = <span className="key dots">target {target}%</span>;
  const warns = alarm !== null && alarm.state !== 'recovered';
  // A phone has the target after the count, on one line, as long as both are short.
  const joined = props.phone && enough && !late;
  return (
    <Row
      state={`${props.plain === true ? 'is-plain' : ''}${warns ? ' is-warn' : ''}`}
      figure={figureOf(promised)}
      name={props.name}
      warns={warns}
      aside={
        late ? (
          <span className="aside asof">as of {moments.second(standing.asOf ?? now)}</span>
        ) : joined ? null : (
          <span className="aside">{goal}</span>
        )
      }
    >
      <div className="line">
        <p className="count">
          <Count tally={tally} items={items} minSample={minSample} />
          {joined ? <>, {goal}</> : null}
        </p>
        <p className={alarm?.back ? 'change back' : 'change'}>
          {alarm?.back ? (
            alarm.back
          ) : warns ? (
            `${alarm.level} since ${alarm.sinceTime}`
          ) : enough && baseline?.change ? (
            <ChangeWords change={baseline.change} date={baseline.date} today={props.snapshot.day.date} />
          ) : null}
        </p>
      </div>
      <div className="line caption">
        {warns ? (
          <p className="warns">{brokenBy(alarm)}</p>
        ) : (
          <p>{alarm === null ? props.clock : (whoseOf(alarm) ?? props.clock)}</p>
        )}
        {warns ? <p className="beyond">{beyondText(alarm)}</p> : <p>{props.beside}</p>}
      </div>
      <Chart {...props} shape={props.phone ? 'phone' : 'wall'} />
    </Row>
  );
}

/** "68%, 26 of 38 calls, last 30 minutes"; of another team or measure first which, and then there is room for no more. */
function brokenBy(alarm: Alarm): string {
  const { count, figure, within } = alarm;
  const whose = whoseOf(alarm);
  if (whose !== null) return whose;
  return [figure, count, within].filter((part) => part !== null).join(', ');
}

/** Whose it is and what is measured, where that is not the row's own. */
function whoseOf({ about, name }: Alarm): string | null {
  const parts = [about, name].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

function beyondText(alarm: Alarm): string {
  return whoseOf(alarm) === null ? `limit ${alarm.limit}` : `${alarm.figure}, limit ${alarm.limit}`;
}

/** So many letters of a state stand beside the figure in their usual size. */
const LOST_LETTERS = 22;

type Lost = Extract<Standing, { kind: 'lost' }>;

function OldRow(props: Filled & { standing: Lost }) {
  const { promised, moments, now, items, standing } = props;
  const { tally } = promised;
  const { asOf, tooOld } = standing;
  const bySource = standing.by === 'source';
  const was = props.alarm?.level === 'critical' && props.alarm.state !== 'recovered' ? props.alarm : null;
  const time =
    asOf === null ? null : asOf < props.snapshot.day.from ? moments.weekday(asOf) : moments.second(asOf);
  return (
    <Row
      state={was === null ? 'is-stale' : 'is-stale was-crit'}
      figure={tooOld ? <Figure kind="none" /> : figureOf(promised)}
      name={props.name}
      aside={<span className="aside asof">{time === null ? 'never heard' : `as of ${time}`}</span>}
    >
      {bySource ? (
        <div className={props.lost.length > LOST_LETTERS ? 'lost is-long' : 'lost'}>
          <Ring whole={false} />
          {props.lost}
        </div>
      ) : null}
      <div className="line">
        <p className="count">{asOf === null ? `no ${items} counted` : lastKnown(promised, items, tooOld)}</p>
        <p className="change">{asOf === null ? null : `${ageText(now - asOf)} old`}</p>
      </div>
      {was === null ? null : (
        <p className="was">
          <LevelMark level="critical" />
          was critical at {moments.minute(asOf ?? was.since)}
        </p>
      )}
      {tally.d > 0 && asOf !== null && !(was !== null && bySource) ? (
        <Chart {...props} asOf={asOf} shape={shapeOf(props.phone, bySource || was !== null)} />
      ) : null}
    </Row>
  );
}

function shapeOf(phone: boolean, small: boolean): ChartShape {
  if (phone) return 'phone';
  return small ? 'wall-lost' : 'wall-old';
}

function lastKnown({ tally, target, minSample }: Promised, items: string, tooOld: boolean): string {
  if (tally.d === 0) return `no ${items} counted`;
  const counted = `${tally.n} of ${tally.d} ${items}`;
  return tooOld && tally.d >= minSample
    ? `was ${percentText(tally, { target })}, ${counted}`
    : `${counted} counted`;
}

function Chart(props: Filled & { shape: ChartShape; asOf?: Instant }) {
  const { name, promised, snapshot, moments, now } = props;
  const until = moments.minute(props.asOf ?? now);
  return (
    <DayChart
      promised={promised}
      axis={snapshot.day.axis}
      now={Math.floor(now / MINUTE) * MINUTE}
      floor={props.floor}
      moments={moments}
      label={`${name}, each half hour of today until ${until}, against the target of ${promised.target}%`}
      shape={props.shape}
      {...(props.asOf === undefined ? {} : { asOf: props.asOf })}
    />
  );
}

function figureOf({ tally, target, minSample }: Promised): ReactNode {
  if (tally.d === 0) return <Figure kind="none" />;
  if (tally.d < minSample) return <Figure kind="few" tally={tally} />;
  return <Figure kind="percent" text={percentText(tally, { target })} />;
}

function Count({ tally, items, minSample }: { tally: Tally; items: string; minSample: number }) {
  if (tally.d === 0) return `no ${items} yet today`;
  if (tally.d < minSample) {
    return (
      <>
        a percentage from <b>{minSample}</b> {items} on
      </>
    );
  }
  return (
    <Fade of={`${tally.n}/${tally.d}`}>
      <b>
        {tally.n} of {tally.d}
      </b>
      <span className="items"> {items}</span>
    </Fade>
  );
}
