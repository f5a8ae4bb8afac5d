import type { IncomingMessage } from 'node:http';
import { SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import { Problem } from '../problem.ts';
import { ask } from './ask.ts';
import { addressesOf, type Reach } from './reach.ts';
import { unlessStopped } from './unless-stopped.ts';
import { unreachable } from './unreachable.ts';
import { withinTime } from './within-time.ts';

/** From the look-up of the name to the end of the answer, with all redirects. */
export const SEND_WITHIN_MS = 20 * SECOND;
/** So much of an answer is read, for words; what else would come is not. */
export const REPLY_BYTES_MAX = 8 * 1_024;
export const REDIRECTS_MAX = 3;

export const USER_AGENT = 'FirstRing/1 (+wallboard; tells alerts)';

export interface Order {
  /** May hold a secret: it is in no message. */
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** How the other side is called in a message: `The channel "ops"`. */
  who: string;
  stop: AbortSignal;
  /** How many redirects that keep the method (307, 308) are followed; at most three. */
  redirectsMax?: number;
}

/** What the other side answered: any status is an answer. */
export interface Reply {
  status: number;
  headers: Headers;
  /** The beginning of its body. It is a stranger's text. */
  text: string;
}

/** Sends what was ordered, and only to where the owner of this server lets it. */
export interface Outgoing {
  /**
   * POSTs once. As soon as the head of an answer is there it is one: a body that is endless, slow or cut off is not held
   * against it.
   * @throws Problem `invalid` when this order can never be sent, `unavailable` when it may be possible later.
   */
  send(order: Order): Promise<Reply>;
}

export interface OutgoingNeeds {
  clock: Clock;
  reach: Reach;
  /** Hosts that may be spoken to without encryption. */
  plainHosts: readonly string[];
}

/**
 * The guard of everything that is sent out. https only, unless the host is listed. A name is looked up once, every
 * address of it must be one that may be asked, and the connection goes to just those. The same holds for every redirect,
 * which may not lead to another scheme; a password is not taken along to another host.
 */
export function createOutgoing(needs: OutgoingNeeds): Outgoing {
  return {
    send: (order) =>
      withinTime({ ...order, clock: needs.clock, withinMs: SEND_WITHIN_MS }, (stop) =>
        follow({ ...order, stop }, needs),
      ),
  };
}

async function follow(order: Order, needs: OutgoingNeeds): Promise<Reply> {
  const { who, body, stop } = order;
  const hopsMax = Math.min(order.redirectsMax ?? REDIRECTS_MAX, REDIRECTS_MAX);
  let target = targetOf(order.url, who, needs);
  let headers: Record<string, string> = { 'user-agent': USER_AGENT, ...order.headers };
  for (let hops = 0; hops <= hopsMax; hops += 1) {
    const addresses = await allowed(target, order, needs);
    const response = await ask(target, addresses, { method: 'POST', headers, body, stop }).catch(
      (error: unknown) => {
        throw stop.aborted ? error : unreachable(who, error);
      },
    );
    const { statusCode: status = 0 } = response;
    const to = response.headers.location;
    // 301, 302 and 303 turn a POST into a GET, which would tell nothing: they are an answer like any other.
    if (hopsMax === 0 || (status !== 307 && status !== 308) || to === undefined)
      return { status, headers: headersOf(response), text: await beginningOf(response) };
    response.destroy();
    const next = redirected(target, to, who, needs);
    if (next.origin !== target.origin) headers = withoutPasswords(headers);
    target = next;
  }
  throw new Problem('unavailable', `${who} sends in circles: more than ${hopsMax} redirects.`);
}

function targetOf(url: string, who: string, { plainHosts }: OutgoingNeeds): URL {
  const target = URL.parse(url);
  if (target === null || !/^https?:$/.test(target.protocol) || target.hostname === '')
    throw new Problem('invalid', `${who} has no address that begins with https://. Correct it.`);
  if (target.username !== '' || target.password !== '')
    throw new Problem('invalid', `${who} has an address with a password in it. Take it out.`);
  if (target.protocol === 'http:' && !plainHosts.includes(target.hostname))
    throw new Problem(
      'invalid',
      `${who} would be told without encryption. Use https://, or list its host under outgoing.allow_http.`,
    );
  return target;
}

/** Where a redirect leads is the other side's choice, and may be another one next time. */
function redirected(from: URL, to: string, who: string, needs: OutgoingNeeds): URL {
  const target = URL.parse(to, from.href);
  if (target === null || target.protocol !== from.protocol || target.username !== '')
    throw new Problem(
      'unavailable',
      `${who} redirects to what is not ${from.protocol}//. It was not followed.`,
    );
  if (target.protocol === 'http:' && !needs.plainHosts.includes(target.hostname))
    throw new Problem(
      'unavailable',
      `${who} redirects to a host that is not listed under outgoing.allow_http.`,
    );
  return target;
}

async function allowed(target: URL, { who, stop }: Order, { reach }: OutgoingNeeds): Promise<string[]> {
  const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
  const addresses = await unlessStopped(addressesOf(target.hostname, port, reach), stop).catch(
    (error: unknown) => {
      throw stop.aborted ? error : unreachable(who, error);
    },
  );
  if (addresses !== null) return addresses;
  throw new Problem(
    'unavailable',
    `${who} leads into the inner network, and nothing was sent. If that is meant, list its address under outgoing.allow_private.`,
  );
}

function withoutPasswords(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(authorization|cookie|proxy-authorization)$/i.test(name)),
  );
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= REPLY_BYTES_MAX) break;
    }
  } catch {
    // Cut off or too slow: the status was there, and what came of the words will do.
  } finally {
    response.destroy();
  }
  return Buffer.concat(chunks).subarray(0, REPLY_BYTES_MAX).toString('utf8');
}

function headersOf({ headers }: IncomingMessage): Headers {
  const read = new Headers();
  for (const [name, value] of Object.entries(headers))
    for (const each of [value ?? []].flat()) read.append(name, each);
  return read;
}
