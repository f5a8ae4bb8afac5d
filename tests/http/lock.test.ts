import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCredentials } from '../../server/http/credentials.ts';
import { WRONG_TRIES_MAX, WRONG_TRIES_MS } from '../../server/http/limits.ts';
import { listenOn } from '../../server/http/lock.ts';
import { createPasses } from '../../server/http/pass.ts';
import { hashPassword, passwordFits } from '../../server/http/password.ts';
import { createTries } from '../../server/http/tries.ts';
import { createTestClock } from '../support/test-clock.ts';
import { offered, openTestHttp, type TestHttp, type TestHttpOptions } from './test-http.ts';

const PASSWORD = 'correct horse battery';
const TV = 'abcde-fghjk-mnpqr-stuvw';

async function withHttp(options: TestHttpOptions, work: (http: TestHttp) => Promise<void>): Promise<void> {
  const http = await openTestHttp(options);
  try {
    await work(http);
  } finally {
    await http.close();
  }
}

const locked = { adminPassword: PASSWORD, tvToken: TV };

function get(http: TestHttp, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${http.url}${path}`, { headers, redirect: 'manual' });
}

function signIn(
  http: TestHttp,
  password: string,
  next = '/wall',
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${http.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ password, next }),
    redirect: 'manual',
    headers,
  });
}

function cookieOf(response: Response): string {
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

function handshake(headers: Record<string, string>): IncomingMessage {
  return { headers, socket: { remoteAddress: '192.0.2.1' } } as unknown as IncomingMessage;
}

describe('with a lock', () => {
  let http: TestHttp;
  beforeAll(async () => {
    http = await openTestHttp(locked);
  });
  afterAll(() => http.close());

  it.each([
    '/api/boards',
    '/api/snapshot/support',
    '/api/openapi.json',
    '/api/nothing',
    '/assets/index-a1b2c3d4.js',
  ])('answers 401 to a stranger at %s', async (path) => {
    expect((await get(http, path)).status).toBe(401);
  });

  it.each(['/', '/wall', '/wall/support', '/index.html', '/nothing', '//evil.example/wall'])(
    'leads a stranger at %s to the sign-in',
    async (path) => {
      const response = await get(http, path);
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toMatch(/^\/sign-in\?next=%2F(?!%2F)/);
      expect(await response.text()).not.toContain('<title>wall');
    },
  );

  it('leaves open only health, the sign-in and its looks', async () => {
    for (const path of [
      '/healthz',
      '/readyz',
      '/sign-in',
      '/page.css',
      '/assets/overpass-latin-wght-normal-9z8y.woff2',
    ]) {
      expect((await get(http, path)).status, path).toBe(200);
    }
    expect(await (await get(http, '/page.css')).text()).toContain(
      '/assets/overpass-latin-wght-normal-9z8y.woff2',
    );
  });

  it("takes facts under a source's own token alone", async () => {
    expect((await http.post(JSON.stringify(offered('locked')))).status).toBe(200);
    expect((await http.post('[]', { authorization: `Bearer ${TV}` })).status).toBe(401);
  });

  it('gives a TV a pass for its token, and takes the token out of the address', async () => {
    const response = await get(http, `/wall/support?token=${TV}&zoom=2`);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/wall/support?zoom=2']);
    const set = response.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/; Path=\/; Max-Age=34560000; HttpOnly; SameSite=Lax$/);
    expect(set).not.toContain(TV);
    const cookie = cookieOf(response);
    expect((await get(http, '/api/snapshot/support', { cookie })).status).toBe(200);
    const wall = await get(http, '/wall/support', { cookie: `other=1; ${cookie}` });
    expect(wall.status).toBe(200);
    expect(wall.headers.get('set-cookie'), 'a pass in use is renewed').toContain('Max-Age=34560000');
    expect(await (await get(http, '/sign-in', { cookie })).text(), 'a TV is no admin').toContain(
      'Admin password',
    );
  });

  it('lets the TV token read the API as a bearer', async () => {
    expect((await get(http, '/api/boards', { authorization: `Bearer ${TV}` })).status).toBe(200);
    expect((await get(http, '/api/boards', { authorization: `Bearer ${TV}x` })).status).toBe(401);
  });

  it('signs the admin in and out without scripts', async () => {
    const form = await (await get(http, '/sign-in?next=/wall/support')).text();
    expect(form).toContain('name="next" value="/wall/support"');
    expect(form).not.toMatch(/<script|style=/);
    const response = await signIn(http, PASSWORD, '/wall/support');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/wall/support']);
    const cookie = cookieOf(response);
    expect((await get(http, '/wall', { cookie })).status).toBe(200);
    expect(await (await get(http, '/sign-in', { cookie })).text()).toContain('Sign out');
    const out = await fetch(`${http.url}/sign-out`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie },
    });
    expect(out.headers.get('set-cookie')).toContain('first_ring=; Path=/; Max-Age=0');
  });

  it('marks the pass for TLS alone when a proxy says it came over TLS', async () => {
    expect(
      (await signIn(http, PASSWORD, '/wall', { 'x-forwarded-proto': 'https' })).headers.get('set-cookie'),
    ).toMatch(/; Secure$/);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '',
    '/\t/evil.example',
  ])('never leads to another site (%s)', async (next) => {
    const location = (await signIn(http, PASSWORD, next)).headers.get('location') ?? '';
    expect(new URL(location, http.url).origin).toBe(http.url);
    expect(location).toMatch(/^\/(?![/\\])/);
  });

  it("refuses a sign-in from another site's page", async () => {
    expect((await signIn(http, PASSWORD, '/wall', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await signIn(http, PASSWORD, '/wall', { origin: 'null' })).status).toBe(403);
    expect((await signIn(http, PASSWORD, '/wall', { origin: http.url })).status).toBe(303);
  });

  it('writes what it is given into the form as text', async () => {
    const text = await (
      await get(http, `/sign-in?next=${encodeURIComponent('/wall?"><script>alert(1)</script>')}`)
    ).text();
    expect(text).not.toContain('<script>');
  });

  it('takes no pass that is forged, changed or ended', async () => {
    const [name, good = ''] = cookieOf(await signIn(http, PASSWORD)).split('=');
    const [version, role, until, mac] = good.split('.');
    const tries = [
      `${version}.tv.${until}.${mac}`,
      `${version}.${role}.${Number(until) + 1}.${mac}`,
      `${version}.${role}.${until}.${'A'.repeat(43)}`,
      `${version}.${role}.${until}.`,
      '__proto__',
    ];
    for (const pass of tries)
      expect((await get(http, '/api/boards', { cookie: `${name}=${pass}` })).status, pass).toBe(401);
    expect((await get(http, '/api/boards', { cookie: `${name}=${good}` })).status).toBe(200);
    http.clock.set(Number(until));
    expect((await get(http, '/api/boards', { cookie: `${name}=${good}` })).status).toBe(401);
  });

  it('lets a socket in with a pass or the TV token, from our own page alone', () => {
    const host = 'wall.example:3000';
    const authorization = `Bearer ${TV}`;
    expect(http.lock.allowsSocket(handshake({ host }))).toBe(false);
    expect(http.lock.allowsSocket(handshake({ host, authorization }))).toBe(true);
    expect(http.lock.allowsSocket(handshake({ host, authorization, origin: `http://${host}` }))).toBe(true);
    expect(http.lock.allowsSocket(handshake({ host, authorization, origin: 'https://evil.example' }))).toBe(
      false,
    );
    expect(http.lock.allowsSocket(handshake({ host, authorization, origin: 'null' }))).toBe(false);
    expect(
      http.lock.allowsSocket(
        handshake({
          host: 'inner:3000',
          'x-forwarded-host': 'wall.example',
          authorization,
          origin: 'https://wall.example',
        }),
      ),
    ).toBe(true);
  });
});

