import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exampleFacts } from '../../server/http/example-facts.ts';
import { openApi } from '../../server/http/openapi.ts';
import { pictureIdOf } from '../../server/store/picture-id.ts';
import { wireFacts } from '../../shared/wire.ts';
import { boardsAnswer, wireError } from '../../shared/wire-answer.ts';
import { wireSnapshot } from '../../shared/wire-snapshot.ts';
import { openTestHttp, rawRequest, type TestHttp } from './test-http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await openTestHttp();
});
afterAll(() => http.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${http.url}${path}`, { headers, redirect: 'manual' });

describe('the API', () => {
  it('answers with just the snapshot that a board is pushed', async () => {
    const response = await get('/api/snapshot/support');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(wireSnapshot.parse(await response.json()).board.id).toBe('support');
  });

  it('names the boards there are when one is asked for that there is not', async () => {
    const response = await get('/api/snapshot/nowhere');
    expect(response.status).toBe(404);
    expect(wireError.parse(await response.json()).error).toEqual({
      code: 'not_found',
      message: 'There is no board "nowhere". There is: support.',
    });
  });

  it('lists the boards', async () => {
    expect(boardsAnswer.parse(await (await get('/api/boards')).json()).boards).toEqual([
      { id: 'support', name: 'Patient Support', place: null },
    ]);
  });

  it.each(['/api/nothing', '/api/facts/', '/api/', '/api/snapshot/%E0%A4%A'])(
    'tells of %s in JSON',
    async (path) => {
      const response = await get(path);
      expect([400, 404]).toContain(response.status);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(wireError.parse(await response.json()).error.message).not.toBe('');
    },
  );

  it('answers 405 to a writing method on what can only be read', async () => {
    const response = await fetch(`${http.url}/api/boards`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('answers a bug of ours with 500, logs it, and says nothing of it', async () => {
    const broken = await openTestHttp();
    broken.reasons.push = () => 0;
    Object.defineProperty(broken.reasons, Symbol.iterator, {
      value() {
        throw new TypeError('inner secret');
      },
    });
    const response = await fetch(`${broken.url}/readyz`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('inner secret');
    expect(broken.logged()).toContain('inner secret');
    await broken.close();
  });
});

const document = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(
      z.enum(['get', 'post', 'delete']),
      z.object({
        operationId: z.string(),
        summary: z.string(),
        parameters: z
          .array(
            z.object({
              name: z.string(),
              in: z.string(),
              required: z.boolean(),
              example: z.union([z.string(), z.number()]).optional(),
            }),
          )
          .default([]),
        responses: z.record(
          z.string().regex(/^\d{3}$/),
          z.object({
            description: z.string(),
            content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })),
          }),
        ),
      }),
    ),
  ),
  components: z.object({
    schemas: z.record(z.string(), z.record(z.string(), z.unknown())),
    securitySchemes: z.record(z.string(), z.unknown()),
  }),
});

describe('the OpenAPI document', () => {
  it('has the form of OpenAPI 3.1, and is what the server serves', async () => {
    const served: unknown = await (await get('/api/openapi.json')).json();
    expect(served).toEqual(openApi());
    const { paths } = document.parse(served);
    expect(Object.keys(paths)).toContain('/api/facts');
  });

  it('refers only to schemas that it holds', () => {
    const text = JSON.stringify(openApi());
    const held = Object.keys(document.parse(openApi()).components.schemas).map(
      (name) => `#/components/schemas/${name}`,
    );
    const referred = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(referred.length).toBeGreaterThan(20);
    expect(referred.filter((ref) => !held.includes(ref))).toEqual([]);
  });

  it('has a schema and a good example for every kind of fact', async () => {
    const { schemas } = document.parse(openApi()).components;
    for (const kind of Object.keys(wireFacts)) {
      const schema = Object.values(schemas).find((one) =>
        JSON.stringify(one.properties ?? {}).includes(`"const":"${kind}"`),
      );
      expect(schema?.examples, kind).toHaveLength(1);
    }
    const answer = await http.post(JSON.stringify(Object.values(exampleFacts)));
    expect(await answer.json()).toMatchObject({ refusedTotal: 0, alive: 1 });
  });

  const PICTURE = pictureIdOf('https://pics.example/a.png');

  it('documents only paths that answer', async () => {
    await http.store.keepPicture('https://pics.example/a.png', { type: 'image/png', bytes: Buffer.of(1) }, 0);
    for (const [path, operations] of Object.entries(document.parse(openApi()).paths)) {
      for (const [method, { parameters }] of Object.entries(operations)) {
        const asked = parameters.filter(
          (one) => one.in === 'query' && (one.required || one.example !== undefined),
        );
        const query = new URLSearchParams(
          asked.map(({ name, example }): [string, string] => [name, String(example ?? 'unknown')]),
        );
        const told = { headers: { 'content-type': 'application/json' }, body: '{}' };
        const id = String(parameters.find(({ name }) => name === 'id')?.example ?? PICTURE);
        const response = await fetch(
          `${http.url}${path.replace('{board}', 'support').replace('{id}', id)}?${query.toString()}`,
          {
            method: method.toUpperCase(),
            ...(method === 'get' ? {} : told),
          },
        );
        // Most commands want more said than nothing, and no key of an example is kept here.
        const read = query.has('key') || query.has('token') ? [200, 400, 404] : [200];
        const expected = path === '/api/facts' ? [401] : method === 'get' ? read : [200, 400];
        expect(expected, `${method} ${path}`).toContain(response.status);
        expect(Object.keys(operations[method as 'get' | 'post' | 'delete']?.responses ?? {})).toContain(
          String(response.status),
        );
      }
    }
  });
});

