import type { Instant } from '../../shared/time.ts';
import type { Arrived, CallFact, EmailFact, Offered, PostFact, TextFact } from '../fact.ts';
import { judgeCall } from '../judge/call.ts';
import { judgeThread } from '../judge/email.ts';
import { judgePost } from '../judge/mention.ts';
import { contactOfText, judgePerson } from '../judge/recovery.ts';
import { type Rules, teamRulesOf } from '../judge/rules.ts';
import { type Contact, type Judged, nothingJudged } from '../judge/verdict.ts';
import { canonicalJson } from '../store/canonical.ts';
import type { Item, ItemContacts, ItemKey, KeptFact } from '../store/store.ts';

/** What the facts of an item say, or nothing when they say nothing that is kept. */
export type Verdict = Omit<Item, 'foldedTo'> | null;

/** Judges an item from all of its own facts. People are judged from their contacts, by `judgePersonItem`. */
export function judgeItem(key: ItemKey, kept: readonly KeptFact[], rules: Rules): Verdict {
  // All of them went to another item.
  if (kept.length === 0) return null;
  const facts = kept.map(({ fact }) => fact);
  switch (kindOf(key)) {
    case 'call': {
      const calls = facts as CallFact[];
      return verdict(key, kept, judgeCall(calls, rules), personOfCall(calls));
    }
    case 'text':
      return judgeText(key, kept, rules);
    case 'thread':
      return verdict(key, kept, judgeThread(facts as EmailFact[], rules), null);
    case 'post':
      return verdict(key, kept, judgePost(facts as PostFact[], rules), null);
    case 'quote':
    case 'person':
      return null;
  }
}

/** Judges what a person is owed, from everything that she did and that we did towards her, in whatever order. */
export function judgePersonItem(
  person: string,
  told: readonly ItemContacts[],
  waives: readonly KeptFact[],
  rules: Rules,
): Verdict {
  const contacts: Contact[] = told.flatMap((one) => one.contacts);
  for (const { fact } of waives) if (fact.kind === 'waive') contacts.push({ what: 'waived', at: fact.at });
  contacts.sort((a, b) => a.at - b.at || (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  const judged = judgePerson(contacts, rules);
  const at = earliestOf(judged);
  if (at === null) return null;
  return { key: `person/${person}`, source: sourceOfCause(told), person, at, judged };
}

/** Does this call or text open an obligation to the person? */
export function hasCause(item: Item | null, person: string): boolean {
  return item !== null && item.person === person && item.judged.contacts.some(({ what }) => what === 'cause');
}

type Kind = 'call' | 'text' | 'thread' | 'post' | 'quote' | 'person';

export function kindOf(key: ItemKey): Kind {
  return key.slice(0, key.indexOf('/')) as Kind;
}

function verdict(key: ItemKey, kept: readonly KeptFact[], judged: Judged, person: string | null): Verdict {
  const at = earliestOf(judged);
  return at === null ? null : { key, source: sourceOf(kept), person, at, judged };
}

/** A text to a number that promises a call opens an obligation; without a number to call it stays unknown. */
function judgeText(key: ItemKey, kept: readonly KeptFact[], rules: Rules): Verdict {
  const fact = kept[0]?.fact as TextFact | undefined;
  const contact = fact === undefined ? null : contactOfText(fact, rules);
  if (fact === undefined || contact === null) return null;
  if (fact.number !== '') return verdict(key, kept, { ...nothingJudged, contacts: [contact] }, fact.number);
  const team = contact.what === 'cause' ? contact.team : null;
  if (teamRulesOf(rules, team).callbackMs === null) return null;
  const scopes = team === null ? (['site'] as const) : ([`team:${team}`, 'site'] as const);
  const settled = scopes.map(
    (scope) => ({ figure: 'callbacksUnknown', scope, at: fact.at, n: 1, d: 0 }) as const,
  );
  return verdict(key, kept, { ...nothingJudged, settled }, null);
}

/** The number that the earliest fact names; null when the caller withheld it. */
function personOfCall(facts: readonly CallFact[]): string | null {
  let first: Arrived | Offered | null = null;
  for (const fact of facts) {
    if (fact.kind !== 'arrived' && fact.kind !== 'offered') continue;
    if (fact.number !== undefined && fact.number !== '' && (first === null || isEarlier(fact, first)))
      first = fact;
  }
  return first?.number ?? null;
}

function isEarlier(a: Arrived | Offered, b: Arrived | Offered): boolean {
  return a.at !== b.at ? a.at < b.at : canonicalJson(a) < canonicalJson(b);
}

/** Of a thread, where the first mail from a customer was seen. */
function sourceOf(kept: readonly KeptFact[]): string {
  let first: KeptFact | null = null;
  for (const one of kept) {
    if (first === null || rank(one) < rank(first) || (rank(one) === rank(first) && isHeardBefore(one, first)))
      first = one;
  }
  return first?.source ?? '';
}

function rank({ fact }: KeptFact): number {
  return fact.kind === 'mail_in' ? 0 : 1;
}

function isHeardBefore(a: KeptFact, b: KeptFact): boolean {
  return a.fact.at !== b.fact.at ? a.fact.at < b.fact.at : a.source < b.source;
}

/** Where the first call or text that owes the person an answer came from: it changes with the contacts alone. */
function sourceOfCause(told: readonly ItemContacts[]): string {
  let first: { at: Instant; of: ItemContacts } | null = null;
  for (const of of told) {
    for (const { what, at } of of.contacts) {
      if (what !== 'cause') continue;
      if (first === null || at < first.at || (at === first.at && of.key < first.of.key)) first = { at, of };
    }
  }
  return first?.of.source ?? '';
}

/** The earliest instant that anything in the verdict is about; null when it holds nothing. */
function earliestOf({ settled, pending, live, views, contacts }: Judged): Instant | null {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { at } of settled) earliest = Math.min(earliest, at);
  for (const { at } of pending) earliest = Math.min(earliest, at);
  for (const one of live) earliest = Math.min(earliest, one.what === 'call' ? one.offeredAt : one.inAt);
  for (const { offeredAt } of views) earliest = Math.min(earliest, offeredAt);
  for (const { at } of contacts) earliest = Math.min(earliest, at);
  return Number.isFinite(earliest) ? earliest : null;
}
