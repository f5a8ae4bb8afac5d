import type Database from 'better-sqlite3';
import type { Mention, Quote } from '../../../shared/figure.ts';
import type { Instant } from '../../../shared/time.ts';
import type { PostFact, QuoteFact } from '../../fact.ts';
import { shownPost } from '../../judge/mention.ts';
import type { ItemKey, KeptFact, Page, SourceCounts, Store } from '../store.ts';
import { askOn } from './ask.ts';
import { type ItemRow, itemColumns, itemOf } from './item-row.ts';
import { lookups } from './lookups.ts';
import { settledIn } from './settled-in.ts';
import { tallyReads } from './tally-reads.ts';

/** The part of the port that only reads. */
export type Reads = Omit<
  Store,
  'write' | 'writeAhead' | 'setMeta' | 'ping' | 'close' | 'audit' | 'callViews'
>;

/** Everything that is read outside a transaction, on the reading connection: nothing uncommitted is ever seen. */
export function createReads(db: Database.Database): Reads {
  const look = lookups(askOn(db));
  const open = db.prepare<[], ItemRow>(`SELECT ${itemColumns} FROM items WHERE wake_at IS NOT NULL`);
  const quote = db.prepare<[Instant], string>(quoteSql).pluck();
  const cursor = db.prepare<[string], string>('SELECT cursor FROM cursors WHERE source = ?').pluck();
  const counts = db.prepare<[], SourceCounts & { source: string }>('SELECT * FROM source_counts');
  const meta = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck();

  return {
    ...tallyReads(db),
    openItems: async () => open.all().map(itemOf),
    settledIn: settledIn(db),
    mentions: mentionsOf(db),
    async quote(at) {
      const content = quote.get(at);
      return content === undefined ? null : quoteFrom(JSON.parse(content) as QuoteFact);
    },
    cursor: async (source) => cursor.get(source) ?? null,
    async sourceCounts() {
      return new Map(counts.all().map(({ source, ...rest }) => [source, rest]));
    },
    meta: async (name) => meta.get(name) ?? null,
    itemKeys: (page: Page) => look.itemKeys(page.after, page.limit),
  };
}

const quoteSql = `
  SELECT content FROM facts
  WHERE kind = 'quote' AND json_extract(content, '$.at') <= ?
  ORDER BY json_extract(content, '$.at') DESC LIMIT 1`;

function quoteFrom({ text, cite, at }: QuoteFact): Quote {
  return { text, cite, at };
}

/** A post is shown as its newest version is, whole; not at all when its words are not known. */
function mentionsOf(db: Database.Database): (limit: number) => Promise<Mention[]> {
  const look = lookups(askOn(db));
  const newest = db.prepare<[number], { key: ItemKey; mention_at: Instant }>(
    'SELECT key, mention_at FROM items WHERE mention_at IS NOT NULL ORDER BY mention_at DESC, key LIMIT ?',
  );
  return async (limit) => {
    const found = newest.all(limit);
    const facts = await look.facts(found.map(({ key }) => key));
    return found.flatMap(({ key, mention_at }) => mentionFrom(key, mention_at, facts.get(key) ?? []));
  };
}

function mentionFrom(key: ItemKey, at: Instant, kept: readonly KeptFact[]): Mention[] {
  const post = shownPost(kept.map(({ fact }) => fact as PostFact));
  if (post?.text === undefined) return [];
  const { network, name = '', handle = '', text } = post;
  return [{ id: key.slice(key.indexOf('/') + 1), network, name, handle, text, at }];
}
