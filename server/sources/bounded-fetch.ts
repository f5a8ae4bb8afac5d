import { SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import { unreachable } from '../outgoing/unreachable.ts';
import { withinTime } from '../outgoing/within-time.ts';
import { Problem } from '../problem.ts';

/** A server must begin to answer, and end, within this. */
export const ANSWER_WITHIN_MS = 30 * SECOND;
export const REDIRECTS_MAX = 5;

/** As we name ourselves to servers. */
export const USER_AGENT = 'FirstRing/1 (+wallboard; reads what mentions its owner)';

export interface Asked {
  url: string;
  headers?: Record<string, string>;
  bytesMax: number;
  clock: Clock;
  stop: AbortSignal;
  /** How the thing asked is called in a message: `The feed "reviews"`. */
  who: string;
  /** The whole answer must be there within this; half a minute where nothing is said. */
  withinMs?: number;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Uint8Array;
  /** What answered, after redirects on the same host. */
  url: string;
  /** Every redirect on the way was for good (301, 308). */
  movedForGood: boolean;
}

/** A server wants to be asked elsewhere: on another host, or without encryption. We ask only where we were told to. */
export class MovedAway extends Problem {
  /** Scheme, host and path, without what could be a secret. */
  readonly to: string;
  constructor(who: string, to: string) {
    super('invalid', `${who} has moved to ${to}: write that address in the configuration.`);
    this.to = to;
  }
}

/**
 * One GET, bounded in time and bytes. Redirects are followed on the same host, at most five. Throws a Problem when there
 * is no whole answer; any status is an answer.
 */
export async function boundedFetch(asked: Asked): Promise<Answer> {
  return withinTime({ ...asked, withinMs: asked.withinMs ?? ANSWER_WITHIN_MS }, async (signal) => {
    let url = asked.url;
    let movedForGood = true;
    for (let hops = 0; hops <= REDIRECTS_MAX; hops += 1) {
      const response = await send(url, asked, signal);
      const to = response.headers.get('location');
      if (![301, 302, 303, 307, 308].includes(response.status) || to === null) {
        const body = await readBody(response, asked);
        return {
          status: response.status,
          headers: response.headers,
          body,
          url,
          movedForGood: hops > 0 && movedForGood,
        };
      }
      await response.body?.cancel();
      movedForGood &&= response.status === 301 || response.status === 308;
      url = nextAddress(url, to, asked.who);
    }
    throw new Problem('unavailable', `${asked.who} sends in circles: more than ${REDIRECTS_MAX} redirects.`);
  });
}

/** Opens a response whose body goes on for long. Only its beginning is bounded in time; no redirect is followed. */
export async function openStream(asked: Omit<Asked, 'bytesMax'>): Promise<Response> {
  const withinMs = asked.withinMs ?? ANSWER_WITHIN_MS;
  return withinTime({ ...asked, withinMs }, (signal) =>
    send(asked.url, asked, AbortSignal.any([asked.stop, signal])),
  );
}

async function send(
  url: string,
  { headers = {}, who }: Pick<Asked, 'headers' | 'who'>,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(url, {
      redirect: 'manual',
      headers: { 'user-agent': USER_AGENT, ...headers },
      signal,
    });
  } catch (error) {
    throw signal.aborted ? error : unreachable(who, error);
  }
}

async function readBody(response: Response, { bytesMax, who }: Asked): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      // Leaving the loop cancels the body: what else would come is not read.
      if (bytes > bytesMax)
        throw new Problem('too_large', `${who} answers with more than ${Math.floor(bytesMax / 1024)} KB.`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof TypeError ? unreachable(who, error) : error;
  }
  return Buffer.concat(chunks);
}

function nextAddress(from: string, to: string, who: string): string {
  if (!URL.canParse(to, from)) throw new Problem('unavailable', `${who} redirects to what is no address.`);
  const [was, next] = [new URL(from), new URL(to, from)];
  const isSame = next.host === was.host && next.protocol === was.protocol;
  const isUpgrade = next.hostname === was.hostname && was.protocol === 'http:' && next.protocol === 'https:';
  if (!isSame && !isUpgrade) throw new MovedAway(who, `${next.origin}${next.pathname}`.slice(0, 200));
  return next.href;
}
