import type { FigureId } from '../../../shared/figure.ts';
import { HOUR, type Instant } from '../../../shared/time.ts';
import type { ItemKey } from '../store.ts';
import type { VoiceReads } from '../voice.ts';
import { decodeSettled, settledColumn } from './judged-json.ts';
import { readStepwise } from './stepwise.ts';

/** Items read before others get their turn: so many hold the process for a few milliseconds. */
const PAGE = 250;

/** Counts by source, from the items themselves, read along the two indexes by when they count. */
export function countedBySourceOf(file: string): VoiceReads['countedBySource'] {
  return ({ from, to }, figures) =>
    readStepwise(file, function* countedBySource(db) {
      const wanted = new Set(figures);
      const counts = new Map<string, Partial<Record<FigureId, number>>>();
      for (const { length, until } of [
        { length: SHORT, until: to + HOUR },
        { length: LONG, until: Number.MAX_SAFE_INTEGER },
      ]) {
        const page = db.prepare<[Bounds], Row>(pageSql(length));
        let place: Bounds = { to, until, lastTo: from, lastFrom: Number.MIN_SAFE_INTEGER, lastKey: '' };
        for (;;) {
          const rows = page.all(place);
          for (const { source, settled } of rows) {
            const own = counts.get(source) ?? {};
            counts.set(source, own);
            for (const { figure, scope, at, n } of decodeSettled(settled)) {
              if (scope !== 'site' || !wanted.has(figure) || at < from || at >= to || n === 0) continue;
              own[figure] = (own[figure] ?? 0) + n;
            }
          }
          yield;
          const last = rows.at(-1);
          if (last === undefined || rows.length < PAGE) break;
          place = { to, until, lastTo: last.counted_to, lastFrom: last.counted_from, lastKey: last.key };
        }
      }
      return counts;
    });
}

/** The conditions of the indexes, word for word: SQLite uses a partial index only then. */
const SHORT = 'counted_to - counted_from < 3600000';
const LONG = 'counted_to - counted_from >= 3600000';

interface Bounds {
  to: Instant;
  until: Instant;
  lastTo: Instant;
  lastFrom: Instant;
  lastKey: ItemKey;
}

interface Row {
  counted_to: Instant;
  counted_from: Instant;
  key: ItemKey;
  source: string;
  settled: string | null;
}

const pageSql = (length: string): string => `
  SELECT counted_to, counted_from, key, source, ${settledColumn} AS settled FROM items
  WHERE ${length} AND counted_to >= @lastTo AND counted_to < @until AND counted_from < @to
    AND (counted_to, counted_from, key) > (@lastTo, @lastFrom, @lastKey)
  ORDER BY counted_to, counted_from, key LIMIT ${PAGE}`;
