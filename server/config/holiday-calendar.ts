import type { Complaint } from './complaint.ts';
import type { Document } from './document.ts';

/** Says of an ISO local date whether the site is closed for a holiday. */
export type IsHoliday = (date: string) => boolean;

/**
 * The public holidays of a calendar such as `US-NY` (date-holidays), with the site's own closed and open days; or what
 * is wrong with its name. The package is loaded only when a calendar is named.
 */
export async function holidayCalendar(
  name: string,
  closed: readonly string[],
  open: readonly string[],
  document: Document,
): Promise<IsHoliday | Complaint> {
  const { default: Holidays } = await import('date-holidays');
  const [country = '', state, region] = name.split('-');
  const path = ['site', 'holiday_calendar'];
  const list = new Holidays();
  if (!Object.hasOwn(list.getCountries('en'), country))
    return document.complaint(
      path,
      `names no country whose holidays are known: write its two letters, e.g. US or GB, or list the dates under holidays.`,
    );
  const states: object = list.getStates(country, 'en') ?? {};
  if (state !== undefined && !Object.hasOwn(states, state))
    return document.complaint(path, unknownPart(country, states));
  const regions: object = state === undefined ? {} : (list.getRegions(country, state, 'en') ?? {});
  if (state !== undefined && region !== undefined && !Object.hasOwn(regions, region))
    return document.complaint(path, unknownPart(`${country}-${state}`, regions));
  const where = {
    country,
    ...(state === undefined ? {} : { state }),
    ...(region === undefined ? {} : { region }),
  };
  const holidays = new Holidays(where, { types: ['public'] });
  const extra = new Set(closed);
  const working = new Set(open);
  const years = new Map<number, Set<string>>();
  return (date) => {
    if (extra.has(date)) return true;
    if (working.has(date)) return false;
    const year = Number(date.slice(0, 4));
    let dates = years.get(year);
    if (dates === undefined) {
      dates = new Set(holidays.getHolidays(year).flatMap(datesOf));
      years.set(year, dates);
    }
    return dates.has(date);
  };
}

/** The whole local days of a holiday; most have one, some have an afternoon before. */
function datesOf({ date, start, end }: { date: string; start: Date; end: Date }): string[] {
  const days = Math.max(1, Math.floor((end.getTime() - start.getTime()) / 86_400_000));
  const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  return Array.from({ length: days }, (_, i) => new Date(first + i * 86_400_000).toISOString().slice(0, 10));
}

function unknownPart(country: string, parts: object): string {
  const known = Object.keys(parts);
  return known.length === 0
    ? `has no parts in ${country}: write ${country}.`
    : `names no part of ${country}: write ${country} alone, or one of ${known.map((part) => `${country}-${part}`).join(', ')}.`;
}
