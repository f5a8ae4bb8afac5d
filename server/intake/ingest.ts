import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Instant } from '../../shared/time.ts';
import type { Rules } from '../judge/rules.ts';
import { isSameContacts, isSameJudged } from '../judge/same.ts';
import type { Committed, Item, ItemChange, ItemKey, PutOutcome, Tx } from '../store/store.ts';
import { createDeltaSum, type DeltaSum } from './contribution.ts';
import type { Entry, ItemCache } from './item-cache.ts';
import { hasCause, judgeItem, judgePersonItem, kindOf, type Verdict } from './judge-item.ts';
import { load } from './load.ts';
import { type Heard, nameFacts } from './naming.ts';
import { settleFacts } from './settle-facts.ts';

/** Up to which instant a source's pending verdicts may be counted as missed: its last sign of life when it is late. */
export type AsOf = (source: string) => Instant;

export interface IngestNeeds {
  rules: Rules;
  cache: ItemCache;
  now: Instant;
  asOf: AsOf;
}

export interface Ingested {
  outcomes: PutOutcome[];
  committed: Committed;
}

/** More facts than this are taken in in several turns of the event loop, so that walls and senders are answered between. */
const FACTS_A_TURN = 100;
/** Facts of items that are judged in one turn. */
const JUDGED_A_TURN = 1_000;
/** Items folded along with a save: what is due should never wait long behind what is new. */
const FOLD_WITH_SAVE = 100;

/**
 * Everything that facts change, inside one transaction: they are kept, the items that they touch are judged again,
 * and the difference to the verdicts before goes into the tallies. Repeats touch nothing.
 */
export async function ingest(tx: Tx, heard: readonly Heard[], needs: IngestNeeds): Promise<Ingested> {
  const sum = createDeltaSum(needs.rules);
  const breath = async (): Promise<void> => (heard.length > FACTS_A_TURN ? nextTurn() : undefined);
  const { outcomes, touched, due } = await keep(tx, heard, needs);
  await breath();
  const changes = await judgeTouched(touched, needs, sum);
  await breath();
  await tx.save(changes);
  await breath();
  const people = await judgePeople(tx, changes, touched, needs, sum);
  await tx.save(people);
  await breath();
  const judged = new Set([...changes, ...people].map(({ key }) => key));
  const folded = foldDue(
    due.filter(({ key }) => !judged.has(key)),
    needs,
    sum,
  );
  await tx.save(folded);
  const tallies = sum.deltas();
  await tx.addTallies(tallies);
  await tx.addSpreads(sum.spreads());
  const kinds = new Set([...touched.keys()].map(kindOf));
  return {
    outcomes,
    committed: {
      at: needs.now,
      items: [...changes, ...people, ...folded],
      tallies,
      postsChanged: kinds.has('post'),
      quotesChanged: kinds.has('quote'),
    },
  };
}

/** Folds what is due alone. `last` is where to go on; undefined when there is no more. */
export async function fold(
  tx: Tx,
  needs: IngestNeeds,
  page: { limit: number; after?: Item },
): Promise<{ committed: Committed; last: Item | undefined }> {
  const sum = createDeltaSum(needs.rules);
  const { limit, after } = page;
  const due = await (after === undefined ? tx.due(needs.now, limit) : tx.due(needs.now, limit, after));
  const changes = foldDue(due, needs, sum);
  await tx.save(changes);
  const tallies = sum.deltas();
  await tx.addTallies(tallies);
  return {
    committed: { at: needs.now, items: changes, tallies, postsChanged: false, quotesChanged: false },
    last: due.length < limit ? undefined : due.at(-1),
  };
}

interface Kept {
  outcomes: PutOutcome[];
  touched: Map<ItemKey, Entry>;
  /** What was due before: what is touched may be among it. */
  due: Item[];
}

async function keep(tx: Tx, heard: readonly Heard[], { cache, now }: IngestNeeds): Promise<Kept> {
  const { kept, merges, ties } = await nameFacts(tx, heard);
  const merged = new Set(merges.flatMap(({ from, to }) => [from, to]));
  for (const { from, to } of merges) await tx.merge(from, to);
  for (const [item, names] of byItem(ties)) await tx.tie(names, item);
  for (const key of merged) cache.forget(key);

  const keys = new Set([...merged, ...kept.map(({ item }) => item)]);
  const [entries, due] = await Promise.all([load(tx, keys, cache), tx.due(now, FOLD_WITH_SAVE)]);
  const { outcomes, touched, fresh, replaced } = settleFacts(kept, entries);
  await tx.add(fresh);
  await tx.replace(replaced);
  for (const key of merged) touched.set(key, entries.get(key)!);
  return { outcomes, touched, due };
}

function byItem(ties: ReadonlyMap<string, ItemKey>): Map<ItemKey, string[]> {
  return Map.groupBy(ties.keys(), (name) => ties.get(name)!);
}

