import type { SourceHealth } from '../../shared/figure.ts';
import type { View } from '../live.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { Ring } from '../ui/ring.tsx';
import { type Alarm, alarmClass, isCrying } from './alarms.ts';
import type { Moments } from './moments.ts';
import { isWholeOld, wholeAsOf } from './standing.ts';
import { lostFeeds } from './titles.ts';
import { wasText } from './was-critical.tsx';

export interface HeadProps {
  view: View;
  moments: Moments | null;
  /** Those that are drawn as live, the most severe first. */
  alarms?: readonly Alarm[];
  /** Of those without a place of their own, what was critical when its source was last heard. */
  was?: readonly Alarm[];
}

/**
 * Who the board is for, the date, the clock and the ring; a plane when a rule is critical, the data is a demonstration
 * or all of it is old.
 */
export function Head({ view, moments, alarms = [], was = [] }: HeadProps) {
  const { snapshot } = view;
  if (isWholeOld(view)) return <LostHead view={view} moments={moments} />;
  const oldest = oldestOf(alarms.filter(isCrying));
  if (oldest !== null) return <CriticalHead view={view} moments={moments} alarm={oldest} />;
  const demo = snapshot?.demo === true;
  return (
    <header className={demo ? 'head is-demo' : 'head'}>
      <div className={whoClass(view)}>
        {demo ? (
          <b className="notice">Demo data. These are not your customers.</b>
        ) : (
          <>
            <b>{snapshot?.board.name ?? '–'}</b> <span className="place">{snapshot?.board.place}</span>{' '}
            <Beside {...{ view, moments, alarms, was }} />
          </>
        )}
      </div>
      <div className="clock">
        <Clock view={view} moments={moments} />
        <RingState view={view} moments={moments} />
      </div>
    </header>
  );
}

/** So many letters stand in the head in the usual size of a cry. */
const CRY_LETTERS = 27;
const CRY_LETTERS_SMALL = 42;
const CRY_LETTERS_SMALLER = 50;

/** What is critical and since when, on a plane to the edge; of several the oldest. */
function CriticalHead({ view, moments, alarm }: HeadProps & { alarm: Alarm }) {
  const demo = view.snapshot?.demo === true;
  const text = demo ? `Demo: ${alarm.cry}` : alarm.cry;
  return (
    <header className="head is-crit">
      <div className={cryClass(text)}>
        <span>
          <LevelMark level="critical" />
          {text}
        </span>
      </div>
      <div className="clock">
        <Clock view={view} moments={moments} />
        <RingState view={view} moments={moments} />
      </div>
    </header>
  );
}

function cryClass(text: string): string {
  if (text.length > CRY_LETTERS_SMALLER) return 'cry is-longest';
  if (text.length > CRY_LETTERS_SMALL) return 'cry is-longer';
  return text.length > CRY_LETTERS ? 'cry is-long' : 'cry';
}

/** The date, or what has no region of its own on the board and wants to be seen. */
function Beside({ view, moments, alarms, was: [was] }: Required<HeadProps>) {
  // A promise's row says itself that it is back.
  const alarm = alarms.find(
    ({ place, state }) =>
      place === 'head' || (state === 'recovered' && place !== 'calls' && place !== 'emails'),
  );
  if (moments === null || view.now === null) return <span className="date" />;
  if (alarm === undefined && was !== undefined)
    return (
      <span className="beside is-acked is-long">
        {wasText(was, view.snapshot?.mentions?.asOf ?? null, moments)}
      </span>
    );
  if (alarm === undefined) return <span className="date">{moments.day(view.now)}</span>;
  const { level, title, cry, back } = alarm;
  const text = back === null ? cry : `${title}: ${back.toLowerCase()}`;
  return (
    <span className={`beside ${alarmClass(alarm)}${text.length > BESIDE_LETTERS ? ' is-long' : ''}`}>
      {back === null ? <LevelMark level={level} /> : null}
      {text}
    </span>
  );
}

/** So many letters stand in the place of the date in their usual size. */
const BESIDE_LETTERS = 30;

function oldestOf(alarms: readonly Alarm[]): Alarm | null {
  return alarms.reduce<Alarm | null>(
    (oldest, alarm) => (oldest === null || alarm.since < oldest.since ? alarm : oldest),
    null,
  );
}

/** Beside the date there is room for about so many letters of the usual size, and of the smaller one. */
const ROOM = 28;
const ROOM_SMALL = 40;

function whoClass({ snapshot }: View): string {
  if (snapshot === null || snapshot.demo) return 'who';
  const letters = snapshot.board.name.length + (snapshot.board.place?.length ?? 0);
  return letters > ROOM_SMALL ? 'who is-longest' : letters > ROOM ? 'who is-long' : 'who';
}

function LostHead({ view, moments }: HeadProps) {
  const demo = view.snapshot?.demo === true;
  return (
    <header className="head is-stale">
      <div className="cry" role="alert">
        <span>
          <Ring whole={false} />
          {sinceText(view, moments)}
        </span>
      </div>
      <div className="clock">
        <Clock view={view} moments={moments} />
        <span className="live">{demo ? 'Demo, retrying' : 'Retrying'}</span>
      </div>
    </header>
  );
}

function sinceText(view: View, moments: Moments | null): string {
  const { snapshot } = view;
  const asOf = wholeAsOf(view);
  if (asOf === null || moments === null || snapshot === null) return 'No connection yet';
  const what = view.truth === 'not-saving' ? 'Not saving' : 'Not live';
  const isToday = asOf >= snapshot.day.from && asOf < snapshot.day.to;
  return isToday ? `${what} since ${moments.second(asOf)}` : what;
}

function Clock({ view, moments }: HeadProps) {
  if (view.now === null || moments === null) return <time>–</time>;
  const text = moments.second(view.now);
  return (
    <time>
      {text.slice(0, 5)}
      <i>{text.slice(5)}</i>
    </time>
  );
}

function RingState({ view, moments }: HeadProps) {
  if (view.snapshot === null) return <span className="live">Connecting</span>;
  const { demo, sources } = view.snapshot;
  const lost = lostFeeds(view.snapshot, 'lost');
  const late = lostFeeds(view.snapshot, 'late');
  if (lost.length > 0) return <State tone="is-lost" whole={false} text={namesOf(lost, 'lost')} />;
  if (late.length > 0) return <State tone="" whole={false} text={namesOf(late, 'late')} />;
  if (demo) return <State tone="" whole text="Demo" />;
  if (sources.length === 0) return <State tone="" whole={false} text="Not set up" />;
  if (sources.some(isNew)) return <State tone="" whole={false} text="Connecting" />;
  const pushed = sources
    .filter((source) => source.state === 'heard')
    .flatMap((source) => source.heardAt ?? []);
  if (pushed.length > 0 && moments !== null)
    return <State tone="" whole text={`Heard ${moments.minute(Math.min(...pushed))}`} />;
  return <State tone="" whole text="Live" />;
}

function State({ tone, whole, text }: { tone: string; whole: boolean; text: string }) {
  return (
    <span className={`live ${tone}`} role="status">
      <Ring whole={whole} />
      {text}
    </span>
  );
}

/** A source that never connected since the start has nothing that could be old, and is not live either. */
function isNew(source: SourceHealth): boolean {
  return source.state === 'waiting' && source.heardAt === null;
}

function namesOf(feeds: string[], what: 'lost' | 'late'): string {
  return feeds.length === 1 ? `${feeds[0]} ${what}` : `${feeds.length} links ${what}`;
}
