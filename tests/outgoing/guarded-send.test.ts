import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import {
  createOutgoing,
  type Order,
  REDIRECTS_MAX,
  REPLY_BYTES_MAX,
  SEND_WITHIN_MS,
} from '../../server/outgoing/guarded-send.ts';
import { isNetwork, oneAtATime, type Reach, reachWith } from '../../server/outgoing/reach.ts';
import type { Problem } from '../../server/problem.ts';
import { createTestClock } from '../support/test-clock.ts';

interface Heard {
  method: string;
  path: string;
  host: string;
  authorization: string | null;
  body: string;
}

const never = new AbortController().signal;
const servers: Server[] = [];
let port: number;
/** What came to 127.0.0.1, and how often anything came to 127.0.0.2 at the same port. */
let heard: Heard[] = [];
let innerCalls = 0;
const places = new Map<string, (response: ServerResponse, request: IncomingMessage) => void>();

/** Names of the test's own; what they lead to is judged as in earnest. */
const NAMES: Record<string, readonly string[]> = {
  'hooks.example': ['127.0.0.1'],
  'other.example': ['127.0.0.1'],
  'inner.example': ['10.1.2.3'],
  'cloud.example': ['169.254.169.254'],
  'home.example': ['127.0.0.2'],
  'carrier.example': ['100.64.0.1'],
  'mapped.example': ['::ffff:127.0.0.2'],
  'nat64.example': ['64:ff9b::7f00:2'],
  'local.example': ['fd00::1'],
  'link.example': ['fe80::1'],
  'both.example': ['127.0.0.1', '192.168.0.7'],
  'none.example': [],
};
let looked: string[] = [];
const reach: Reach = {
  ...reachWith(['127.0.0.1']),
  async lookup(host) {
    looked.push(host);
    return NAMES[host] ?? Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
  },
};
const plainHosts = [...Object.keys(NAMES), '127.0.0.1', '127.0.0.2', '169.254.169.254', '[::1]'];
const outgoing = createOutgoing({ clock: systemClock, reach, plainHosts });
const at = (path: string, host = 'hooks.example'): string => `http://${host}:${port}${path}`;
const order = (url: string, more: Partial<Order> = {}): Order => ({
  url,
  headers: { authorization: 'Bearer a-secret', 'content-type': 'application/json' },
  body: Buffer.from('{"told":1}'),
  who: 'The channel "ops"',
  stop: never,
  ...more,
});
const post = (url: string, more?: Partial<Order>) => outgoing.send(order(url, more));
const troubleOf = async (url: string): Promise<[string, string]> => {
  const error = await post(url).then(
    ({ status }) => new Error(`answered ${status}`),
    (reason: Problem) => reason,
  );
  return ['code' in error ? error.code : 'sent', error.message];
};
const INNER = [
  'unavailable',
  'The channel "ops" leads into the inner network, and nothing was sent. If that is meant, list its address under outgoing.allow_private.',
];

