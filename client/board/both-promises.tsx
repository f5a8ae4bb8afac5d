import type { CallsNow, EmailsNow } from '../../shared/figure.ts';
import { percentText } from '../../shared/percent.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import type { View } from '../live.ts';
import { type Alarm, alarmAt } from './alarms.ts';
import { allowedText } from './lengths.ts';
import type { Moments } from './moments.ts';
import { PromiseRow } from './promise-row.tsx';
import { standingOf } from './standing.ts';
import { lostWords } from './titles.ts';

interface Shared {
  view: View;
  moments: Moments | null;
  floor: number;
  phone: boolean;
  alarms: readonly Alarm[];
}

/** Emails within the hour, with the clock they run by and how many are open. */
export function EmailsRow({ view, alarms, ...shared }: Shared) {
  const emails = view.snapshot?.emails ?? null;
  return (
    <PromiseRow
      {...shared}
      alarm={alarmAt(alarms, 'emails')}
      name={emailsName(emails)}
      items="emails"
      promised={emails?.withinHour ?? null}
      standing={standingOf(view, emails?.withinHour ?? null)}
      snapshot={view.snapshot}
      now={view.now}
      clock={emails?.clock === 'calendar' ? 'today, around the clock' : 'today, opening hours'}
      beside={emails?.live ? `${emails.live.open} open` : null}
      connect="Connect a mailbox to measure this promise."
      lost={lostWords(view.snapshot?.sources ?? [], 'emails', 'Mailbox not connected')}
    />
  );
}

/** Calls on the first ring, beside the service level: what the caller's own wait was. */
export function CallsRow({ view, alarms, ...shared }: Shared) {
  const calls = view.snapshot?.calls ?? null;
  return (
    <PromiseRow
      {...shared}
      alarm={alarmAt(alarms, 'calls')}
      name="Calls on the first ring"
      items="calls"
      promised={calls?.firstRing ?? null}
      standing={standingOf(view, calls?.firstRing ?? null)}
      snapshot={view.snapshot}
      now={view.now}
      clock={calls?.autoAnswer === true ? 'today, auto-answer' : 'today, from phone ringing'}
      beside={calls === null ? null : serviceLevelText(calls)}
      connect="Connect phones to measure this promise."
      lost={lostWords(view.snapshot?.sources ?? [], 'phones', 'Phones not connected')}
      plain={calls?.autoAnswer === true}
    />
  );
}

function emailsName(emails: EmailsNow | null): string {
  const withinMs = emails?.withinHour.withinMs ?? HOUR;
  if (withinMs === HOUR) return 'Emails within the hour';
  return withinMs % HOUR === 0
    ? `Emails within ${withinMs / HOUR} hours`
    : `Emails within ${withinMs / MINUTE} min`;
}

function serviceLevelText({ serviceLevel, firstRing }: CallsNow): string | null {
  const { tally, target, withinMs } = serviceLevel;
  if (tally.d === 0) return null;
  const figure = tally.d < firstRing.minSample ? `${tally.n} of ${tally.d}` : percentText(tally, { target });
  return `${figure} within ${allowedText(withinMs)}`;
}
