import type Database from 'better-sqlite3';
import type { Fact } from '../../fact.ts';
import type { Item, ItemContacts, ItemKey, KeptFact } from '../store.ts';
import { type ItemRow, itemColumns, itemOf } from './item-row.ts';
import { decodeContacts } from './judged-json.ts';

/** Reads by key, the same on every connection. */
export interface Lookups {
  facts(items: readonly ItemKey[]): Map<ItemKey, KeptFact[]>;
  items(keys: readonly ItemKey[]): Map<ItemKey, Item>;
  contactsOf(people: readonly string[]): Map<string, ItemContacts[]>;
  aliases(names: readonly string[]): Map<string, ItemKey>;
  itemKeys(after: string | null, limit: number): ItemKey[];
}

export function lookups(db: Database.Database): Lookups {
  const facts = db.prepare<[ItemKey], FactRow>(
    'SELECT source, subject, part, content FROM facts WHERE item = ?',
  );
  const item = db.prepare<[ItemKey], ItemRow>(`SELECT ${itemColumns} FROM items WHERE key = ?`);
  // A switchboard has thousands of calls: all that is read of them lies in the index.
  const contacts = db.prepare<[string], ContactsRow>(
    "SELECT key, source, contacts FROM items WHERE person = ? AND contacts IS NOT NULL AND key NOT GLOB 'person/*'",
  );
  const alias = db.prepare<[string], ItemKey>('SELECT item FROM aliases WHERE name = ?').pluck();
  const keys = db.prepare<[string, string, number], ItemKey>(itemKeysSql).pluck();

  return {
    facts: (items) => new Map(items.map((key) => [key, facts.all(key).map((row) => keptFact(key, row))])),
    items(wanted) {
      const found = new Map<ItemKey, Item>();
      for (const key of wanted) {
        const row = item.get(key);
        if (row !== undefined) found.set(key, itemOf(row));
      }
      return found;
    },
    contactsOf: (people) => new Map(people.map((person) => [person, contacts.all(person).map(itemContacts)])),
    aliases(names) {
      const found = new Map<string, ItemKey>();
      for (const name of names) {
        const key = alias.get(name);
        if (key !== undefined) found.set(name, key);
      }
      return found;
    },
    itemKeys: (after, limit) => keys.all(after ?? '', after ?? '', limit),
  };
}

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

/** Both sides are read in order of their key, so that a page reads no more than it gives. */
const itemKeysSql = `
  SELECT key FROM items WHERE key > ?
  UNION
  SELECT item FROM facts WHERE item > ?
  ORDER BY 1 LIMIT ?`;
