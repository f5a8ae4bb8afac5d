import { type EmailFact, type Fact, type PostFact, partOf, subjectOf } from '../fact.ts';
import { rootOf, versionsOf } from '../judge/mention.ts';
import { namesOf as namesOfMail } from '../judge/thread.ts';
import type { ItemKey, KeptFact, Tx } from '../store/store.ts';

/** A fact and the source that it came from. */
export interface Heard {
  source: string;
  fact: Fact;
}

/** A change to what names are tied to, in the order in which it is to be made. */
export interface Naming {
  kept: KeptFact[];
  /** Items that turned out to be one: all of `from` goes to `to`. */
  merges: { from: ItemKey; to: ItemKey }[];
  ties: Map<string, ItemKey>;
}

/** Waives of a call-back name the person, by the key of her item. */
const PERSON = 'person/';

/**
 * The names that make a fact part of a thread or of a post, so that every order of arrival finds the same item: a
 * mail's own Message-ID and those it refers to (RFC 5322, JWZ's union), every version of a post. None for other facts.
 */
export function namesOf(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case 'mail_in':
    case 'mail_out':
    case 'waive':
    case 'spam':
    case 'not_spam':
      return isOfPerson(fact) ? [] : mailNames(fact);
    case 'post':
    case 'post_delete':
      return versionsOf(fact).map((version) => `post/${version}`);
    case 'arrived':
    case 'offered':
    case 'alert':
    case 'alert_end':
    case 'pickup':
    case 'bridged':
    case 'end':
    case 'text_in':
    case 'quote':
    case 'alive':
      return none;
  }
}

const none: readonly string[] = [];

/**
 * Finds the item of each fact. A fact whose names belong to several items makes them one; the union is never undone,
 * so that it does not depend on the order in which the names were heard of.
 */
export async function nameFacts(tx: Tx, heard: readonly Heard[]): Promise<Naming> {
  const named = heard.map(({ fact }) => namesOf(fact));
  const names = new Set(named.flat());
  const known = names.size === 0 ? new Map<string, ItemKey>() : await tx.aliases([...names]);
  const union = createUnion();
  const ties = new Map<string, ItemKey>();
  const kept = heard.map(({ source, fact }, i) => {
    const own = named[i] ?? none;
    const item =
      own.length === 0 ? plainItem(source, fact) : joinNames(own, firstKey(fact), { known, ties, union });
    return { item, source, subject: subjectOf(fact), part: partOf(fact), fact };
  });
  for (const one of kept) one.item = union.find(one.item);
  for (const [name, item] of ties) ties.set(name, union.find(item));
  return { kept, merges: union.merges(), ties };
}

function isOfPerson(fact: EmailFact): boolean {
  return 'ref' in fact && fact.ref.startsWith(PERSON);
}

function mailNames(fact: EmailFact): string[] {
  return [...new Set(namesOfMail(fact))].map((id) => `mail/${id}`);
}

/** The key that the item gets when none of its names was heard of before. */
function firstKey(fact: Fact): ItemKey {
  if (fact.kind === 'post' || fact.kind === 'post_delete') return `post/${rootOf(fact as PostFact)}`;
  return `thread/${subjectOf(fact)}`;
}

/** Items that follow from the fact alone. */
function plainItem(source: string, fact: Fact): ItemKey {
  switch (fact.kind) {
    case 'arrived':
    case 'offered':
    case 'alert':
    case 'alert_end':
    case 'pickup':
    case 'bridged':
    case 'end':
      return `call/${source}/${fact.call}`;
    case 'text_in':
      return `text/${source}/${fact.id}`;
    case 'quote':
      return `quote/${source}/${fact.id}`;
    case 'waive':
    case 'spam':
    case 'not_spam':
      return fact.ref;
    case 'mail_in':
    case 'mail_out':
    case 'post':
    case 'post_delete':
    case 'alive':
      return firstKey(fact);
  }
}

interface Known {
  known: ReadonlyMap<string, ItemKey>;
  ties: Map<string, ItemKey>;
  union: Union;
}

function joinNames(names: readonly string[], fresh: ItemKey, { known, ties, union }: Known): ItemKey {
  const items = new Set<ItemKey>();
  for (const name of names) {
    const item = ties.get(name) ?? known.get(name);
    if (item !== undefined) items.add(union.find(item));
  }
  const [first = fresh, ...others] = [...items].sort();
  for (const other of others) union.join(other, first);
  for (const name of names) if (!ties.has(name) && !known.has(name)) ties.set(name, first);
  return first;
}

interface Union {
  find(item: ItemKey): ItemKey;
  join(from: ItemKey, to: ItemKey): void;
  merges(): { from: ItemKey; to: ItemKey }[];
}

function createUnion(): Union {
  const moved = new Map<ItemKey, ItemKey>();
  const find = (item: ItemKey): ItemKey => {
    let at = item;
    for (let next = moved.get(at); next !== undefined; next = moved.get(at)) at = next;
    return at;
  };
  return {
    find,
    join: (from, to) => void moved.set(from, to),
    merges: () => [...moved.keys()].map((from) => ({ from, to: find(from) })),
  };
}
