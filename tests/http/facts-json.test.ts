import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ITEMS_MAX, JSON_BODY_MAX_BYTES, SAVE_MAX } from '../../server/http/limits.ts';
import { factsAnswer, REFUSALS_TOLD_MAX, wireError } from '../../shared/wire-answer.ts';
import { NOW, OTHER_TOKEN, offered, openTestHttp, type TestHttp } from './test-http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await openTestHttp();
});
beforeEach(() => {
  http.saving.sizes.length = 0;
  http.heard.length = 0;
});
afterAll(() => http.close());

async function answered(body: string | Buffer) {
  const response = await http.post(body);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return factsAnswer.parse(JSON.parse(text));
}

async function failed(body: string | Buffer, headers: Record<string, string> = {}) {
  const response = await http.post(body, headers);
  return {
    status: response.status,
    headers: response.headers,
    ...wireError.parse(await response.json()).error,
  };
}

describe('POST /api/facts with JSON', () => {
  it('stores one fact, and answers a second sending as a repeat', async () => {
    const fact = JSON.stringify(offered('one'));
    expect(await answered(fact)).toEqual({
      stored: 1,
      repeats: 0,
      conflicts: 0,
      alive: 0,
      refused: [],
      refusedTotal: 0,
    });
    expect(await answered(fact)).toMatchObject({ stored: 0, repeats: 1 });
    expect(await answered(JSON.stringify(offered('one', { at: NOW - 59_000 })))).toMatchObject({
      conflicts: 1,
    });
  });

  it('keeps the facts of each source apart', async () => {
    const fact = JSON.stringify(offered('apart'));
    await answered(fact);
    const other = await http.post(fact, { authorization: `bearer ${OTHER_TOKEN}` });
    expect(await other.json()).toMatchObject({ stored: 1, repeats: 0 });
  });

  it('keeps the good facts of a bad array and names position, field and reason of the others', async () => {
    const answer = await answered(
      JSON.stringify([
        offered('a'),
        offered('b', { quue: 1 }),
        { kind: 'nonsense' },
        offered('c', { at: 1_763_632_800 }),
        7,
        offered('d'),
      ]),
    );
    expect(answer).toMatchObject({ stored: 2, refusedTotal: 4 });
    expect(answer.refused.map(({ position, field }) => [position, field])).toEqual([
      [1, 'quue'],
      [2, 'kind'],
      [3, 'at'],
      [4, null],
    ]);
    expect(answer.refused[0]?.reason).toBe('is not a field of an offered fact');
  });

  it('refuses a fact of the future with its field', async () => {
    const { refused } = await answered(JSON.stringify(offered('future', { at: NOW + 400_000 })));
    expect(refused).toEqual([{ position: 0, field: 'at', reason: expect.stringContaining('ahead') }]);
  });

  it('counts every refusal and tells at most a hundred', async () => {
    const answer = await answered(JSON.stringify(Array.from({ length: 250 }, () => ({ kind: 'x' }))));
    expect(answer.refusedTotal).toBe(250);
    expect(answer.refused).toHaveLength(REFUSALS_TOLD_MAX);
    const before = (await http.store.sourceCounts()).get('phones')?.refused ?? 0;
    await answered('[1, 2, 3]');
    // Intake writes them down with its next commit.
    await answered(JSON.stringify(offered('after-refusals')));
    const counts = await http.store.sourceCounts();
    expect(counts.get('phones')?.refused).toBeGreaterThanOrEqual(before + 3);
  });

  it('takes a sign of life without storing it, and hears every accepted request', async () => {
    expect(await answered(JSON.stringify({ kind: 'alive', at: NOW }))).toMatchObject({ alive: 1, stored: 0 });
    expect(http.saving.sizes).toEqual([]);
    expect(http.heard).toEqual([{ source: 'phones', at: NOW }]);
  });

  it('hands intake no more than its share at a time', async () => {
    const many = Array.from({ length: SAVE_MAX + 1 }, (_, n) => offered(`many-${n}`));
    expect(await answered(JSON.stringify(many))).toMatchObject({ stored: SAVE_MAX + 1 });
    expect(http.saving.sizes).toEqual([SAVE_MAX, 1]);
  });

  it('takes an empty array for what it is', async () => {
    expect(await answered('[]')).toMatchObject({ stored: 0, refusedTotal: 0 });
  });

  it('reads a moment with an offset, and a body with a byte order mark', async () => {
    const body = `\uFEFF${JSON.stringify(offered('bom', { at: '2026-11-20T12:59:00.5+01:00' }))}`;
    expect(await answered(body)).toMatchObject({ stored: 1 });
    expect(await answered(JSON.stringify(offered('bom', { at: NOW - 59_500 })))).toMatchObject({
      repeats: 1,
    });
  });

  it.each<[string, string, { field: string | null; reason: RegExp }]>([
    [
      'a key given twice',
      `{"kind":"offered","call":"x","at":${NOW},"call":"y"}`,
      { field: 'call', reason: /twice/ },
    ],
    [
      'a key given twice, once escaped',
      `{"kind":"offered","call":"x","at":${NOW},"c\\u0061ll":"y"}`,
      { field: 'call', reason: /twice/ },
    ],
    [
      'a key given twice further down',
      `{"kind":"mail_in","hdr":{"list-id":"a","list-id":"b"}}`,
      { field: 'list-id', reason: /twice/ },
    ],
    [
      '__proto__',
      `{"kind":"offered","call":"x","at":${NOW},"__proto__":{"queue":"support"}}`,
      { field: '__proto__', reason: /not a field/ },
    ],
    [
      'constructor',
      `{"kind":"offered","call":"x","at":${NOW},"constructor":{}}`,
      { field: 'constructor', reason: /not a field/ },
    ],
    [
      'a number too large for any',
      '{"kind":"offered","call":"x","at":1e999}',
      { field: 'at', reason: /milliseconds/ },
    ],
    [
      'a number that loses digits',
      '{"kind":"offered","call":"x","at":12345678901234567890}',
      { field: 'at', reason: /milliseconds/ },
    ],
    [
      'half a millisecond',
      `{"kind":"offered","call":"x","at":${NOW}.5}`,
      { field: 'at', reason: /milliseconds/ },
    ],
    [
      'a moment without a zone',
      '{"kind":"offered","call":"x","at":"2026-11-20T10:00:00"}',
      { field: 'at', reason: /zone/ },
    ],
    [
      'deep nesting',
      `{"kind":"offered","at":${NOW},"call":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      { field: 'call', reason: /string/ },
    ],
    [
      'half a surrogate pair',
      `{"kind":"offered","call":"x\\ud83d","at":${NOW}}`,
      { field: 'call', reason: /surrogate/ },
    ],
    ['a NUL', `{"kind":"offered","call":"x\\u0000","at":${NOW}}`, { field: 'call', reason: /NUL/ }],
    ['a string', '"offered"', { field: null, reason: /object/ }],
    ['null', 'null', { field: null, reason: /object/ }],
    ['an array in an array', '[[]]', { field: null, reason: /object/ }],
  ])('refuses %s by its name', async (_name, body, { field, reason }) => {
    const answer = await answered(body);
    expect(answer).toMatchObject({ stored: 0, refusedTotal: 1, refused: [{ position: 0, field }] });
    expect(answer.refused[0]?.reason).toMatch(reason);
  });

  it('names the item of an array in which a key is given twice, and keeps its neighbours', async () => {
    const body = `[${JSON.stringify(offered('tw,i"ce[1'))},{"kind":"offered","at":1,"at":2},${JSON.stringify(offered('twice-2'))}]`;
    expect(await answered(body)).toMatchObject({
      stored: 2,
      refused: [{ position: 1, field: 'at', reason: 'is given twice' }],
    });
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['nothing', '', /empty/],
    ['a trailing comma', '[{"kind":"alive","at":1},]', /not JSON/],
    ['NaN', '{"kind":"alive","at":NaN}', /not JSON/],
    ['half of it', '{"kind":"alive"', /not JSON/],
    ['two objects', '{"kind":"alive","at":1}\n{"kind":"alive","at":1}', /not JSON/],
    ['bytes that are no UTF-8', Buffer.from('{"kind":"offered","call":"\xe9"}', 'latin1'), /UTF-8/],
    ['UTF-16', Buffer.from('\uFEFF{"kind":"alive"}', 'utf16le'), /UTF-8/],
  ])('answers 400 to %s', async (_name, body, message) => {
    expect(await failed(body)).toMatchObject({
      status: 400,
      code: 'invalid',
      message: expect.stringMatching(message),
    });
  });

  it('tells where JSON breaks without repeating the data', async () => {
    const { message } = await failed('{"number":"+44 7700 900123",oops');
    expect(message).not.toContain('900123');
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['gzip', { 'content-encoding': 'gzip' }, /uncompressed/],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, /application\/x-ndjson/],
    ['text', { 'content-type': 'text/plain' }, /application\/json/],
    ['Latin-1', { 'content-type': 'application/json; charset=iso-8859-1' }, /UTF-8, not iso-8859-1/],
  ])('answers 415 to %s', async (_name, headers, message) => {
    const body = gzipSync('{}');
    expect(await failed(body, headers)).toMatchObject({
      status: 415,
      code: 'unsupported',
      message: expect.stringMatching(message),
    });
  });

  it('reads JSON that says it is UTF-8', async () => {
    const response = await http.post('[]', {
      'content-type': 'Application/JSON; charset="UTF-8"',
      'content-encoding': 'identity',
    });
    expect(response.status).toBe(200);
  });

  it('answers 413 to a body one byte too large and to an item too many, and takes what just fits', async () => {
    const fits = JSON.stringify(offered('fits')).padEnd(JSON_BODY_MAX_BYTES, ' ');
    expect(await answered(fits)).toMatchObject({ stored: 1 });
    expect(await failed(`${fits} `)).toMatchObject({ status: 413, code: 'too_large' });
    const alive = JSON.stringify({ kind: 'alive', at: NOW });
    expect(await answered(`[${Array(ITEMS_MAX).fill(alive).join()}]`)).toMatchObject({ alive: ITEMS_MAX });
    expect(
      await failed(
        `[${Array(ITEMS_MAX + 1)
          .fill(alive)
          .join()}]`,
      ),
    ).toMatchObject({ status: 413, message: expect.stringContaining('10001') });
  });

  it('answers 401 without a token and with a wrong one', async () => {
    const nobody = await failed('[]', { authorization: 'Basic eDp5' });
    expect(nobody).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer');
    expect(await failed('[]', { authorization: 'Bearer wrong' })).toMatchObject({ status: 401 });
  });

  it('answers 405 to a GET, and says what would be right', async () => {
    const response = await fetch(`${http.url}/api/facts`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('claims nothing when the commit fails, and says when to try again', async () => {
    http.saving.fail = new Error('disk full');
    const failure = await failed(JSON.stringify(offered('lost')));
    http.saving.fail = null;
    expect(failure).toMatchObject({ status: 503, code: 'unavailable', durable: 0 });
    expect(failure.headers.get('retry-after')).toBe('1');
    expect(await answered(JSON.stringify(offered('lost')))).toMatchObject({ stored: 1 });
  });
});

describe('in the demo', () => {
  it('takes no facts and says how to switch to real data', async () => {
    const demo = await openTestHttp({ demo: true });
    try {
      const response = await demo.post(JSON.stringify(offered('demo')));
      expect(response.status).toBe(403);
      expect(wireError.parse(await response.json()).error.message).toContain('first-ring.yaml');
      expect(demo.saving.sizes).toEqual([]);
    } finally {
      await demo.close();
    }
  });
});
