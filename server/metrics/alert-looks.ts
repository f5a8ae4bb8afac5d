import { type AlertWindow, metricShape, type SavedRule } from '../../shared/alert.ts';
import { entryOf } from '../../shared/entry-of.ts';
import type { Feed, FigureId, Scope, Tally } from '../../shared/figure.ts';
import { type Instant, QUARTER_HOUR, quarterOf, SECOND, type Span } from '../../shared/time.ts';
import type { Calendar } from '../judge/hours.ts';
import { baselineSpan } from '../judge/local-day.ts';
import { type Rules, teamRulesOf } from '../judge/rules.ts';
import type { AlertTracks } from './alert-tracks.ts';
import { createHoursWatch, type HoursWatch } from './hours-watch.ts';
import { createMeter, type Meter } from './meter.ts';
import { type OpenMetric, openGauge } from './open-gauge.ts';
import { nextOpenChangeAt } from './open-items.ts';

/** Items that stand in for the short window of a burn rate with too few of them. */
const SHORT_ITEMS = 10;
/** The short window of a burn rate is a twelfth of the long one. */
const SHORT_PART = 12;

/** What one rule looks at. */
export interface Look {
  /** At an instant; `closed` outside the hours in which the rule holds; null while it is not there yet. */
  read(at: Instant): { pairs: readonly Tally[]; stale: boolean } | 'closed' | null;
  /** Another number whenever a fact may have changed what is read. */
  version(): number;
  /** The next instant after `at` at which time alone changes what is read; Infinity when there is none. */
  nextChangeAt(at: Instant): Instant;
  /** What is read grows by a millisecond each millisecond, from one change to the next. */
  rises: boolean;
}

export interface LooksNeeds {
  tracks: AlertTracks;
  rules: Rules;
  dayOf: (at: Instant) => Span;
  /** Whether what feeds a scope is lost, or nothing can be saved. */
  isLost: (scope: Scope, feed: Feed, now: Instant) => boolean;
  /** Up to when a source is known. */
  readAt: (source: string, now: Instant) => Instant;
  /** How long a source has been silent, a board dark; null where that is not known, 0 while it is well. */
  silentMs: (source: string | null, now: Instant) => number | null;
  darkMs: (board: string | null, now: Instant) => number | null;
}

/** Makes what rules look at; rules of one scope, figure and window share one meter. */
export function createLooks(needs: LooksNeeds): (rule: SavedRule) => Look {
  const { tracks, rules, dayOf, readAt } = needs;
  const meters = new Map<string, Meter>();
  const meterOf = (scope: Scope, figure: FigureId, window: AlertWindow, use = ''): Meter =>
    entryOf(meters, `${use} ${figure} ${JSON.stringify(window)} ${scope}`, () =>
      createMeter({ track: () => tracks.track(scope, figure), window, readAt, dayOf }),
    );
  const watches = new Map<Calendar, HoursWatch>();
  const openNext = rememberNext(needs);
  return (rule) => {
    const calendar = calendarOf(rules, rule.scope);
    const hours = entryOf(watches, calendar, () => createHoursWatch([calendar]));
    const whole = wholeLook(rule, { ...needs, meterOf, openNext, calendar });
    const { feed } = metricShape(rule.metric);
    const rests = rule.hours === 'open' && !calendar.always;
    return {
      ...whole,
      read(at) {
        if (rests && !calendar.isOpen(at)) return 'closed';
        const read = whole.read(at);
        if (read === null || read === 'closed' || feed === null) return read;
        return { ...read, stale: needs.isLost(rule.scope, feed, at) };
      },
      nextChangeAt: (at) =>
        Math.min(whole.nextChangeAt(at), rests ? hours.nextChangeAt(at) : Number.POSITIVE_INFINITY),
    };
  };
}

/** The calendar whose hours a scope keeps. */
export function calendarOf(rules: Rules, scope: Scope): Calendar {
  return teamRulesOf(rules, teamIn(rules, scope)).calendar;
}

/** The team that a scope belongs to; null for the site. */
export function teamIn(rules: Rules, scope: Scope): string | null {
  if (scope.startsWith('team:')) return scope.slice('team:'.length);
  return rules.queues.get(scope.slice('queue:'.length))?.team ?? null;
}

interface Making extends LooksNeeds {
  meterOf: (scope: Scope, figure: FigureId, window: AlertWindow, use?: string) => Meter;
  openNext: (at: Instant) => Instant;
  calendar: Calendar;
}