describe('wrong passwords and tokens', () => {
  it('make the address wait, with Retry-After, and the right password with it, until the time is over', async () => {
    await withHttp(locked, async (http) => {
      for (let n = 0; n < WRONG_TRIES_MAX; n += 1)
        expect((await signIn(http, `wrong ${n}`)).status).toBe(401);
      const response = await signIn(http, PASSWORD);
      expect([response.status, response.headers.get('retry-after')]).toEqual([
        429,
        String(WRONG_TRIES_MS / 1_000),
      ]);
      expect(await response.text()).toContain('15 min');
      http.clock.set(http.clock.now() + WRONG_TRIES_MS);
      expect((await signIn(http, PASSWORD)).status).toBe(303);
    });
  });

  it('are counted together, wherever they are tried, and never shut out a right token', async () => {
    await withHttp(locked, async (http) => {
      const bad = { authorization: 'Bearer nonsense' };
      for (let n = 0; n < WRONG_TRIES_MAX; n += 4) {
        await get(http, '/api/boards', bad);
        await get(http, '/wall?token=nonsense');
        await http.post('[]', bad);
        http.lock.allowsSocket({
          headers: { host: 'x', ...bad },
          socket: { remoteAddress: '127.0.0.1' },
        } as unknown as IncomingMessage);
      }
      expect((await get(http, '/api/boards', bad)).status).toBe(429);
      expect((await get(http, '/wall?token=nonsense')).status).toBe(429);
      expect((await http.post('[]', bad)).status).toBe(429);
      expect((await signIn(http, PASSWORD)).status).toBe(429);
      expect((await get(http, '/api/boards', { authorization: `Bearer ${TV}` })).status).toBe(200);
      expect((await http.post('[]')).status).toBe(200);
    });
  });

  it('cannot be tried many at once', async () => {
    await withHttp(locked, async (http) => {
      const statuses = (
        await Promise.all(Array.from({ length: 40 }, (_, n) => signIn(http, `wrong ${n}`)))
      ).map(({ status }) => status);
      expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(WRONG_TRIES_MAX);
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(40 - WRONG_TRIES_MAX);
    });
  });

  it('are not counted for those that are right', async () => {
    await withHttp(locked, async (http) => {
      for (let n = 0; n < WRONG_TRIES_MAX + 5; n += 1)
        expect((await signIn(http, PASSWORD)).status).toBe(303);
    });
  });

  it('count a network of IPv6 as one address, and an IPv4 one by itself', () => {
    const tries = createTries({ clock: createTestClock(0) });
    for (let n = 0; n < WRONG_TRIES_MAX; n += 1) tries.wrong(`2001:db8:0:7::${n}`);
    expect(() => tries.check('2001:0db8:0:7:ffff::1')).not.toThrow();
    expect(() => tries.check('2001:db8:0:7:ffff::1')).toThrow(/Too many/);
    expect(() => tries.check('2001:db8:0:8::1')).not.toThrow();
    for (let n = 0; n < WRONG_TRIES_MAX; n += 1) tries.wrong('::ffff:192.0.2.7');
    expect(() => tries.check('192.0.2.7')).toThrow(/Too many/);
    expect(() => tries.check('192.0.2.8')).not.toThrow();
  });
});

