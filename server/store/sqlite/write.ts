import type Database from 'better-sqlite3';
import type { Instant } from '../../../shared/time.ts';
import type { Fact } from '../../fact.ts';
import { winnerOf } from '../canonical.ts';
import type { ItemKey, KeptFact, PutOutcome, SourceCounts, TallyDelta, Tx } from '../store.ts';
import { type ItemRow, itemColumns, itemOf, wakeAtOf } from './item-row.ts';
import { lookups } from './lookups.ts';
import { saveItems } from './save-items.ts';

/** What may be done inside a transaction, on the writing connection. Its statements are prepared once. */
export function createTx(db: Database.Database): Tx {
  const look = lookups(db);
  const putOne = putWith(db);
  const save = saveItems(db);
  const due = db.prepare<[Instant, Instant, ItemKey, number], ItemRow>(
    `SELECT ${itemColumns} FROM items WHERE wake_at <= ? AND (wake_at, key) > (?, ?) ORDER BY wake_at, key LIMIT ?`,
  );
  const tie = db.prepare<[string, ItemKey]>(
    'INSERT INTO aliases (name, item) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET item = excluded.item',
  );
  const moveFacts = db.prepare<[ItemKey, ItemKey]>('UPDATE facts SET item = ? WHERE item = ?');
  const moveAliases = db.prepare<[ItemKey, ItemKey]>('UPDATE aliases SET item = ? WHERE item = ?');
  const setCursor = db.prepare<[string, string]>(
    'INSERT INTO cursors (source, cursor) VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor',
  );
  const addTally = db.prepare<[string, Instant, string, number, number]>(addTallySql);
  const addCounts = db.prepare<[string, number, number, number, number]>(addCountsSql);

  return {
    put: async (facts) => facts.map(putOne),
    facts: async (items) => look.facts(items),
    items: async (keys) => look.items(keys),
    contactsOf: async (people) => look.contactsOf(people),
    aliases: async (names) => look.aliases(names),
    save: async (changes) => save(changes),
    async due(now, limit, after) {
      const from = after === undefined ? null : wakeAtOf(after);
      return due.all(now, from ?? Number.MIN_SAFE_INTEGER, after?.key ?? '', limit).map(itemOf);
    },
    async addTallies(deltas: readonly TallyDelta[]) {
      for (const { scope, quarter, figure, n, d } of deltas) addTally.run(scope, quarter, figure, n, d);
    },
    async tie(names, item) {
      for (const name of names) tie.run(name, item);
    },
    async merge(from, to) {
      moveFacts.run(to, from);
      moveAliases.run(to, from);
    },
    async setCursor(source, cursor) {
      setCursor.run(source, cursor);
    },
    async addCounts(source, counts: Partial<SourceCounts>) {
      const { stored = 0, repeat = 0, conflict = 0, refused = 0 } = counts;
      addCounts.run(source, stored, repeat, conflict, refused);
    },
  };
}

const addTallySql = `
  INSERT INTO tallies (scope, quarter, figure, n, d) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (scope, quarter, figure) DO UPDATE SET n = n + excluded.n, d = d + excluded.d`;

const addCountsSql = `
  INSERT INTO source_counts (source, stored, repeat, conflict, refused) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (source) DO UPDATE SET
    stored = stored + excluded.stored, repeat = repeat + excluded.repeat,
    conflict = conflict + excluded.conflict, refused = refused + excluded.refused`;

function putWith(db: Database.Database): (kept: KeptFact) => PutOutcome {
  const insert = db.prepare<[ItemKey, string, string, string, string, string]>(
    'INSERT INTO facts (item, source, kind, subject, part, content) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const ofKey = 'WHERE item = ? AND source = ? AND kind = ? AND subject = ? AND part = ?';
  const read = db.prepare<[ItemKey, string, string, string, string], string>(
    `SELECT content FROM facts ${ofKey}`,
  );
  read.pluck();
  const replace = db.prepare<[string, ItemKey, string, string, string, string]>(
    `UPDATE facts SET content = ? ${ofKey}`,
  );
  return ({ item, source, subject, part, fact }) => {
    const content = JSON.stringify(fact);
    if (insert.run(item, source, fact.kind, subject, part, content).changes === 1) return 'stored';
    const kept = read.get(item, source, fact.kind, subject, part);
    if (kept === undefined || kept === content) return 'repeat';
    const winner = winnerOf(JSON.parse(kept) as Fact, fact);
    if (winner === 'same') return 'repeat';
    if (winner === 'came') replace.run(content, item, source, fact.kind, subject, part);
    return 'conflict';
  };
}
