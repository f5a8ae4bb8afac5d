import { Agent as HttpAgent, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent as HttpsAgent, request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

export interface Question {
  method?: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array;
  stop: AbortSignal;
}

/**
 * One request to just these addresses, whatever the name of the host leads to a moment later. Resolves with the head of
 * the answer; follows nothing. A proxy that the environment names is not used: it would look the name up once more.
 */
export function ask(
  target: URL,
  addresses: readonly string[],
  { method = 'GET', headers = {}, body, stop }: Question,
): Promise<IncomingMessage> {
  const lookup: LookupFunction = (_host, { all }, done) => {
    const known = addresses.map((address) => ({ address, family: isIP(address) }));
    const [first] = known;
    if (all === true) done(null, known);
    else done(null, first?.address ?? '', first?.family);
  };
  const secure = target.protocol === 'https:';
  const request = secure ? tlsRequest : plainRequest;
  const agent = secure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false });
  return new Promise((resolve, reject) => {
    request(target, { agent, method, lookup, signal: stop, headers: { ...headers } })
      .on('response', resolve)
      .on('error', reject)
      // Without an error: an answer that switches to another protocol (101) ends the connection, and nothing more is told.
      .on('close', () => reject(new Error('The connection ended without an answer.')))
      .end(body);
  });
}
