import type { Instant } from '../../shared/time.ts';
import type { Rules } from '../judge/rules.ts';
import { canonicalJson } from '../store/canonical.ts';
import type {
  DamagedMonth,
  Item,
  ItemKey,
  KeptFact,
  Reading,
  Store,
  UnequalSpread,
  UnequalTally,
} from '../store/store.ts';
import { createDeltaSum, type DeltaSum } from './contribution.ts';
import { judgeItem, judgePersonItem, kindOf, type Verdict } from './judge-item.ts';
import { namesOf } from './naming.ts';

/** Items, or people, that are in memory at a time. */
const PAGE = 500;

/** Something stored that is not what the facts say. */
export type Difference =
  | { what: 'item'; key: ItemKey; stored: Item | null; counted: Item | null }
  /** A fact lies in one item while its name is tied to another one, or to none. */
  | { what: 'name'; name: string; key: ItemKey; tied: ItemKey | null }
  | ({ what: 'tally' } & UnequalTally)
  /** How often a length occurred on a local day. */
  | ({ what: 'spread' } & UnequalSpread)
  /** Something packed that cannot be read. */
  | ({ what: 'month' } & DamagedMonth);

export interface Recounted {
  /** Items judged again, and tallies added up again. */
  items: number;
  tallies: number;
  /** Pending verdicts lost by now and not folded yet: readers add them to the stored tallies. */
  due: number;
  differences: number;
}

/**
 * Rebuilds every figure from the facts alone, plainly, item by item, and tells of each difference to what is stored:
 * there must be none, ever. Reads one moment of the database while the server goes on.
 */
export function recount(
  store: Pick<Store, 'audit'>,
  rules: Rules,
  now: Instant,
  tell: (differences: readonly Difference[]) => Promise<void> | void,
): Promise<Recounted> {
  return store.audit(async (reading) => {
    const total: Recounted = { items: 0, tallies: 0, due: 0, differences: 0 };
    const work: Work = { reading, rules, now, total };
    for await (const found of differencesIn(work)) {
      if (found.length === 0) continue;
      total.differences += found.length;
      await tell(found);
    }
    total.tallies = await reading.counted();
    return total;
  });
}

interface Work {
  reading: Reading;
  rules: Rules;
  now: Instant;
  total: Recounted;
}

async function* differencesIn(work: Work): AsyncGenerator<Difference[]> {
  const { reading } = work;
  for await (const keys of pagesOf((page) => reading.itemKeys(page))) yield await recountItems(keys, work);
  for await (const people of pagesOf((page) => reading.people(page))) yield await recountPeople(people, work);
  let found: Difference[] = [];
  for await (const unequal of unequalIn(reading)) {
    found.push(unequal);
    if (found.length < PAGE) continue;
    yield found;
    found = [];
  }
  yield found;
}

async function* unequalIn(reading: Reading): AsyncGenerator<Difference> {
  for await (const unequal of reading.unequal()) yield { what: 'tally', ...unequal };
  for await (const unequal of reading.unequalSpreads()) yield { what: 'spread', ...unequal };
  for (const month of reading.damaged()) yield { what: 'month', ...month };
}

async function* pagesOf(
  read: (page: { after: string | null; limit: number }) => Promise<string[]>,
): AsyncGenerator<string[]> {
  let after: string | null = null;
  for (;;) {
    const page = await read({ after, limit: PAGE });
    if (page.length > 0) yield page;
    after = page.at(-1) ?? null;
    if (page.length < PAGE) return;
  }
}

async function recountItems(keys: readonly ItemKey[], work: Work): Promise<Difference[]> {
  const { reading, rules } = work;
  const own = keys.filter((key) => kindOf(key) !== 'person');
  const facts = await reading.facts(own);
  const stored = await reading.items(keys);
  const sum = createDeltaSum(rules);
  const found: Difference[] = await misnamed(reading, [...facts.values()].flat());
  for (const key of own) {
    const verdict = judgeItem(key, facts.get(key) ?? [], rules);
    found.push(...compare(key, stored.get(key) ?? null, verdict, work, sum));
  }
  for (const key of keys) {
    const item = stored.get(key);
    if (item === undefined || kindOf(key) !== 'person' || key === `person/${item.person}`) continue;
    found.push({ what: 'item', key, stored: item, counted: null });
  }
  await reading.count(sum.deltas(), sum.spreads());
  return found;
}

async function recountPeople(people: readonly string[], work: Work): Promise<Difference[]> {
  const { reading, rules } = work;
  const keys = people.map((person) => `person/${person}`);
  const contacts = await reading.contactsOf(people);
  const waives = await reading.facts(keys);
  const stored = await reading.items(keys);
  const sum = createDeltaSum(rules);
  const found = people.flatMap((person) => {
    const key = `person/${person}`;
    const verdict = judgePersonItem(person, contacts.get(person) ?? [], waives.get(key) ?? [], rules);
    return compare(key, stored.get(key) ?? null, verdict, work, sum);
  });
  await reading.count(sum.deltas(), sum.spreads());
  return found;
}

function compare(
  key: ItemKey,
  stored: Item | null,
  verdict: Verdict,
  work: Work,
  sum: DeltaSum,
): Difference[] {
  if (stored === null && verdict === null) return [];
  const counted: Item | null =
    verdict === null ? null : { ...verdict, foldedTo: stored?.foldedTo ?? work.now };
  sum.replace(null, counted);
  work.total.items += 1;
  if (counted !== null) work.total.due += dueOf(counted, work.now);
  return textOf(stored) === textOf(counted) ? [] : [{ what: 'item', key, stored, counted }];
}

function dueOf({ judged, foldedTo }: Item, now: Instant): number {
  return judged.pending.filter(({ lostAt }) => lostAt > foldedTo && lostAt <= now).length;
}

/** Infinity has no JSON, and no instant that may be infinite may be null too. */
function textOf(item: Item | null): string {
  return canonicalJson(item);
}

async function misnamed(reading: Reading, facts: readonly KeptFact[]): Promise<Difference[]> {
  const named = facts.flatMap(({ item, fact }) => namesOf(fact).map((name) => ({ name, key: item })));
  const tied = await reading.aliases([...new Set(named.map(({ name }) => name))]);
  return named
    .filter(({ name, key }) => tied.get(name) !== key)
    .map(({ name, key }) => ({ what: 'name', name, key, tied: tied.get(name) ?? null }));
}