function wholeLook(rule: SavedRule, making: Making): Look {
  const { figure, kind } = metricShape(rule.metric);
  if (rule.metric === 'sourceSilent') return clockLook((at) => making.silentMs(rule.source, at));
  if (rule.metric === 'boardDark') return clockLook((at) => making.darkMs(rule.board, at));
  if (figure === null || rule.window === null) return openLook(rule.metric as OpenMetric, rule.scope, making);
  const { scope, window } = rule;
  const version = (): number => making.tracks.track(scope, figure)?.version ?? -1;
  const main = making.meterOf(scope, figure, window);
  if (kind === 'rate')
    return {
      version,
      rises: false,
      ...rateLook(main, making.meterOf(scope, figure, window, 'before'), making),
    };
  if (kind === 'burn' && window.kind === 'rolling') {
    const short = making.meterOf(scope, figure, { kind: 'rolling', minutes: window.minutes / SHORT_PART });
    const last = making.meterOf(scope, figure, { kind: 'last', items: SHORT_ITEMS });
    return { version, rises: false, ...burnLook([main, short, last], rule.minItems) };
  }
  return {
    version,
    rises: false,
    read: (at) => pairsOf([main.read(at)]),
    nextChangeAt: (at) => main.nextChangeAt(at),
  };
}

type Reads = Pick<Look, 'read' | 'nextChangeAt'>;

function burnLook([long, short, last]: [Meter, Meter, Meter], minItems: number): Reads {
  return {
    read(at) {
      const near = short.read(at);
      return pairsOf([long.read(at), near !== null && near.d < minItems ? last.read(at) : near]);
    },
    nextChangeAt: (at) => Math.min(long.nextChangeAt(at), short.nextChangeAt(at), last.nextChangeAt(at)),
  };
}

/** Beside the same window of the same weekday before. Zones change their clocks at full quarter-hours: until the next one both run on side by side. */
function rateLook(now: Meter, before: Meter, { rules, calendar }: Making): Reads {
  const shiftAt = createShift(rules.zone, calendar);
  return {
    read(at) {
      const shift = shiftAt(at);
      const [is, was] = [now.read(at), shift === null ? { n: 0, d: 0 } : before.read(at - shift)];
      return is === null || was === null ? null : pairsOf([{ n: is.n, d: was.n }]);
    },
    nextChangeAt(at) {
      const shift = shiftAt(at);
      const turned = quarterOf(at) + QUARTER_HOUR;
      if (shift === null) return Math.min(now.nextChangeAt(at), turned);
      return Math.min(now.nextChangeAt(at), before.nextChangeAt(at - shift) + shift, turned);
    },
  };
}

/** How far back the same time of the same weekday lies; null when the last four were all holidays. */
export function createShift(zone: string, calendar: Calendar): (at: Instant) => number | null {
  let known: { quarter: Instant; shift: number | null } | null = null;
  return (at) => {
    const quarter = quarterOf(at);
    if (known?.quarter !== quarter) {
      const span = baselineSpan(quarter, zone, (date) => calendar.isHoliday(date));
      known = { quarter, shift: span === null ? null : quarter - span.to };
    }
    return known.shift;
  };
}

/** What is so now: read from what is open. */
function openLook(metric: OpenMetric, scope: Scope, { tracks, readAt, openNext }: Making): Look {
  return {
    rises: metric === 'longestWaiting',
    version: () => tracks.openVersion(),
    read(at) {
      const open = tracks.open();
      if (open === null) return null;
      const value = openGauge(open, { metric, scope, now: at, readAt: (source) => readAt(source, at) });
      return { pairs: [{ n: value, d: 1 }], stale: false };
    },
    // What is left of open time runs down by the second.
    nextChangeAt: (at) => (metric === 'nextEmailDue' ? nextSecond(at) : openNext(at)),
  };
}

/** How long something has been silent: looked at each second, for its end is told by nobody. */
function clockLook(lengthMs: (at: Instant) => number | null): Look {
  return {
    rises: false,
    version: () => 0,
    read(at) {
      const value = lengthMs(at);
      return { pairs: value === null ? [] : [{ n: value, d: 1 }], stale: false };
    },
    nextChangeAt: nextSecond,
  };
}

/** When time next changes what is open, worked out once for all rules. */
function rememberNext({ tracks }: LooksNeeds): (at: Instant) => Instant {
  let known = { version: Number.NaN, from: 0, to: 0 };
  return (at) => {
    const open = tracks.open();
    if (open === null) return Number.POSITIVE_INFINITY;
    const version = tracks.openVersion();
    if (known.version !== version || at < known.from || at >= known.to)
      known = { version, from: at, to: nextOpenChangeAt(open, at) };
    return known.to;
  };
}

function pairsOf(pairs: readonly (Tally | null)[]): { pairs: Tally[]; stale: boolean } | null {
  const known = pairs.filter((pair) => pair !== null);
  return known.length < pairs.length ? null : { pairs: known, stale: false };
}

function nextSecond(at: Instant): Instant {
  return Math.floor(at / SECOND) * SECOND + SECOND;
}
