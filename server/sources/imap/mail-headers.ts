import { createHash } from 'node:crypto';
import { MESSAGE_ID_MAX, REFS_MAX } from '../../../shared/wire.ts';

/** What is asked for of every mail besides its envelope; never a body. */
export const HEADERS = [
  'message-id',
  'references',
  'in-reply-to',
  'thread-index',
  'return-path',
  'auto-submitted',
  'precedence',
  'list-id',
  'list-unsubscribe',
  'x-autoreply',
  'x-autorespond',
  'content-type',
] as const;

export type HeaderName = (typeof HEADERS)[number];

/** The headers of a block, unfolded; of one that is repeated the first. Those that are not asked for are left out. */
export function readHeaders(block: string): Map<HeaderName, string> {
  const headers = new Map<HeaderName, string>();
  for (const line of block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (isAsked(name) && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

/** The Message-ID with its angle brackets; null where there is none that can be used. */
export function messageIdOf(headers: ReadonlyMap<HeaderName, string>): string | null {
  const written = headers.get('message-id') ?? '';
  const bare = written.replace(/[<>\s]/g, '');
  return idsIn(written)[0] ?? (bare === '' || bare.length + 2 > MESSAGE_ID_MAX ? null : `<${bare}>`);
}

/** References, then In-Reply-To, each once and oldest first; the newest where there are too many. */
export function referencesOf(headers: ReadonlyMap<HeaderName, string>): string[] {
  const named = [...idsIn(headers.get('references') ?? ''), ...idsIn(headers.get('in-reply-to') ?? '')];
  return [...new Set(named)].slice(CONVERSATIONS_MAX - REFS_MAX);
}

/** Names of a conversation besides those that it refers to. */
const CONVERSATIONS_MAX = 2;

/** A conversation's own id, made to look like a Message-ID that no host can have given. */
export function conversationName(kind: 'gmail' | 'thread-index' | 'ticket', id: string): string {
  return `<${kind}.${id}@thread.invalid>`;
}

/**
 * The first 22 bytes of Exchange's Thread-Index, which all mails of a conversation share (MS-OXOMSG,
 * PidTagConversationIndex); null where there are not so many.
 */
export function threadIndexOf(headers: ReadonlyMap<HeaderName, string>): string | null {
  const index = Buffer.from(headers.get('thread-index') ?? '', 'base64');
  return index.length < THREAD_INDEX_BYTES
    ? null
    : index.subarray(0, THREAD_INDEX_BYTES).toString('base64url');
}

const THREAD_INDEX_BYTES = 22;

/** Stands in for a Message-ID: the same mail gets the same, whenever and wherever it is read. */
export function madeUpId(of: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(of)).digest('hex');
  return `<${hash.slice(0, 40)}@no-message-id.invalid>`;
}

function isAsked(name: string): name is HeaderName {
  return (HEADERS as readonly string[]).includes(name);
}

function idsIn(written: string): string[] {
  return [...written.matchAll(/<([^<>]+)>/g)]
    .map(([, id = '']) => `<${id.replace(/\s/g, '')}>`)
    .filter((id) => id.length > 2 && id.length <= MESSAGE_ID_MAX);
}
