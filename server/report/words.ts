import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../shared/time.ts';
import type { PromiseTold, Summary, Volume } from './summary.ts';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Mon 9 Nov". */
export function dayWords(date: string): string {
  const { dayOfWeek, day, month } = Temporal.PlainDate.from(date);
  return `${WEEKDAYS[dayOfWeek - 1]} ${day} ${MONTHS[month - 1]}`;
}

/** "Mon 9 Nov 14:02", as the clock at the site has it. */
export function timeWords(at: Instant, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return `${dayWords(local.toPlainDate().toString())} ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}

/** "Mon 9 Nov to Sun 15 Nov 2026". */
export function weekWords({ from, to }: Pick<Summary, 'from' | 'to'>): string {
  const year = from.slice(0, 4) === to.slice(0, 4) ? '' : ` ${from.slice(0, 4)}`;
  return `${dayWords(from)}${year} to ${dayWords(to)} ${to.slice(0, 4)}`;
}

/** "Patient Support: week of Mon 9 Nov to Sun 15 Nov 2026". */
export function subjectOf(summary: Summary): string {
  return `${summary.demo ? '[demo data] ' : ''}${summary.name}: ${weekWords(summary)}`;
}

/** What stands large: "81%", or "3 of 4" where that is too little for a percent. */
export function figureWords({ percent, total }: PromiseTold): string {
  if (total.d === 0) return '–';
  return percent ?? `${number(total.n)} of ${number(total.d)}`;
}

/** "7,570 of 8,185 emails". */
export function countWords({ total, noun }: PromiseTold): string {
  if (total.d === 0) return `no ${noun} this week`;
  return `${number(total.n)} of ${number(total.d)} ${total.d === 1 ? noun.slice(0, -1) : noun}`;
}

/** "up 2 on the week before (540 of 700)". */
export function changeWords({ change, before, total }: PromiseTold): string {
  if (before.d === 0) return 'nothing in the week before to compare with';
  const than = `the week before (${number(before.n)} of ${number(before.d)})`;
  if (total.d === 0 || change === null) return `too few to compare with ${than}`;
  switch (change.kind) {
    case 'up':
    case 'down':
      return `${change.kind} ${change.points} on ${than}`;
    case 'level':
      return `level on ${than}`;
    case 'about':
      return `no clear change on ${than}`;
  }
}

/** "7,387 calls", beside the week before. */
export function volumeWords({ count, before }: Volume): string {
  return `${number(count)} (${number(before)} the week before)`;
}

export function worstWords({ noun, byArrival }: PromiseTold): string {
  return byArrival ? `Most missed, by the hour in which the ${noun} arrived` : 'Most missed';
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}
