import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HEADERS_MAX_BYTES, JSON_BODY_MAX_MS, OPEN_REQUESTS_MAX } from '../../server/http/limits.ts';
import {
  offered,
  openTestHttp,
  rawRequest,
  type TestHttp,
  type TestHttpOptions,
  TOKEN,
} from './test-http.ts';

let http: TestHttp;
const open = async (options: TestHttpOptions = {}): Promise<void> => {
  http = await openTestHttp(options);
};
afterEach(() => http.close());

const body = JSON.stringify(offered('slow'));
const head = (type: string, length: number | string): string =>
  `POST /api/facts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;

describe('a sender that is slow or broken', () => {
  it.each(['application/json', 'application/x-ndjson'])(
    'gets 408 when its %s body stops half-way, and nothing is kept of it',
    async (type) => {
      await open({ idleMs: 300 });
      const text = await rawRequest(http.port, [head(type, body.length), body.slice(0, 20)]);
      expect(text).toMatch(/^HTTP\/1\.1 408/);
      expect(text).toContain('"code":"too_slow"');
      expect(http.saving.sizes).toEqual([]);
    },
  );

  it('gets 408 when its JSON trickles for too long although it never stops', async () => {
    await open();
    const socket = connect(http.port, '127.0.0.1');
    const heard = listenTo(socket);
    socket.write(head('application/json', 1_000));
    const trickle = (): string => {
      socket.write(' ');
      http.clock.set(http.clock.now() + JSON_BODY_MAX_MS + 1);
      return heard();
    };
    await expect.poll(trickle).toMatch(/^HTTP\/1\.1 408/);
    socket.destroy();
  });

  it('gets its answer however slowly a stream comes, as long as it moves', async () => {
    await open({ idleMs: 400 });
    const socket = connect(http.port, '127.0.0.1');
    socket.setNoDelay(true);
    const heard = listenTo(socket);
    socket.write(head('application/x-ndjson', body.length));
    for (let at = 0; at < body.length; at += 8) {
      socket.write(body.slice(at, at + 8));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await expect.poll(heard).toContain('"stored":1');
    socket.destroy();
  });

  it('loses its connection when the headers never end', async () => {
    await open({ headersMs: 300 });
    const text = await rawRequest(http.port, ['POST /api/facts HTTP/1.1\r\nHost: localhost\r\n']);
    expect(text).toMatch(/^HTTP\/1\.1 408/);
    expect(text).toContain('"code":"too_slow"');
  });

  it('gets 431 for headers that are too large and 400 for what is not HTTP', async () => {
    await open();
    const large = await rawRequest(http.port, [
      `GET /wall HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(HEADERS_MAX_BYTES)}\r\n\r\n`,
    ]);
    expect(large).toMatch(/^HTTP\/1\.1 431/);
    expect(await rawRequest(http.port, ['HELO wall\r\n\r\n'])).toMatch(/^HTTP\/1\.1 400/);
    expect(
      await rawRequest(http.port, ['OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n']),
    ).toMatch(/^HTTP\/1\.1 400/);
    expect(
      await rawRequest(http.port, [
        'GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      ]),
    ).toMatch(/^HTTP\/1\.1 400/);
  });

  it('gets its 413 before it has sent the body, and loses the connection when it goes on', async () => {
    await open();
    const socket = connect(http.port, '127.0.0.1');
    const heard = listenTo(socket);
    const ended = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => socket.destroy());
    socket.write(head('application/json', 50_000_000));
    await expect.poll(heard).toMatch(/^HTTP\/1\.1 413/);
    const filler = Buffer.alloc(1_000, 32);
    const timer = setInterval(() => socket.write(filler), 50);
    await ended;
    clearInterval(timer);
  }, 10_000);

  it('is one of many: past the limit of open requests it gets 429 and when to come again', async () => {
    await open();
    const sockets: Socket[] = [];
    for (let n = 0; n < OPEN_REQUESTS_MAX; n += 1) {
      const socket = connect(http.port, '127.0.0.1');
      await new Promise<void>((resolve) =>
        socket.write(head('application/json', body.length), () => resolve()),
      );
      sockets.push(socket);
    }
    await expect.poll(async () => (await http.post(body)).status).toBe(429);
    expect((await http.post(body)).headers.get('retry-after')).toBe('1');
    expect((await fetch(`${http.url}/healthz`)).status).toBe(200);
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await http.post(body)).status).toBe(200);
  });

  it('may be cut off at any byte of a request without harm to the next', async () => {
    await open();
    const whole = head('application/json', body.length) + body;
    for (let cut = 0; cut < whole.length; cut += 7) {
      const socket = connect(http.port, '127.0.0.1');
      await new Promise<void>((resolve) => socket.write(whole.slice(0, cut), () => resolve()));
      socket.destroy();
    }
    expect(await (await http.post(body)).json()).toMatchObject({ stored: 1 });
    expect(http.logged()).not.toContain('"level":50');
  });

  it('may send several requests on one connection', async () => {
    await open();
    const request = head('application/json', body.length) + body;
    const last = request.replace('Host: localhost', 'Host: localhost\r\nConnection: close');
    const text = await rawRequest(http.port, [request + request + last]);
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
    expect(text).toMatch(/"stored":1.*"repeats":1.*"repeats":1/s);
  });

  it('reads why it is refused although its whole body was on the way', async () => {
    await open();
    const text = await rawRequest(http.port, [
      `POST /api/facts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
      body,
    ]);
    expect(text).toMatch(/^HTTP\/1\.1 401/);
    expect(text).toContain('Authorization: Bearer');
  });
});

function listenTo(socket: Socket): () => string {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  return () => text;
}
