import { z } from 'zod';
import { WEEKDAYS, type Weekday, type WeeklyHours } from '../judge/weekly-hours.ts';
import { didYouMean } from './complaint.ts';

/** More opening times than this in one day are a mistake. */
const OPENINGS_MAX = 6;

const example = 'always, or days with their times, e.g. mon-fri: ["08:00-18:00"]';

const weekdays: readonly string[] = WEEKDAYS;

/** `always`, or opening times by day or range of days; a day that is not named is closed. */
export const hours: z.ZodType<WeeklyHours> = z.unknown().transform((input, context): WeeklyHours => {
  if (input === 'always') return 'always';
  const weekly = new Map<Weekday, [string, string][]>();
  let right = true;
  const wrong = (path: PropertyKey[], message: string): void => {
    right = false;
    context.addIssue({ code: 'custom', path, message });
  };
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    wrong([], input === undefined ? `is missing: it must be ${example}.` : `must be ${example}.`);
    return z.NEVER;
  }
  for (const [key, times] of Object.entries(input)) {
    const days = daysOf(key);
    if (days === null) {
      const near = didYouMean(key, WEEKDAYS);
      wrong(
        [key],
        `is no day: write ${WEEKDAYS.join(', ')} or a range such as mon-fri.${near === null ? '' : ` Did you mean ${near}?`}`,
      );
      continue;
    }
    const openings = openingsOf(times);
    if (typeof openings === 'string') wrong([key], openings);
    for (const day of days) {
      if (weekly.has(day)) wrong([key], `gives ${day} twice: name each day once.`);
      weekly.set(day, typeof openings === 'string' ? [] : openings);
    }
  }
  if (right && [...weekly.values()].every((openings) => openings.length === 0))
    wrong([], `opens on no day: write ${example}.`);
  return { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [], ...Object.fromEntries(weekly) };
});

function daysOf(key: string): Weekday[] | null {
  const [first, last, ...more] = key.split('-').map((day) => weekdays.indexOf(day));
  if (first === undefined || first === -1 || last === -1 || more.length > 0) return null;
  const days = WEEKDAYS.slice(first, (last ?? first) + 1);
  return days.length === 0 ? null : days;
}

/** The openings of one day in order, or what is wrong with them. */
function openingsOf(times: unknown): [string, string][] | string {
  const list: unknown = typeof times === 'string' ? [times] : times;
  const shape =
    'must be a list of opening times from 00:00 to 24:00 in quotes, e.g. ["08:00-12:00", "13:00-18:00"], or [] when closed.';
  if (!Array.isArray(list) || list.length > OPENINGS_MAX) return shape;
  const openings: [string, string][] = [];
  for (const entry of list) {
    const [, from, to] =
      /^((?:[01]\d|2[0-3]):[0-5]\d) ?[-–] ?((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/.exec(String(entry)) ?? [];
    if (from === undefined || to === undefined) return shape;
    if (from >= to)
      return `opens at ${from} and closes at ${to}: close later than you open; hours past midnight go on the next day, from 00:00.`;
    openings.push([from, to]);
  }
  openings.sort(([a], [b]) => a.localeCompare(b));
  const overlap = openings.find(([from], i) => i > 0 && from < (openings[i - 1]?.[1] ?? ''));
  return overlap === undefined
    ? openings
    : `opens at ${overlap[0]} while it is still open: join the two times into one.`;
}
