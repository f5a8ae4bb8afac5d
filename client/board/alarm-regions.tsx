import type { Alarm } from './alarms.ts';

/** What is read out: critical alerts at once, everything else about alerts when there is a pause. Counts never are. */
export function AlarmRegions({ alarms }: { alarms: readonly Alarm[] }) {
  const critical = alarms.filter(({ level, state }) => level === 'critical' && state === 'firing');
  const others = alarms.filter((alarm) => !critical.includes(alarm));
  return (
    <>
      <div className="sr" role="alert">
        {critical.map((alarm) => (
          <p key={alarm.id}>{wordsOf(alarm)}</p>
        ))}
      </div>
      <div className="sr" role="status">
        {others.map((alarm) => (
          <p key={alarm.id}>{wordsOf(alarm)}</p>
        ))}
      </div>
    </>
  );
}

/** Without the figure, which changes all the time and would be read anew each time. */
function wordsOf({ cry, words, says, back, acked }: Alarm): string {
  if (back !== null) return `${words}: ${back}.`;
  if (acked !== null) return `${cry}, acknowledged by ${acked.by}.`;
  return `${cry}: ${words}. ${says}`;
}
