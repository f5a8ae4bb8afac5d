import type { Day } from '../../shared/figure.ts';
import { HOUR, type Instant, type Span } from '../../shared/time.ts';
import type { Calendar } from '../judge/hours.ts';
import { type HalfHour, halfHours, type LocalDay, localDay } from '../judge/local-day.ts';

/** Further ahead an opening is not told. */
const OPENING_AHEAD_MS = 30 * 24 * HOUR;

/** What a chart covers on a day that is closed. */
const CLOSED_AXIS = { from: '08:00', to: '18:00' };

/** A local day with its half-hours. */
export interface DayShape extends LocalDay {
  halfHours: readonly HalfHour[];
}

/** Finds the local day of an instant; each day is worked out once, and the last few are remembered. */
export function createDayFinder(zone: string): (at: Instant) => DayShape {
  let known: DayShape[] = [];
  return (at) => {
    const found = known.find((day) => at >= day.from && at < day.to);
    if (found) return found;
    const day = localDay(at, zone);
    const shape = { ...day, halfHours: halfHours(day) };
    known = [shape, ...known].slice(0, 16);
    return shape;
  };
}

/** The day as one board has it: its axis runs from opening to closing, widened to whole half-hours. */
export function boardDay(calendar: Calendar, day: DayShape, now: Instant): Day {
  const open = calendar.isOpen(now);
  const opensAt = open ? null : calendar.opensAt(now);
  return {
    date: day.date,
    from: day.from,
    to: day.to,
    axis: axisOf(calendar, day),
    open,
    opensAt: opensAt !== null && opensAt - now <= OPENING_AHEAD_MS ? opensAt : null,
  };
}

/** The half-hours of a day that lie on an axis. */
export function stepsOn(axis: Span, day: DayShape): HalfHour[] {
  return day.halfHours.filter((step) => step.from >= axis.from && step.to <= axis.to);
}

function axisOf(calendar: Calendar, day: DayShape): Span {
  const spans = calendar.spans(day);
  const from = spans.at(0)?.from;
  const to = spans.at(-1)?.to;
  const inAxis =
    from === undefined || to === undefined
      ? (step: HalfHour) => step.time >= CLOSED_AXIS.from && step.time < CLOSED_AXIS.to
      : (step: HalfHour) => step.to > from && step.from < to;
  const steps = day.halfHours.filter(inAxis);
  return { from: steps.at(0)?.from ?? day.from, to: steps.at(-1)?.to ?? day.to };
}
