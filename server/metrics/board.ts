import type { Chime, Scope } from '../../shared/figure.ts';
import type { Calendar } from '../judge/hours.ts';

/** One wall: what it is about, what is promised there, and what feeds it. A plain value made from the configuration. */
export interface Board {
  id: string;
  name: string;
  place: string | null;
  scope: Scope;
  calendar: Calendar;
  /** Under this many counted items a hero shows "3 of 4" and no percent. */
  minSample: number;
  /** What is connected; null or false regions say what to connect. */
  calls: {
    firstRingTarget: number;
    ringPeriodMs: number;
    serviceLevelTarget: number;
    serviceLevelMs: number;
  } | null;
  /** Null where the promise to call back is switched off. */
  callbacks: { target: number; withinMs: number } | null;
  emails: { target: number; withinMs: number; clock: 'business' | 'calendar' } | null;
  mentions: boolean;
  /** Whether it shows who wrote a post. */
  names: boolean;
  /** The tone at each new critical alert; null where it is silent. */
  chime: Chime | null;
}
