import type { Instant } from '../../../shared/time.ts';
import { isOfMail } from '../../judge/listed.ts';
import type { ListAsked } from '../lists.ts';
import type { ItemKey } from '../store.ts';

/** What is read of an item that may be on a list. */
export interface StoredItem {
  key: ItemKey;
  source: string;
  person: string | null;
  folded_to: Instant;
  wake_at: Instant | null;
  judged: string;
}

export const storedColumns = 'key, source, person, folded_to, wake_at, judged';

/** First and last possible keys of calls, and of threads. */
export interface KeyRange {
  first: string;
  end: string;
}

/** The keys of what a figure counts. */
export function rangeOf({ figure }: Pick<ListAsked, 'figure'>): KeyRange {
  return isOfMail(figure) ? { first: 'thread/', end: 'thread0' } : { first: 'call/', end: 'call0' };
}

/** Most items are not on the list: told by their text they need not be taken apart. Leaves out none that may be on it. */
export function signsOf(asked: Pick<ListAsked, 'figure' | 'scope' | 'verdict'>): {
  sql: string;
  values: string[];
} {
  const any = anyOf(asked);
  const has = 'instr(judged, ?) > 0';
  return {
    sql: any.length === 0 ? has : `${has} AND (${any.map(() => has).join(' OR ')})`,
    values: [JSON.stringify(asked.scope), ...any],
  };
}

/**
 * Reads the items of index entries (`counted_to, counted_from, key`), in their order. The entries are found in a query of
 * their own: in a table without row ids SQLite else reads every item before it looks at what its entry says.
 */
export function storedOf(entries: string, { sql }: { sql: string }): string {
  return `SELECT counted_to, counted_from, ${storedColumns} FROM (${entries} LIMIT -1) AS entry
    CROSS JOIN (SELECT ${storedColumns} FROM items) AS item USING (key) WHERE ${sql}`;
}

/** It is marked as having something open, which may be lost by now. */
const OPEN = '"p":';
const MENU = ['"leftInMenu",', '"out_of_hours"', '"outOfHours",', '"callsUnknown",'];

/** One of these is in the text of every item that has such a row. */
function anyOf({ figure, verdict }: Pick<ListAsked, 'figure' | 'verdict'>): readonly string[] {
  if (verdict === 'all') return figure === 'leftInMenu' ? MENU : [];
  // What these count is what went wrong.
  const isOfBad = figure === 'abandonment' || figure === 'leftInMenu';
  switch (figure) {
    case 'firstRing':
    case 'serviceLevel':
    case 'abandonment':
    case 'leftInMenu':
    case 'emailsWithinHour':
    case 'emailsByArrival':
      if (verdict === 'counted') return [`"${figure}",`];
      return [
        `"${figure}",${(verdict === 'met') === isOfBad ? 0 : 1},1`,
        ...(verdict === 'missed' ? [OPEN] : []),
      ];
    case 'callsOffered':
    case 'speedOfAnswer':
    case 'emailsReceived':
      return [`"${figure}",`];
    case 'waitTime':
      return ['"answered"'];
    case 'replyTime':
      return ['"r":'];
  }
}
