import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { publicReach, type Reach } from '../../server/outgoing/reach.ts';
import {
  fetchPicture,
  PICTURE_BYTES_MAX,
  PICTURE_WITHIN_MS,
  REDIRECTS_MAX,
} from '../../server/voice/fetch-picture.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestClock } from '../support/test-clock.ts';
import { aGif, aPng } from './pictures.ts';

const folder = temporaryFolder();
const trusted = getCACertificates('default');
const never = new AbortController().signal;
let server: Server;
let port: number;
let asked: string[] = [];
let looked: string[] = [];

/** What is at each path. */
const places = new Map<string, (response: ServerResponse, request: IncomingMessage) => void>();

const picture =
  (body: Uint8Array, type = 'image/png') =>
  (response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': type }).end(body);
const redirect = (to: string) => (response: ServerResponse) =>
  void response.writeHead(302, { location: to }).end();

/** Names of the test's own; what they lead to is judged as in earnest, but for our server. */
const NAMES: Record<string, string[]> = {
  'pics.example': ['127.0.0.1'],
  'inner.example': ['10.1.2.3'],
  'cloud.example': ['169.254.169.254'],
  'loop.example': ['127.0.0.1'],
  'both.example': ['1.1.1.1', '192.168.0.7'],
  'six.example': ['fd00::1'],
  'none.example': [],
};
const reach: Reach = {
  async lookup(host) {
    looked.push(host);
    return NAMES[host] ?? Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
  },
  may: (address, to) => (address === '127.0.0.1' && to === port) || publicReach.may(address, to),
};
const at = (path: string, host = 'pics.example'): string => `https://${host}:${port}${path}`;
const get = (url: string) => fetchPicture(url, { clock: systemClock, reach, stop: never });
const troubleOf = async (url: string): Promise<string> => {
  const had = await get(url);
  return 'trouble' in had ? had.trouble : `a picture of ${had.bytes.length} bytes`;
};

beforeAll(async () => {
  const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
  const made =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=pics.example';
  const names = 'subjectAltName=DNS:pics.example,DNS:loop.example';
  execFileSync('openssl', [...made.split(' '), '-keyout', key, '-out', cert, '-addext', names], {
    stdio: 'ignore',
  });
  setDefaultCACertificates([...trusted, readFileSync(cert, 'utf8')]);
  server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    asked.push(request.url ?? '');
    const place = places.get(request.url ?? '');
    if (place === undefined) response.writeHead(404).end();
    else place(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => {
  asked = [];
  looked = [];
  places.clear();
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  setDefaultCACertificates(trusted);
  folder[Symbol.dispose]();
});

describe('the picture of an author', () => {
  it('is fetched, and its type is that of its bytes', async () => {
    places.set('/a.png', picture(aGif(), 'image/png'));
    expect(await get(at('/a.png'))).toEqual({ type: 'image/gif', bytes: aGif() });
    places.set('/b.png', picture(aPng()));
    places.set('/to-b', redirect('/b.png'));
    expect(await get(at('/to-b'))).toMatchObject({ type: 'image/png' });
    expect(looked).toEqual(['pics.example', 'pics.example', 'pics.example']);
  });

  it.each([
    'https://inner.example/a.png',
    'https://cloud.example/latest/meta-data',
    'https://loop.example/a.png',
    'https://both.example/a.png',
    'https://six.example/a.png',
    'https://none.example/a.png',
  ])('is never asked of the inner network: %s', async (url) => {
    expect(await troubleOf(url)).toBe('Its address is not on the public internet.');
    places.set('/away', redirect(url));
    expect(await troubleOf(at('/away'))).toBe('Its address is not on the public internet.');
    expect(asked).toEqual(['/away']);
  });

  it.each([
    'https://127.0.0.1/a.png',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/a.png',
    'https://[::1]/a.png',
    'https://[::ffff:10.0.0.1]/a.png',
    'https://2130706433/a.png',
    'https://0x7f.1/a.png',
    'https://1.1.1.1/a.png',
    'https://user:word@pics.example/a.png',
  ])('is asked of hosts by name alone: %s', async (url) => {
    expect(await troubleOf(url)).toBe('Its address names no host.');
    places.set('/away', redirect(url));
    expect(await troubleOf(at('/away'))).toBe('Its address names no host.');
    expect(looked).toEqual(['pics.example']);
  });

  it.each([
    'http://pics.example/a.png',
    'ftp://pics.example/a',
    'file:///etc/passwd',
    'data:image/png;base64,AA',
    'a.png',
    '',
  ])('is asked by https alone: "%s"', async (url) => {
    expect(await troubleOf(url)).toBe('Its address is not https.');
    expect(looked).toEqual([]);
  });

  it('is not at another port than that of https', async () => {
    expect(await troubleOf('https://pics.example:8443/a.png')).toBe(
      'Its address is not on the public internet.',
    );
  });

  it('connects to the address that was looked at, whatever the name leads to a moment later', async () => {
    places.set('/a.png', picture(aPng()));
    let times = 0;
    const turning: Reach = {
      ...reach,
      async lookup() {
        times += 1;
        return times === 1 ? ['127.0.0.1'] : ['10.0.0.1'];
      },
    };
    const had = await fetchPicture(at('/a.png'), { clock: systemClock, reach: turning, stop: never });
    expect([had, times]).toMatchObject([{ type: 'image/png' }, 1]);
  });

  it('is given up after so many redirects', async () => {
    places.set('/round', redirect('/round'));
    expect(await troubleOf(at('/round'))).toBe('It is redirected again and again.');
    expect(asked).toHaveLength(REDIRECTS_MAX + 1);
  });

  it.each([
    ['not there', (response: ServerResponse) => void response.writeHead(404).end(), 'It was answered 404.'],
    ['a page', picture(aPng(), 'text/html'), 'It is called no picture.'],
    ['an SVG', picture(Buffer.from('<svg/>'), 'image/svg+xml'), 'It is called no picture.'],
    [
      'a page that calls itself a picture',
      picture(Buffer.from('<html>')),
      'It is no PNG, JPEG, GIF or WebP.',
    ],
    ['moving', picture(aGif(2, 2, 3), 'image/gif'), 'The picture moves, and nothing on the wall may.'],
    ['cut off', picture(aPng().subarray(0, 20)), 'The picture is damaged.'],
  ])('is not one that is %s', async (_what, place, trouble) => {
    places.set('/a', place);
    expect(await troubleOf(at('/a'))).toBe(trouble);
  });

  it('is not a huge one, whether it says so or not', async () => {
    const huge = Buffer.concat([aPng(), Buffer.alloc(PICTURE_BYTES_MAX)]);
    places.set(
      '/said',
      (response) =>
        void response
          .writeHead(200, { 'content-type': 'image/png', 'content-length': huge.length })
          .end(huge),
    );
    let sent = 0;
    places.set('/endless', (response) => {
      response.writeHead(200, { 'content-type': 'image/png' });
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      response.on('drain', more);
      response.write(aPng());
      more();
    });
    expect(await troubleOf(at('/said'))).toBe('It is larger than 256 KB.');
    expect(await troubleOf(at('/endless'))).toBe('It is larger than 256 KB.');
    await expect.poll(() => sent).toBeLessThan(64 * PICTURE_BYTES_MAX);
    places.set('/just', picture(Buffer.concat([aPng(), Buffer.alloc(PICTURE_BYTES_MAX - aPng().length)])));
    expect(await troubleOf(at('/just'))).toBe(`a picture of ${PICTURE_BYTES_MAX} bytes`);
  });

  it('is given up when it comes too slowly, and the connection with it', async () => {
    const clock = createTestClock('2026-11-22T10:00:00Z');
    const begun = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    places.set('/slow', (response) => {
      response.on('close', () => closed.resolve());
      response.writeHead(200, { 'content-type': 'image/png' });
      response.write(aPng().subarray(0, 10), () => begun.resolve());
    });
    const had = fetchPicture(at('/slow'), { clock, reach, stop: never });
    await begun.promise;
    await clock.advance(PICTURE_WITHIN_MS);
    expect(await had).toEqual({ trouble: 'It took too long.' });
    await closed.promise;
    expect(clock.sleepers).toBe(0);
  });

  it('is given up when its host is not known, is not trusted or hangs up', async () => {
    expect(await troubleOf('https://unknown.example/a.png')).toBe('It could not be fetched (ENOTFOUND).');
    places.set('/gone', (response) => void response.socket?.destroy());
    expect(await troubleOf(at('/gone'))).toMatch(/^It could not be fetched \((ECONNRESET|EPIPE)/);
    NAMES['other.example'] = ['127.0.0.1'];
    expect(await troubleOf(at('/a.png', 'other.example'))).toBe(
      'It could not be fetched (ERR_TLS_CERT_ALTNAME_INVALID).',
    );
  });
});
