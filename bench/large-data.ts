import { join } from 'node:path';
import { HOUR, MINUTE, type Span } from '../shared/time.ts';

/** Where the large databases lie. */
export const DATA_DIR: string = join(import.meta.dirname, 'data');
export const TEN_MILLION: string = join(DATA_DIR, 'ten-million.sqlite');
/** What the year holds, as plain rows for other databases to count. */
export const ROWS_SQLITE: string = join(DATA_DIR, 'rows.sqlite');
export const ROWS_DUCKDB: string = join(DATA_DIR, 'rows.duckdb');
export const ONE_MILLION_TODAY: string = join(DATA_DIR, 'one-million-today.sqlite');

/** The made-up day that the databases end on, and what time it is then. */
export const TODAY: number = Date.parse('2026-03-10T00:00:00Z');
export const DAY: number = 24 * HOUR;
export const DATA_NOW: number = TODAY + 22 * HOUR;
/** Every call has ended by `DATA_NOW`. */
const LAST_OFFER = DATA_NOW - 10 * MINUTE;
/** Every mail that is ever answered has been by `DATA_NOW`, and every other is overdue. */
const LAST_MAIL = DATA_NOW - 8 * HOUR;

/** So many calls or threads begin in it, evenly. */
export type Busy = Span & { count: number };

/** A year that ends with today. */
export function aYear(calls: number): Busy[] {
  return [{ from: TODAY - 364 * DAY, to: LAST_OFFER, count: calls }];
}

/** The same year of mail. */
export function aYearOfMail(threads: number): Busy[] {
  return [{ from: TODAY - 364 * DAY, to: LAST_MAIL, count: threads }];
}

/** So many today, and a thousand on the same day of last week to compare with. */
export function today(calls: number): Busy[] {
  const week = 7 * DAY;
  return [
    { from: TODAY - week, to: LAST_OFFER - week, count: 1_000 },
    { from: TODAY, to: LAST_OFFER, count: calls },
  ];
}
