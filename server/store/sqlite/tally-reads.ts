import type Database from 'better-sqlite3';
import { entryOf } from '../../../shared/entry-of.ts';
import type { FigureId, Scope } from '../../../shared/figure.ts';
import { type Instant, QUARTER_HOUR, type Span } from '../../../shared/time.ts';
import type { Store, TallyRow } from '../store.ts';
import { type Month, monthOf, readPairs, startOfMonth } from './packed-pairs.ts';

/** Reads of the stored tallies, packed or not. A tally that came back to nought is left out. */
export function tallyReads(db: Database.Database): Pick<Store, 'tallies' | 'allTallies'> {
  const scopesIn = scopesOf(db);
  const read = talliesOf(db);
  const rowsEnd = db.prepare<[Scope], { first: Instant | null; last: Instant | null }>(
    'SELECT min(quarter) AS first, max(quarter) AS last FROM tallies WHERE scope = ?',
  );
  const monthsEnd = db.prepare<[Scope], { first: Month | null; last: Month | null }>(
    'SELECT min(month) AS first, max(month) AS last FROM tally_months WHERE scope = ?',
  );
  const monthsOf = (scope: Scope): { first: Month; last: Month } => {
    const ends = [rowsEnd.get(scope), monthsEnd.get(scope)];
    const rows = ends[0]?.first == null ? [] : [monthOf(ends[0].first), monthOf(ends[0].last ?? 0)];
    const known = [...rows, ...(ends[1]?.first == null ? [] : [ends[1].first, ends[1].last ?? 0])];
    return { first: Math.min(...known), last: Math.max(...known) };
  };
  const allOf = db.transaction((span: Span, scopes: readonly Scope[] | undefined) =>
    (scopes ?? scopesIn()).flatMap((scope) => read(scope, span)),
  );
  return {
    tallies: async (span, scopes) => allOf(span, scopes),
    async *allTallies() {
      for (const scope of scopesIn()) {
        const { first, last } = monthsOf(scope);
        for (let month = first; month <= last; month += 1)
          yield* allOf({ from: startOfMonth(month), to: startOfMonth(month + 1) }, [scope]);
      }
    },
  };
}

/** Every scope with a tally, in order. */
export function scopesOf(db: Database.Database): () => Scope[] {
  // Steps from scope to scope through the index: there are few, each with many rows.
  const nextOf = (table: string) =>
    db.prepare<[string], Scope>(`SELECT scope FROM ${table} WHERE scope > ? ORDER BY scope LIMIT 1`).pluck();
  const nexts = [nextOf('tallies'), nextOf('tally_months')];
  return () => {
    const scopes = new Set<Scope>();
    for (const next of nexts)
      for (let scope = next.get(''); scope !== undefined; scope = next.get(scope)) scopes.add(scope);
    return [...scopes].sort();
  };
}

/** The tallies of a scope inside a span, in order of quarter-hour and figure; to be read at one moment. */
export function talliesOf(db: Database.Database): (scope: Scope, span: Span) => TallyRow[] {
  const rows = db.prepare<[Scope, Instant, Instant], TallyRow>(
    'SELECT figure, scope, quarter, n, d FROM tallies WHERE scope = ? AND quarter >= ? AND quarter < ?',
  );
  const months = db.prepare<[Scope, Month, Month], { month: Month; figure: FigureId; packed: Uint8Array }>(
    'SELECT month, figure, packed FROM tally_months WHERE scope = ? AND month >= ? AND month <= ?',
  );
  return (scope, { from, to }) => {
    if (to <= from) return [];
    const found = new Map<Instant, Map<FigureId, TallyRow>>();
    const add = (quarter: Instant, figure: FigureId, n: number, d: number): void => {
      const figures = entryOf(found, quarter, () => new Map<FigureId, TallyRow>());
      const row = entryOf(figures, figure, () => ({ figure, scope, quarter, n: 0, d: 0 }));
      row.n += n;
      row.d += d;
    };
    // Beyond what a date can hold there is no month.
    for (const { month, figure, packed } of months.all(scope, monthOf(clamped(from)), monthOf(clamped(to)))) {
      const { first, count, n, d } = readPairs(packed, month);
      const start = startOfMonth(month) + first * QUARTER_HOUR;
      const end = Math.min(count, Math.ceil((to - start) / QUARTER_HOUR));
      for (let i = Math.max(0, Math.ceil((from - start) / QUARTER_HOUR)); i < end; i += 1)
        if (n[i] || d[i]) add(start + i * QUARTER_HOUR, figure, n[i] ?? 0, d[i] ?? 0);
    }
    for (const { quarter, figure, n, d } of rows.all(scope, from, to)) add(quarter, figure, n, d);
    return [...found]
      .sort(([a], [b]) => a - b)
      .flatMap(([, figures]) => [...figures.values()].sort((a, b) => (a.figure < b.figure ? -1 : 1)))
      .filter(({ n, d }) => n !== 0 || d !== 0);
  };
}

const LAST_DATE = 8_640_000_000_000_000;

function clamped(at: Instant): Instant {
  return Math.min(LAST_DATE, Math.max(-LAST_DATE, at));
}
