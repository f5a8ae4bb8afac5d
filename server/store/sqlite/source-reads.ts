import type { FigureId } from '../../../shared/figure.ts';
import type { VoiceReads } from '../voice.ts';
import { countedPages } from './counted-pages.ts';
import { decodeSettled, settledColumn } from './judged-json.ts';
import { readStepwise } from './stepwise.ts';

/** Counts by source, from the items themselves. */
export function countedBySourceOf(file: string): VoiceReads['countedBySource'] {
  return ({ from, to }, figures) =>
    readStepwise(file, function* countedBySource(db) {
      const wanted = new Set(figures);
      const counts = new Map<string, Partial<Record<FigureId, number>>>();
      const asked = { columns: `source, ${settledColumn} AS settled` };
      for (const rows of countedPages<Row>(db, { from, to }, asked)) {
        for (const { source, settled } of rows) {
          const own = counts.get(source) ?? {};
          counts.set(source, own);
          for (const { figure, scope, at, n } of decodeSettled(settled)) {
            if (scope !== 'site' || !wanted.has(figure) || at < from || at >= to || n === 0) continue;
            own[figure] = (own[figure] ?? 0) + n;
          }
        }
        yield;
      }
      return counts;
    });
}

interface Row {
  source: string;
  settled: string | null;
}
