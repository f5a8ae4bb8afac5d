import type { Child } from './child.ts';
import type { CountAsked, Counted } from './process/rows.ts';

export const DUCKDB = 'floor: DuckDB, GROUP BY over the same rows';

/** Has the plain rows counted by one of the other databases. */
export function count(others: Child, which: 'duckdb' | 'sqlite', asked: CountAsked): Promise<Counted> {
  return others.ask(which, asked);
}
