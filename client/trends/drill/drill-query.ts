import type { ItemFigure, ItemKind, ItemOrder, ItemSort, VerdictFilter } from '../../../shared/wire-items.ts';
import { periodText, type Zone } from '../dates.ts';
import { FIGURES, isFigure } from '../figure-words.ts';

/** The words of GET /api/items as they stand in the address of the page, and `story`: whose story is open. */
export type DrillWords = Readonly<Record<string, string>>;

/** What the words say, as far as the list is drawn by them. What they may be is for the server to say. */
export interface DrillSaid {
  kind: ItemKind;
  figure: ItemFigure;
  verdict: VerdictFilter;
  sort: ItemSort;
  order: ItemOrder;
  story: string | null;
}

export function saidIn(query: DrillWords): DrillSaid {
  return {
    kind: query.kind === 'emails' ? 'emails' : 'calls',
    figure: (query.figure ?? 'firstRing') as ItemFigure,
    verdict: (query.verdict ?? 'all') as VerdictFilter,
    sort: (query.sort ?? 'at') as ItemSort,
    order: query.order === 'asc' ? 'asc' : 'desc',
    story: query.story ?? null,
  };
}

/** What the server is asked: without what is the page's own. */
export function itemsQueryOf({ story: _story, ...words }: DrillWords): string {
  return new URLSearchParams(words).toString();
}

/** What the list is of, whatever is filtered or sorted: another subject is another list. */
export function subjectOf({ verdict: _v, sort: _s, order: _o, story: _t, ...words }: DrillWords): string {
  return new URLSearchParams(words).toString();
}

/** "Emails within the hour". */
export function figureName(figure: ItemFigure): string {
  if (figure === 'emailsByArrival') return FIGURES.emailsWithinHour.name;
  return isFigure(figure) ? FIGURES[figure].name : figure;
}

const WEEKDAYS = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'];

/** "Wed 4 Nov", "Wed 4 Nov, 09:00 to 10:00", "Mondays 09:00 to 10:00, 20 Oct to 16 Nov, by arrival". */
export function whenText(query: DrillWords, zone: Zone, now: number): string {
  const { weekday, hour, fromDate, toDate, figure } = query;
  const today = zone.date(now);
  if (weekday !== undefined && hour !== undefined && fromDate !== undefined && toDate !== undefined) {
    const next = String((Number(hour) + 1) % 24).padStart(2, '0');
    const hours = `${hour.padStart(2, '0')}:00 to ${next}:00`;
    const arrival = figure === 'emailsByArrival' ? ', by arrival' : '';
    return `${WEEKDAYS[Number(weekday)] ?? ''} ${hours}, ${periodText(fromDate, toDate, today)}${arrival}`;
  }
  const from = Number(query.from);
  const to = Number(query.to);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from >= to) return '';
  const [first, last] = [zone.date(from), zone.date(to - 1)];
  if (first !== last) return periodText(first, last, today);
  const ends = [zone.minute(from), zone.minute(to)];
  return ends.every((end) => end === '00:00') ? zone.day(from) : `${zone.day(from)}, ${ends.join(' to ')}`;
}

/** What can be listed of a figure, and how that is said; the first is what one looks for. */
export function filtersOf(figure: ItemFigure): readonly (readonly [VerdictFilter, string])[] {
  switch (figure) {
    case 'firstRing':
    case 'serviceLevel':
    case 'emailsWithinHour':
    case 'emailsByArrival':
      return [
        ['missed', 'Missed'],
        ['met', 'Met'],
        ['counted', 'Both'],
        ['all', 'And left out'],
      ];
    case 'abandonment':
      return [
        ['missed', 'Gave up'],
        ['met', 'Stayed'],
        ['counted', 'Both'],
        ['all', 'And left out'],
      ];
    case 'leftInMenu':
      return [
        ['missed', 'Left'],
        ['met', 'Came through'],
        ['counted', 'Both'],
        ['all', 'And left out'],
      ];
    case 'callsOffered':
    case 'speedOfAnswer':
    case 'waitTime':
    case 'emailsReceived':
    case 'replyTime':
      return [
        ['counted', 'Counted'],
        ['all', 'And left out'],
      ];
  }
}
