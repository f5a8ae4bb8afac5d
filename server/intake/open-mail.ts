import type { Instant } from '../../shared/time.ts';
import type { EmailFact, MailIn, MailMark } from '../fact.ts';
import { turnsOf } from '../judge/email-turns.ts';
import type { Rules } from '../judge/rules.ts';
import { Problem } from '../problem.ts';
import type { KeptFact, Store } from '../store/store.ts';
import type { MailThread } from '../store/voice.ts';
import type { Intake } from './intake.ts';

/** Facts that people say on the page for mail bear this source; no configured one can have a name with a stroke. */
export const MAIL_PAGE = 'page/mail';
/** Emails on one list; the soonest due are shown. */
export const OPEN_MAIL_MAX = 200;

/** An email that waits for its answer. */
export interface OpenMail {
  /** Message-ID of the message that opened it. */
  ref: string;
  source: string;
  /** The queue that owns it; null when none does. */
  mailbox: string | null;
  /** As it is kept: a keyed hash before the @, unless the mailbox says otherwise. */
  from: string;
  at: Instant;
  dueAt: Instant;
  /** Further messages of the customer's that wait with it. */
  more: number;
}

/** What waits for an answer, the soonest due first, and how many there are in all. */
export async function openMail(
  { store, rules }: { store: Store; rules: Rules },
  now: Instant,
): Promise<{ open: OpenMail[]; total: number }> {
  const waiting = (await store.openMail())
    .flatMap((item) => obligationsIn(item, now).map((owed) => ({ item, ...owed })))
    .sort((a, b) => a.dueAt - b.dueAt || a.inAt - b.inAt);
  const listed = waiting.slice(0, OPEN_MAIL_MAX);
  const facts = await store.factsOf([...new Set(listed.map(({ item }) => item.key))]);
  const open = listed.flatMap(({ item, inAt, dueAt }) => {
    const kept = facts.get(item.key) ?? [];
    return openedBy(kept, inAt, rules).map((mail) => ({ ...mail, source: item.source, dueAt }));
  });
  return { open, total: waiting.length };
}

/** Says of a waiting email that it needs no reply, or is spam. Throws a Problem when it does not wait any more. */
export async function markMail(
  { store, rules, intake }: { store: Store; rules: Rules; intake: Pick<Intake, 'save'> },
  mark: MailMark,
): Promise<void> {
  const { open, total } = await openMail({ store, rules }, mark.at);
  if (!open.some(({ ref }) => ref === mark.ref)) {
    const more = total > open.length ? ' and among the first on the list' : '';
    throw new Problem(
      'not_found',
      `This email does not wait for an answer any more${more}: it was answered or marked. Load the page again.`,
    );
  }
  await intake.save(MAIL_PAGE, [mark]);
}

function obligationsIn({ live: open }: MailThread, now: Instant): { inAt: Instant; dueAt: Instant }[] {
  return open.flatMap((live) =>
    live.what === 'email' && live.until > now ? [{ inAt: live.inAt, dueAt: live.dueAt }] : [],
  );
}

/** The message that opened the obligation of `inAt`, found as the rule book finds it. */
function openedBy(
  kept: readonly KeptFact[],
  inAt: Instant,
  rules: Rules,
): Omit<OpenMail, 'source' | 'dueAt'>[] {
  const facts = kept.map(({ fact }) => fact as EmailFact);
  const { inbound } = turnsOf(facts, rules);
  const first = inbound.filter(({ at }) => at === inAt).sort((a, b) => (a.id < b.id ? -1 : 1))[0];
  const mail = facts.find((fact): fact is MailIn => fact.kind === 'mail_in' && fact.id === first?.id);
  if (first === undefined || mail === undefined) return [];
  const more = inbound.filter(({ at, id }) => at >= inAt && id !== first.id).length;
  return [{ ref: first.id, mailbox: first.mailbox, from: mail.from, at: inAt, more }];
}
