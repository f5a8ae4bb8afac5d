import type { CallFact } from '../server/fact.ts';
import { type Instant, MINUTE, SECOND } from '../shared/time.ts';
import { BASE_AT, itemMark, personMark } from './moved-rows.ts';
import { QUEUES } from './site.ts';

/** Calls of each queue come in so many shapes; one in ten of them gives up and is called back. */
const SHAPES_A_QUEUE = 100;

/**
 * The facts of one call of each shape, at `BASE_AT`. Rings and waits are spread as real ones are, many short and a few
 * long, and differently in each queue, so that what is kept of them is no smaller than it would be.
 */
export function callShapes(): CallFact[][] {
  return Array.from({ length: QUEUES.length * SHAPES_A_QUEUE }, (_, i) => {
    const number = i % QUEUES.length;
    const queue = QUEUES[number] ?? '';
    const shape = Math.floor(i / QUEUES.length);
    const [call, person] = [itemMark(i), personMark(i)];
    if (shape % 10 !== 3) return answered(call, person, number, shape);
    return [...gaveUp(call, person, queue, BASE_AT), ...callBack(`${call}r`, person)];
  });
}

function answered(call: string, number: string, queue: number, shape: number): CallFact[] {
  const [at, leg] = [BASE_AT, `${call}-1`];
  const agent = `agent-${shape % 10}`;
  const alertAt = at + 300 + lengthOf((shape * 37) % SHAPES_A_QUEUE, (8 + queue / 4) * SECOND);
  const pickupAt = alertAt + 800 + lengthOf(shape, (3 + queue / 10) * SECOND);
  return [
    { kind: 'offered', call, at, queue: QUEUES[queue] ?? '', number },
    { kind: 'alert', call, at: alertAt, agent, leg },
    { kind: 'pickup', call, at: pickupAt, agent, leg },
    { kind: 'end', call, at: pickupAt + (60 + 3 * shape) * SECOND, why: 'hangup' },
  ];
}

/** Exponentially spread around a mean, ms. */
function lengthOf(shape: number, meanMs: number): number {
  return Math.round(-Math.log(1 - (shape + 0.5) / SHAPES_A_QUEUE) * meanMs);
}

/** Nobody answered for 26 seconds. */
export function gaveUp(call: string, number: string, queue: string, at: Instant): CallFact[] {
  return [
    { kind: 'offered', call, at, queue, number },
    { kind: 'alert', call, at: at + SECOND, agent: 'agent-3', leg: `${call}-1` },
    { kind: 'end', call, at: at + 26 * SECOND, why: 'abandon' },
  ];
}

/** Five minutes after the call. */
function callBack(call: string, number: string): CallFact[] {
  const at = BASE_AT + 5 * MINUTE;
  return [
    { kind: 'offered', call, at, direction: 'out', number },
    { kind: 'pickup', call, at: at + 8 * SECOND },
    { kind: 'end', call, at: at + 128 * SECOND, why: 'hangup' },
  ];
}
