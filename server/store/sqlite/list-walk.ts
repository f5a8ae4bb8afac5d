import type Database from 'better-sqlite3';
import type { Instant, Span } from '../../../shared/time.ts';
import type { ItemOrder } from '../../../shared/wire-items.ts';
import type { ListAsked, ListedItem, ListPage, ListPlace } from '../lists.ts';
import { candidates, type Looked } from './list-candidates.ts';
import { rowsIn } from './list-items.ts';
import { compare, placeBefore, placeOf } from './list-order.ts';

/** What one request looks through before it hands back what it has: entries of the index, and items. */
export const LOOKED_MAX = 20_000;
export const READ_MAX = 4_000;
/** Items that it takes apart. */
export const JUDGED_MAX = 1_000;
/** Spans that one request looks through; each is looked for anew in the index. */
export const SPANS_MAX = 60;

/** A page in the order of time, read along the index: a page near the top of ten million calls costs no more than itself. */
export function listByTime(db: Database.Database, asked: ListAsked): ListPage {
  const { order, after, limit } = asked;
  const work: Work = { items: [], looked: { entries: 0, items: 0 }, judged: 0, stoppedAt: null };
  const walk = walker(db, asked, work);
  for (const [i, span] of spansAfter(asked.spans, after, order).entries()) {
    if (i === SPANS_MAX || (i > 0 && isOver(work))) work.stoppedAt = startOf(span, order);
    else walk(span);
    if (work.items.length > limit || work.stoppedAt !== null) break;
  }
  const { items, stoppedAt } = work;
  if (items.length > limit) {
    const page = items.slice(0, limit);
    const last = page.at(-1);
    return { items: page, next: last === undefined ? null : placeOf(last, 'at'), lookedTo: null };
  }
  return { items, next: stoppedAt === null ? null : placeBefore(stoppedAt, order), lookedTo: stoppedAt };
}

interface Work {
  items: ListedItem[];
  looked: Looked;
  judged: number;
  /** Everything before this instant was looked through, in the order; nothing at it or after. */
  stoppedAt: Instant | null;
}

function isOver({ looked, judged }: Work): boolean {
  return looked.entries >= LOOKED_MAX || looked.items >= READ_MAX || judged >= JUDGED_MAX;
}

/** What is left of the spans after a place, in the order. */
function spansAfter(spans: readonly Span[], after: ListPlace | null, order: ItemOrder): Span[] {
  const left = spans.map(({ from, to }) => {
    if (after === null) return { from, to };
    return order === 'desc'
      ? { from, to: Math.min(to, after.at + 1) }
      : { from: Math.max(from, after.at), to };
  });
  const inOrder = order === 'desc' ? left.reverse() : left;
  return inOrder.filter(({ from, to }) => from < to);
}

function startOf({ from, to }: Span, order: ItemOrder): Instant {
  return order === 'desc' ? to - 1 : from;
}

/** Rows are sure of their place when everything yet to come lies behind them. */
function walker(db: Database.Database, asked: ListAsked, work: Work): (span: Span) => void {
  const { order, after, limit } = asked;
  const found = candidates(db, asked, work.looked);
  const isBefore = (at: Instant, bound: Instant) => (order === 'desc' ? at > bound : at < bound);
  return (span) => {
    const rowsOf = rowsIn({ ...asked, spans: [span] });
    const start = startOf(span, order);
    let waiting: ListedItem[] = [];
    let first: Instant | null = null;
    const take = (bound: Instant | null): void => {
      if (first === null || (bound !== null && !isBefore(first, bound))) return;
      waiting.sort((a, b) => compare(placeOf(a, 'at'), placeOf(b, 'at'), order));
      const end = bound === null ? -1 : waiting.findIndex(({ at }) => !isBefore(at, bound));
      work.items.push(...waiting.slice(0, end < 0 ? waiting.length : end));
      waiting = end < 0 ? [] : waiting.slice(end);
      first = waiting[0]?.at ?? null;
    };
    for (const { bound, item } of found(span)) {
      // It always gets further than where it began, however much there is at one instant.
      const isPageOver = item === null || work.judged >= JUDGED_MAX;
      const stops = isPageOver && isOver(work) && isBefore(start, bound);
      if (stops || work.items.length + waiting.length > limit) take(bound);
      if (work.items.length > limit) return;
      if (stops) {
        work.stoppedAt = bound;
        return;
      }
      if (item === null) continue;
      work.judged += 1;
      for (const row of rowsOf(item)) {
        if (after !== null && compare(placeOf(row, 'at'), after, order) <= 0) continue;
        waiting.push(row);
        if (first === null || isBefore(row.at, first)) first = row.at;
      }
    }
    take(null);
  };
}
