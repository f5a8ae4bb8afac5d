import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Instant, MINUTE, SECOND, type Span } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import type { Run, Source } from '../source.ts';
import { createDemoFacts, toldAt } from './demo-facts.ts';
import { dateAt, daysBefore, type LocalDay, localDay } from './local-day.ts';
import { readTold, type Told, untold, withTold, writeTold } from './progress.ts';

/** Eight weeks, so that trends and last week's weekday have something to say. */
export const HISTORY_DAYS = 56;
/** Facts in one delivery of history; small, so that figures and boards get their turn in between. */
export const FACTS_PER_DELIVERY_MAX = 500;
const LIVE_EVERY_MS = 5 * SECOND;

export interface DemoNeeds {
  id: string;
  zone: string;
  seed: string;
  clock: Clock;
}

/**
 * A made-up support team: eight weeks of history, then each fact at its own instant. Today comes first, then the same
 * weekday last week, then the other days back from yesterday. The cursor holds which spans were told, so that a
 * restart goes on exactly where it was and time asleep is made up for.
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
        run.live();
        const startedAt = clock.now();
        const today = dayOf(dateAt(startedAt, zone));
        const next = nextSpan(told, startedAt, today, dayOf);
        if (next === null) {
          const from = startedAt + 1;
          const coming = factsIn({ from, to: from + LIVE_EVERY_MS })[0];
          await clock.sleep(coming === undefined ? LIVE_EVERY_MS : toldAt(coming) - startedAt, stop);
          continue;
        }
        const facts = factsIn(next.span);
        const cut = facts[FACTS_PER_DELIVERY_MAX];
        // Facts of one instant stay together: the cursor can only point between instants.
        const to = cut === undefined ? next.span.to : Math.max(toldAt(cut), next.span.from + 1);
        const batch = facts.filter((fact) => toldAt(fact) < to);
        told = withTold(told, { from: next.span.from, to });
        if (batch.length > 0) await run.deliver(batch, writeTold(told));
        await nextTurn();
        // History in the background takes at most every second moment.
        const tookMs = clock.now() - startedAt;
        if (!next.urgent && tookMs > 0) await clock.sleep(tookMs, stop);
      }
    },
  };
}

/** The most wanted span that has happened and was not told; null when everything was. */
function nextSpan(
  told: Told,
  now: Instant,
  today: LocalDay,
  dayOf: (date: string) => LocalDay,
): { span: Span; urgent: boolean } | null {
  const first = dayOf(daysBefore(today.date, HISTORY_DAYS)).from;
  const left = untold(told, { from: first, to: now + 1 });
  const last = left.at(-1);
  if (last === undefined) return null;
  for (const day of [today, dayOf(daysBefore(today.date, 7))]) {
    const span = left.map((part) => common(part, day)).find((part) => part !== null);
    if (span !== undefined && span !== null) return { span, urgent: true };
  }
  const day = dayOf(dateAt(last.to - 1, today.zone));
  return { span: common(last, day) ?? last, urgent: false };
}

function common(a: Span, b: Span): Span | null {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return from < to ? { from, to } : null;
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
