import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../shared/time.ts';

/** Site time. `weekday` 0 is Monday; `minute` counts from midnight. */
export interface DueTime {
  weekday: number;
  minute: number;
}

/** A week that is told of, Monday to Sunday, as ISO local dates. */
export interface ReportWeek {
  from: string;
  to: string;
  /** When its summary is due. */
  dueAt: Instant;
  /** When that of the week after is. */
  nextDueAt: Instant;
}

/**
 * The last week whose summary is due at `now`: the one before the week in which that moment lies. Where the clock skips the
 * time of day it is due as much later, where it has it twice at the first.
 */
export function reportWeek(now: Instant, zone: string, due: DueTime): ReportWeek {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  const dueIn = (week: Temporal.PlainDate): Instant =>
    week
      .add({ days: due.weekday })
      .toPlainDateTime({ hour: Math.floor(due.minute / 60), minute: due.minute % 60 })
      .toZonedDateTime(zone).epochMilliseconds;
  const dueMonday = dueIn(monday) <= now ? monday : monday.subtract({ days: 7 });
  return {
    from: dueMonday.subtract({ days: 7 }).toString(),
    to: dueMonday.subtract({ days: 1 }).toString(),
    dueAt: dueIn(dueMonday),
    nextDueAt: dueIn(dueMonday.add({ days: 7 })),
  };
}