export async function judgeTouched(
  touched: ReadonlyMap<ItemKey, Entry>,
  needs: IngestNeeds,
  sum: DeltaSum,
): Promise<ItemChange[]> {
  const changes: ItemChange[] = [];
  let facts = 0;
  for (const [key, entry] of touched) {
    if (kindOf(key) === 'person') continue;
    facts += entry.facts.length;
    if (facts > JUDGED_A_TURN) {
      facts = entry.facts.length;
      await nextTurn();
    }
    const change = changeOf(key, entry.item, judgeItem(key, entry.facts, needs.rules), needs);
    if (change !== null) {
      changes.push(change);
      sum.replace(change.before, change.after);
      entry.item = change.after;
    }
    if (entry.facts.length > 0 && isGoingOn(entry.item)) needs.cache.set(key, entry);
    else needs.cache.forget(key);
  }
  return changes;
}

/** More facts are to be expected soon. */
function isGoingOn(item: Item | null): boolean {
  return item === null || item.judged.pending.length > 0 || item.judged.live.length > 0;
}

/** Null when nothing of the item changed, its verdict and what of it is counted as lost. */
function changeOf(
  key: ItemKey,
  before: Item | null,
  verdict: Verdict,
  { now, asOf }: IngestNeeds,
): ItemChange | null {
  if (verdict === null) return before === null ? null : { key, before, after: null };
  const after: Item = { ...verdict, foldedTo: Math.min(now, asOf(verdict.source)) };
  return before !== null && isSame(before, after) ? null : { key, before, after };
}

function isSame(a: Item, b: Item): boolean {
  return a.source === b.source && a.person === b.person && isSameJudged(a.judged, b.judged);
}

/** People whose calls or texts changed, or were waived. */
export async function judgePeople(
  tx: Tx,
  changes: readonly ItemChange[],
  touched: ReadonlyMap<ItemKey, Entry>,
  needs: IngestNeeds,
  sum: DeltaSum,
): Promise<ItemChange[]> {
  const { wanted, reachedOnly } = peopleOf(changes, touched);
  if (wanted.size + reachedOnly.size === 0) return [];
  const before = await tx.items([...wanted, ...reachedOnly].map(keyOfPerson));
  // Being reached means nothing to somebody who is owed nothing, and most callers are owed nothing.
  const people = [...wanted, ...[...reachedOnly].filter((person) => before.has(keyOfPerson(person)))];
  if (people.length === 0) return [];
  const [contacts, waives] = await Promise.all([tx.contactsOf(people), tx.facts(people.map(keyOfPerson))]);
  const judged: ItemChange[] = [];
  for (const person of people) {
    const key = keyOfPerson(person);
    const verdict = judgePersonItem(person, contacts.get(person) ?? [], waives.get(key) ?? [], needs.rules);
    const change = changeOf(key, before.get(key) ?? null, verdict, needs);
    if (change === null) continue;
    judged.push(change);
    sum.replace(change.before, change.after);
  }
  return judged;
}

const PERSON = 'person/';
const keyOfPerson = (person: string): ItemKey => `${PERSON}${person}`;

function peopleOf(
  changes: readonly ItemChange[],
  touched: ReadonlyMap<ItemKey, Entry>,
): { wanted: Set<string>; reachedOnly: Set<string> } {
  const wanted = new Set<string>();
  const reachedOnly = new Set<string>();
  const consider = (person: string | null | undefined, { before, after }: ItemChange): void => {
    if (person === null || person === undefined || wanted.has(person)) return;
    if (hasCause(before, person) || hasCause(after, person)) {
      wanted.add(person);
      reachedOnly.delete(person);
    } else reachedOnly.add(person);
  };
  for (const key of touched.keys()) if (key.startsWith(PERSON)) wanted.add(key.slice(PERSON.length));
  for (const change of changes) {
    if (!contactsDiffer(change.before, change.after)) continue;
    consider(change.before?.person, change);
    consider(change.after?.person, change);
  }
  return { wanted, reachedOnly };
}

function contactsDiffer(before: Item | null, after: Item | null): boolean {
  if (before?.person !== after?.person) return true;
  return !isSameContacts(before?.judged.contacts ?? [], after?.judged.contacts ?? []);
}

/** Pending verdicts whose instant has come become misses in the tallies. */
function foldDue(due: readonly Item[], { now, asOf, cache }: IngestNeeds, sum: DeltaSum): ItemChange[] {
  const changes: ItemChange[] = [];
  for (const before of due) {
    const foldedTo = Math.min(now, asOf(before.source));
    if (!endsBy(before, foldedTo)) continue;
    const folded: Item = { ...before, foldedTo };
    changes.push({ key: before.key, before, after: folded });
    sum.replace(before, folded);
    const entry = cache.get(before.key);
    if (entry !== undefined) entry.item = folded;
  }
  return changes;
}

/** Is a verdict lost, or did something end of itself, between what is folded and `foldedTo`? */
function endsBy({ judged, foldedTo: before }: Item, foldedTo: Instant): boolean {
  const isBetween = (at: Instant): boolean => at > before && at <= foldedTo;
  return (
    judged.pending.some(({ lostAt }) => isBetween(lostAt)) ||
    judged.live.some(({ until }) => isBetween(until))
  );
}
