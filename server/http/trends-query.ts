import type { Request } from 'express';
import type { Scope } from '../../shared/figure.ts';
import { WITHIN_LIMITS } from '../../shared/limits-desk.ts';
import {
  comparisons,
  DAYS_MAX,
  heatFigures,
  intervals,
  pairFigures,
  rankFigures,
  SCOPES_MAX,
  type TrendScopesAnswer,
  type WhatIfFigure,
  whatIfFigures,
} from '../../shared/wire-trends.ts';
import type { HeatmapQuery, SeriesQuery, WhatIfQuery } from '../metrics/trends.ts';
import { Refused } from './status.ts';

type Query = Request['query'];
type Known = Pick<TrendScopesAnswer, 'scopes'>;

/** The first and the last local date that can be asked for: what the rules of the world's clocks are known for. */
export const DATE_MIN = '2000-01-01';
export const DATE_MAX = '2099-12-31';

/** What another time allowed must be a whole number of, and within which limits, in ms. */
export const WITHIN: Readonly<Record<WhatIfFigure, { step: number; max: number; said: string }>> = {
  firstRing: withinLimits('firstRing', 'half-seconds'),
  serviceLevel: withinLimits('serviceLevel', 'seconds'),
  emailsWithinHour: withinLimits('emailsWithinHour', 'minutes'),
};

function withinLimits(figure: WhatIfFigure, units: string): { step: number; max: number; said: string } {
  const { stepMs: step, maxMs: max } = WITHIN_LIMITS[figure];
  return { step, max, said: `${units} from ${step} to ${max} ms` };
}

/** What a page asks of series, checked. @throws Refused `invalid`: which word, what is wrong and how to mend it. */
export function readSeriesQuery(query: Query, known: Known): SeriesQuery {
  onlyKnown(query, ['from', 'to', 'by', 'figures', 'scopes', 'against']);
  const figures = listOf(
    query,
    'figures',
    [...pairFigures, ...rankFigures],
    pairFigures.length + rankFigures.length,
  );
  return {
    ...readPeriod(query),
    by: oneOf(query, 'by', intervals, 'day'),
    figures,
    scopes: scopesOf(query, known),
    against: oneOf(query, 'against', comparisons, 'none'),
  };
}

export function readHeatmapQuery(query: Query, known: Known): HeatmapQuery {
  onlyKnown(query, ['from', 'to', 'figure', 'scope']);
  return {
    ...readPeriod(query),
    figure: oneOf(query, 'figure', heatFigures, null),
    scope: scopeOf(query, known),
  };
}

export function readWhatIfQuery(query: Query, known: Known): WhatIfQuery {
  onlyKnown(query, ['from', 'to', 'by', 'figure', 'scope', 'within']);
  const period = readPeriod(query);
  const figure = oneOf(query, 'figure', whatIfFigures, null);
  const scope = scopeOf(query, known);
  const own = known.scopes.find((one) => one.scope === scope);
  if (own?.promisedMs[figure] === undefined)
    throw new Refused(
      'invalid',
      `figure: nothing of ${figure} is promised for ${scope}. Choose another scope.`,
    );
  return {
    ...period,
    by: oneOf(query, 'by', ['day', 'week', 'month'] as const, 'day'),
    figure,
    scope,
    withinMs: withinOf(query, figure),
  };
}

/** Dates of the site, and how long they may be apart. */
export function readPeriod(query: Query): { from: string; to: string } {
  const from = dateOf(query, 'from');
  const to = dateOf(query, 'to');
  if (to < from) throw new Refused('invalid', `to: ${to} lies before from=${from}. Change the two about.`);
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  if (days > DAYS_MAX)
    throw new Refused('invalid', `from: is ${days} days before to; ${DAYS_MAX} are the most. Ask for less.`);
  return { from, to };
}

function dateOf(query: Query, name: 'from' | 'to'): string {
  const written = textOf(query, name);
  const isDate =
    written !== null &&
    /^\d{4}-\d{2}-\d{2}$/.test(written) &&
    new Date(`${written}T00:00:00Z`).toJSON()?.startsWith(written) === true;
  if (!isDate)
    throw new Refused(
      'invalid',
      `${name}: must be a date that exists, year-month-day, e.g. ${name}=2026-11-16.`,
    );
  if (written < DATE_MIN || written > DATE_MAX)
    throw new Refused('invalid', `${name}: must be a date from ${DATE_MIN} to ${DATE_MAX}.`);
  return written;
}

function withinOf(query: Query, figure: WhatIfFigure): number {
  const { step, max, said } = WITHIN[figure];
  const written = textOf(query, 'within') ?? '';
  const ms = /^\d{1,9}$/.test(written) ? Number(written) : 0;
  if (ms >= step && ms <= max && ms % step === 0) return ms;
  throw new Refused('invalid', `within: for ${figure} it must be whole ${said}, e.g. within=${step * 10}.`);
}

function scopesOf(query: Query, known: Known): Scope[] {
  if (textOf(query, 'scopes') === null) return ['site'];
  const names = known.scopes.map(({ scope }) => scope);
  return listOf(query, 'scopes', names, SCOPES_MAX) as Scope[];
}

function scopeOf(query: Query, known: Known): Scope {
  const names = known.scopes.map(({ scope }) => scope);
  return oneOf(query, 'scope', names, 'site') as Scope;
}

/** Each once, in the order written, with commas between. */
function listOf<T extends string>(query: Query, name: string, known: readonly T[], most: number): T[] {
  const written = textOf(query, name);
  if (written === null)
    throw new Refused(
      'invalid',
      `${name}: is missing. Write some with commas between, e.g. ${name}=${known[0]}.`,
    );
  const parts = [...new Set(written.split(',').map((part) => part.trim()))];
  if (parts.length > most) throw new Refused('invalid', `${name}: ${most} are the most at a time.`);
  return parts.map((part) => knownOne(name, part, known));
}

function oneOf<T extends string>(query: Query, name: string, known: readonly T[], otherwise: T | null): T {
  const written = textOf(query, name);
  if (written !== null) return knownOne(name, written, known);
  if (otherwise !== null) return otherwise;
  throw new Refused('invalid', `${name}: is missing. Write one of ${known.join(', ')}.`);
}

/** Names told at most when one is not known. */
const NAMES_TOLD = 24;

function knownOne<T extends string>(name: string, part: string, known: readonly T[]): T {
  const found = known.find((one) => one === part);
  if (found !== undefined) return found;
  const told = known.slice(0, NAMES_TOLD).join(', ');
  const more =
    known.length > NAMES_TOLD ? `, and ${known.length - NAMES_TOLD} more (/api/trends/scopes)` : '';
  throw new Refused('invalid', `${name}: there is no "${part.slice(0, 100)}". There is ${told}${more}.`);
}

/** A misspelt word would be left out in silence. */
function onlyKnown(query: Query, known: readonly string[]): void {
  const stranger = Object.keys(query).find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new Refused(
      'invalid',
      `${stranger.slice(0, 100)}: is not known here. Known are ${known.join(', ')}.`,
    );
}

function textOf(query: Query, name: string): string | null {
  const written = query[name];
  if (written === undefined || written === '') return null;
  if (typeof written === 'string') return written;
  throw new Refused(
    'invalid',
    `${name}: is written more than once. Write it once, with commas where it may be several.`,
  );
}
