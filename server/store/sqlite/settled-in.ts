import type Database from 'better-sqlite3';
import type { FigureId, Scope } from '../../../shared/figure.ts';
import { HOUR, type Instant, type Span } from '../../../shared/time.ts';
import type { Settled } from '../../judge/verdict.ts';
import type { Item, Store } from '../store.ts';
import { LONG, SHORT } from './counted-pages.ts';
import { type ItemRow, itemColumns, itemOf } from './item-row.ts';

/** What counted inside a short span of time. */
export function settledIn(db: Database.Database): Store['settledIn'] {
  const counted = db.prepare<SpanValues, ItemRow>(
    `SELECT ${itemColumns} FROM items WHERE key IN (${inSpan})`,
  );
  return async (span, figures, scopes) => {
    const wanted = { span, figures: new Set(figures), scopes: new Set(scopes) };
    return counted.all(...spanValues(span)).flatMap((row) => countedOf(itemOf(row), wanted));
  };
}

const inSpan = `
  SELECT key FROM items WHERE ${SHORT} AND counted_to >= ? AND counted_to < ? AND counted_from < ?
  UNION ALL
  SELECT key FROM items WHERE ${LONG} AND counted_to >= ? AND counted_from < ?`;

type SpanValues = [Instant, Instant, Instant, Instant, Instant];

function spanValues({ from, to }: Span): SpanValues {
  return [from, to + HOUR, to, from, to];
}

interface Wanted {
  span: Span;
  figures: ReadonlySet<FigureId>;
  scopes: ReadonlySet<Scope>;
}

function countedOf({ judged, foldedTo }: Item, { span, figures, scopes }: Wanted): Settled[] {
  const isWanted = ({ figure, scope, at }: Omit<Settled, 'n' | 'd'>): boolean =>
    at >= span.from && at < span.to && figures.has(figure) && scopes.has(scope);
  const folded = judged.pending
    .filter((one) => one.lostAt <= foldedTo && isWanted(one))
    .map(({ figure, scope, at }) => ({ figure, scope, at, n: 0, d: 1 }));
  return [...judged.settled.filter(isWanted), ...folded];
}
