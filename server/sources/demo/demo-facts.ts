import type { Instant, Span } from '../../../shared/time.ts';
import type { Fact } from '../../fact.ts';
import { callDay } from './call-day.ts';
import { emailDay } from './email-day.ts';
import { dateAt, daysBefore, localDay } from './local-day.ts';
import { postDay } from './post-day.ts';

/** Same seed and zone, same facts. */
export interface DemoWorld {
  zone: string;
  seed: string;
}

/** Days kept in memory: those around today, and the one that history is being told of. */
const DAYS_KEPT_MAX = 4;

/** When a fact becomes known: a post when it is seen, anything else when it happens. */
export function toldAt(fact: Fact): Instant {
  return fact.kind === 'post' ? fact.seen : fact.at;
}

/** Every fact of what begins on this local date, in no order; the last of them comes well before the next day ends. */
export function demoDay(date: string, { zone, seed }: DemoWorld): Fact[] {
  const day = localDay(date, zone);
  return [...callDay(day, seed), ...emailDay(day, seed), ...postDay(day, seed)];
}

/** The facts told inside the span, in order. */
export function demoFacts(span: Span, world: DemoWorld): Fact[] {
  return createDemoFacts(world)(span);
}

/** The same with a memory of the days last asked for. */
export function createDemoFacts(world: DemoWorld): (span: Span) => Fact[] {
  const begunOn = remembering((date) => demoDay(date, world));
  const toldOn = remembering((date) => {
    const { from, to } = localDay(date, world.zone);
    return [
      ...begunOn(daysBefore(date, 1)),
      ...begunOn(date),
      ...begunOn(daysBefore(date, -1)).filter(({ at }) => at < to),
    ]
      .filter((fact) => toldAt(fact) >= from && toldAt(fact) < to)
      .sort((a, b) => toldAt(a) - toldAt(b));
  });
  return (span) => {
    if (span.from >= span.to) return [];
    const last = dateAt(span.to - 1, world.zone);
    const facts: Fact[][] = [];
    for (let date = dateAt(span.from, world.zone); date <= last; date = daysBefore(date, -1)) {
      const told = toldOn(date);
      facts.push(told.slice(firstFrom(told, span.from), firstFrom(told, span.to)));
    }
    return facts.flat();
  };
}

/** Where the facts told at or after an instant begin. */
function firstFrom(facts: readonly Fact[], at: Instant): number {
  let low = 0;
  let high = facts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const fact = facts[middle];
    if (fact !== undefined && toldAt(fact) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function remembering(make: (date: string) => Fact[]): (date: string) => Fact[] {
  const kept = new Map<string, Fact[]>();
  return (date) => {
    const facts = kept.get(date) ?? make(date);
    kept.delete(date);
    kept.set(date, facts);
    const oldest = kept.keys().next();
    if (kept.size > DAYS_KEPT_MAX && oldest.done !== true) kept.delete(oldest.value);
    return facts;
  };
}
