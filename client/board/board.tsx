import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { MINUTE } from '../../shared/time.ts';
import type { Live, View } from '../live.ts';
import { useMedia } from '../ui/use-media.ts';
import { useStillCursor } from '../ui/use-still-cursor.ts';
import { useWakeLock } from '../ui/use-wake-lock.ts';
import { CallsRow, EmailsRow } from './both-promises.tsx';
import { floorOf } from './day-lines.ts';
import { Head } from './head.tsx';
import { Longest } from './longest.tsx';
import { Mentions } from './mentions.tsx';
import { createMoments } from './moments.ts';
import { NothingLive } from './nothing-live.tsx';
import { NowRow } from './now-row.tsx';
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
  const shared = { view, moments, phone, floor: knownTo === null ? 70 : floorOf(promises, knownTo) };
  const time =
    now === null || moments === null || snapshot === null ? null : { now, moments, today: snapshot.day.date };
  const phones = standingOf(view, snapshot?.calls?.firstRing ?? null);
  const said = standingOf(view, snapshot?.mentions ?? null);

  const head = <Head key="head" view={view} moments={moments} />;
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
  const quote = (
    <Quote key="quote" quote={snapshot?.quote ?? null} moments={moments} today={time?.today ?? ''} />
  );
  const longest = <Longest key="longest" longest={snapshot?.longest ?? null} time={time} standing={phones} />;
  const needed = gone ? (
    <NothingLive key="now" view={view} moments={moments} />
  ) : snapshot === null || time === null ? (
    <section className="now" key="now" />
  ) : (
    <NowRow key="now" {...snapshot} now={time.now} moments={time.moments} phone={phone} />
  );
  const closed = snapshot !== null && !snapshot.day.open && !gone;
  return (
    <main className={closed ? 'board is-closed' : 'board'} style={phone ? undefined : orbit(now)}>
      {phone
        ? [head, needed, emails, calls, longest, mentions, quote]
        : [head, emails, mentions, calls, needed, quote, longest]}
    </main>
  );
}

/** The step of the pixel orbit, against burn-in. */
function orbit(now: number | null): React.CSSProperties {
  const step = ORBIT[Math.floor((now ?? 0) / ORBIT_EVERY_MS) % ORBIT.length] ?? ORBIT[0];
  return { translate: `${step[0] * ORBIT_REM}rem ${step[1] * ORBIT_REM}rem` };
}
