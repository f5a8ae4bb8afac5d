import { type Instant, SECOND } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import { waitAsked } from '../../outgoing/wait-asked.ts';
import { Problem } from '../../problem.ts';
import { boundedFetch } from '../bounded-fetch.ts';
import { cleanLine } from '../plain-text.ts';
import type { BlueskyConfig } from './config.ts';
import { POSTS, REPOSTS } from './event.ts';

export const CONNECT_WITHIN_MS = 15 * SECOND;
/** The network is never quiet for so long: dozens of posts come every second. */
export const SILENT_AFTER_MS = 30 * SECOND;
/** Larger messages are not sent to us; a post has at most 3,000 bytes of text. */
export const MESSAGE_BYTES_MAX = 128 * 1024;

export interface JetstreamNeeds {
  config: Pick<BlueskyConfig, 'id' | 'jetstream' | 'reposts'>;
  /** µs since 1970; null: from now on. */
  cursor: number | null;
  clock: Clock;
  stop: AbortSignal;
  /** One message. What it throws breaks the link. */
  hear: (text: string, at: Instant) => void;
}

/** Where a Jetstream is asked for posts from `cursor` on. */
export function subscribeAddress(
  { jetstream, reposts }: JetstreamNeeds['config'],
  cursor: number | null,
): string {
  const url = new URL('/subscribe', jetstream);
  url.searchParams.append('wantedCollections', POSTS);
  if (reposts) url.searchParams.append('wantedCollections', REPOSTS);
  url.searchParams.set('maxMessageSizeBytes', String(MESSAGE_BYTES_MAX));
  if (cursor !== null) url.searchParams.set('cursor', String(cursor));
  return url.href;
}

/**
 * Follows a Jetstream until told to stop, and then resolves; throws a Problem when the link cannot be made, breaks or
 * falls silent.
 */
export async function followJetstream(needs: JetstreamNeeds, opened?: () => void): Promise<void> {
  const { config, cursor, clock, stop, hear } = needs;
  const who = `The Jetstream of "${config.id}"`;
  const socket = new WebSocket(subscribeAddress(config, cursor));
  const { promise: broken, reject } = Promise.withResolvers<never>();
  const over = new AbortController();
  let isOpen = false;
  let heardAt = clock.now();
  socket.addEventListener('message', ({ data }) => {
    if (over.signal.aborted) return;
    heardAt = clock.now();
    try {
      hear(typeof data === 'string' ? data : '', heardAt);
    } catch (error) {
      reject(error);
    }
  });
  socket.addEventListener('open', () => {
    isOpen = true;
    heardAt = clock.now();
    opened?.();
  });
  socket.addEventListener('error', () => reject(new Problem('unavailable', `${who} broke off.`)));
  socket.addEventListener('close', ({ code, reason }) => {
    const why = reason === '' ? '' : `: ${cleanLine(reason, 100)}`;
    reject(new Problem('unavailable', `${who} was closed by the server (${code}${why}).`));
  });
  const stopped = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  const silent = watch({ who, clock, until: AbortSignal.any([stop, over.signal]) }, () => ({
    isOpen,
    heardAt,
  }));
  // Whichever of the two loses the race below is heard by nobody.
  silent.catch(() => undefined);
  try {
    await Promise.race([broken, stopped, silent]);
  } catch (error) {
    if (!isOpen && !stop.aborted) throw await whyNot(needs, who);
    throw error;
  } finally {
    over.abort();
    broken.catch(() => undefined);
    socket.close();
  }
}

async function watch(
  { who, clock, until }: { who: string; clock: Clock; until: AbortSignal },
  look: () => { isOpen: boolean; heardAt: Instant },
): Promise<void> {
  while (!until.aborted) {
    const { isOpen, heardAt } = look();
    const patience = isOpen ? SILENT_AFTER_MS : CONNECT_WITHIN_MS;
    const left = heardAt + patience - clock.now();
    if (left <= 0)
      throw new Problem(
        'unavailable',
        `${who} ${isOpen ? 'went silent' : 'does not answer'} for ${patience / SECOND} s.`,
      );
    await clock.sleep(left, until);
  }
}

/** A WebSocket does not say why it was refused; the same address, asked plainly, does. */
export class Refused extends Problem {
  /** How long the server asks to be left alone; null where it does not say. */
  readonly waitMs: number | null;
  constructor(message: string, waitMs: number | null) {
    super('unavailable', message);
    this.waitMs = waitMs;
  }
}

async function whyNot({ config, clock, stop }: JetstreamNeeds, who: string): Promise<Problem> {
  try {
    const url = subscribeAddress(config, null).replace(/^ws/, 'http');
    const { status, headers } = await boundedFetch({ url, bytesMax: 64 * 1024, clock, stop, who });
    const waitMs = status === 429 || status === 503 ? waitAsked(headers, clock.now()) : null;
    const mend =
      status === 404 ? 'There is no Jetstream at that address: check jetstream.' : 'It is tried again.';
    return new Refused(`${who} refuses the connection (${status}). ${mend}`, waitMs);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
