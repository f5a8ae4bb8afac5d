import type { Change } from '../../shared/figure.ts';
import { dayOfDate, daysBetween, weekdayOfDate } from './moments.ts';

/** "up 3 on last Tuesday": the day compared with is underlined in the stroke of its own line, which is the whole legend. */
export function ChangeWords({ change, date, today }: { change: Change; date: string; today: string }) {
  const day = (
    <span className="key">
      {daysBetween(date, today) === 7 ? `last ${weekdayOfDate(date)}` : dayOfDate(date)}
    </span>
  );
  switch (change.kind) {
    case 'up':
    case 'down':
      return (
        <>
          {change.kind} <b>{change.points}</b> on {day}
        </>
      );
    case 'level':
      return <>level with {day}</>;
    case 'about':
      return <>about as {day}</>;
  }
}