describe('health', () => {
  it('is up as soon as it answers, and ready when nothing is in the way', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ up: true });
    expect(await (await get('/readyz')).json()).toEqual({ ready: true, reasons: [] });
    http.reasons.push('the store cannot be written');
    const response = await get('/readyz');
    expect([response.status, await response.json()]).toEqual([
      503,
      { ready: false, reasons: ['the store cannot be written'] },
    ]);
    http.reasons.length = 0;
  });

  it('is not ready, and the wall says why, while the client is not built', async () => {
    const bare = await openTestHttp({ built: false });
    expect(await (await fetch(`${bare.url}/readyz`)).json()).toMatchObject({
      ready: false,
      reasons: [expect.stringContaining('npm run build')],
    });
    const wall = await fetch(`${bare.url}/wall`);
    expect([wall.status, await wall.text()]).toEqual([503, expect.stringContaining('npm run build')]);
    expect((await fetch(`${bare.url}/page.css`)).status).toBe(200);
    await bare.close();
  });
});

describe('the wall', () => {
  it('is where / leads, and the same page for every board', async () => {
    expect((await get('/')).headers.get('location')).toBe('/wall');
    for (const path of ['/wall', '/wall/support', '/wall?x=1']) {
      const response = await get(path);
      expect(await response.text()).toContain('<title>wall</title>');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('keeps assets for good and asks again for the page', async () => {
    expect((await get('/assets/index-a1b2c3d4.js')).headers.get('cache-control')).toBe(
      'public, max-age=31536000, immutable',
    );
    expect((await get('/index.html')).headers.get('cache-control')).toBe('no-cache');
  });

  it.each([
    '/assets/none.js',
    '/nothing',
    '/wall/a/b',
    '/../package.json',
    '/assets/..%2f..%2ftest.sqlite',
    '/.env',
  ])('has a page that says there is nothing at %s', async (path) => {
    const text = await rawRequest(http.port, [
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    ]);
    expect(text).toMatch(/^HTTP\/1\.1 40[034]/);
    expect(text).toContain('text/html');
  });

  it('runs nothing that is not its own, and stands in no frame', async () => {
    const { headers } = await get('/wall');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy.split(';').sort()).toEqual(
      [
        "base-uri 'none'",
        `connect-src 'self' ws://127.0.0.1:${http.port} wss://127.0.0.1:${http.port}`,
        "default-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
      ].sort(),
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

describe('without a lock', () => {
  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:1', '[::1]:3000'])('answers to %s', async (host) => {
    expect(
      await rawRequest(http.port, [`GET /api/boards HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`]),
    ).toMatch(/^HTTP\/1\.1 200/);
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '192.168.0.10:3000',
    '',
    'localhost@evil.example',
  ])('answers 403 to the name "%s" that the web may point here', async (host) => {
    for (const path of ['/api/snapshot/support', '/wall', '/assets/index-a1b2c3d4.js']) {
      expect(
        await rawRequest(http.port, [`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`]),
      ).toMatch(/^HTTP\/1\.1 403/);
    }
  });

  it('says of itself whether it is up under any name', async () => {
    expect(
      await rawRequest(http.port, ['GET /healthz HTTP/1.1\r\nHost: 10.0.0.1\r\nConnection: close\r\n\r\n']),
    ).toMatch(/^HTTP\/1\.1 200/);
  });
});
