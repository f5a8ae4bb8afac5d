import type { Store } from '../store.ts';
import { connectLongReader } from './connect.ts';
import { countedPages } from './counted-pages.ts';
import { decodeViews, viewsColumn } from './judged-json.ts';

/**
 * The views of calls in a span. On a connection of its own, which stays at one moment while the server goes on and is
 * closed afterwards.
 */
export function callViewsOf(file: string): Store['callViews'] {
  return async function* callViews(span) {
    const db = connectLongReader(file);
    try {
      db.exec('BEGIN');
      const asked = { columns: `${viewsColumn} AS views`, where: "key > 'call/' AND key < 'call0'" };
      for (const rows of countedPages<{ views: string | null }>(db, span, asked))
        yield rows.flatMap(({ views }) => decodeViews(views));
    } finally {
      db.close();
    }
  };
}