async function listenAt(
  address: string,
  at: number,
  hear: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void,
): Promise<number> {
  const server = createServer((request, response) => void hear(request, response));
  servers.push(server);
  server.listen(at, address);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  port = await listenAt('127.0.0.1', 0, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    heard.push({
      method,
      path: url,
      host: headers.host ?? '',
      authorization: headers.authorization ?? null,
      body: Buffer.concat(chunks).toString(),
    });
    const place = places.get(url);
    if (place === undefined) response.writeHead(404).end('nothing here');
    else place(response, request);
  });
  await listenAt('127.0.0.2', port, (_request, response) => {
    innerCalls += 1;
    response.end('a secret of the inner network');
  });
});
beforeEach(() => {
  heard = [];
  looked = [];
  innerCalls = 0;
  places.clear();
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

describe('what is sent out', () => {
  it('is posted once, as it is, and whatever is answered is the answer', async () => {
    places.set('/hook', (response) => void response.writeHead(202, { 'retry-after': '7' }).end('ok'));
    const { status, headers, text } = await post(at('/hook'));
    expect([status, headers.get('retry-after'), text]).toEqual([202, '7', 'ok']);
    expect(heard).toEqual([
      {
        method: 'POST',
        path: '/hook',
        host: `hooks.example:${port}`,
        authorization: 'Bearer a-secret',
        body: '{"told":1}',
      },
    ]);
    expect(await post(at('/away'))).toMatchObject({ status: 404, text: 'nothing here' });
  });

  it.each([
    ['http://plain.example/hook', /without encryption/],
    ['ftp://hooks.example/', /no address that begins with https/],
    ['file:///etc/passwd', /no address that begins with https/],
    ['//hooks.example', /no address that begins with https/],
    ['', /no address that begins with https/],
    ['https://user:word@hooks.example/', /with a password in it/],
  ])('needs an address that can be told: %s', async (url, words) => {
    const [code, said] = await troubleOf(url);
    expect([code, said]).toEqual(['invalid', expect.stringMatching(words)]);
    expect(looked).toEqual([]);
  });
});

describe('the inner network', () => {
  it.each([
    'inner.example',
    'cloud.example',
    'home.example',
    'carrier.example',
    'mapped.example',
    'nat64.example',
    'local.example',
    'link.example',
    'both.example',
    'none.example',
  ])('is not reached by a name: %s', async (host) => {
    expect(await troubleOf(at('/', host))).toEqual(INNER);
    places.set('/away', (response) => void response.writeHead(307, { location: at('/', host) }).end());
    expect(await troubleOf(at('/away'))).toEqual(INNER);
    expect([heard.map(({ path }) => path), innerCalls]).toEqual([['/away'], 0]);
  });

  it.each([
    '127.0.0.2',
    '0x7f.0.0.2',
    '0177.0.0.2',
    '2130706434',
    '127.2',
    '10.0.0.1',
    '169.254.169.254',
    '2852039166',
    '100.64.0.1',
    '192.168.1.1',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.2]',
    '[::ffff:7f00:2]',
    '[64:ff9b::7f00:2]',
    '[64:ff9b:1::1]',
    '[2002:7f00:2::1]',
    '[fd00::1]',
    '[fe80::1]',
  ])('is not reached by a number, however it is written: %s', async (host) => {
    const url = `https://${host}:${port}/latest/meta-data`;
    expect(await troubleOf(url)).toEqual(INNER);
    expect([looked, heard, innerCalls]).toEqual([[], [], 0]);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://[::ffff:127.0.0.2]/',
    'http://[::1]/',
    'http://2130706434/',
    'http://0177.0.0.2/',
    'http://127.2/',
  ])('is not reached by a redirect: %s', async (to) => {
    places.set('/away', (response) => void response.writeHead(307, { location: to }).end());
    const [code, said] = await troubleOf(at('/away'));
    expect(code).toBe('unavailable');
    expect(said).toMatch(/leads into the inner network|not listed under outgoing.allow_http/);
    expect([heard.length, innerCalls]).toEqual([1, 0]);
  });

  it('is reached just where the owner lists it', async () => {
    const listed = createOutgoing({
      clock: systemClock,
      reach: { ...reachWith(['127.0.0.2/31', 'fd00::/16']), lookup: (host) => reach.lookup(host) },
      plainHosts,
    });
    expect(await listed.send(order(at('/', 'home.example')))).toMatchObject({ status: 200 });
    expect(innerCalls).toBe(1);
    await expect(listed.send(order(at('/')))).rejects.toThrow('leads into the inner network');
    expect(reachWith(['10.0.5.0/24']).may('10.0.5.7', 443)).toBe(true);
    expect(reachWith(['10.0.5.0/24']).may('10.0.6.7', 443)).toBe(false);
    expect(reachWith(['10.0.5.0/24']).may('::ffff:10.0.6.7', 443)).toBe(false);
    expect(reachWith(['fe80::/16']).may('fe80::1%eth0', 443)).toBe(false);
  });

  it('is listed by networks, and by none so wide that all would be open', () => {
    const good = ['10.0.5.0/24', '192.168.1.20', 'fd12:3456::/48', '10.0.0.0/8', '::1'];
    const bad = [
      '0.0.0.0/0',
      '::/0',
      '10.0.0.0/33',
      '10.0.0/8',
      'router',
      '',
      '10.0.0.0/8/8',
      '10.0.0.0/',
      'fe80::1%eth0',
    ];
    expect(good.filter(isNetwork)).toEqual(good);
    expect(bad.filter(isNetwork)).toEqual([]);
  });

  it('is not reached by a name that leads elsewhere a moment later', async () => {
    places.set('/hook', (response) => void response.end('ok'));
    let times = 0;
    const turning = createOutgoing({
      clock: systemClock,
      plainHosts,
      reach: {
        ...reach,
        async lookup() {
          times += 1;
          return times === 1 ? ['127.0.0.1'] : ['127.0.0.2'];
        },
      },
    });
    expect(await turning.send(order(at('/hook')))).toMatchObject({ status: 200, text: 'ok' });
    expect([times, innerCalls]).toEqual([1, 0]);
  });

  it('is not reached through a proxy that the environment names, nor is anything else', async () => {
    places.set('/hook', (response) => void response.end('ok'));
    let proxied = 0;
    const proxy = await listenAt('127.0.0.1', 0, (_request, response) => {
      proxied += 1;
      response.end('through the proxy');
    });
    const root = join(import.meta.dirname, '../..');
    const script = `
      import { systemClock } from '${root}/server/clock.ts';
      import { createOutgoing } from '${root}/server/outgoing/guarded-send.ts';
      import { reachWith } from '${root}/server/outgoing/reach.ts';
      const outgoing = createOutgoing({ clock: systemClock, reach: reachWith(['127.0.0.1']), plainHosts: ['127.0.0.1'] });
      const order = { url: '${at('/hook', '127.0.0.1')}', headers: {}, body: Buffer.from('{}'), who: 'It', stop: new AbortController().signal };
      process.stdout.write((await outgoing.send(order)).text);
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module-typescript', '-e', script],
      {
        env: {
          ...process.env,
          NODE_USE_ENV_PROXY: '1',
          HTTP_PROXY: `http://127.0.0.1:${proxy}`,
          HTTPS_PROXY: `http://127.0.0.1:${proxy}`,
          NO_PROXY: '',
        },
      },
    );
    expect([stdout, proxied]).toEqual(['ok', 0]);
  });
});

