import { setImmediate as nextTurn } from 'node:timers/promises';
import { HOUR } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import type { Post } from '../../fact.ts';
import { waitAsked } from '../../outgoing/wait-asked.ts';
import { Problem } from '../../problem.ts';
import { type Answer, boundedFetch, MovedAway } from '../bounded-fetch.ts';
import type { RssConfig } from './config.ts';
import type { Place } from './cursor.ts';
import { decodeFeed } from './decode.ts';
import { createHearing } from './hear.ts';
import { type Head, readHead, readItem } from './item.ts';
import type { Outcome } from './pace.ts';
import { type Split, splitFeed } from './split.ts';

export const FEED_BYTES_MAX = 3 * 1024 * 1024;
/** A feed that says it stays fresh for longer is read after this all the same. */
export const FRESH_MAX_MS = HOUR;
/** Characters read between two turns of the event loop. */
const CHARS_PER_TURN = 16 * 1024;

export interface Reading {
  outcome: Outcome;
  /** In words for a person; null when all is well. */
  trouble: string | null;
  posts: Post[];
  /** What the publisher says need not be asked for again for so long. */
  freshMs: number;
  title: string;
  items: number;
}

export interface ReadNeeds {
  config: RssConfig;
  place: Place;
  clock: Clock;
  stop: AbortSignal;
  refuse: (reason: string) => void;
}

/**
 * Reads the feed once, if it changed since (RFC 9110: ETag, Last-Modified), and moves the place on. Never rejects for what
 * a feed or its server does: the outcome tells.
 */
export async function readFeed(needs: ReadNeeds): Promise<Reading> {
  const who = `The feed "${needs.config.id}"`;
  try {
    const answer = await ask(needs, who);
    const failure = failureOf(answer, who, needs.clock);
    if (failure !== null) return failure;
    if (answer.status === 304) return { ...nothing, outcome: { kind: 'read' }, freshMs: freshOf(answer) };
    return await readBody(answer, needs);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const isLasting = error instanceof MovedAway || error.code === 'invalid' || error.code === 'too_large';
    const trouble = error.message.startsWith(who) ? error.message : `${who} ${error.message}`;
    return { ...nothing, outcome: { kind: isLasting ? 'lasting' : 'failed' }, trouble };
  }
}

const nothing: Reading = {
  outcome: { kind: 'failed' },
  trouble: null,
  posts: [],
  freshMs: 0,
  title: '',
  items: 0,
};

function ask({ config, place, clock, stop }: ReadNeeds, who: string): Promise<Answer> {
  const headers: Record<string, string> = {
    accept: 'application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1',
  };
  if (place.etag !== '') headers['if-none-match'] = place.etag;
  if (place.modified !== '') headers['if-modified-since'] = place.modified;
  return boundedFetch({ url: config.url, headers, bytesMax: FEED_BYTES_MAX, clock, stop, who });
}

function failureOf({ status, headers }: Answer, who: string, clock: Clock): Reading | null {
  if (status === 200 || status === 304) return null;
  const ms = status === 429 || status === 503 ? waitAsked(headers, clock.now()) : null;
  if (ms !== null) {
    const trouble = `${who} asks to be read again in ${Math.ceil(ms / 60_000)} min (${status}).`;
    return { ...nothing, outcome: { kind: 'asked', ms }, trouble };
  }
  const lasting: Readonly<Record<number, string>> = {
    401: 'wants a password (401): only public feeds can be read.',
    403: 'may not be read (403): its server refuses us.',
    404: 'is not there (404): check url.',
    410: 'is gone for good (410): take the source out, or write its new address.',
  };
  const words = lasting[status];
  if (words !== undefined) return { ...nothing, outcome: { kind: 'lasting' }, trouble: `${who} ${words}` };
  return { ...nothing, trouble: `${who} is answered with an error (${status}). It is tried again.` };
}

async function readBody(answer: Answer, { config, place, clock, refuse }: ReadNeeds): Promise<Reading> {
  const text = decodeFeed(answer.body, answer.headers.get('content-type'));
  await nextTurn();
  const split = await splitFeed(text);
  await nextTurn();
  const head = readHead(split.head);
  const posts = await postsOf(split, head, { config, place, clock, refuse });
  for (let n = 0; n < split.refused; n += 1) refuse('an item that is too long');
  place.wasRead = true;
  // Of a feed that was cut off the rest is wanted next time: it must not count as read.
  place.etag = split.isWhole ? (answer.headers.get('etag') ?? '').slice(0, 500) : '';
  place.modified = split.isWhole ? (answer.headers.get('last-modified') ?? '').slice(0, 100) : '';
  return {
    outcome: { kind: split.isWhole ? 'read' : 'failed' },
    trouble: split.isWhole ? null : `The feed "${config.id}" ends in the middle. What came was read.`,
    posts,
    freshMs: split.isWhole ? Math.min(FRESH_MAX_MS, Math.max(head.freshMs, freshOf(answer))) : 0,
    title: head.title,
    items: split.items.length,
  };
}

async function postsOf(
  { items, format }: Split,
  head: Head,
  { config, place, clock, refuse }: Pick<ReadNeeds, 'config' | 'place' | 'clock' | 'refuse'>,
): Promise<Post[]> {
  const hear = createHearing(config, place);
  const posts: Post[] = [];
  const seen = clock.now();
  let chars = 0;
  // Oldest first, as feeds have it the other way round: what is known longest is forgotten first.
  for (const xml of items.toReversed()) {
    chars += xml.length;
    if (chars > CHARS_PER_TURN) {
      await nextTurn();
      chars = xml.length;
    }
    const item = readItem(xml, format);
    if (item === null || (item.id === null && item.title === '' && item.text === '')) {
      refuse('an item that cannot be read, or says nothing');
      continue;
    }
    const post = hear(item, head, seen);
    if (post !== null) posts.push(post);
  }
  return posts;
}

/** RFC 9111: how long the answer stays fresh. */
function freshOf({ headers }: Answer): number {
  const control = headers.get('cache-control') ?? '';
  if (/\bno-(cache|store)\b/.test(control)) return 0;
  const seconds = Number(/\bmax-age=(\d{1,9})\b/.exec(control)?.[1] ?? 0) - Number(headers.get('age') ?? 0);
  return Number.isFinite(seconds) ? Math.min(FRESH_MAX_MS, Math.max(0, seconds * 1_000)) : 0;
}
