import type { Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { PairFigure, TrendFigure, WhatIfFigure } from '../../shared/wire-trends.ts';
import type { Calendar } from '../judge/hours.ts';

/** By which clock the answer to a mail is due. */
export interface MailClock {
  withinMs: number;
  clock: 'business' | 'calendar';
  calendar: Calendar;
}

/** Something whose history can be looked at, and what is promised there. A plain value made from the configuration. */
export interface TrendScope {
  scope: Scope;
  name: string;
  kind: 'site' | 'team' | 'calls' | 'mailbox';
  /** A queue's team. */
  team: string | null;
  /** Those that can have anything counted here. */
  figures: readonly TrendFigure[];
  /** Under this many counted items no change is told. */
  minSample: number;
  /** Whole percents. */
  targets: Readonly<Partial<Record<PairFigure, number>>>;
  promisedMs: Readonly<Partial<Record<WhatIfFigure, number>>>;
  /** Whose mail is in it, by the scope whose mail it is alone: mailboxes, and the site for mail of none. */
  mail: readonly { scope: Scope; due: MailClock }[];
}

/** Whole percents of callers who give up that are still good. */
export const ABANDONMENT_TARGET = 5;

/** Of these less is better, and the target is the most that is good. */
export function targetKind(figure: PairFigure): 'min' | 'max' {
  return figure === 'abandonment' || figure === 'leftInMenu' ? 'max' : 'min';
}

/** Is it a ratio, so that a percent can be shown? */
export function isPercent(figure: PairFigure): boolean {
  switch (figure) {
    case 'firstRing':
    case 'serviceLevel':
    case 'emailsWithinHour':
    case 'abandonment':
    case 'calledBack':
    case 'leftInMenu':
      return true;
    case 'speedOfAnswer':
    case 'callsOffered':
    case 'emailsReceived':
    case 'mentions':
      return false;
  }
}

/** When the answer to a mail that arrives at `at` is due; Infinity where the hours never open again. */
export function dueAt({ withinMs, clock, calendar }: MailClock, at: Instant): Instant {
  return clock === 'business' ? calendar.addOpen(at, withinMs) : at + withinMs;
}
