import type Database from 'better-sqlite3';
import type { Instant } from '../../../shared/time.ts';
import type { ItemVerdict, VerdictFilter } from '../../../shared/wire-items.ts';
import { listedOf, lostUpTo } from '../../judge/listed.ts';
import type { ListAsked, ListedItem } from '../lists.ts';
import type { ItemKey } from '../store.ts';
import { decodeJudged } from './judged-json.ts';
import { type StoredItem, signsOf, storedColumns } from './list-signs.ts';

/** What decides which rows of an item are on a list; places and pages are decided elsewhere. */
export type RowsAsked = Pick<ListAsked, 'figure' | 'scope' | 'verdict' | 'spans' | 'now' | 'knownUntil'>;

/** The rows of a stored item that are on the list. */
export function rowsIn(asked: RowsAsked): (item: StoredItem) => ListedItem[] {
  const { figure, scope, now, knownUntil } = asked;
  const isWanted = wanted(asked.verdict);
  return ({ key, source, person, folded_to, wake_at, judged }) => {
    const readAt = Math.min(now, knownUntil[source] ?? Number.POSITIVE_INFINITY);
    const asOf = lostUpTo({ foldedTo: folded_to, isOpen: wake_at !== null }, readAt);
    return listedOf(decodeJudged(judged, null), { figure, scope }, asOf)
      .filter(({ at, verdict }) => isWanted(verdict) && isInside(at, asked))
      .map((listed) => ({ ...listed, key, source, person }));
  };
}

/** Reads items one by one and gives the rows of each that are on the list. */
export function rowReader(db: Database.Database, asked: RowsAsked): (key: ItemKey) => ListedItem[] {
  const signs = signsOf(asked);
  const rowsOf = rowsIn(asked);
  const read = db.prepare<[ItemKey, ...string[]], StoredItem>(
    `SELECT ${storedColumns} FROM items WHERE key = ? AND ${signs.sql}`,
  );
  return (key) => {
    const item = read.get(key, ...signs.values);
    return item === undefined ? [] : rowsOf(item);
  };
}

function wanted(filter: VerdictFilter): (verdict: ItemVerdict) => boolean {
  switch (filter) {
    case 'all':
      return () => true;
    case 'counted':
      return (verdict) => verdict === 'met' || verdict === 'missed' || verdict === 'counted';
    case 'met':
    case 'missed':
      return (verdict) => verdict === filter;
  }
}

function isInside(at: Instant, { spans }: Pick<ListAsked, 'spans'>): boolean {
  return spans.some(({ from, to }) => at >= from && at < to);
}
