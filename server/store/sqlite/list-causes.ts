import type Database from 'better-sqlite3';
import type { CauseSaid, CausesCounted, ListReads, ListWrites } from '../lists.ts';
import type { ItemKey } from '../store.ts';
import { rowReader } from './list-items.ts';
import type { Transaction, Writer } from './writer.ts';

/** Things said of causes that are looked through for a count, the newest first. */
export const TAGS_LOOKED_MAX = 20_000;
/** Causes told for choosing from. */
export const KNOWN_CAUSES_MAX = 50;

const THREAD = 'thread/';

/**
 * A name of the item that leads to it for good: threads may turn out to be one, and then each of their names leads to
 * what they are now.
 */
function lastingName(key: ItemKey): string {
  return key.startsWith(THREAD) ? `mail/${key.slice(THREAD.length)}` : key;
}

/** What the item of a key is now. */
export function currentKey(db: Database.Database): (key: ItemKey) => ItemKey {
  const alias = db.prepare<[string], ItemKey>('SELECT item FROM aliases WHERE name = ?').pluck();
  return (key) => (key.startsWith(THREAD) ? (alias.get(lastingName(key)) ?? key) : key);
}

/** Everything said of an item under any of its names, the newest first. */
export function causesSaid(db: Database.Database): (key: ItemKey) => CauseSaid[] {
  const said = db.prepare<[ItemKey, ItemKey], CauseSaid>(`
    SELECT cause, by, at FROM causes
    WHERE item = ? OR item IN (SELECT name FROM aliases WHERE item = ?) ORDER BY id DESC LIMIT 100`);
  return (key) => said.all(key, key);
}

export function causesOf(
  db: Database.Database,
): (keys: readonly ItemKey[]) => Awaited<ReturnType<ListReads['causesOf']>> {
  const said = causesSaid(db);
  return (keys) =>
    new Map(
      keys.flatMap((key) => {
        const cause = said(key)[0]?.cause ?? null;
        return cause === null ? [] : [[key, cause] as const];
      }),
    );
}

/** Counts the missed rows of the items that have a cause now. */
export function countCauses(
  db: Database.Database,
): (asked: Parameters<ListReads['countCauses']>[0]) => CausesCounted {
  const tags = db.prepare<[number], { item: ItemKey; cause: string | null }>(`
    SELECT coalesce((SELECT a.item FROM aliases a WHERE a.name = c.item), c.item) AS item, cause
    FROM causes c ORDER BY id DESC LIMIT ?`);
  return (asked) => {
    const rowsOf = rowReader(db, { ...asked, verdict: 'missed' });
    const seen = new Set<ItemKey>();
    const counts = new Map<string, number>();
    for (const { item, cause } of tags.all(TAGS_LOOKED_MAX)) {
      if (seen.has(item)) continue;
      seen.add(item);
      if (cause !== null) counts.set(cause, (counts.get(cause) ?? 0) + rowsOf(item).length);
    }
    const known = [...counts.keys()].slice(0, KNOWN_CAUSES_MAX);
    const causes = [...counts]
      .filter(([, count]) => count > 0)
      .map(([cause, count]) => ({ cause, count }))
      .sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
    return { causes, known };
  };
}

type Noted = (...said: Parameters<ListWrites['sayCause']>) => void;

/** Only ever adds. */
export function causeWrites(writer: Writer): (on: Transaction) => { sayCause: Noted } {
  const say = writer.statement('INSERT INTO causes (item, cause, by, at) VALUES (?, ?, ?, ?)');
  return (on) => ({
    sayCause(keys, { cause, by, at }) {
      on.run(
        say,
        keys.flatMap((key) => [lastingName(key), cause, by, at]),
      );
    },
  });
}
