import { isSameContacts } from '../../judge/same.ts';
import type { Item, ItemChange } from '../store.ts';
import { type Counted, countedAt, wakeAtOf } from './item-row.ts';
import { encodeContacts, encodeJudged } from './judged-json.ts';
import type { Transaction, Value, Writer } from './writer.ts';

/**
 * Writes changes to items, and of their indexes only what the change moves: SQLite takes a row out of every index
 * whose columns a statement names and puts it back, even where they stay as they were. `before` must be what is stored.
 */
export function saveItems(writer: Writer): (on: Transaction, changes: readonly ItemChange[]) => void {
  const insert = writer.statement(`
    INSERT INTO items (key, source, person, contacts, at, folded_to, judged, wake_at, counted_from, counted_to, mention_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const judge = writer.statement('UPDATE items SET at = ?, folded_to = ?, judged = ? WHERE key = ?');
  const wake = writer.statement('UPDATE items SET wake_at = ? WHERE key = ?');
  const count = writer.statement(
    'UPDATE items SET counted_from = ?, counted_to = ?, mention_at = ? WHERE key = ?',
  );
  const contact = writer.statement('UPDATE items SET source = ?, person = ?, contacts = ? WHERE key = ?');
  const drop = writer.statement('DELETE FROM items WHERE key = ?');

  // One statement after the other, each for all items that need it: every row of values goes in one run.
  return (on, changes) => {
    const rows = { insert: [], judge: [], wake: [], count: [], contact: [], drop: [] } as Rows;
    for (const { key, before, after } of changes) {
      if (after === null) rows.drop.push(key);
      else if (before === null) addRow(rows.insert, after);
      else replace(rows, before, after);
    }
    on.run(drop, rows.drop);
    on.run(insert, rows.insert);
    on.change(judge, rows.judge);
    on.run(wake, rows.wake);
    on.run(count, rows.count);
    on.run(contact, rows.contact);
    on.send();
  };
}

type Rows = Record<'insert' | 'judge' | 'wake' | 'count' | 'contact' | 'drop', Value[]>;

function replace(rows: Rows, before: Item, after: Item): void {
  const { key, source, person, at, foldedTo, judged } = after;
  rows.judge.push(at, foldedTo, encodeJudged(judged), key);
  const wakeAt = wakeAtOf(after);
  if (wakeAt !== wakeAtOf(before)) rows.wake.push(wakeAt, key);
  const [was, is] = [countedAt(before), countedAt(after)];
  if (isElsewhere(was, is)) rows.count.push(is.from, is.to, is.mentionAt, key);
  const isSaidAlike =
    source === before.source &&
    person === before.person &&
    isSameContacts(before.judged.contacts, judged.contacts);
  if (!isSaidAlike) rows.contact.push(source, person, encodeContacts(judged.contacts), key);
}

function addRow(rows: Value[], item: Item): void {
  const { key, source, person, at, foldedTo, judged } = item;
  const { from, to, mentionAt } = countedAt(item);
  const contacts = encodeContacts(judged.contacts);
  rows.push(key, source, person, contacts, at, foldedTo, encodeJudged(judged));
  rows.push(wakeAtOf(item), from, to, mentionAt);
}

function isElsewhere(was: Counted, is: Counted): boolean {
  return was.from !== is.from || was.to !== is.to || was.mentionAt !== is.mentionAt;
}
