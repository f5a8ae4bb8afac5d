import { Agent, request } from 'node:http';
import { PASSWORD, passOf } from '../tests/support/a-desk.ts';
import type { Besides, MeasuredServer } from './site.ts';

/** Asks a server for JSON as its admin, over connections that are kept open. */
export interface Asker extends Disposable {
  /** The ms from the question to the last byte of the answer, and what it says. Rejects on any answer but 200. */
  ask<T>(path: string): Promise<{ ms: number; answer: T }>;
  /** The admin's pass, for a browser. */
  cookie: { name: string; value: string };
}

/** The same site with the admin who can be signed in. */
export function withAdmin(besides: Besides): Besides {
  return { ...besides, secrets: { ...besides.secrets, FIRST_RING_ADMIN_PASSWORD: PASSWORD } };
}

/** Signs in. The server must have been started `withAdmin`. */
export async function openAsker(server: MeasuredServer): Promise<Asker> {
  const cookie = await passOf(server);
  const agent = new Agent({ keepAlive: true });
  const headers = { cookie: `${cookie.name}=${cookie.value}` };
  return {
    cookie,
    ask: (path) =>
      new Promise((resolve, reject) => {
        const from = performance.now();
        const asked = request(`${server.url}${path}`, { agent, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('end', () => {
            const ms = performance.now() - from;
            const text = Buffer.concat(chunks).toString('utf8');
            if (response.statusCode === 200) resolve({ ms, answer: JSON.parse(text) });
            else reject(new Error(`${path} was answered ${response.statusCode}: ${text.slice(0, 400)}`));
          });
          response.once('error', reject);
        });
        asked.once('error', reject);
        asked.end();
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}
