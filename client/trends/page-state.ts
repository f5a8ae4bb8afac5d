import type { Comparison, Interval, TrendFigure, WhatIfFigure } from '../../shared/wire-trends.ts';
import { daysIn, isDate } from './dates.ts';
import { ALL_FIGURES, ALLOWED, isFigure, isWhatIf } from './figure-words.ts';

/** All that the page shows, as its address holds it. */
export interface PageState {
  /** ISO local dates, both included; null for the last four weeks. */
  period: { from: string; to: string } | null;
  by: Interval;
  figures: TrendFigure[];
  scopes: string[];
  against: Comparison;
  /** The step that is picked out, by its start. */
  picked: { figure: TrendFigure; scope: string; at: number } | null;
  /** The time allowed that is asked about, in ms. */
  within: Partial<Record<WhatIfFigure, number>>;
  /** Figures whose table is open. */
  tables: TrendFigure[];
  /** What the list of calls or emails is about; null while it is closed. */
  drill: Readonly<Record<string, string>> | null;
}

export const DEFAULT_STATE: PageState = {
  period: null,
  by: 'day',
  figures: ['emailsWithinHour', 'firstRing'],
  scopes: ['site'],
  against: 'before',
  picked: null,
  within: {},
  tables: [],
  drill: null,
};

const BYS: Readonly<Record<Interval, true>> = {
  quarter: true,
  hour: true,
  day: true,
  week: true,
  month: true,
};
const AGAINST: Readonly<Record<Comparison, true>> = { before: true, weekday: true, none: true };
/** Days of a period. */
export const DAYS_MAX = 3_660;
const SCOPES_MAX = 24;
const SCOPE = /^(site|(team|queue):.+)$/;

/** Reads an address. What is wrong with it is said in words; the state then stands for what could be read. */
export function readState(search: string): { state: PageState; faults: string[] } {
  const words = new URLSearchParams(search);
  const faults: string[] = [];
  const oneOf = <T extends string>(name: string, known: Readonly<Record<T, true>>, otherwise: T): T => {
    const said = words.get(name);
    if (said === null) return otherwise;
    if (Object.hasOwn(known, said)) return said as T;
    faults.push(`“${name}” is “${said}”, and must be one of ${Object.keys(known).join(', ')}.`);
    return otherwise;
  };
  const by = oneOf('by', BYS, DEFAULT_STATE.by);
  const against = oneOf('against', AGAINST, DEFAULT_STATE.against);
  const state: PageState = {
    period: periodIn(words, faults),
    by,
    against,
    figures: figuresIn(words, 'figures', faults) ?? DEFAULT_STATE.figures,
    scopes: scopesIn(words, faults),
    picked: pickedIn(words),
    within: withinIn(words, faults),
    tables: figuresIn(words, 'tables', faults) ?? [],
    drill: drillIn(words),
  };
  return { state, faults };
}

/** The address of a state, beginning with "?"; empty for the page as it opens. */
export function searchOf(state: PageState): string {
  const words = new URLSearchParams();
  const { period, by, figures, scopes, against, picked, within, tables, drill } = state;
  if (period !== null) {
    words.set('from', period.from);
    words.set('to', period.to);
  }
  if (by !== DEFAULT_STATE.by) words.set('by', by);
  if (figures.join() !== DEFAULT_STATE.figures.join()) words.set('figures', figures.join());
  if (scopes.join() !== DEFAULT_STATE.scopes.join()) words.set('scopes', scopes.join());
  if (against !== DEFAULT_STATE.against) words.set('against', against);
  if (picked !== null) {
    words.set('at', String(picked.at));
    words.set('at.figure', picked.figure);
    words.set('at.scope', picked.scope);
  }
  for (const [figure, ms] of Object.entries(within)) words.set(`within.${figure}`, String(ms));
  if (tables.length > 0) words.set('tables', tables.join());
  for (const [name, said] of Object.entries(drill ?? {})) words.set(`drill.${name}`, said);
  const text = words.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}

/** The words that the server is asked with. */
export function queryOf(state: PageState, period: { from: string; to: string }): string {
  const { by, figures, scopes, against } = state;
  const words = { ...period, by, figures: figures.join(), scopes: scopes.join(), against };
  return new URLSearchParams(words).toString();
}

function periodIn(words: URLSearchParams, faults: string[]): PageState['period'] {
  const from = words.get('from');
  const to = words.get('to');
  if (from === null && to === null) return null;
  if (from === null || to === null || !isDate(from) || !isDate(to)) {
    faults.push('A period needs “from” and “to”, each a date such as 2026-11-16.');
    return null;
  }
  const days = daysIn(from, to);
  if (days >= 1 && days <= DAYS_MAX) return { from, to };
  faults.push(
    days < 1
      ? `“from” (${from}) is after “to” (${to}).`
      : `The period has ${days.toLocaleString('en')} days, and may have ${DAYS_MAX.toLocaleString('en')}.`,
  );
  return null;
}

function figuresIn(words: URLSearchParams, name: string, faults: string[]): TrendFigure[] | null {
  const said = words.get(name);
  if (said === null) return null;
  const all = [...new Set(said.split(','))];
  const unknown = all.find((figure) => !isFigure(figure));
  if (unknown === undefined) return all.filter(isFigure);
  faults.push(`“${name}” names “${unknown}”, which is no figure. There are ${ALL_FIGURES.join(', ')}.`);
  return null;
}

function scopesIn(words: URLSearchParams, faults: string[]): string[] {
  const said = words.get('scopes');
  if (said === null) return DEFAULT_STATE.scopes;
  const all = [...new Set(said.split(','))];
  const odd = all.find((scope) => !SCOPE.test(scope));
  if (odd !== undefined) faults.push(`“scopes” names “${odd}”: write site, team:<id> or queue:<id>.`);
  if (all.length > SCOPES_MAX)
    faults.push(`“scopes” names ${all.length}; ${SCOPES_MAX} at most stand side by side.`);
  return odd === undefined && all.length <= SCOPES_MAX ? all : DEFAULT_STATE.scopes;
}

function pickedIn(words: URLSearchParams): PageState['picked'] {
  const at = Number(words.get('at') ?? Number.NaN);
  const figure = words.get('at.figure') ?? '';
  const scope = words.get('at.scope') ?? '';
  // A step that is not there picks nothing out, which harms nobody.
  return Number.isSafeInteger(at) && isFigure(figure) && scope !== '' ? { figure, scope, at } : null;
}

function withinIn(words: URLSearchParams, faults: string[]): PageState['within'] {
  const within: PageState['within'] = {};
  for (const [name, said] of words) {
    if (!name.startsWith('within.')) continue;
    const figure = name.slice('within.'.length);
    const ms = Number(said);
    if (!isFigure(figure) || !isWhatIf(figure)) {
      faults.push(`“${name}” names no figure that has a time allowed.`);
      continue;
    }
    const { stepMs, maxMs } = ALLOWED[figure];
    if (Number.isSafeInteger(ms) && ms % stepMs === 0 && ms >= stepMs && ms <= maxMs) within[figure] = ms;
    else faults.push(`“${name}” is “${said}”: write from ${stepMs} to ${maxMs} ms, in steps of ${stepMs}.`);
  }
  return within;
}

function drillIn(words: URLSearchParams): PageState['drill'] {
  const said = [...words].filter(([name]) => name.startsWith('drill.'));
  if (said.length === 0) return null;
  return Object.fromEntries(said.map(([name, text]) => [name.slice('drill.'.length), text]));
}
