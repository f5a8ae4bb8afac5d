import type Database from 'better-sqlite3';
import type { Instant } from '../../../shared/time.ts';
import type { Fact } from '../../fact.ts';
import type { Item, ItemContacts, ItemKey, KeptFact } from '../store.ts';
import type { Ask } from './ask.ts';
import { type ItemRow, itemColumns, itemOf, wakeAtOf } from './item-row.ts';
import { decodeContacts } from './judged-json.ts';

/** Reads by key, the same on every connection. */
export interface Lookups {
  facts(items: readonly ItemKey[]): Promise<Map<ItemKey, KeptFact[]>>;
  items(keys: readonly ItemKey[]): Promise<Map<ItemKey, Item>>;
  contactsOf(people: readonly string[]): Promise<Map<string, ItemContacts[]>>;
  aliases(names: readonly string[]): Promise<Map<string, ItemKey>>;
  /** As in the port. */
  due(now: Instant, limit: number, after?: Item): Promise<Item[]>;
  itemKeys(after: string | null, limit: number): Promise<ItemKey[]>;
}

export function lookups(ask: Ask): Lookups {
  const facts = ask<FactRow>(factsSql);
  const items = ask<ItemRow>(`SELECT ${itemColumns} FROM items WHERE key = ?`);
  // A switchboard has thousands of calls: all that is read of them lies in the index.
  const contacts = ask<ContactsRow>(
    "SELECT key, source, contacts FROM items WHERE person = ? AND contacts IS NOT NULL AND key NOT GLOB 'person/*'",
  );
  const aliases = ask<{ item: ItemKey }>('SELECT item FROM aliases WHERE name = ?');
  const due = ask<ItemRow>(dueSql);
  const keys = ask<{ key: ItemKey }>(itemKeysSql);

  return {
    async facts(wanted) {
      const found = await facts(wanted);
      return new Map(wanted.map((key, i) => [key, (found[i] ?? []).map((row) => keptFact(key, row))]));
    },
    async items(wanted) {
      const found = await items(wanted);
      return new Map(found.flatMap((rows) => rows.map((row) => [row.key, itemOf(row)])));
    },
    async contactsOf(people) {
      const found = await contacts(people);
      return new Map(people.map((person, i) => [person, (found[i] ?? []).map(itemContacts)]));
    },
    async aliases(names) {
      const found = await aliases(names);
      return new Map(names.flatMap((name, i) => (found[i] ?? []).map(({ item }) => [name, item])));
    },
    async due(now, limit, after) {
      const from = after === undefined ? null : wakeAtOf(after);
      const [rows = []] = await due([now, from ?? Number.MIN_SAFE_INTEGER, after?.key ?? '', limit]);
      return rows.map(itemOf);
    },
    async itemKeys(after, limit) {
      const [found = []] = await keys([after ?? '', after ?? '', limit]);
      return found.map(({ key }) => key);
    },
  };
}

/** Everything said of items, at once, on a connection of this thread. */
export function factsOn(db: Database.Database): (items: readonly ItemKey[]) => Map<ItemKey, KeptFact[]> {
  const facts = db.prepare<[ItemKey], FactRow>(factsSql);
  return (items) => new Map(items.map((key) => [key, facts.all(key).map((row) => keptFact(key, row))]));
}

const factsSql = 'SELECT source, subject, part, content FROM facts WHERE item = ?';

interface FactRow {
  source: string;
  subject: string;
  part: string;
  content: string;
}

interface ContactsRow {
  key: ItemKey;
  source: string;
  contacts: string;
}

function itemContacts({ key, source, contacts }: ContactsRow): ItemContacts {
  return { key, source, contacts: decodeContacts(contacts) };
}

function keptFact(item: ItemKey, { source, subject, part, content }: FactRow): KeptFact {
  return { item, source, subject, part, fact: JSON.parse(content) as Fact };
}

const dueSql = `SELECT ${itemColumns} FROM items
  WHERE wake_at <= ? AND (wake_at, key) > (?, ?) ORDER BY wake_at, key LIMIT ?`;

/** Both sides are read in order of their key, so that a page reads no more than it gives. */
const itemKeysSql = `
  SELECT key FROM items WHERE key > ?
  UNION
  SELECT item FROM facts WHERE item > ?
  ORDER BY 1 LIMIT ?`;
