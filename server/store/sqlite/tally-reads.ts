import type Database from 'better-sqlite3';
import type { Scope } from '../../../shared/figure.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Store, TallyRow } from '../store.ts';

/** Rows that `allTallies` reads at a time, so that nothing is held open between them. */
const TALLY_PAGE = 2_000;

/** Reads of the stored tallies. A tally that came back to nought is left out. */
export function tallyReads(db: Database.Database): Pick<Store, 'tallies' | 'allTallies'> {
  const ofScope = db.prepare<[Scope, Instant, Instant], TallyRow>(
    `SELECT ${columns} FROM tallies WHERE scope = ? AND quarter >= ? AND quarter < ? AND ${notNought}`,
  );
  const nextScope = db
    .prepare<[string], Scope>('SELECT scope FROM tallies WHERE scope > ? ORDER BY scope LIMIT 1')
    .pluck();
  const page = db.prepare<[string, Instant, string, number], TallyRow>(
    `SELECT ${columns} FROM tallies WHERE (scope, quarter, figure) > (?, ?, ?) AND ${notNought}
     ORDER BY scope, quarter, figure LIMIT ?`,
  );
  return {
    tallies: async ({ from, to }, scopes) =>
      (scopes ?? everyScope(nextScope)).flatMap((scope) => ofScope.all(scope, from, to)),
    allTallies: () => inPages(page),
  };
}

const columns = 'figure, scope, quarter, n, d';
const notNought = '(n <> 0 OR d <> 0)';

/** Steps from scope to scope through the index: there are few, each with many rows. */
function everyScope(next: Database.Statement<[string], Scope>): Scope[] {
  const scopes: Scope[] = [];
  for (let scope = next.get(''); scope !== undefined; scope = next.get(scope)) scopes.push(scope);
  return scopes;
}

async function* inPages(
  page: Database.Statement<[string, Instant, string, number], TallyRow>,
): AsyncGenerator<TallyRow> {
  let rows = page.all('', 0, '', TALLY_PAGE);
  for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
    yield* rows;
    rows = page.all(last.scope, last.quarter, last.figure, TALLY_PAGE);
  }
}
