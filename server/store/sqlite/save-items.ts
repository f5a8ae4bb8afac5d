import type Database from 'better-sqlite3';
import type { Instant } from '../../../shared/time.ts';
import type { Item, ItemChange, ItemKey } from '../store.ts';
import { type Place, placeOf } from './item-row.ts';
import { encodeContacts, encodeJudged } from './judged-json.ts';

/**
 * Writes changes to items, and of their indexes only what the change moves: SQLite takes a row out of every index
 * whose columns a statement names and puts it back, even where they stay as they were. `before` must be what is stored.
 */
export function saveItems(db: Database.Database): (changes: readonly ItemChange[]) => void {
  const insert = db.prepare<InsertValues>(`
    INSERT INTO items (key, source, person, at, folded_to, judged, contacts, wake_at, counted_from, counted_to, mention_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const update = db.prepare<[...SaidValues, ItemKey]>(`UPDATE items SET ${said} WHERE key = ?`);
  const wake = db.prepare<[Instant | null, ItemKey]>('UPDATE items SET wake_at = ? WHERE key = ?');
  const count = db.prepare<[Instant | null, Instant | null, Instant | null, ItemKey]>(
    'UPDATE items SET counted_from = ?, counted_to = ?, mention_at = ? WHERE key = ?',
  );
  const contact = db.prepare<[string, string | null, string | null, ItemKey]>(
    'UPDATE items SET source = ?, person = ?, contacts = ? WHERE key = ?',
  );
  const drop = db.prepare<[ItemKey]>('DELETE FROM items WHERE key = ?');

  const replace = (before: Item, after: Item): void => {
    const [was, is] = [placeOf(before), placeOf(after)];
    const { key } = after;
    mustChange(update.run(...saidOf(after), key).changes, key);
    if (was.wakeAt !== is.wakeAt) wake.run(is.wakeAt, key);
    if (isElsewhere(was, is)) count.run(is.countedFrom, is.countedTo, is.mentionAt, key);
    const contacts = encodeContacts(after.judged.contacts);
    const sameContacts = contacts === encodeContacts(before.judged.contacts);
    if (!sameContacts || before.source !== after.source || before.person !== after.person)
      contact.run(after.source, after.person, contacts, key);
  };
  return (changes) => {
    for (const { key, before, after } of changes) {
      if (after === null) drop.run(key);
      else if (before === null) insert.run(...rowOf(after));
      else replace(before, after);
    }
  };
}

const said = 'at = ?, folded_to = ?, judged = ?';
type SaidValues = [at: Instant, foldedTo: Instant, judged: string];

type InsertValues = [
  key: string,
  source: string,
  person: string | null,
  ...SaidValues,
  contacts: string | null,
  wakeAt: Instant | null,
  countedFrom: Instant | null,
  countedTo: Instant | null,
  mentionAt: Instant | null,
];

function rowOf(item: Item): InsertValues {
  const { key, source, person, judged } = item;
  const { wakeAt, countedFrom, countedTo, mentionAt } = placeOf(item);
  const contacts = encodeContacts(judged.contacts);
  return [key, source, person, ...saidOf(item), contacts, wakeAt, countedFrom, countedTo, mentionAt];
}

function saidOf({ at, foldedTo, judged }: Item): SaidValues {
  return [at, foldedTo, encodeJudged(judged)];
}

function isElsewhere(was: Place, is: Place): boolean {
  return (
    was.countedFrom !== is.countedFrom || was.countedTo !== is.countedTo || was.mentionAt !== is.mentionAt
  );
}

function mustChange(changes: number, key: ItemKey): void {
  if (changes === 0) throw new Error(`The item ${key} is to be changed, but it is not stored.`);
}