describe('a redirect', () => {
  it('keeps method and body, and takes no password along to another host', async () => {
    places.set('/a', (response) => void response.writeHead(307, { location: '/b' }).end());
    places.set(
      '/b',
      (response) => void response.writeHead(308, { location: at('/c', 'other.example') }).end(),
    );
    places.set('/c', (response) => void response.end('here'));
    expect(await post(at('/a'))).toMatchObject({ status: 200, text: 'here' });
    expect(heard.map(({ method, path, authorization, body }) => [method, path, authorization, body])).toEqual(
      [
        ['POST', '/a', 'Bearer a-secret', '{"told":1}'],
        ['POST', '/b', 'Bearer a-secret', '{"told":1}'],
        ['POST', '/c', null, '{"told":1}'],
      ],
    );
    expect(looked).toEqual(['hooks.example', 'hooks.example', 'other.example']);
  });

  it.each([301, 302, 303])('that would make a GET of it is an answer: %d', async (status) => {
    places.set('/a', (response) => void response.writeHead(status, { location: '/b' }).end());
    expect(await post(at('/a'))).toMatchObject({ status });
    expect(heard).toHaveLength(1);
  });

  it('is an answer too where none is to be followed', async () => {
    places.set('/a', (response) => void response.writeHead(307, { location: '/b' }).end());
    expect(await post(at('/a'), { redirectsMax: 0 })).toMatchObject({ status: 307 });
  });

  it.each([
    'https://hooks.example/',
    'ftp://hooks.example/',
    'file:///etc/passwd',
    'data:,x',
    'http://a:b@hooks.example/',
    'http://',
  ])('to another scheme or with a password is not followed: %s', async (to) => {
    places.set('/a', (response) => void response.writeHead(307, { location: to }).end());
    const [code, said] = await troubleOf(at('/a'));
    expect([code, said]).toEqual(['unavailable', expect.stringContaining('It was not followed.')]);
    expect(heard).toHaveLength(1);
  });

  it('in a circle is given up', async () => {
    places.set('/a', (response) => void response.writeHead(307, { location: '/a' }).end());
    expect(await troubleOf(at('/a'))).toEqual([
      'unavailable',
      'The channel "ops" sends in circles: more than 3 redirects.',
    ]);
    expect(heard).toHaveLength(REDIRECTS_MAX + 1);
  });
});

