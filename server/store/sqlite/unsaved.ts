import type { Item, ItemChange, ItemContacts, ItemKey, KeptFact, Tx } from '../store.ts';
import type { Lookups } from './lookups.ts';

/** What a transaction wrote that may not be on the disk yet. */
export interface Unsaved {
  facts: Map<ItemKey, KeptFact[]>;
  items: Map<ItemKey, Item | null>;
  aliases: Map<string, ItemKey>;
  contacts: Map<string, Map<ItemKey, ItemContacts | null>>;
  /** Items were made one: what is known by their keys lies elsewhere. */
  merged: boolean;
}

export function nothingUnsaved(): Unsaved {
  return { facts: new Map(), items: new Map(), aliases: new Map(), contacts: new Map(), merged: false };
}

/**
 * The transaction `tx`, which notes in the last of `layers` what it writes and reads from the disk with all of them laid
 * over it, so that it never waits for what is on its way. Where items were made one it does wait.
 */
export function txOver(tx: Tx, look: Lookups, layers: readonly Unsaved[]): Tx {
  const own = layers.at(-1);
  if (own === undefined) return tx;
  const over = lookupsOver(look, layers);
  const reads = (): Omit<Lookups, 'itemKeys'> => (layers.some(({ merged }) => merged) ? tx : over);
  return {
    ...tx,
    facts: (items) => reads().facts(items),
    items: (keys) => reads().items(keys),
    contactsOf: (people) => reads().contactsOf(people),
    aliases: (names) => reads().aliases(names),
    due: (now, limit, after) => reads().due(now, limit, after),
    add(facts) {
      noteFacts(own, facts);
      return tx.add(facts);
    },
    replace(facts) {
      noteFacts(own, facts);
      return tx.replace(facts);
    },
    save(changes) {
      noteItems(own, changes);
      return tx.save(changes);
    },
    tie(names, item) {
      for (const name of names) own.aliases.set(name, item);
      return tx.tie(names, item);
    },
    merge(from, to) {
      own.merged = true;
      return tx.merge(from, to);
    },
  };
}

function noteFacts({ facts }: Unsaved, some: readonly KeptFact[]): void {
  for (const kept of some) {
    const ofItem = facts.get(kept.item);
    if (ofItem === undefined) facts.set(kept.item, [kept]);
    else ofItem.push(kept);
  }
}

function noteItems({ items, contacts }: Unsaved, changes: readonly ItemChange[]): void {
  const note = (person: string, key: ItemKey, said: ItemContacts | null): void => {
    const ofPerson = contacts.get(person);
    if (ofPerson === undefined) contacts.set(person, new Map([[key, said]]));
    else ofPerson.set(key, said);
  };
  for (const { key, before, after } of changes) {
    items.set(key, after);
    if (before !== null && hasContacts(before)) note(before.person, key, null);
    if (after !== null && hasContacts(after))
      note(after.person, key, { key, source: after.source, contacts: after.judged.contacts });
  }
}

function hasContacts(item: Item): item is Item & { person: string } {
  return item.person !== null && item.judged.contacts.length > 0 && !item.key.startsWith('person/');
}

/**
 * Reads what is on the disk with what is on its way there laid over it, the earliest first. It does not matter how much
 * of that has arrived: laid over twice it is the same.
 */
function lookupsOver(look: Lookups, layers: readonly Unsaved[]): Omit<Lookups, 'itemKeys'> {
  return {
    async facts(items) {
      const found = await look.facts(items);
      for (const { facts } of layers) {
        for (const item of items) {
          const written = facts.get(item);
          if (written !== undefined) found.set(item, withFacts(found.get(item) ?? [], written));
        }
      }
      return found;
    },
    async items(keys) {
      const found = await look.items(keys);
      for (const { items } of layers) {
        for (const key of keys) {
          const item = items.get(key);
          if (item === null) found.delete(key);
          else if (item !== undefined) found.set(key, item);
        }
      }
      return found;
    },
    async contactsOf(people) {
      const found = await look.contactsOf(people);
      for (const { contacts } of layers) {
        for (const person of people) {
          const said = contacts.get(person);
          if (said !== undefined) found.set(person, withContacts(found.get(person) ?? [], said));
        }
      }
      return found;
    },
    async aliases(names) {
      const found = await look.aliases(names);
      for (const { aliases } of layers) {
        for (const name of names) {
          const item = aliases.get(name);
          if (item !== undefined) found.set(name, item);
        }
      }
      return found;
    },
    /** What is on its way was folded when it was judged. */
    async due(now, limit, after) {
      const found = await look.due(now, limit, after);
      return found.filter(({ key }) => layers.every(({ items }) => !items.has(key)));
    },
  };
}

function withFacts(found: readonly KeptFact[], written: readonly KeptFact[]): KeptFact[] {
  const byKey = new Map<string, KeptFact>();
  for (const kept of [...found, ...written]) {
    const { source, subject, part, fact } = kept;
    byKey.set(JSON.stringify([source, fact.kind, subject, part]), kept);
  }
  return [...byKey.values()];
}

function withContacts(
  found: readonly ItemContacts[],
  said: ReadonlyMap<ItemKey, ItemContacts | null>,
): ItemContacts[] {
  const others = found.filter(({ key }) => !said.has(key));
  return [...others, ...[...said.values()].filter((one) => one !== null)];
}
