import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { Fact, MailIn, MailOut } from '../fact.ts';
import type { Rules } from '../judge/rules.ts';
import type { Store } from '../store/store.ts';
import { telephoneDigits } from './telephone.ts';

/** Takes out of a fact what would tell who the customer is. Applied once, before anything is stored. */
export type Privacy = (fact: Fact) => Fact;

/** Hashes kept in memory, of numbers and local parts, so that a caller's further facts cost no hashing. */
const HASHES_MAX = 50_000;

/**
 * Telephone numbers become `p-` and 32 hex digits, local parts of addresses `h-` and 16, by HMAC-SHA256 under a key
 * that never leaves the site: equal ones stay equal and none can be looked up. Addresses of ours and those of robots
 * are kept, for they decide who owns a mail and whether a person wrote it, and so are all where the mailbox is configured
 * to keep them readable; names beside addresses are dropped.
 */
export function createPrivacy({ key, rules }: { key: Buffer; rules: Rules }): Privacy {
  const hash = keyedHash(key);
  const person = (written: string): string => {
    const digits = telephoneDigits(written);
    return digits === '' ? '' : `p-${hash(digits).slice(0, 32)}`;
  };
  const address = addressHider(rules, hash);
  return (fact) => {
    switch (fact.kind) {
      case 'arrived':
      case 'offered':
        return fact.number === undefined ? fact : { ...fact, number: person(fact.number) };
      case 'text_in':
        return { ...fact, number: person(fact.number), to: telephoneDigits(fact.to) || fact.to };
      case 'mail_in':
      case 'mail_out':
        return hideMail(fact, keepsAddresses(fact, rules) ? bareAddress : address);
      case 'waive':
      case 'spam':
      case 'not_spam':
        return fact.by === undefined
          ? fact
          : { ...fact, by: fact.by.includes('@') ? address(fact.by) : fact.by };
      case 'alert':
      case 'alert_end':
      case 'pickup':
      case 'bridged':
      case 'end':
      case 'post':
      case 'post_delete':
      case 'quote':
      case 'alive':
        return fact;
    }
  };
}

/** The key of the hashes, made once at the first start and kept with the data: without it nobody is recognised again. */
export async function hashKey(store: Store): Promise<Buffer> {
  const kept = await store.meta(HASH_KEY);
  if (kept !== null) return Buffer.from(kept, 'hex');
  const key = randomBytes(32);
  await store.setMeta(HASH_KEY, key.toString('hex'));
  return key;
}

const HASH_KEY = 'hash_key';

function keyedHash(key: Buffer): (text: string) => string {
  const known = new Map<string, string>();
  // Made ready once: from plain bytes each hash would take eight times as long.
  const secret = createSecretKey(key);
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const hash = createHmac('sha256', secret).update(text).digest('hex');
    if (known.size >= HASHES_MAX) known.clear();
    known.set(text, hash);
    return hash;
  };
}

/** Local parts that no person writes from (definitions §4.1). */
const robots = /^(?:mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply)(?=$|[-_.+])/;

function addressHider(rules: Rules, hash: (text: string) => string): (written: string) => string {
  const domains = new Set(rules.ourDomains);
  // Those whose mail is known to be human are systems, not people, and the rule book must know them again.
  const known = new Set(rules.humanSenders);
  const mailboxes = new Set([...rules.queues.values()].flatMap((queue) => queue.addresses));
  return (written) => {
    const bare = bareAddress(written);
    const at = bare.lastIndexOf('@');
    if (at < 0) return bare;
    const local = bare.slice(0, at);
    const domain = bare.slice(at + 1);
    if (mailboxes.has(bare) || domains.has(domain) || known.has(bare)) return bare;
    const robot = robots.exec(local)?.[0];
    if (robot !== undefined) return `${robot}@${domain}`;
    return `h-${hash(bare).slice(0, 16)}@${domain}`;
  };
}

/** `"Ann Lee" <Ann@Cust.example>` → `ann@cust.example`. */
function bareAddress(written: string): string {
  const angled = /<([^<>]*)>[^<>]*$/.exec(written)?.[1];
  return (angled ?? written).trim().toLowerCase();
}

function keepsAddresses({ mailbox }: MailIn | MailOut, { queues }: Rules): boolean {
  return mailbox !== undefined && queues.get(mailbox)?.keepsAddresses === true;
}

function hideMail<F extends MailIn | MailOut>(fact: F, address: (written: string) => string): F {
  const hidden: F = { ...fact, from: address(fact.from), to: fact.to.map(address) };
  if (fact.cc !== undefined) hidden.cc = fact.cc.map(address);
  if (fact.hdr !== undefined) hidden.hdr = decidingHeaders(fact.hdr);
  return hidden;
}

/** Only what decides whether a person wrote the mail is kept of its headers, and of their values no more than that. */
function decidingHeaders(headers: Record<string, string>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [written, value] of Object.entries(headers)) {
    const name = written.toLowerCase();
    const keep = deciding.get(name)?.(value.trim().toLowerCase());
    if (keep !== undefined) kept[name] = keep;
  }
  return kept;
}

const firstWord = (value: string): string => /^[^\s;,(]*/.exec(value)?.[0] ?? '';
const presence = (): string => 'yes';

const deciding = new Map<string, (value: string) => string | undefined>([
  ['auto-submitted', firstWord],
  ['content-type', (value) => (value.startsWith('multipart/report') ? 'multipart/report' : undefined)],
  ['return-path', (value) => (value.replace(/\s/g, '') === '<>' || value === '' ? '<>' : undefined)],
  ['list-id', presence],
  ['list-unsubscribe', presence],
  ['precedence', firstWord],
  ['x-autoreply', presence],
  ['x-autorespond', presence],
]);
