import Database from 'better-sqlite3';

/** Everything that is kept so that history can be read. */
const OF_TRENDS = ['tallies', 'tally_months', 'spreads', 'spread_months'];

/** The bytes of what is kept for trends, with its indexes, and of everything else in the file. */
export function roomOfTrends(file: string): { trends: number; rest: number } {
  const db: Database.Database = new Database(file, { readonly: true });
  try {
    const names = OF_TRENDS.map(() => '?').join(', ');
    // One tree at a time: without a name dbstat would go through the whole file.
    const trees = db
      .prepare<string[], string>(
        `SELECT name FROM sqlite_schema WHERE rootpage > 0 AND tbl_name IN (${names})`,
      )
      .pluck()
      .all(...OF_TRENDS);
    const bytesOf = db
      .prepare<[string], number>('SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = ?')
      .pluck();
    const trends = trees.reduce((sum, name) => sum + (bytesOf.get(name) ?? 0), 0);
    const pages = (name: string): number => Number(db.pragma(name, { simple: true }));
    const used = (pages('page_count') - pages('freelist_count')) * pages('page_size');
    return { trends, rest: used - trends };
  } finally {
    db.close();
  }
}