describe('an answer', () => {
  it('may be huge or endless: its beginning is read', async () => {
    let sent = 0;
    places.set('/endless', (response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x'))) sent += 65_536;
      };
      response.on('drain', more);
      more();
    });
    const { status, text } = await post(at('/endless'));
    expect([status, text.length]).toEqual([200, REPLY_BYTES_MAX]);
    expect(sent).toBeLessThan(64 * 2 ** 20);
  });

  it('that is cut off after its head is one', async () => {
    places.set('/cut', (response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    });
    expect(await post(at('/cut'))).toMatchObject({ status: 200, text: 'half' });
  });

  it('that comes byte by byte is one after so long', async () => {
    const clock = createTestClock('2026-11-22T10:00:00Z');
    const begun = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    places.set('/slow', (response) => {
      response.on('close', () => closed.resolve());
      response.writeHead(200);
      response.write('o', () => setImmediate(() => begun.resolve()));
    });
    const answered = createOutgoing({ clock, reach, plainHosts }).send(order(at('/slow')));
    await begun.promise;
    // The head has to be read before the time is up.
    await expect.poll(() => heard.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await clock.advance(SEND_WITHIN_MS);
    expect(await answered).toMatchObject({ status: 200, text: 'o' });
    await closed.promise;
    expect(clock.sleepers).toBe(0);
  });

  it('that never comes is given up, and the connection with it', async () => {
    const clock = createTestClock('2026-11-22T10:00:00Z');
    const begun = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    places.set('/silent', (response) => {
      response.on('close', () => closed.resolve());
      begun.resolve();
    });
    const answered = createOutgoing({ clock, reach, plainHosts }).send(order(at('/silent')));
    await begun.promise;
    await Promise.all([
      expect(answered).rejects.toThrow('The channel "ops" does not answer within 20 s.'),
      clock.advance(SEND_WITHIN_MS),
    ]);
    await closed.promise;
  });

  it('that would go on in another protocol is none', async () => {
    places.set('/switch', (_response, { socket }) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n');
    });
    expect(await troubleOf(at('/switch'))).toEqual([
      'unavailable',
      'The channel "ops" cannot be reached (no connection). Check the network between here and there.',
    ]);
  });

  it('is not waited for when the name is never looked up', async () => {
    const clock = createTestClock('2026-11-22T10:00:00Z');
    const hanging = { ...reach, lookup: () => new Promise<never>(() => undefined) };
    const answered = createOutgoing({ clock, reach: hanging, plainHosts }).send(order(at('/')));
    await Promise.all([
      expect(answered).rejects.toThrow('does not answer within 20 s'),
      clock.advance(SEND_WITHIN_MS),
    ]);
  });

  it('that is not there is told in words without the address, which may be a secret', async () => {
    places.set('/secret-path', (response) => void response.socket?.destroy());
    const said = [
      await troubleOf(at('/secret-path')),
      await troubleOf('http://unknown.example/secret-path'),
      await troubleOf(`http://127.0.0.1:1/secret-path`),
    ];
    expect(said[0]).toEqual([
      'unavailable',
      expect.stringMatching(/cannot be reached \((ECONNRESET|EPIPE)\)/),
    ]);
    expect(said[1]).toEqual(['invalid', expect.stringContaining('without encryption')]);
    expect(said[2]).toEqual(['unavailable', expect.stringContaining('ECONNREFUSED')]);
    expect(JSON.stringify(said)).not.toContain('secret-path');
    expect((await troubleOf('https://unknown.example/secret-path'))[1]).toContain('ENOTFOUND');
  });

  it('needs one look-up of a name at a time, and a new one the next time', async () => {
    const answers: PromiseWithResolvers<string[]>[] = [];
    const lookup = oneAtATime(() => {
      const answer = Promise.withResolvers<string[]>();
      answers.push(answer);
      return answer.promise;
    });
    const both = Promise.allSettled([lookup('a.example'), lookup('a.example')]);
    const other = lookup('b.example');
    expect(answers).toHaveLength(2);
    answers[0]!.reject(new Error('no such name'));
    answers[1]!.resolve(['192.0.2.1']);
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await other).toEqual(['192.0.2.1']);
    const later = lookup('a.example');
    answers[2]!.resolve(['192.0.2.2']);
    expect(await later).toEqual(['192.0.2.2']);
  });

  it('is not waited for after a stop', async () => {
    const stopping = new AbortController();
    const begun = Promise.withResolvers<void>();
    places.set('/silent', () => begun.resolve());
    const answered = post(at('/silent'), { stop: stopping.signal });
    await begun.promise;
    stopping.abort();
    await expect(answered).rejects.toThrow();
    await expect(post(at('/silent'), { stop: stopping.signal })).rejects.toThrow();
    expect(heard).toHaveLength(1);
  });

  it('comes from the next address of a name when the first one does not answer', async () => {
    places.set('/hook', (response) => void response.end('ok'));
    const two = { ...reachWith(['127.0.0.0/8']), lookup: async () => ['127.0.0.9', '127.0.0.1'] };
    const said = await createOutgoing({ clock: systemClock, reach: two, plainHosts }).send(
      order(at('/hook')),
    );
    expect(said.text).toBe('ok');
  });
});
