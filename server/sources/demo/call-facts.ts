import { type Instant, SECOND } from '../../../shared/time.ts';
import type { Alert, AlertEnd, EndReason, Fact } from '../../fact.ts';
import type { Random } from './random.ts';

/** The one call queue of the demo team. */
export const DEMO_CALL_QUEUE = 'support';

/** A device that nobody lifts is given up after this long, and the round starts again. */
const ROUND_MS = 15 * SECOND;

export interface Caller {
  call: string;
  offeredAt: Instant;
  /** Spent in the menu before. */
  menuMs: number;
  /** Null when withheld. */
  number: string | null;
  /** How many desks are staffed at that hour. */
  desks: number;
}

/** What became of a call. */
export interface Course {
  /** Null: the caller left before any phone rang. */
  alertAt: Instant | null;
  devices: string[];
  pickupAt: Instant | null;
  answeredBy: string | null;
  endedAt: Instant;
  end: EndReason;
}

/** One inbound call as facts, in the order they happen. */
export function callFacts(caller: Caller, course: Course, random: Random): Fact[] {
  const { call, offeredAt } = caller;
  const traits = { direction: 'in' as const, ...(caller.number === null ? {} : { number: caller.number }) };
  return [
    { kind: 'arrived', call, at: offeredAt - caller.menuMs, ...traits },
    { kind: 'offered', call, at: offeredAt, queue: DEMO_CALL_QUEUE, ...traits },
    ...ringing(call, course, random),
    { kind: 'end', call, at: course.endedAt, why: course.end },
  ];
}

/** Every free device at once; those that lose hear it stop. Rounds of fifteen seconds until someone lifts. */
function ringing(call: string, course: Course, random: Random): Fact[] {
  if (course.alertAt === null) return [];
  const stopAt = course.pickupAt ?? course.endedAt;
  const facts: Fact[] = [];
  let round = 1;
  for (let from = course.alertAt; from < stopAt; from += ROUND_MS + SECOND) {
    const over = from + ROUND_MS < stopAt;
    course.devices.forEach((agent, i) => {
      const at = i === 0 ? from : Math.min(from + random.int(20, 240) * i, stopAt - 1);
      const leg = `${round}-${i + 1}`;
      facts.push({ kind: 'alert', call, at, leg, agent } satisfies Alert);
      if (over) facts.push(alertEnd(call, leg, agent, from + ROUND_MS, 'no_answer'));
      else if (agent !== course.answeredBy) facts.push(alertEnd(call, leg, agent, stopAt, 'cancel'));
      else facts.push(...answered(call, leg, agent, stopAt, random));
    });
    round++;
  }
  // Nobody was rung in the pause between two rounds: whoever lifted then took the call from the queue.
  if (course.answeredBy !== null && !facts.some((fact) => fact.kind === 'pickup')) {
    facts.push(...answered(call, 'taken', course.answeredBy, stopAt, random));
  }
  return facts;
}

function alertEnd(call: string, leg: string, agent: string, at: Instant, why: AlertEnd['why']): AlertEnd {
  return { kind: 'alert_end', call, at, leg, agent, why };
}

function answered(call: string, leg: string, agent: string, at: Instant, random: Random): Fact[] {
  return [
    { kind: 'pickup', call, at, leg, agent },
    { kind: 'bridged', call, at: at + random.int(30, 260), leg, agent },
  ];
}
