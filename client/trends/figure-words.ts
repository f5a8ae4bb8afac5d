import type { Feed } from '../../shared/figure.ts';
import { WITHIN_LIMITS } from '../../shared/limits-desk.ts';
import type { HeatmapAnswer, RankFigure, TrendFigure, WhatIfFigure } from '../../shared/wire-trends.ts';

/** How a figure is said and drawn. */
export interface FigureWords {
  name: string;
  /** What `d` counts, or `n` of a count, as it follows a number. */
  of: string;
  one: string;
  /** `ratio`: a percent; `count`: a number; `wait`: a mean length in ms; `ranks`: a median and a 90th percentile. */
  shown: 'ratio' | 'count' | 'wait' | 'ranks';
  /** `max`: less is better. */
  kind: 'min' | 'max';
  feed: Feed;
}

const calls = { of: 'calls', one: 'call', kind: 'min', feed: 'phones' } as const;
const emails = { of: 'emails', one: 'email', kind: 'min', feed: 'emails' } as const;

/** Every figure that can be drawn, in the order in which they are offered. */
export const FIGURES: Readonly<Record<TrendFigure, FigureWords>> = {
  emailsWithinHour: { ...emails, name: 'Emails within the hour', shown: 'ratio' },
  firstRing: { ...calls, name: 'Calls on the first ring', shown: 'ratio' },
  serviceLevel: { ...calls, name: 'Service level', shown: 'ratio' },
  abandonment: { ...calls, name: 'Callers who gave up', shown: 'ratio', kind: 'max' },
  calledBack: { ...calls, name: 'Callers called back', of: 'callers', one: 'caller', shown: 'ratio' },
  leftInMenu: { ...calls, name: 'Left in the menu', shown: 'ratio', kind: 'max' },
  speedOfAnswer: { ...calls, name: 'Speed of answer', of: 'answered calls', shown: 'wait', kind: 'max' },
  waitTime: { ...calls, name: 'Wait of callers', of: 'answered calls', shown: 'ranks', kind: 'max' },
  callsOffered: { ...calls, name: 'Calls', shown: 'count' },
  emailsReceived: { ...emails, name: 'Emails received', shown: 'count' },
  replyTime: { ...emails, name: 'Reply time', of: 'answered emails', shown: 'ranks', kind: 'max' },
  mentions: {
    name: 'Mentions',
    of: 'mentions',
    one: 'mention',
    shown: 'count',
    kind: 'min',
    feed: 'mentions',
  },
};

export const ALL_FIGURES = Object.keys(FIGURES) as TrendFigure[];

export function isFigure(text: string): text is TrendFigure {
  return Object.hasOwn(FIGURES, text);
}

export function isRank(figure: TrendFigure): figure is RankFigure {
  return FIGURES[figure].shown === 'ranks';
}

/** What a slider of the time allowed moves in. */
export interface Allowed {
  /** Milliseconds of one step, and of one of the unit that is written. */
  stepMs: number;
  unitMs: number;
  unit: string;
  maxMs: number;
}

/** As exact as the lengths are kept: half-seconds of ring, seconds of wait, open minutes. */
export const ALLOWED: Readonly<Record<WhatIfFigure, Allowed>> = {
  firstRing: { ...WITHIN_LIMITS.firstRing, unitMs: 1_000, unit: 's' },
  serviceLevel: { ...WITHIN_LIMITS.serviceLevel, unitMs: 1_000, unit: 's' },
  emailsWithinHour: { ...WITHIN_LIMITS.emailsWithinHour, unitMs: 60_000, unit: 'min' },
};

/** The nearest time allowed that can be asked about; one step is the least. */
export function askable(ms: number, figure: WhatIfFigure): number {
  const { stepMs, maxMs } = ALLOWED[figure];
  return Math.max(stepMs, Math.min(maxMs, Math.round(ms / stepMs) * stepMs));
}

export function isWhatIf(figure: TrendFigure): figure is WhatIfFigure {
  return Object.hasOwn(ALLOWED, figure);
}

const HEATED = [
  'firstRing',
  'serviceLevel',
  'emailsWithinHour',
  'abandonment',
  'callsOffered',
  'emailsReceived',
] as const satisfies readonly HeatmapAnswer['figure'][];

/** Is the figure kept by the hour of the week? */
export function isHeated(figure: TrendFigure): figure is HeatmapAnswer['figure'] {
  return (HEATED as readonly string[]).includes(figure);
}

const numbers = new Intl.NumberFormat('en');

/** "7,570". A page writes thousands of them, and `toLocaleString` takes twenty times as long for each. */
export function numberText(count: number): string {
  return numbers.format(count);
}

/** "1 call", "7,570 calls". */
export function countText(count: number, figure: TrendFigure): string {
  const { of, one } = FIGURES[figure];
  return `${numberText(count)} ${count === 1 ? one : of}`;
}

/** "7,570 of 8,185 emails". */
export function pairText(n: number, d: number, figure: TrendFigure): string {
  return `${numberText(n)} of ${countText(d, figure)}`;
}
