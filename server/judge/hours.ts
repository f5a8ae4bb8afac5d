import { Temporal } from 'temporal-polyfill';
import type { Instant, Span } from '../../shared/time.ts';
import { parseHours, type WeeklyHours } from './weekly-hours.ts';

/** Opening hours as instants: weekly local intervals, holidays, IANA zone, DST. */
export interface Calendar {
  readonly zone: string;
  /** True when every instant is open. */
  readonly always: boolean;
  isOpen(at: Instant): boolean;
  /** The earliest instant at which `openMs` of open time has passed since `from`; Infinity when it never will. */
  addOpen(from: Instant, openMs: number): Instant;
  /** Open time inside [from, to). */
  openBetween(from: Instant, to: Instant): number;
  /** The next opening at or after `at`; `at` itself while open; null when there is none in the next 400 days. */
  opensAt(at: Instant): Instant | null;
  /** Open spans that touch the given one, in order, cut to it. */
  spans(span: Span): Span[];
  /** Is this ISO local date a holiday? */
  isHoliday(date: string): boolean;
  /** The end of the local day with which `openDays` open days beyond the local day of `from` have passed. */
  addOpenDays(from: Instant, openDays: number): Instant;
}

export interface CalendarNeeds {
  /** IANA zone. */
  zone: string;
  weekly: WeeklyHours;
  /** ISO local dates, closed all day. */
  holidays: readonly string[] | ((date: string) => boolean);
}

const DAY_MS = 86_400_000;
/** A search that meets no open time for so long ends: the calendar never opens again. */
const SEARCH_DAYS = 400;
/** Days kept in memory, about five years. */
const CACHE_DAYS = 2_000;

/** Open time of one UTC day, and the local days that touch it. */
interface Slice {
  open: Span[];
  days: LocalDay[];
}

interface LocalDay extends Span {
  date: string;
}

/**
 * A calendar of weekly local hours. Opening is inclusive, closing exclusive. In the hour that DST skips both are
 * pushed forward; in the hour that it repeats, opening is the first and closing the second. 24:00 is the next
 * midnight. Each UTC day is worked out once and remembered.
 * @throws RangeError for times that are not HH:MM or do not close after they open, and for an unknown zone.
 */
export function createCalendar({ zone, weekly, holidays }: CalendarNeeds): Calendar {
  const isHoliday = typeof holidays === 'function' ? holidays : holdsOf(new Set(holidays));
  const always = weekly === 'always' && typeof holidays !== 'function' && holidays.length === 0;
  const hoursOf = parseHours(zone, weekly);
  const openSpansOf = (date: Temporal.PlainDate): Span[] => (isHoliday(date.toString()) ? [] : hoursOf(date));
  const sliceAt = remembered((index) => sliceOf(index, zone, openSpansOf));

  const isOpen = (at: Instant): boolean =>
    always || sliceAt(indexOf(at)).open.some((span) => at >= span.from && at < span.to);

  const opensAt = (at: Instant): Instant | null => {
    if (always) return at;
    for (let index = indexOf(at), last = index + SEARCH_DAYS; index <= last; index++) {
      for (const span of sliceAt(index).open) if (span.to > at) return Math.max(at, span.from);
    }
    return null;
  };

  const spans = (span: Span): Span[] => {
    if (span.to <= span.from) return [];
    if (always) return [{ ...span }];
    const found: Span[] = [];
    for (let index = indexOf(span.from); index * DAY_MS < span.to; index++) {
      for (const open of sliceAt(index).open) {
        const from = Math.max(open.from, span.from);
        const to = Math.min(open.to, span.to);
        if (from < to) join(found, { from, to });
      }
    }
    return found;
  };

  return {
    zone,
    always,
    isOpen,
    addOpen: (from, openMs) => (always ? from + openMs : addOpen(sliceAt, from, openMs)),
    openBetween: (from, to) =>
      always
        ? Math.max(0, to - from)
        : spans({ from, to }).reduce((sum, span) => sum + span.to - span.from, 0),
    opensAt,
    spans,
    isHoliday,
    addOpenDays: createOpenDays(zone, sliceAt, (date) => openSpansOf(date).length > 0),
  };
}

function holdsOf(dates: ReadonlySet<string>): (date: string) => boolean {
  return (date) => dates.has(date);
}

