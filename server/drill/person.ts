import type { EmailFact, MailIn } from '../fact.ts';
import type { KeptFact } from '../store/store.ts';

/** Hex digits of a caller's hash that are shown: enough to know her again on a page, too few to be looked up. */
const SHOWN = 6;

/** A caller by what is left of her number; null where it was withheld. */
export function callerOf(person: string | null): string | null {
  const hash = /^p-([\da-f]{32})$/.exec(person ?? '')?.[1];
  return hash === undefined ? null : `caller ${hash.slice(0, SHOWN)}`;
}

/** Who began a thread, as it is kept: a keyed hash before the @, unless the mailbox says otherwise. */
export function writerOf(kept: readonly KeptFact[]): string | null {
  const received = kept
    .map(({ fact }) => fact as EmailFact)
    .filter((fact): fact is MailIn => fact.kind === 'mail_in')
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return received[0]?.from ?? null;
}
