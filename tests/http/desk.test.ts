import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fact, Post } from '../../server/fact.ts';
import { Problem } from '../../server/problem.ts';
import { pictureIdOf } from '../../server/store/picture-id.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { wireError } from '../../shared/wire-answer.ts';
import {
  mailAnswer,
  postsAnswer,
  quotesAnswer,
  sourcesTodayAnswer,
  testAnswer,
} from '../../shared/wire-desk.ts';
import { aPng } from '../voice/pictures.ts';
import { NOW, openTestHttp, type TestHttp } from './test-http.ts';

const PASSWORD = 'the admin password';
const TV_TOKEN = 'the-token-of-the-tv-0123';

let http: TestHttp;
let cookie: string;
beforeEach(async () => {
  http = await openTestHttp({ adminPassword: PASSWORD, tvToken: TV_TOKEN });
  cookie = await signIn();
});
afterEach(() => http.close());

async function signIn(): Promise<string> {
  const answer = await fetch(`${http.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ password: PASSWORD }),
    redirect: 'manual',
  });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const get = (path: string, headers: Record<string, string> = { cookie }): Promise<Response> =>
  fetch(`${http.url}${path}`, { headers, redirect: 'manual' });
const tell = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${http.url}${path}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const said = async (answer: Response): Promise<[number, string]> => [
  answer.status,
  wireError.parse(await answer.json()).error.message,
];

const post = (id: string, more: Partial<Post> = {}): Post => ({
  kind: 'post',
  network: 'mastodon',
  id,
  author: 'lee',
  name: 'Lee',
  handle: '@lee',
  text: `words of ${id}`,
  type: 'post',
  at: NOW - MINUTE,
  seen: NOW - MINUTE,
  ...more,
});
const mail = (id: string, agoMs: number): Fact => ({
  kind: 'mail_in',
  id: `<${id}>`,
  at: NOW - agoMs,
  from: 'ann@home.example',
  to: ['help@acme.example'],
});
const hide = { post: 'mastodon/1', act: 'hide', by: 'Ann' };
const COMMANDS: [string, object][] = [
  ['/api/posts', hide],
  ['/api/quotes', { text: 'Lovely.', cite: 'by phone', post: null, by: 'Ann' }],
  ['/api/quotes/withdraw', { id: 1, by: 'Ann' }],
  ['/api/mail', { ref: '<1>', kind: 'waive', by: 'Ann' }],
  ['/api/sources/pbx/test', {}],
  ['/api/reports/subscribers', { address: 'a@b.example', scope: 'site', by: 'Ann' }],
  ['/api/reports/send', { id: 1, by: 'Ann' }],
];
const READS = ['/api/posts', '/api/quotes', '/api/mail', '/api/reports/subscribers'];

describe('the commands of the pages for people', () => {
  it.each(COMMANDS)('%s are the admin’s: nobody else’s, no TV’s, and no other site’s', async (path, body) => {
    await http.intake.save('social', [post('1')]);
    expect((await tell(path, body, { cookie: '' })).status).toBe(401);
    const tv = await tell(path, body, { cookie: '', authorization: `Bearer ${TV_TOKEN}` });
    expect(await said(tv)).toEqual([403, expect.stringContaining('admin password')]);
    for (const origin of ['https://evil.example', 'null', `${http.url}.evil.example`]) {
      expect(await said(await tell(path, body, { origin }))).toEqual([
        403,
        'This came from a page of another site.',
      ]);
    }
    expect([http.moderated.times, http.tests.asked, (await http.store.mentions(5)).length]).toEqual([
      0,
      [],
      1,
    ]);
  });

  it.each(COMMANDS)('%s are JSON, as a page of another site cannot send it', async (path, body) => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      expect((await tell(path, body, { 'content-type': type })).status).toBe(415);
    }
  });

  it.each(COMMANDS)('%s say what is wrong with them', async (path, body) => {
    expect(await said(await tell(path, { ...body, colour: 'red' }))).toEqual([
      400,
      'colour: is not known here.',
    ]);
    // A test needs nothing said, so that no body will do.
    for (const broken of ['{', '[]', 'null', '"x"', ...(path.endsWith('/test') ? [] : [''])]) {
      const answer = await tell(path, broken);
      expect([path, broken, answer.status]).toEqual([path, broken, 400]);
    }
    expect((await tell(path, { by: 'x'.repeat(10_000) })).status).toBe(413);
  });

  it('name who gives them, in plain words', async () => {
    await http.intake.save('social', [post('1')]);
    const by = async (name: unknown) => said(await tell('/api/posts', { ...hide, by: name }));
    expect(await by('  ')).toEqual([400, 'by: is empty.']);
    expect(await by('x'.repeat(81))).toEqual([400, 'by: is longer than 80 characters.']);
    expect(await by('Ann\u202E')).toEqual([400, 'by: holds signs that cannot be seen.']);
    expect(await by('An\nn')).toEqual([400, 'by: holds signs that cannot be seen.']);
    expect(await by(7)).toEqual([400, 'by: must be text, e.g. Ann.']);
    expect((await tell('/api/posts', { ...hide, by: ' Zoë 李 ' })).status).toBe(200);
    expect((await http.store.post('mastodon/1'))?.hidden).toEqual({ by: 'Zoë 李', at: NOW });
  });

  it('are told apart from reading by their method', async () => {
    const answer = await fetch(`${http.url}/api/mail`, { method: 'DELETE', headers: { cookie } });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    const read = await get('/api/sources/pbx/test');
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('what the pages for people read', () => {
  it.each(READS)('%s is the admin’s alone', async (path) => {
    expect((await get(path, {})).status).toBe(401);
    expect((await get(path, { authorization: `Bearer ${TV_TOKEN}` })).status).toBe(403);
    const answer = await get(path);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  it.each(['/mentions', '/mail'])('%s leads to the sign-in, a TV too', async (path) => {
    for (const headers of [{}, { authorization: `Bearer ${TV_TOKEN}` }] as Record<string, string>[]) {
      const answer = await get(path, headers);
      expect([answer.status, answer.headers.get('location')]).toEqual([
        303,
        `/sign-in?next=${encodeURIComponent(path)}`,
      ]);
    }
    expect((await get(path)).status).toBe(200);
  });

  it('/sources is for everybody who may see the wall', async () => {
    expect((await get('/sources', {})).status).toBe(303);
    expect((await get('/sources', { authorization: `Bearer ${TV_TOKEN}` })).status).toBe(200);
    expect(sourcesTodayAnswer.parse(await (await get('/api/sources/today')).json()).from).toBe(
      Date.parse('2026-11-20T00:00:00Z'),
    );
  });
});

describe('posts', () => {
  it('are listed, hidden and restored, and boards are told', async () => {
    await http.intake.save('social', [
      post('1'),
      post('2', { at: NOW - HOUR, url: 'https://social.example/2' }),
    ]);
    const list = async (query = '') => postsAnswer.parse(await (await get(`/api/posts${query}`)).json());
    expect((await list()).posts.map(({ id, url }) => [id, url])).toEqual([
      ['mastodon/1', null],
      ['mastodon/2', 'https://social.example/2'],
    ]);
    expect((await tell('/api/posts', hide)).status).toBe(200);
    expect(http.moderated.times).toBe(1);
    expect((await list('?mark=hidden')).posts).toMatchObject([
      { id: 'mastodon/1', hidden: { by: 'Ann', at: NOW } },
    ]);
    expect((await http.store.mentions(5)).map(({ id }) => id)).toEqual(['mastodon/2']);
    expect((await tell('/api/posts', { ...hide, act: 'restore' })).status).toBe(200);
    expect((await list()).marked).toEqual({ hidden: 0, pinned: 0 });
    expect(http.logged()).toContain('"by":"Ann"');
  });

  it('refuse what they cannot do, in words', async () => {
    expect(await said(await tell('/api/posts', hide))).toEqual([404, expect.stringContaining('is gone')]);
    expect((await tell('/api/posts', { ...hide, act: 'delete' })).status).toBe(400);
    expect((await get('/api/posts?after=rubbish')).status).toBe(400);
    expect((await get('/api/posts?mark=rude')).status).toBe(400);
    expect((await get('/api/posts?after=1&after=2')).status).toBe(200);
  });

  it('come in pages, each asked for by the end of the one before', async () => {
    await http.intake.save(
      'social',
      Array.from({ length: 95 }, (_, i) => post(`p${i}`, { at: NOW - MINUTE - (i % 7) })),
    );
    const seen = new Set<string>();
    let next: string | null = '';
    let pages = 0;
    while (next !== null) {
      const page: ReturnType<typeof postsAnswer.parse> = postsAnswer.parse(
        await (await get(`/api/posts?after=${encodeURIComponent(next)}`)).json(),
      );
      for (const { id } of page.posts) seen.add(id);
      next = page.next;
      pages += 1;
    }
    expect([seen.size, pages]).toEqual([95, 3]);
  });
});

describe('quotes', () => {
  const typed = { text: '  You rang me back. ', cite: 'from a caller', post: null, by: 'Ann' };

  it('are typed, shown and taken down', async () => {
    const today = async () => quotesAnswer.parse(await (await get('/api/quotes')).json());
    expect((await today()).current).toBeNull();
    expect((await tell('/api/quotes', typed)).status).toBe(200);
    const { current } = await today();
    expect(current).toMatchObject({
      text: 'You rang me back.',
      by: 'Ann',
      why: 'Typed by Ann.',
      date: '2026-11-20',
    });
    expect(await http.store.quote(NOW, 0)).toEqual({
      text: 'You rang me back.',
      cite: 'from a caller',
      at: NOW,
    });
    expect((await tell('/api/quotes/withdraw', { id: current?.id, by: 'Ben' })).status).toBe(200);
    expect(await today()).toMatchObject({ current: null, taken: [{ withdrawn: { by: 'Ben', at: NOW } }] });
    expect(http.moderated.times).toBe(2);
    expect((await tell('/api/quotes/withdraw', { id: current?.id, by: 'Ben' })).status).toBe(200);
    expect((await tell('/api/quotes/withdraw', { id: 99, by: 'Ben' })).status).toBe(404);
  });

  it.each([
    [{ text: 'x'.repeat(121) }, 'text: is longer than 120 characters.'],
    [{ text: ' ' }, 'text: is empty.'],
    [{ text: 'a\u0000b' }, 'text: holds signs that cannot be seen.'],
    [{ text: '\u202Eevil' }, 'text: holds signs that cannot be seen.'],
    [{ cite: 'y'.repeat(81) }, 'cite: is longer than 80 characters.'],
  ])('are refused: %o', async (but, words) => {
    expect(await said(await tell('/api/quotes', { ...typed, ...but }))).toEqual([400, words]);
  });

  it('may be emoji of several signs, and other scripts', async () => {
    const text = '👩‍👩‍👧 می‌خواهم 謝謝';
    expect((await tell('/api/quotes', { ...typed, text })).status).toBe(200);
    expect(await http.store.quote(NOW, 0)).toMatchObject({ text });
  });
});

describe('mail', () => {
  it('that waits is listed without names, marked with who did it, and gone from the list', async () => {
    await http.intake.save('imap', [mail('1', 2 * HOUR), mail('2', MINUTE), mail('2b', 1)]);
    const list = async () => mailAnswer.parse(await (await get('/api/mail')).json());
    const { open, total } = await list();
    expect([total, open.map(({ ref, overdue }) => [ref, overdue])]).toEqual([
      3,
      [
        ['<1>', true],
        ['<2>', false],
        ['<2b>', false],
      ],
    ]);
    expect(open[0]?.from).toMatch(/^h-[0-9a-f]{16}@home\.example$/);
    expect((await tell('/api/mail', { ref: '<1>', kind: 'waive', by: 'Ann Lee' })).status).toBe(200);
    expect((await tell('/api/mail', { ref: '<2>', kind: 'spam', by: 'Ann Lee' })).status).toBe(200);
    const after = await list();
    expect(after.open.map(({ ref }) => ref)).toEqual(['<2b>']);
    expect(new Set(after.marks.map(({ kind, by }) => `${kind} ${by}`))).toEqual(
      new Set(['waive Ann Lee', 'spam Ann Lee']),
    );
  });

  it('that was marked already, or never came, is told so', async () => {
    await http.intake.save('imap', [mail('1', MINUTE)]);
    const waive = { ref: '<1>', kind: 'waive', by: 'Ann' };
    expect((await tell('/api/mail', waive)).status).toBe(200);
    expect(await said(await tell('/api/mail', waive))).toEqual([404, expect.stringContaining('any more')]);
    expect((await tell('/api/mail', { ...waive, ref: '<never>' })).status).toBe(404);
    expect((await tell('/api/mail', { ...waive, ref: 'person/p-1' })).status).toBe(404);
  });

  it('of one thread waits once, with what came after it', async () => {
    const joined: Fact = { ...mail('2', 1), refs: ['<1>'] } as Fact;
    await http.intake.save('imap', [mail('1', MINUTE), joined]);
    const { open } = mailAnswer.parse(await (await get('/api/mail')).json());
    expect(open).toMatchObject([{ ref: '<1>', more: 1 }]);
  });
});

describe('the test of a source', () => {
  it('says what it found', async () => {
    const answer = await tell('/api/sources/pbx/test', {});
    expect(testAnswer.parse(await answer.json())).toEqual({ ok: true, said: 'All is well.', tookMs: 12 });
    expect(http.tests.asked).toEqual(['pbx']);
  });

  it('tells a problem by its status and words', async () => {
    http.tests.result = new Problem('too_many', 'A test of "pbx" is running.');
    expect(await said(await tell('/api/sources/pbx/test', {}))).toEqual([429, 'A test of "pbx" is running.']);
  });
});

describe('pictures of authors', () => {
  const url = 'https://pics.example/a.png';

  it('come from this server, as bytes that can do nothing', async () => {
    await http.store.keepPicture(url, { type: 'image/png', bytes: aPng() }, NOW);
    const path = `/avatars/${pictureIdOf(url)}`;
    const answer = await get(path, { authorization: `Bearer ${TV_TOKEN}` });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(aPng());
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    expect((await get(path, {})).status).toBe(303);
  });

  it.each(['nothing', '0'.repeat(32), '..%2f..%2ftest.sqlite', `${'a'.repeat(31)}'`])(
    'are not there for "%s"',
    async (id) => {
      expect((await get(`/avatars/${id}`)).status).toBe(404);
    },
  );
});

describe('without a lock', () => {
  it('the pages and their commands are open to this computer alone', async () => {
    const open = await openTestHttp({ demo: true });
    await open.intake.save('social', [post('1')]);
    expect((await fetch(`${open.url}/mentions`)).status).toBe(200);
    const headers = { 'content-type': 'application/json' };
    const hidden = await fetch(`${open.url}/api/posts`, {
      method: 'POST',
      headers,
      body: JSON.stringify(hide),
    });
    expect(hidden.status).toBe(200);
    const evil = { ...headers, origin: 'https://evil.example' };
    const refused = await fetch(`${open.url}/api/posts`, {
      method: 'POST',
      headers: evil,
      body: JSON.stringify(hide),
    });
    expect(refused.status).toBe(403);
    await open.close();
  });
});
