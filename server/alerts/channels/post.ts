import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Outgoing, Reply } from '../../outgoing/guarded-send.ts';
import { waitAsked } from '../../outgoing/wait-asked.ts';
import { Problem } from '../../problem.ts';
import { NotTold } from './channel.ts';
import { cut } from './words.ts';

/** So much of what the other side said is kept. */
const SAID_CHARS_MAX = 200;

/** What an answer means: it was taken; it may be later; this message never will be; nothing ever will be. */
export type Meaning = 'told' | 'later' | 'never' | 'gone';

export interface PostNeeds {
  outgoing: Outgoing;
  clock: Clock;
}

export interface Post {
  url: string;
  headers?: Readonly<Record<string, string>>;
  /** JSON. */
  body: string;
  /** `The channel "ops"`. */
  who: string;
  /** None of these may be told in a message or a log, though the other side may say them back. */
  secrets: readonly string[];
  redirectsMax?: number;
  /** Where the vendor's own document says something else than is usual. */
  meaning?: (status: number, text: string) => Meaning;
  /** What to do about a refusal. */
  mend: (status: number, text: string) => string;
  stop: AbortSignal;
}

/** POSTs JSON once. Resolves with what the other side said when it took it. @throws NotTold */
export async function post({ outgoing, clock }: PostNeeds, given: Post): Promise<string> {
  const { url, headers = {}, body, who, stop, meaning = usualMeaning, redirectsMax } = given;
  const reply = await outgoing
    .send({
      url,
      headers: { 'content-type': 'application/json', ...headers },
      body: Buffer.from(body),
      who,
      stop,
      ...(redirectsMax === undefined ? {} : { redirectsMax }),
    })
    .catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      throw new NotTold(error.message, { lasting: error.code === 'invalid', cause: error });
    });
  const said = saidIn(reply, given.secrets);
  const meant = meaning(reply.status, reply.text);
  if (meant === 'told') return said;
  if (meant === 'later')
    throw new NotTold(`${who} does not take it just now: ${said}`, {
      lasting: false,
      waitMs: waitAsked(askingOf(reply), clock.now()),
    });
  throw new NotTold(`${who} refuses it: ${said} ${given.mend(reply.status, reply.text)}`, {
    lasting: true,
    gone: meant === 'gone',
  });
}

/** Only who refuses because it was too much means by when its limit ends that it wants to be left alone until then. */
function askingOf({ status, headers }: Reply): Headers {
  const asking = new Headers(status === 429 ? headers : {});
  const after = headers.get('retry-after');
  if (after !== null) asking.set('retry-after', after);
  return asking;
}

/** RFC 9110: what a status says of sending the same once more. */
export function usualMeaning(status: number): Meaning {
  if (status >= 200 && status < 300) return 'told';
  if (status >= 500 || [408, 425, 429].includes(status)) return 'later';
  // Moved for a while only: it may be back.
  if (status === 302 || status === 303 || status === 307) return 'later';
  return 'never';
}

/** Shorter parts of an address are words, and no secrets. */
const SECRET_CHARS_MIN = 8;

/** An address that is a secret, and every part of it that could be one: the other side may say back any of them. */
export function secretsIn(url: string): string[] {
  const { pathname, search, searchParams } = new URL(url);
  const parts = [...pathname.split('/'), ...searchParams.values()];
  return [
    url,
    ...[`${pathname}${search}`, pathname, search].filter((part) => part.length > 1),
    ...parts.filter((part) => part.length >= SECRET_CHARS_MIN),
  ];
}

/** Tells one place from another without giving it away. */
export function markOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** "404 no_service." Printable, short, and without our secrets. */
function saidIn({ status, text }: Reply, secrets: readonly string[]): string {
  const printable = hide(text, secrets)
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  if (printable === '') return `${status}.`;
  const words = cut(printable, SAID_CHARS_MAX);
  return `${status} ${words}${/[.!?…]$/.test(words) ? '' : '.'}`;
}

function hide(text: string, secrets: readonly string[]): string {
  const all = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]);
  return all.filter((secret) => secret !== '').reduce((left, secret) => left.replaceAll(secret, '…'), text);
}
