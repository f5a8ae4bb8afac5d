import { loadConfig } from '../../server/config.ts';
import { createTrends, type SeriesQuery } from '../../server/metrics/trends.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import { answering } from './answering.ts';

/** The history on a database, joined as the server joins it, without HTTP. */
const [file = '', nowText = '0'] = process.argv.slice(2);
const now = Number(nowText);
const config = await loadConfig(process.env, process.cwd());
const store = await openSqliteStore({ file });
const trends = createTrends({
  store,
  scopes: config.trendScopes,
  zone: config.site.zone,
  demo: false,
  now: () => now,
  health: () =>
    config.sources.map(({ id }) => ({
      id,
      feeds: ['phones', 'emails'],
      state: 'live',
      since: now,
      heardAt: now,
      trouble: null,
    })),
  notSavedSince: () => null,
});

answering({
  /** The ms until the answer is there, and until its JSON is; and of that JSON the bytes. */
  async series(query: SeriesQuery) {
    const from = performance.now();
    const answer = await trends.series(query);
    const ms = performance.now() - from;
    const json = JSON.stringify(answer);
    return { ms, jsonMs: performance.now() - from, bytes: Buffer.byteLength(json) };
  },
  async close() {
    await store.close();
    setImmediate(() => process.disconnect());
  },
});
