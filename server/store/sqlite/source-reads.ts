import { setImmediate as nextTurn } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import type { FigureId } from '../../../shared/figure.ts';
import { HOUR, type Instant } from '../../../shared/time.ts';
import type { ItemKey } from '../store.ts';
import type { VoiceReads } from '../voice.ts';
import { type ItemRow, itemColumns, itemOf } from './item-row.ts';

/** Items read before others get their turn. */
const PER_TURN = 200;

/** Counts by source, from the items themselves; a long day is read in steps. */
export function sourceReads(db: Database.Database): Pick<VoiceReads, 'countedBySource'> {
  const keys = db
    .prepare<[Instant, Instant, Instant, Instant, Instant], ItemKey>(`
    SELECT key FROM items
    WHERE counted_to - counted_from < 3600000 AND counted_to >= ? AND counted_to < ? AND counted_from < ?
    UNION ALL
    SELECT key FROM items
    WHERE counted_to - counted_from >= 3600000 AND counted_to >= ? AND counted_from < ?`)
    .pluck();
  const item = db.prepare<[ItemKey], ItemRow>(`SELECT ${itemColumns} FROM items WHERE key = ?`);
  return {
    async countedBySource({ from, to }, figures) {
      const wanted = new Set(figures);
      const counts = new Map<string, Partial<Record<FigureId, number>>>();
      for (const [i, key] of keys.all(from, to + HOUR, to, from, to).entries()) {
        if (i % PER_TURN === PER_TURN - 1) await nextTurn();
        const row = item.get(key);
        if (row === undefined) continue;
        const { source, judged } = itemOf(row);
        const own = counts.get(source) ?? {};
        for (const { figure, scope, at, n } of judged.settled) {
          if (scope !== 'site' || !wanted.has(figure) || at < from || at >= to || n === 0) continue;
          own[figure] = (own[figure] ?? 0) + n;
        }
        counts.set(source, own);
      }
      return counts;
    },
  };
}