describe('credentials', () => {
  it('are made and told once at the first start with real data, and kept only as hashes', async () => {
    const kept = new Map<string, string>();
    const meta = {
      meta: async (name: string) => kept.get(name) ?? null,
      setMeta: async (name: string, value: string) => void kept.set(name, value),
    };
    const said: string[] = [];
    const start = () =>
      findCredentials({
        demo: false,
        adminPassword: null,
        tvToken: null,
        meta,
        say: (line) => said.push(line),
      });
    const first = await start();
    const [, password = ''] = /Admin password: (\S+)/.exec(said.join('\n')) ?? [];
    const [, token = ''] = /TV token: +(\S+)/.exec(said.join('\n')) ?? [];
    expect(password).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
    expect(await passwordFits(password, first?.adminHash ?? '')).toBe(true);
    expect([...kept.values()].join()).not.toContain(password);
    expect([...kept.values()].join()).not.toContain(token);
    said.length = 0;
    expect(await start()).toEqual(first);
    expect(said).toEqual([]);
  });

  it('are none in the demo with nothing set, and then nothing is stored', async () => {
    const kept: string[] = [];
    const meta = { meta: async () => 'stored', setMeta: async (name: string) => void kept.push(name) };
    expect(
      await findCredentials({ demo: true, adminPassword: null, tvToken: null, meta, say: () => undefined }),
    ).toBeNull();
    expect(kept).toEqual([]);
  });

  it('lets a session outlive a restart, and ends it when the password changes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'first-ring-lock-'));
    let admin = '';
    let tv = '';
    await withHttp({ ...locked, folder }, async (http) => {
      admin = cookieOf(await signIn(http, PASSWORD));
      tv = cookieOf(await get(http, `/wall?token=${TV}`));
    });
    await withHttp({ ...locked, folder }, async (http) => {
      expect((await get(http, '/api/boards', { cookie: admin })).status).toBe(200);
      expect((await get(http, '/api/boards', { cookie: tv })).status).toBe(200);
    });
    await withHttp({ ...locked, adminPassword: 'another password', folder }, async (http) => {
      expect((await get(http, '/api/boards', { cookie: admin })).status).toBe(401);
      expect((await get(http, '/api/boards', { cookie: tv })).status).toBe(200);
    });
    rmSync(folder, { recursive: true });
  });

  it('appear in no log and no answer', async () => {
    await withHttp(locked, async (http) => {
      const answers = [
        await signIn(http, PASSWORD),
        await signIn(http, 'wrong-password-1'),
        await get(http, `/wall?token=${TV}`),
        await get(http, '/wall?token=wrong-token-1'),
      ];
      const texts = await Promise.all(
        answers.map(async (answer) => `${await answer.text()} ${JSON.stringify([...answer.headers])}`),
      );
      http.saving.fail = new Error('disk full');
      await http.post(JSON.stringify(offered('x', { number: '+44 7700 900123' })));
      const all = `${texts.join()} ${http.logged()}`;
      expect(http.logged()).toContain('disk full');
      for (const secret of [PASSWORD, TV, 'wrong-password-1', 'wrong-token-1', '900123', 'phones-token'])
        expect(all).not.toContain(secret);
    });
  });

  it('are argon2id at the cost that OWASP asks', async () => {
    const hash = await hashPassword('p\u00e4ssword');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await hashPassword('p\u00e4ssword')).not.toBe(hash);
    expect(await passwordFits('pa\u0308ssword', hash), 'typed on another keyboard').toBe(true);
    expect(await passwordFits('password', hash)).toBe(false);
  });

  it('gives no pass in a role that has no credential', () => {
    const passes = createPasses(Buffer.alloc(32), { admin: null, tv: 'x' });
    expect(passes.read(passes.issue('admin', 10), 5)).toBeNull();
    expect(passes.read(passes.issue('tv', 10), 5)).toEqual({ role: 'tv', until: 10 });
  });
});

