import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { chunks, shuffled, streamOf } from '../../bench/calls.ts';
import { requestOf, sendAll } from '../../bench/load.ts';
import { INGEST_TOKEN } from '../../bench/site.ts';

/** A server that answers with a status, and remembers what it was sent. */
async function open(
  status: number,
): Promise<{ port: number; bodies: string[]; tokens: Set<string> } & Disposable> {
  const bodies: string[] = [];
  const tokens = new Set<string>();
  const server = createServer((request, response) => {
    tokens.add(request.headers.authorization ?? '');
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(status, { 'content-length': 2 }).end('ok');
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  return {
    port: (server.address() as AddressInfo).port,
    bodies,
    tokens,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('the load', () => {
  it('sends every request once, whole and with its token, over several connections', async () => {
    using server = await open(200);
    const facts = streamOf('load', 57, Date.now());
    await sendAll(
      server.port,
      facts.map((fact) => requestOf(fact, server.port)),
      5,
    );
    expect(server.bodies.toSorted()).toEqual(facts.map((fact) => JSON.stringify(fact)).sort());
    expect([...server.tokens]).toEqual([`Bearer ${INGEST_TOKEN}`]);
  });

  it('fails when a request is refused', async () => {
    using server = await open(503);
    await expect(sendAll(server.port, [requestOf({}, server.port)], 1)).rejects.toThrow('503');
  });

  it('is a stream of whole calls, with as many facts as asked for or a few more, each once, in the order of time and all of the past', () => {
    const until = Date.parse('2026-03-10T12:00:00Z');
    const facts = streamOf('load', 10_000, until);
    expect(facts.length - 10_000).toBeLessThan(6);
    expect(facts.length).toBeGreaterThanOrEqual(10_000);
    const arrived = facts.filter(({ kind }) => kind === 'arrived').length;
    expect(facts.filter(({ kind }) => kind === 'end')).toHaveLength(arrived);
    expect(new Set(facts.map((fact) => JSON.stringify({ ...fact, at: 0 }))).size).toBe(facts.length);
    expect(facts.map(({ at }) => at)).toEqual(facts.map(({ at }) => at).sort((a, b) => a - b));
    expect(facts.at(-1)?.at).toBeLessThan(until);
  });

  it('comes late in another order, and is the same facts', () => {
    const facts = streamOf('late', 600, Date.parse('2026-03-10T12:00:00Z'));
    const late = shuffled(facts);
    expect(late).not.toEqual(facts);
    expect(late.toSorted((a, b) => facts.indexOf(a) - facts.indexOf(b))).toEqual(facts);
    expect(shuffled(facts)).toEqual(late);
  });

  it('is cut into pieces that hold all of it', () => {
    expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunks([], 2)).toEqual([]);
  });
});
