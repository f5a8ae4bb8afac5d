import { HOUR, type Instant, QUARTER_HOUR, type Span } from '../../shared/time.ts';
import { localDayOf } from '../judge/local-day.ts';

/** An hour of a weekday in a period; dates are ISO local dates, `toDate` the last day, included. */
export interface Cell {
  /** 0 is Monday. */
  weekday: number;
  hour: number;
  fromDate: string;
  toDate: string;
}

const DAY_MS = 24 * HOUR;

/** The stretches of time that make up a cell of the heatmap: quarter-hours whose local hour it is, twice where that is. */
export function cellSpans({ weekday, hour, fromDate, toDate }: Cell, zone: string): Span[] {
  const spans: Span[] = [];
  const hourOf = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: zone });
  const isOfHour = (at: Instant): boolean => Number(hourOf.format(at)) === hour;
  const first = Date.parse(`${fromDate}T00:00:00Z`);
  const last = Date.parse(`${toDate}T00:00:00Z`);
  // 1970-01-01 was a Thursday.
  const daysTo = (((weekday - 3 - first / DAY_MS) % 7) + 7) % 7;
  for (let date = first + daysTo * DAY_MS; date <= last; date += 7 * DAY_MS) {
    const day = localDayOf(new Date(date).toISOString().slice(0, 10), zone);
    const plain = day.from + hour * HOUR;
    if (day.to - day.from === DAY_MS && isOfHour(plain) && isOfHour(plain + HOUR - 1)) {
      spans.push({ from: plain, to: plain + HOUR });
      continue;
    }
    for (let at = day.from; at < day.to; at += QUARTER_HOUR) if (isOfHour(at)) addQuarter(spans, at);
  }
  return spans;
}

function addQuarter(spans: Span[], at: Instant): void {
  const last = spans.at(-1);
  if (last?.to === at) last.to = at + QUARTER_HOUR;
  else spans.push({ from: at, to: at + QUARTER_HOUR });
}
