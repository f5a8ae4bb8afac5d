import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Instant, MINUTE, SECOND, type Span } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import type { Fact } from '../../fact.ts';
import type { Run, Source } from '../source.ts';
import { createDemoFacts, toldAt } from './demo-facts.ts';
import { dateAt, daysBefore, type LocalDay, localDay } from './local-day.ts';
import { looseEnds } from './loose-ends.ts';
import { readTold, type Told, untold, withTold, writeTold } from './progress.ts';

/** Eight weeks, so that trends and last week's weekday have something to say. */
export const HISTORY_DAYS = 56;
/** Facts in one delivery of history; small, so that figures and boards get their turn in between. */
export const FACTS_PER_DELIVERY_MAX = 500;
/** Days that the wall shows something of: told as fast as they are taken, the others at leisure. */
const WALL_DAYS = 8;
const LIVE_EVERY_MS = 5 * SECOND;
/** Nothing told for this long: the machine slept, or the program was off. */
const ASLEEP_MS = MINUTE;

export interface DemoNeeds {
  id: string;
  zone: string;
  seed: string;
  clock: Clock;
}

/**
 * A made-up support team: eight weeks of history, then each fact at its own instant. History is told backwards from
 * now, so that an answer is known before its question, and nothing that is long over ever looks open. The cursor holds
 * which spans were told: a restart goes on exactly where it was, and time asleep is made up for, what was open first.
 */
export function createDemo({ id, zone, seed, clock }: DemoNeeds): Source {
  const factsIn = createDemoFacts({ zone, seed });
  const dayOf = createDays(zone);
  return {
    id,
    feeds: ['phones', 'emails', 'mentions'],
    lateAfterMs: 15 * SECOND,
    lostAfterMs: MINUTE,
    async run(run: Run) {
      const { stop } = run;
      let told = readTold(run.cursor);
      while (!stop.aborted) {
        const startedAt = clock.now();
        const wokenFrom = told.at(-1)?.to ?? startedAt;
        if (startedAt - wokenFrom > ASLEEP_MS) {
          const settled = looseEnds(factsIn, wokenFrom, startedAt);
          if (settled.length > 0) await run.deliver(settled, writeTold(told));
        }
        run.live();
        const today = dayOf(dateAt(startedAt, zone));
        const next = nextSpan(told, startedAt, today, dayOf);
        if (next === null) {
          const from = startedAt + 1;
          const coming = factsIn({ from, to: from + LIVE_EVERY_MS })[0];
          await clock.sleep(coming === undefined ? LIVE_EVERY_MS : toldAt(coming) - startedAt, stop);
          continue;
        }
        const facts = factsIn(next);
        const from = facts.length > FACTS_PER_DELIVERY_MAX ? cutOf(facts) : next.from;
        const batch = facts.filter((fact) => toldAt(fact) >= from);
        told = withTold(told, { from, to: next.to });
        if (batch.length > 0) await run.deliver(batch, writeTold(told));
        await nextTurn();
        // History that only trends show takes at most every second moment.
        const tookMs = clock.now() - startedAt;
        const atLeisure = next.to <= dayOf(daysBefore(today.date, WALL_DAYS)).to;
        if (atLeisure && tookMs > 0) await clock.sleep(tookMs, stop);
      }
    },
  };
}

/** Where the last facts that fit one delivery begin. Those of one instant stay together: the cursor points between instants. */
function cutOf(facts: readonly Fact[]): Instant {
  const [before, last] = [facts.at(-FACTS_PER_DELIVERY_MAX - 1), facts.at(-1)];
  if (before === undefined || last === undefined) return 0;
  return Math.min(toldAt(before) + 1, toldAt(last));
}

/** The latest span, of one day at most, that has happened and was not told; null when everything was. */
function nextSpan(told: Told, now: Instant, today: LocalDay, dayOf: (date: string) => LocalDay): Span | null {
  const first = dayOf(daysBefore(today.date, HISTORY_DAYS)).from;
  const left = untold(told, { from: first, to: now + 1 }).at(-1);
  if (left === undefined) return null;
  const day = dayOf(dateAt(left.to - 1, today.zone));
  return { from: Math.max(left.from, day.from), to: left.to };
}

/** Local days, each reckoned once while the same few are asked for. */
function createDays(zone: string): (date: string) => LocalDay {
  const kept = new Map<string, LocalDay>();
  return (date) => {
    const day = kept.get(date) ?? localDay(date, zone);
    if (kept.size > 2 * HISTORY_DAYS) kept.clear();
    kept.set(date, day);
    return day;
  };
}
