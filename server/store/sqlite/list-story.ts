import type Database from 'better-sqlite3';
import type { Instant } from '../../../shared/time.ts';
import type { Fact } from '../../fact.ts';
import type { ItemStory } from '../lists.ts';
import type { ItemKey } from '../store.ts';
import { decodeJudged } from './judged-json.ts';
import { causesSaid, currentKey } from './list-causes.ts';

/** Facts of one item that are told. */
export const FACTS_TOLD_MAX = 1_000;

/** Everything kept of one call or thread. */
export function storyOf(db: Database.Database): (key: ItemKey) => ItemStory | null {
  const current = currentKey(db);
  const causes = causesSaid(db);
  const facts = db.prepare<[ItemKey], FactRow>(
    `SELECT source, subject, part, content FROM facts WHERE item = ? LIMIT ${FACTS_TOLD_MAX}`,
  );
  const count = db.prepare<[ItemKey], number>('SELECT count(*) FROM facts WHERE item = ?').pluck();
  const item = db.prepare<[ItemKey], ItemRow>(
    'SELECT source, person, folded_to, wake_at, judged FROM items WHERE key = ?',
  );
  return (asked) => {
    const key = current(asked);
    const kept = facts.all(key);
    const row = item.get(key);
    if (row === undefined || kept.length === 0) return null;
    return {
      key,
      source: row.source,
      person: row.person,
      judged: decodeJudged(row.judged, null),
      foldedTo: row.folded_to,
      isOpen: row.wake_at !== null,
      facts: kept.map(({ content, ...rest }) => ({ item: key, ...rest, fact: JSON.parse(content) as Fact })),
      more: kept.length < FACTS_TOLD_MAX ? 0 : (count.get(key) ?? 0) - kept.length,
      causes: causes(key),
    };
  };
}

/** The keys that are no items, or not any more. */
export function missingOf(db: Database.Database): (keys: readonly ItemKey[]) => ItemKey[] {
  const current = currentKey(db);
  const item = db.prepare<[ItemKey], number>('SELECT 1 FROM items WHERE key = ?').pluck();
  return (keys) => keys.filter((key) => item.get(current(key)) === undefined);
}

interface FactRow {
  source: string;
  subject: string;
  part: string;
  content: string;
}

interface ItemRow {
  source: string;
  person: string | null;
  folded_to: Instant;
  wake_at: Instant | null;
  judged: string;
}
