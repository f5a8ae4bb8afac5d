import type { Comparison, TrendsAnswer } from '../../shared/wire-trends.ts';
import { dateText, daysIn } from './dates.ts';

/** "4 weeks", "7 days", "day", as it follows "the" and stands before "before". */
export function lengthText(days: number): string {
  if (days === 1) return 'day';
  if (days % 7 === 0 && days > 7) return `${days / 7} weeks`;
  return `${days} days`;
}

/** What is compared with: "the 4 weeks before", "the same weekdays, 4 weeks earlier". */
export function againstText(kind: Exclude<Comparison, 'none'>, from: string, to: string): string {
  const days = daysIn(from, to);
  if (kind === 'before') return `the ${lengthText(days)} before`;
  const weeks = Math.ceil(days / 7);
  return days === 1
    ? 'the same weekday a week earlier'
    : `the same weekdays ${weeks === 1 ? 'a week' : `${weeks} weeks`} earlier`;
}

/** The same of an answer, which names its dates. */
export function comparedText({ against, from, to }: TrendsAnswer): string {
  return against === null ? '' : againstText(against.kind, from, to);
}

/** "22 Sep to 19 Oct" of what is compared with. */
export function comparedDates({ against }: TrendsAnswer): string {
  return against === null ? '' : `${dateText(against.from)} to ${dateText(against.to)}`;
}
