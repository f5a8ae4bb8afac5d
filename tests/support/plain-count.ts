import type { CallFact, EmailFact, Fact, PostFact, TextFact } from '../../server/fact.ts';
import { partOf, subjectOf } from '../../server/fact.ts';
import { judgeCall } from '../../server/judge/call.ts';
import { judgeThread } from '../../server/judge/email.ts';
import { judgePost, versionsOf } from '../../server/judge/mention.ts';
import { contactOfText, judgePerson } from '../../server/judge/recovery.ts';
import type { Rules } from '../../server/judge/rules.ts';
import { threadsOf } from '../../server/judge/thread.ts';
import { type Contact, type Judged, nothingJudged } from '../../server/judge/verdict.ts';
import { winnerOf } from '../../server/store/canonical.ts';
import { type Instant, quarterOf } from '../../shared/time.ts';
import type { Told } from './histories.ts';

/** Judges everything that was told, from the beginning and without a store: the plain way, to hold intake against. */
export function judgePlainly(all: readonly Told[], rules: Rules): Judged[] {
  const facts = onceEach(all);
  const judged: Judged[] = [];
  const contacts = new Map<string, Contact[]>();
  const meet = (person: string | undefined, contact: Contact): void => {
    if (person !== undefined && person !== '')
      contacts.set(person, [...(contacts.get(person) ?? []), contact]);
  };
  const calls = facts.filter(({ fact }) => 'call' in fact);
  for (const group of Map.groupBy(calls, ({ source, fact }) => `${source} ${subjectOf(fact)}`).values()) {
    const own = group.map(({ fact }) => fact as CallFact);
    const verdict = judgeCall(own, rules);
    judged.push(verdict);
    const numbered = own
      .filter((fact) => 'number' in fact && fact.number !== '')
      .sort((a, b) => a.at - b.at)[0];
    for (const contact of verdict.contacts)
      meet((numbered as { number?: string } | undefined)?.number, contact);
  }
  for (const { fact } of facts) {
    if (fact.kind !== 'text_in') continue;
    const contact = contactOfText(fact, rules);
    if (contact === null) continue;
    if (fact.number === '') judged.push(unknownText(fact, contact));
    meet(fact.number, contact);
  }
  for (const own of contacts.values()) judged.push(judgePerson(own, rules));
  judged.push(...threads(facts).map((own) => judgeThread(own, rules)));
  judged.push(...posts(facts).map((own) => judgePost(own, rules)));
  return judged;
}

/** Every tally at `now`, by figure, scope and quarter-hour; what came to nothing is left out. */
export function tallyPlainly(judged: readonly Judged[], now: Instant): Map<string, string> {
  const sums = new Map<string, [number, number]>();
  const add = (figure: string, scope: string, at: Instant, n: number, d: number): void => {
    const key = `${figure} ${scope} ${new Date(quarterOf(at)).toISOString()}`;
    const [oldN, oldD] = sums.get(key) ?? [0, 0];
    sums.set(key, [oldN + n, oldD + d]);
  };
  for (const { settled, pending } of judged) {
    for (const { figure, scope, at, n, d } of settled) add(figure, scope, at, n, d);
    for (const { figure, scope, at, lostAt } of pending) if (lostAt <= now) add(figure, scope, at, 0, 1);
  }
  return inWords(sums);
}

export function inWords(sums: ReadonlyMap<string, [number, number]>): Map<string, string> {
  const kept = [...sums].filter(([, [n, d]]) => n !== 0 || d !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(kept.map(([key, [n, d]]) => [key, `${n}/${d}`]));
}

function onceEach(all: readonly Told[]): Told[] {
  const kept = new Map<string, Told>();
  for (const told of all) {
    const key = JSON.stringify([told.source, told.fact.kind, subjectOf(told.fact), partOf(told.fact)]);
    const before = kept.get(key);
    if (before === undefined || winnerOf(before.fact, told.fact) === 'came') kept.set(key, told);
  }
  return [...kept.values()];
}

function unknownText(fact: TextFact, contact: Contact): Judged {
  const team = contact.what === 'cause' ? contact.team : null;
  const scopes = team === null ? (['site'] as const) : ([`team:${team}`, 'site'] as const);
  return {
    ...nothingJudged,
    settled: scopes.map((scope) => ({ figure: 'callbacksUnknown', scope, at: fact.at, n: 1, d: 0 })),
  };
}

function threads(facts: readonly Told[]): EmailFact[][] {
  const kinds: Fact['kind'][] = ['mail_in', 'mail_out', 'waive', 'spam'];
  return threadsOf(
    facts.filter(({ fact }) => kinds.includes(fact.kind)).map(({ fact }) => fact as EmailFact),
  );
}

/** Facts that name a version in common are about one post. */
function posts(facts: readonly Told[]): PostFact[][] {
  let groups: { names: Set<string>; facts: PostFact[] }[] = [];
  for (const { fact } of facts) {
    if (fact.kind !== 'post' && fact.kind !== 'post_delete') continue;
    const names = versionsOf(fact);
    const same = groups.filter((group) => names.some((name) => group.names.has(name)));
    const joined = {
      names: new Set([...names, ...same.flatMap((group) => [...group.names])]),
      facts: [fact, ...same.flatMap((group) => group.facts)],
    };
    groups = [...groups.filter((group) => !same.includes(group)), joined];
  }
  return groups.map((group) => group.facts);
}
