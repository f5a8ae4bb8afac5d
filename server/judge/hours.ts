import type { Instant, Span } from '../../shared/time.ts';

/** Opening hours as instants: weekly local intervals, holidays, IANA zone, DST. */
export interface Calendar {
  readonly zone: string;
  /** True when every instant is open. */
  readonly always: boolean;
  isOpen(at: Instant): boolean;
  /** The earliest instant at which `openMs` of open time has passed since `from`; Infinity when it never will. */
  addOpen(from: Instant, openMs: number): Instant;
  /** Open time inside [from, to). */
  openBetween(from: Instant, to: Instant): number;
  /** The next opening at or after `at`; `at` itself while open; null when there is none in the next 400 days. */
  opensAt(at: Instant): Instant | null;
  /** Open spans that touch the given one, in order. */
  spans(span: Span): Span[];
  /** Is this ISO local date a holiday? */
  isHoliday(date: string): boolean;
  /** The earliest instant after `opening` open days beyond the local day of `from` have ended. */
  addOpenDays(from: Instant, openDays: number): Instant;
}