function indexOf(at: Instant): number {
  return Math.floor(at / DAY_MS);
}

/** Works each day out once; forgets the one worked out first when it holds too many. */
function remembered(make: (index: number) => Slice): (index: number) => Slice {
  const slices = new Map<number, Slice>();
  return (index) => {
    let slice = slices.get(index);
    if (slice === undefined) {
      slice = make(index);
      const [oldest] = slices.size >= CACHE_DAYS ? slices.keys() : [];
      if (oldest !== undefined) slices.delete(oldest);
      slices.set(index, slice);
    }
    return slice;
  };
}

/** The open time of one UTC day, from every local day whose hours can reach into it. */
function sliceOf(index: number, zone: string, openSpansOf: (date: Temporal.PlainDate) => Span[]): Slice {
  const slice = { from: index * DAY_MS, to: (index + 1) * DAY_MS };
  const first = Temporal.Instant.fromEpochMilliseconds(slice.from).toZonedDateTimeISO(zone).toPlainDate();
  const open: Span[] = [];
  const days: LocalDay[] = [];
  let date = first.subtract({ days: 1 });
  for (let from = startOf(date, zone); from < slice.to; ) {
    for (const span of openSpansOf(date)) {
      const part = { from: Math.max(span.from, slice.from), to: Math.min(span.to, slice.to) };
      if (part.from < part.to) open.push(part);
    }
    const next = date.add({ days: 1 });
    const to = startOf(next, zone);
    if (to > slice.from) days.push({ date: date.toString(), from, to });
    date = next;
    from = to;
  }
  open.sort((a, b) => a.from - b.from);
  const joined: Span[] = [];
  for (const span of open) join(joined, span);
  return { open: joined, days };
}

function startOf(date: Temporal.PlainDate, zone: string): Instant {
  return date.toZonedDateTime(zone).epochMilliseconds;
}

/** Appends a span that starts no earlier than the last one, as part of it where they touch. */
function join(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
  else spans.push({ ...span });
}

/** Time used up exactly at closing ends at that closing, not at the next opening. */
function addOpen(sliceAt: (index: number) => Slice, from: Instant, openMs: number): Instant {
  if (openMs <= 0) return from;
  if (!Number.isFinite(from) || !Number.isFinite(openMs)) return Number.POSITIVE_INFINITY;
  let left = openMs;
  let closedDays = 0;
  for (let index = indexOf(from); closedDays <= SEARCH_DAYS; index++) {
    closedDays += 1;
    for (const span of sliceAt(index).open) {
      if (span.to <= from) continue;
      const start = Math.max(span.from, from);
      if (span.to - start >= left) return start + left;
      left -= span.to - start;
      closedDays = 0;
    }
  }
  return Number.POSITIVE_INFINITY;
}

/** Counts open local days; the answer depends on the local day alone, so it is remembered by that. */
function createOpenDays(
  zone: string,
  sliceAt: (index: number) => Slice,
  isOpenDay: (date: Temporal.PlainDate) => boolean,
): (from: Instant, openDays: number) => Instant {
  const known = new Map<string, Instant>();
  return (from, openDays) => {
    if (!Number.isFinite(from)) return Number.POSITIVE_INFINITY;
    const day = sliceAt(indexOf(from)).days.find(({ from: start, to }) => from >= start && from < to);
    if (day === undefined) throw new RangeError(`no local day of ${zone} holds ${from}`);
    const key = `${openDays} ${day.date}`;
    let end = known.get(key);
    if (end === undefined) {
      end = endOfOpenDays(Temporal.PlainDate.from(day.date), openDays, zone, isOpenDay);
      if (known.size >= CACHE_DAYS) known.clear();
      known.set(key, end);
    }
    return end;
  };
}

function endOfOpenDays(
  start: Temporal.PlainDate,
  openDays: number,
  zone: string,
  isOpenDay: (date: Temporal.PlainDate) => boolean,
): Instant {
  let date = start;
  let left = openDays;
  for (let closedDays = 0; left > 0; ) {
    date = date.add({ days: 1 });
    closedDays += 1;
    if (closedDays > SEARCH_DAYS) return Number.POSITIVE_INFINITY;
    if (!isOpenDay(date)) continue;
    left -= 1;
    closedDays = 0;
  }
  return startOf(date.add({ days: 1 }), zone);
}