describe('where it listens', () => {
  it('is this computer alone without a lock, whatever HOST says, and it says so', () => {
    expect(listenOn({ host: '0.0.0.0' }, { on: false })).toEqual({
      host: '127.0.0.1',
      note: expect.stringContaining('although HOST is 0.0.0.0'),
    });
    expect(listenOn({ host: null }, { on: false })).toEqual({
      host: '127.0.0.1',
      note: expect.stringContaining('FIRST_RING_ADMIN_PASSWORD'),
    });
  });

  it('is every address with a lock, unless HOST names one', () => {
    expect(listenOn({ host: null }, { on: true })).toEqual({ host: '0.0.0.0', note: null });
    expect(listenOn({ host: '192.0.2.1' }, { on: true })).toEqual({ host: '192.0.2.1', note: null });
  });

  it('lets in sockets from this computer alone without a lock', async () => {
    await withHttp({ demo: true }, async ({ lock }) => {
      expect(lock.on).toBe(false);
      expect(lock.allowsSocket(handshake({ host: 'localhost:3000', origin: 'http://localhost:3000' }))).toBe(
        true,
      );
      expect(lock.allowsSocket(handshake({ host: 'localhost:3000', origin: 'http://localhost:8080' }))).toBe(
        false,
      );
      expect(
        lock.allowsSocket(handshake({ host: 'evil.example:3000', origin: 'http://evil.example:3000' })),
      ).toBe(false);
    });
  });
});
