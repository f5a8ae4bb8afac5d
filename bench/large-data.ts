import { join } from 'node:path';
import { HOUR, MINUTE, type Span } from '../shared/time.ts';

/** Where the large databases lie. */
export const DATA_DIR: string = join(import.meta.dirname, 'data');
export const TEN_MILLION: string = join(DATA_DIR, 'ten-million.sqlite');
export const ONE_MILLION_TODAY: string = join(DATA_DIR, 'one-million-today.sqlite');

/** The made-up day that the databases end on, and what time it is then. */
const TODAY = Date.parse('2026-03-10T00:00:00Z');
const DAY = 24 * HOUR;
export const DATA_NOW: number = TODAY + 22 * HOUR;
/** Every call has ended by `DATA_NOW`. */
const LAST_OFFER = DATA_NOW - 10 * MINUTE;

type Calls = Span & { calls: number };

/** A year that ends with today. */
export function aYear(calls: number): Calls[] {
  return [{ from: TODAY - 364 * DAY, to: LAST_OFFER, calls }];
}

/** So many today, and a thousand on the same day of last week to compare with. */
export function today(calls: number): Calls[] {
  const week = 7 * DAY;
  return [
    { from: TODAY - week, to: LAST_OFFER - week, calls: 1_000 },
    { from: TODAY, to: LAST_OFFER, calls },
  ];
}
