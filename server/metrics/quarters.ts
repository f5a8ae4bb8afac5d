import { entryOf } from '../../shared/entry-of.ts';
import type { FigureId, Scope, Tally } from '../../shared/figure.ts';
import { type Instant, QUARTER_HOUR, type Span } from '../../shared/time.ts';
import type { TallyDelta } from '../store/store.ts';

/** Tallies by quarter-hour, in memory, of the spans that were taken in; what falls outside them is let go. */
export interface Quarters {
  /** Takes in the stored tallies of a span; from then on deltas inside it count. */
  take(span: Span, rows: readonly TallyDelta[]): void;
  /** True when the whole span has been taken in. */
  covers(span: Span): boolean;
  /** Adds a delta; outside every span taken in it is not ours to keep. */
  add(delta: TallyDelta): void;
  /** The sum over the quarter-hours that start inside the span. */
  sum(scope: Scope, figure: FigureId, span: Span): Tally;
  /** Forgets everything before `before`, but the spans named. */
  forget(before: Instant, but: readonly Span[]): void;
}

/** Nothing taken in yet. */
export function createQuarters(): Quarters {
  const cells = new Map<string, Map<Instant, Tally>>();
  let spans: Span[] = [];

  const add = ({ figure, scope, quarter, n, d }: TallyDelta): void => {
    const row = entryOf(cells, keyOf(scope, figure), () => new Map<Instant, Tally>());
    const cell = entryOf(row, quarter, () => ({ n: 0, d: 0 }));
    cell.n += n;
    cell.d += d;
  };
  const holds = (at: Instant): boolean => spans.some((span) => at >= span.from && at < span.to);

  return {
    take(span, rows) {
      if (spans.some((taken) => taken.from < span.to && span.from < taken.to)) {
        throw new Error(`The tallies from ${span.from} to ${span.to} overlap what was taken in before.`);
      }
      spans.push(span);
      rows.forEach(add);
    },
    covers: (span) => spans.some((taken) => taken.from <= span.from && span.to <= taken.to),
    add(delta) {
      if (holds(delta.quarter)) add(delta);
    },
    sum(scope, figure, span) {
      const sum = { n: 0, d: 0 };
      const row = cells.get(keyOf(scope, figure));
      if (!row) return sum;
      for (let at = Math.ceil(span.from / QUARTER_HOUR) * QUARTER_HOUR; at < span.to; at += QUARTER_HOUR) {
        const cell = row.get(at);
        if (!cell) continue;
        sum.n += cell.n;
        sum.d += cell.d;
      }
      return sum;
    },
    forget(before, but) {
      spans = spans.flatMap((span) => {
        if (but.some((other) => other.from === span.from && other.to === span.to)) return [span];
        return span.to <= before ? [] : [{ from: Math.max(span.from, before), to: span.to }];
      });
      for (const row of cells.values()) {
        for (const at of row.keys()) if (!holds(at)) row.delete(at);
      }
    },
  };
}

function keyOf(scope: Scope, figure: FigureId): string {
  return `${figure} ${scope}`;
}
