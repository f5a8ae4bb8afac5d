import type {
  Alert,
  AlertEnd,
  Arrived,
  Bridged,
  CallFact,
  End,
  EndReason,
  Offered,
  Pickup,
} from '../../server/fact.ts';

/** Tuesday 10:00:00.000 UTC; lengths in these tests are ms since then. */
export const TEN = Date.parse('2026-03-10T10:00:00.000Z');

/** Facts of one call, timed in ms since ten o'clock. */
export const arrived = (ms: number, over: Partial<Arrived> = {}): Arrived => ({
  kind: 'arrived',
  call: 'c',
  at: TEN + ms,
  ...over,
});
export const offered = (ms: number, queue = 'support', over: Partial<Offered> = {}): Offered => ({
  kind: 'offered',
  call: 'c',
  at: TEN + ms,
  queue,
  ...over,
});
export const alert = (ms: number, agent = 'ann', over: Partial<Alert> = {}): Alert => ({
  kind: 'alert',
  call: 'c',
  at: TEN + ms,
  agent,
  ...over,
});
export const alertEnd = (ms: number, why: AlertEnd['why'], agent = 'ann'): AlertEnd => ({
  kind: 'alert_end',
  call: 'c',
  at: TEN + ms,
  agent,
  why,
});
export const pickup = (ms: number, agent = 'ann'): Pickup => ({
  kind: 'pickup',
  call: 'c',
  at: TEN + ms,
  agent,
});
export const bridged = (ms: number, agent = 'ann'): Bridged => ({
  kind: 'bridged',
  call: 'c',
  at: TEN + ms,
  agent,
});
export const end = (ms: number, why: EndReason, entry?: string): End => ({
  kind: 'end',
  call: 'c',
  at: TEN + ms,
  why,
  ...(entry === undefined ? {} : { entry }),
});

/** Offered at ten, rung at once, picked up and connected after `ms`. */
export const answeredAfter = (ms: number): CallFact[] => [offered(0), alert(0), pickup(ms), bridged(ms)];
