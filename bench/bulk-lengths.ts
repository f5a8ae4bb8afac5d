import { createSpreadSum } from '../server/intake/spread-sum.ts';
import type { Rules } from '../server/judge/rules.ts';
import type { Judged } from '../server/judge/verdict.ts';
import { monthOfDay } from '../server/store/sqlite/packed-days.ts';
import type { Month } from '../server/store/sqlite/packed-pairs.ts';
import { type DaySpreads, packSpread } from '../server/store/sqlite/packed-spread.ts';
import type { Item } from '../server/store/store.ts';
import type { EpochDay, Measure, SpreadDelta } from '../server/store/trends.ts';
import { entryOf } from '../shared/entry-of.ts';
import type { Scope } from '../shared/figure.ts';

/** How often each length occurs among many items of few shapes. */
export interface BulkLengths {
  /** Counts the lengths of these items, moved by so many ms. */
  count(items: readonly Item[], movedMs: number): void;
  /** Every month of each distribution up to a day, as the store packs it. */
  months(before: EpochDay): Generator<PackedMonth>;
  /** The lengths of that day and of those after. */
  rows(from: EpochDay): SpreadDelta[];
}

export interface PackedMonth {
  scope: Scope;
  measure: Measure;
  month: Month;
  packed: Uint8Array;
}

export function createBulkLengths(rules: Rules): BulkLengths {
  const sum = createSpreadSum(rules);
  return {
    count(items, movedMs) {
      for (const { judged } of items) sum.replace(null, moved(judged, movedMs));
    },
    *months(before) {
      const packed = new Map<string, DaySpreads>();
      for (const { scope, measure, day, key, count } of sum.deltas()) {
        if (day >= before) continue;
        const days = entryOf(packed, `${scope} ${measure} ${monthOfDay(day)}`, () => new Map());
        entryOf(days, day, () => new Map<number, number>()).set(key, count);
      }
      for (const [place, days] of packed) {
        const [scope, measure, month] = place.split(' ') as [Scope, Measure, string];
        const bytes = packSpread(days, Number(month), measure);
        if (bytes !== null) yield { scope, measure, month: Number(month), packed: bytes };
      }
    },
    rows: (from) => sum.deltas().filter(({ day }) => day >= from),
  };
}

/** Of a verdict what lengths are read from. */
function moved(judged: Judged, ms: number): Judged {
  return {
    ...judged,
    views: judged.views.map((view) => ({ ...view, offeredAt: view.offeredAt + ms })),
    replies: judged.replies.map((reply) => ({
      ...reply,
      inAt: reply.inAt + ms,
      dueAt: reply.dueAt + ms,
      answeredAt: reply.answeredAt === null ? null : reply.answeredAt + ms,
    })),
  };
}
