import { request as httpRequest } from 'node:http';
import { INGEST_TOKEN, QUEUES } from './site.ts';

/** Posts one answered call that rang for two seconds and ended just now; resolves when it is acknowledged. */
export function postCall(url: string, name: string, number: number): Promise<void> {
  return send(url, JSON.stringify(aCall(`${name}-${number}`, number, Date.now())));
}

function aCall(call: string, i: number, now: number): object[] {
  const fact = (kind: string, beforeMs: number, more: object): object => ({
    kind,
    call,
    at: now - beforeMs,
    ...more,
  });
  return [
    fact('offered', 9_000, { queue: QUEUES[i % QUEUES.length] }),
    fact('alert', 9_000, { agent: '101' }),
    fact('pickup', 7_000, { agent: '101' }),
    fact('bridged', 7_000, { agent: '101' }),
    fact('end', 10, { why: 'hangup' }),
  ];
}

function send(url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${INGEST_TOKEN}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const request = httpRequest(`${url}/api/facts`, { method: 'POST', headers }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`A post was answered ${response.statusCode}.`));
      });
    });
    request.once('error', reject);
    request.end(body);
  });
}
