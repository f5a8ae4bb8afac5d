import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Snapshot } from '../../shared/figure.ts';
import { MINUTE } from '../../shared/time.ts';
import type { Live, View } from '../live.ts';
import { useMedia } from '../ui/use-media.ts';
import { useStillCursor } from '../ui/use-still-cursor.ts';
import { useWakeLock } from '../ui/use-wake-lock.ts';
import { AlarmRegions } from './alarm-regions.tsx';
import { type Alarm, alarmsOf, behindOthers, criticalAt, isCrying, ticking } from './alarms.ts';
import { CallsRow, EmailsRow } from './both-promises.tsx';
import { Chime } from './chime.tsx';
import { floorOf } from './day-lines.ts';
import { Head } from './head.tsx';
import { Instruction } from './instruction.tsx';
import { Longest } from './longest.tsx';
import { Mentions } from './mentions.tsx';
import { createMoments, type Moments } from './moments.ts';
import { NothingLive } from './nothing-live.tsx';
import { NowRow } from './now-row.tsx';
import { InHand } from './phone/in-hand.tsx';
import { Quote } from './quote.tsx';
import { isWholeOld, standingOf, wholeAsOf } from './standing.ts';
import { lostWords, titleOf } from './titles.ts';

/** Nothing is drawn for this long, then labels and rules. */
const BLANK_MS = 400;
const ORBIT_EVERY_MS = 2 * MINUTE;
/** Eight points round the middle, and how far they lie from it. */
const ORBIT = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const;
const ORBIT_REM = 0.2;

/** The whole wall, from one view of the last snapshot. */
export function Board({ live }: { live: Live }) {
  const view = useSyncExternalStore(live.subscribe, live.view);
  const title = titleOf(view);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useWakeLock();
  useStillCursor();
  if (view.snapshot === null && view.waitedMs < BLANK_MS) return null;
  return (
    <>
      <h1 className="sr">{title}</h1>
      <Regions view={view} />
    </>
  );
}

function Regions({ view }: { view: View }) {
  const { snapshot, now } = view;
  const phone = useMedia('(max-width: 699.98px)');
  const zone = snapshot?.zone ?? null;
  const moments = useMemo(() => (zone === null ? null : createMoments(zone)), [zone]);
  const promises = [snapshot?.emails?.withinHour, snapshot?.calls?.firstRing].filter(
    (promise) => promise !== undefined,
  );
  const gone = isWholeOld(view);
  const knownTo = gone ? wholeAsOf(view) : now;
  const { alarms, current, was } = alarmsIn(view, moments);
  const shared = { view, moments, phone, alarms, floor: knownTo === null ? 70 : floorOf(promises, knownTo) };
  const time =
    now === null || moments === null || snapshot === null ? null : { now, moments, today: snapshot.day.date };
  const phones = standingOf(view, snapshot?.calls?.firstRing ?? null);
  const said = standingOf(view, snapshot?.mentions ?? null);

  const head = (
    <Head key="head" view={view} moments={moments} alarms={phone ? [] : current} was={phone ? [] : was} />
  );
  const emails = <EmailsRow key="emails" {...shared} />;
  const calls = <CallsRow key="calls" {...shared} />;
  const mentions = (
    <Mentions
      key="mentions"
      mentions={snapshot?.mentions ?? null}
      standing={said}
      gone={lostWords(snapshot?.sources ?? [], 'mentions', '')}
      time={time}
      phone={phone}
    />
  );
  const critical = current.find(isCrying);
  const quote =
    critical === undefined || phone ? (
      <Quote key="quote" quote={snapshot?.quote ?? null} moments={moments} today={time?.today ?? ''} />
    ) : (
      <Instruction key="quote" alarm={critical} also={behindOthers(current)} />
    );
  const longest = <Longest key="longest" longest={snapshot?.longest ?? null} time={time} standing={phones} />;
  const needed = <Needed key="now" {...{ view, moments, alarms, current, phone }} />;
  const closed = snapshot !== null && !snapshot.day.open && !gone;
  return (
    <>
      <AlarmRegions alarms={current} />
      <main className={closed ? 'board is-closed' : 'board'} style={phone ? undefined : orbit(now)}>
        {phone
          ? [
              head,
              <InHand key="alarms" {...{ alarms: current, was, view, moments }} />,
              needed,
              emails,
              calls,
              longest,
              mentions,
              quote,
            ]
          : [head, emails, mentions, calls, needed, quote, longest]}
      </main>
      {snapshot?.chime && time !== null ? (
        <Chime
          chime={snapshot.chime}
          board={snapshot.board.id}
          critical={gone ? null : soundingIn(current)}
          {...time}
        />
      ) : null}
    </>
  );
}

type NeededProps = Pick<AlarmsIn, 'alarms' | 'current'> & {
  view: View;
  moments: Moments | null;
  phone: boolean;
};

/** What needs a person now, or why that is not known. */
function Needed({ view, moments, alarms, current, phone }: NeededProps) {
  const { snapshot, now } = view;
  if (isWholeOld(view)) return <NothingLive view={view} moments={moments} alarms={alarms} />;
  if (snapshot === null || now === null || moments === null) return <section className="now" />;
  return <NowRow {...snapshot} {...{ alarms, current, phone, now, moments }} />;
}

interface AlarmsIn {
  alarms: readonly Alarm[];
  /** Those that are drawn as live. */
  current: readonly Alarm[];
  /** Those that were critical when their source was last heard, and have no place of their own. */
  was: readonly Alarm[];
}

function alarmsIn(view: View, moments: Moments | null): AlarmsIn {
  const { snapshot, now } = view;
  if (snapshot === null || moments === null) return { alarms: [], current: [], was: [] };
  const waitingSince = snapshot.calls?.live?.longestWaitingSince ?? null;
  const alarms = alarmsOf(snapshot, moments).map((alarm) => ticking(alarm, waitingSince, now ?? snapshot.at));
  const current = isWholeOld(view) ? [] : alarms.filter((alarm) => isCurrent(alarm, snapshot));
  const was = criticalAt(alarms, ['head']).filter((alarm) => !current.includes(alarm));
  return { alarms, current, was };
}

/** Hollow wins: what its feed no longer tells of is drawn as old, and cries no more. */
function isCurrent({ feed }: Alarm, { calls, emails, mentions }: Snapshot): boolean {
  if (feed === 'phones') return calls?.firstRing.feed !== 'lost';
  if (feed === 'emails') return emails?.withinHour.feed !== 'lost';
  return feed === null || mentions?.feed !== 'lost';
}

function soundingIn(alarms: readonly Alarm[]): string[] {
  return alarms.filter((alarm) => isCrying(alarm) && alarm.chime).map(({ id }) => id);
}

/** The step of the pixel orbit, against burn-in. */
function orbit(now: number | null): React.CSSProperties {
  const step = ORBIT[Math.floor((now ?? 0) / ORBIT_EVERY_MS) % ORBIT.length] ?? ORBIT[0];
  return { translate: `${step[0] * ORBIT_REM}rem ${step[1] * ORBIT_REM}rem` };
}
