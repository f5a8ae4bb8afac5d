import { z } from 'zod';
import { mustBe, settings } from './values.ts';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const weekdayError = mustBe('a day of the week: mon, tue, wed, thu, fri, sat or sun');
const timeError = mustBe('a time of day in quotes, e.g. "07:00"');

/** When the weekly summary is sent. */
export const reportSettings = settings(
  {
    weekday: z.enum(weekdays, { error: weekdayError }).default('mon'),
    at: z
      .string({ error: timeError })
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: timeError })
      .default('07:00'),
  },
  'weekday: mon',
);

/** Site time. `weekday` 0 is Monday; `minute` counts from midnight. */
export interface ReportTime {
  weekday: number;
  minute: number;
}

/** Without a word about it: Monday at seven. */
export function reportTimeOf({ weekday, at } = reportSettings.parse({})): ReportTime {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  return { weekday: weekdays.indexOf(weekday), minute: 60 * hours + minutes };
}
