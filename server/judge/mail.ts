import type { MailIn, MailOut } from '../fact.ts';
import type { Rules } from './rules.ts';

/**
 * Does a header or the sender's local part say that a program wrote it? A wish for no auto-reply does not; nor do the
 * marks of a list where the sender is known to be human, since some CRMs put them on every mail.
 */
export function isAutomated(mail: MailIn | MailOut, rules: Pick<Rules, 'humanSenders'>): boolean {
  const hdr = mail.hdr ?? {};
  const value = (name: string) => hdr[name]?.trim().toLowerCase();
  const submitted = value('auto-submitted');
  return (
    (submitted !== undefined && submitted.split(/[;\s(]/)[0] !== 'no') ||
    value('content-type')?.startsWith('multipart/report') === true ||
    value('return-path') === '<>' ||
    REPLIES.some((name) => value(name) !== undefined) ||
    (!isKnownHuman(mail.from, rules) &&
      (LISTS.some((name) => value(name) !== undefined) ||
        ['bulk', 'list', 'junk'].includes(value('precedence') ?? ''))) ||
    ROBOTS.test(addressOf(mail.from))
  );
}

const REPLIES = ['x-autoreply', 'x-autorespond'];
const LISTS = ['list-id', 'list-unsubscribe'];
/** No-reply in the spellings that are in use. */
const ROBOTS = /^(?:mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply)@/;

function isKnownHuman(from: string, { humanSenders }: Pick<Rules, 'humanSenders'>): boolean {
  const bare = addressOf(from);
  return humanSenders.includes(bare) || humanSenders.includes(bare.slice(bare.lastIndexOf('@') + 1));
}

/** Is this one of our mailboxes, or does its domain belong to us? */
export function isOurs(address: string, rules: Rules): boolean {
  const bare = addressOf(address);
  return rules.ourDomains.includes(bare.slice(bare.lastIndexOf('@') + 1)) || mailboxOf(bare, rules) !== null;
}

/** Has it a recipient outside? Only then can it be an answer. */
export function hasOutsider(mail: MailIn | MailOut, rules: Rules): boolean {
  return [...mail.to, ...(mail.cc ?? [])].some((address) => !isOurs(address, rules));
}

/**
 * The mailbox that owns a message of which these copies were seen: the first of ours in To, then in Cc, then the first
 * in the order of the configuration among those that hold a copy; null when it is none of them.
 */
export function ownerOf(copies: readonly MailIn[], rules: Rules): string | null {
  for (const copy of copies) {
    for (const address of [...copy.to, ...(copy.cc ?? [])]) {
      const owner = mailboxOf(addressOf(address), rules);
      if (owner !== null) return owner;
    }
  }
  const holders = copies.flatMap(({ mailbox }) => {
    const order = mailbox === undefined ? undefined : rules.queues.get(mailbox)?.order;
    return mailbox === undefined || order === undefined ? [] : [{ mailbox, order }];
  });
  return holders.sort((a, b) => a.order - b.order)[0]?.mailbox ?? null;
}

/** Right-hand side of a Message-ID, lower case: the host that made it. */
export function madeBy(id: string): string {
  return id
    .slice(id.lastIndexOf('@') + 1)
    .replace(/>.*$/, '')
    .toLowerCase();
}

function mailboxOf(address: string, rules: Rules): string | null {
  for (const [id, queue] of rules.queues) {
    if (queue.kind === 'mailbox' && queue.addresses.includes(address)) return id;
  }
  return null;
}

/** The bare address, lower case, of `Name <address>` or an address alone. */
function addressOf(text: string): string {
  return (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim().toLowerCase();
}
