import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { createDownloads } from '../../server/http/download.ts';
import { createHttpServer } from '../../server/http/listen.ts';
import { isBug, tell } from '../../server/http/status.ts';
import { Problem } from '../../server/problem.ts';

const PIECE = 'x'.repeat(64 * 1_024);

interface Served extends AsyncDisposable {
  url: string;
  made(): number;
  ended(): boolean;
  bugs: unknown[];
}

/** A server of files of so many pieces. */
async function serve(
  count: number,
  { failAt = -1, most = 4, idleMs = 30_000, error = new Error('a bug') as Error } = {},
): Promise<Served> {
  let made = 0;
  let ended = false;
  const bugs: unknown[] = [];
  async function* pieces(): AsyncGenerator<string, void, void> {
    try {
      for (; made < count; made += 1) {
        if (made === failAt) throw error;
        yield PIECE;
      }
    } finally {
      ended = true;
    }
  }
  const send = createDownloads(most);
  const app = express();
  app.get('/file', (request, response) =>
    send(request, response, { name: 'a "b"\r\nc.csv', type: 'text/csv', pieces: pieces() }),
  );
  app.use(((failure, _request, response, _next) => {
    if (isBug(failure)) bugs.push(failure);
    // As the last resort of the application does, without its words on the console.
    if (response.headersSent) return void response.destroy();
    response.status(tell(failure).status).set(tell(failure).headers).json(tell(failure).body);
  }) satisfies express.ErrorRequestHandler);
  const server = createHttpServer({ idleMs });
  server.on('request', app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`,
    made: () => made,
    ended: () => ended,
    bugs,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function ask(url: string): Promise<IncomingMessage> {
  const request = get(url, { agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  return response;
}

/** Resolves when nothing was made for a while. */
async function still(served: Served): Promise<number> {
  for (let last = -1; ; ) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    if (served.made() === last) return last;
    last = served.made();
  }
}

const until = async (isSo: () => boolean): Promise<void> => {
  const giveUpAt = Date.now() + 5_000;
  while (!isSo()) {
    if (Date.now() > giveUpAt) throw new Error('It never came true.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

describe('a file that is made while it is read', () => {
  it('arrives whole, under a name that every system can have', async () => {
    await using served = await serve(20);
    const answer = await fetch(served.url);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="a-b-c.csv"');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await answer.text()).length).toBe(20 * PIECE.length);
    expect(served.ended()).toBe(true);
  });

  it('is made no faster than it is read', async () => {
    await using served = await serve(100_000);
    const response = await ask(served.url);
    response.pause();
    const first = await still(served);
    // What sockets hold on both sides is a few megabytes at the most, of the six gigabytes of the file.
    expect(first * PIECE.length).toBeLessThan(16 * 2 ** 20);
    for (let read = 0; read < 8 * 2 ** 20; ) {
      const chunk = response.read() as Buffer | null;
      if (chunk === null) await once(response, 'readable');
      else read += chunk.length;
    }
    expect(await still(served)).toBeGreaterThan(first);
    response.destroy();
    await until(() => served.ended());
    const last = served.made();
    expect(await still(served)).toBe(last);
  });

  it('is given up when its reader only holds the line', async () => {
    await using served = await serve(100_000, { idleMs: 200 });
    (await ask(served.url)).pause();
    await until(() => served.ended());
    expect(served.bugs).toEqual([]);
  });

  it('tells a problem at the beginning as an answer', async () => {
    const error = new Problem('unavailable', 'Too many rows to sort.');
    await using served = await serve(5, { failAt: 0, error });
    const answer = await fetch(served.url);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-disposition')).toBeNull();
    expect(await answer.json()).toEqual({
      error: { code: 'unavailable', message: 'Too many rows to sort.' },
    });
  });

  it('breaks off at a failure later on, so that it is not taken for whole', async () => {
    await using served = await serve(50, { failAt: 30 });
    const answer = await fetch(served.url);
    await expect(answer.text()).rejects.toThrow();
    expect(served.bugs).toHaveLength(1);
    expect(served.ended()).toBe(true);
  });

  it('makes nothing for who asks only for its headers', async () => {
    await using served = await serve(100_000);
    const answer = await fetch(served.url, { method: 'HEAD' });
    expect(answer.headers.get('content-type')).toContain('text/csv');
    await until(() => served.ended());
    expect(served.made()).toBeLessThan(2);
  });

  it('waits its turn when others are being read, and has it when they are gone', async () => {
    await using served = await serve(100_000, { most: 1 });
    const first = await ask(served.url);
    first.pause();
    const refused = await fetch(served.url);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('5');
    first.destroy();
    await until(() => served.ended());
    const next = await ask(served.url);
    expect(next.statusCode).toBe(200);
    next.destroy();
  });
});
