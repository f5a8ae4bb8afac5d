import type { ItemFigure } from '../../shared/wire-items.ts';
import type { TrendFigure } from '../../shared/wire-trends.ts';
import { FIGURES } from './figure-words.ts';

/** Figures whose calls or emails can be listed. */
const LISTED: Readonly<Partial<Record<TrendFigure, ItemFigure>>> = {
  firstRing: 'firstRing',
  serviceLevel: 'serviceLevel',
  abandonment: 'abandonment',
  callsOffered: 'callsOffered',
  speedOfAnswer: 'speedOfAnswer',
  leftInMenu: 'leftInMenu',
  waitTime: 'waitTime',
  emailsWithinHour: 'emailsWithinHour',
  emailsReceived: 'emailsReceived',
  replyTime: 'replyTime',
};

/** The words of a list of what a figure counts; null for figures that have none. */
export function drillWords(figure: TrendFigure, scope: string): Record<string, string> | null {
  const listed = LISTED[figure];
  if (listed === undefined) return null;
  const kind = FIGURES[figure].feed === 'phones' ? 'calls' : 'emails';
  return { kind, scope, figure: listed, verdict: 'counted' };
}

/** The same of a cell of the heatmap, which holds emails by their arrival. */
export function cellWords(figure: TrendFigure, scope: string): Record<string, string> {
  const words = { ...drillWords(figure, scope) };
  return figure === 'emailsWithinHour' ? { ...words, figure: 'emailsByArrival' } : words;
}
