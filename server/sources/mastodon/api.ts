import { MINUTE } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import { waitAsked } from '../../outgoing/wait-asked.ts';
import { Problem } from '../../problem.ts';
import { type Answer, boundedFetch, openStream } from '../bounded-fetch.ts';
import { member, parseJson, textOf } from '../json-value.ts';
import { cleanLine } from '../plain-text.ts';
import type { MastodonConfig } from './config.ts';

/** Bytes of one page: 40 statuses with everything that belongs to them have some 400 KB. */
export const PAGE_BYTES_MAX = 3 * 1024 * 1024;
/** Mastodon counts requests in stretches of five minutes (docs.joinmastodon.org, rate-limits). */
export const LIMITED_WAIT_MS = 5 * MINUTE;

export interface Api {
  /** The JSON at a path of the server, or null where it has none (404). */
  get(path: string): Promise<unknown>;
  /** A stream that has begun. */
  stream(path: string): Promise<Response>;
  /** What the server is called and where it streams from; nulls where it does not say. */
  instance(): Promise<{ version: string; streaming: string | null }>;
}

export interface ApiNeeds {
  config: Pick<MastodonConfig, 'id' | 'server' | 'streaming' | 'token'>;
  clock: Clock;
  stop: AbortSignal;
  /** The server wants to be left alone so long: waits, or throws. */
  wait: (ms: number) => Promise<void>;
}

/**
 * The REST and streaming API of one server, asked as politely as it wants: when it answers 429, or 503 with a time, the
 * request is made again after the wait that it names. Throws a Problem: `forbidden` when the token is refused.
 */
export function createApi({ config, clock, stop, wait }: ApiNeeds): Api {
  const who = `Mastodon "${config.id}"`;
  const headers = { authorization: `Bearer ${config.token}` };

  async function asked(path: string): Promise<Answer> {
    for (;;) {
      const url = `${config.server}${path}`;
      const answer = await boundedFetch({ url, headers, bytesMax: PAGE_BYTES_MAX, clock, stop, who });
      const pause = pauseAfter(answer.status, answer.headers, clock);
      if (pause === null) return answer;
      await wait(pause);
    }
  }

  async function get(path: string): Promise<unknown> {
    const { status, body } = await asked(path);
    if (status === 404) return null;
    if (status !== 200) throw refusal(who, status, member(jsonOf(body), 'error'));
    const value = jsonOf(body);
    if (value === undefined)
      throw new Problem('unavailable', `${who} answers with what is not JSON: check server.`);
    return value;
  }

  return {
    get,
    async stream(path) {
      for (;;) {
        const url = `${config.streaming}${path}`;
        const response = await openStream({ url, headers, clock, stop, who: `The streaming of ${who}` });
        if (response.status === 200 && isEventStream(response)) return response;
        await response.body?.cancel();
        const pause = pauseAfter(response.status, response.headers, clock);
        if (pause === null) throw noStream(who, response);
        await wait(pause);
      }
    },
    async instance() {
      const value = await get('/api/v2/instance');
      const written = textOf(member(value, 'configuration', 'urls', 'streaming'));
      const streaming = URL.canParse(written) ? new URL(written.replace(/^ws/, 'http')).origin : null;
      return { version: cleanLine(textOf(member(value, 'version')), 40), streaming };
    },
  };
}

function pauseAfter(status: number, headers: Headers, clock: Clock): number | null {
  if (status === 429) return waitAsked(headers, clock.now()) ?? LIMITED_WAIT_MS;
  return status === 503 && headers.has('retry-after') ? waitAsked(headers, clock.now()) : null;
}

function jsonOf(body: Uint8Array): unknown {
  return parseJson(new TextDecoder().decode(body));
}

function isEventStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') === true;
}

function refusal(who: string, status: number, said: unknown): Problem {
  const words = cleanLine(textOf(said), 200);
  const quoted = words === '' ? '' : ` It says: ${words}.`;
  if (status === 401 || status === 403)
    return new Problem(
      'forbidden',
      `${who} refuses the token (${status}).${quoted} Make one with the scopes read:statuses and read:notifications.`,
    );
  if (status >= 300 && status < 400)
    return new Problem('invalid', `${who} sends to another place (${status}): check server.`);
  return new Problem('unavailable', `${who} answers with an error (${status}).${quoted}`);
}

function noStream(who: string, { status }: Response): Problem {
  if (status === 401 || status === 403) return refusal(who, status, '');
  if (status === 200 || status === 404 || (status >= 300 && status < 400))
    return new Problem('invalid', `${who} does not stream there (${status}): check server and streaming.`);
  return refusal(`The streaming of ${who}`, status, '');
}
