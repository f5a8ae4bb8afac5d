import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallFact, EmailFact } from '../../server/fact.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import {
  causesAnswer,
  type ItemsAnswer,
  itemsAnswer,
  type StoryAnswer,
  storyAnswer,
} from '../../shared/wire-items.ts';
import { NOW, openTestHttp, type TestHttp } from './test-http.ts';

let http: TestHttp;
let cookie = '';
const from = NOW - 4 * HOUR;

/** Eight calls, ten minutes apart: picked up after 1, 2, … 8 seconds; the last caller gave up. */
const calls = Array.from({ length: 8 }, (_, i) =>
  aCall(`c${i}`, from + i * 10 * MINUTE, (i + 1) * SECOND),
).flat();
const gaveUp: CallFact[] = [
  { kind: 'arrived', call: 'gone', at: from + 2 * HOUR, number: '+44 20 7946 0001' },
  { kind: 'offered', call: 'gone', at: from + 2 * HOUR, queue: 'support' },
  { kind: 'alert', call: 'gone', at: from + 2 * HOUR + SECOND, agent: 'Maria' },
  { kind: 'end', call: 'gone', at: from + 2 * HOUR + 30 * SECOND, why: 'abandon' },
];
const mails: EmailFact[] = [
  mail('asked', from),
  {
    kind: 'mail_out',
    id: '<re-asked@acme.example>',
    at: from + 72 * MINUTE,
    from: 'maria@acme.example',
    to: ['ann.lee@cust.example'],
    refs: ['<asked@cust.example>'],
  },
  mail('thanks', from + HOUR),
  { kind: 'waive', ref: '<thanks@cust.example>', at: from + 2 * HOUR, by: 'Ann' },
  mail('open', NOW - 10 * MINUTE),
];

function aCall(call: string, at: number, ringMs: number): CallFact[] {
  return [
    { kind: 'arrived', call, at, number: '+44 20 7946 0002' },
    { kind: 'offered', call, at, queue: 'support' },
    { kind: 'alert', call, at, agent: 'Maria' },
    { kind: 'pickup', call, at: at + ringMs, agent: 'Maria' },
    { kind: 'end', call, at: at + MINUTE, why: 'hangup' },
  ];
}

function mail(name: string, at: number): EmailFact {
  return {
    kind: 'mail_in',
    id: `<${name}@cust.example>`,
    at,
    from: '"Ann Lee" <ann.lee@cust.example>',
    to: ['help@acme.example'],
  };
}

const get = (path: string, headers: Record<string, string> = { cookie }) =>
  fetch(http.url + path, { headers });
const words = (over: object) => {
  const all = { kind: 'calls', scope: 'site', figure: 'firstRing', from, to: NOW, ...over };
  return new URLSearchParams(
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)])),
  ).toString();
};
const items = async (over: object = {}): Promise<ItemsAnswer> => {
  const response = await get(`/api/items?${words(over)}`);
  const body: unknown = await response.json();
  if (response.status !== 200) throw new Error(JSON.stringify(body));
  return itemsAnswer.parse(body);
};
const story = async (key: string): Promise<StoryAnswer> =>
  storyAnswer.parse(await (await get(`/api/items/story?key=${encodeURIComponent(key)}`)).json());
const say = (body: object) =>
  fetch(`${http.url}/api/items/cause`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json', origin: http.url },
    body: JSON.stringify(body),
  });
const causes = async (over: Record<string, string> = {}) => {
  const query = new URLSearchParams({ from: '2026-11-20', to: '2026-11-20', scope: 'site', ...over });
  return causesAnswer.parse(await (await get(`/api/trends/causes?${query.toString()}`)).json());
};

beforeAll(async () => {
  http = await openTestHttp({ adminPassword: 'a password for tests', tvToken: 'a-tv-token' });
  await http.intake.save('pbx', [...calls, ...gaveUp]);
  await http.intake.save('mail', mails);
  const signedIn = await fetch(`${http.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ password: 'a password for tests', next: '/trends' }),
    redirect: 'manual',
  });
  cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
});
afterAll(() => http.close());

describe('GET /api/items', () => {
  it('lists the calls of a span, the newest first, with why each was judged so', async () => {
    const { rows, next, zone } = await items();
    expect([rows.length, next, zone]).toEqual([9, null, 'UTC']);
    expect(rows[0]).toMatchObject({
      verdict: 'missed',
      outcome: 'gave up',
      why: 'Gave up after 30.0 s, unanswered.',
      queue: 'support',
      waitMs: 30_000,
      ringMs: null,
      source: 'pbx',
    });
    expect(rows[1]).toMatchObject({
      verdict: 'missed',
      why: 'Picked up 8.0 s after the first phone rang; one ring is 6 s.',
    });
    expect(rows.map(({ verdict }) => verdict).filter((one) => one === 'met')).toHaveLength(5);
  });

  it('filters by verdict, sorts by a length and goes on page by page', async () => {
    const missed = await items({ verdict: 'missed', sort: 'ring', order: 'asc', limit: 2 });
    expect(missed.rows.map((row) => row.kind === 'call' && row.ringMs)).toEqual([6_000, 7_000]);
    const rest = await items({ verdict: 'missed', sort: 'ring', order: 'asc', limit: 2, after: missed.next });
    expect(rest.rows.map((row) => row.kind === 'call' && row.ringMs)).toEqual([8_000, null]);
    expect(rest.next).toBeNull();
  });

  it('lists emails with what was left out, and takes a cell of the heatmap by when they arrived', async () => {
    const asked = { kind: 'emails', figure: 'emailsWithinHour', scope: 'queue:inbox', to: NOW + 2 * HOUR };
    const { rows } = await items(asked);
    expect(rows.map(({ verdict, why }) => [verdict, why])).toEqual([
      ['pending', 'Not answered yet; 60 min of open time are allowed.'],
      ['left_out', 'Somebody said that it needs no reply: left out.'],
      ['missed', 'Answered 1 h 12 min of open time after it arrived; 60 min are allowed.'],
    ]);
    const cell = { weekday: 4, hour: 8, fromDate: '2026-11-13', toDate: '2026-11-20' };
    const query = words({ ...asked, ...cell }).replace(/(?:from|to)=\d+&?/g, '');
    const inCell = itemsAnswer.parse(await (await get(`/api/items?${query}`)).json());
    expect(inCell.rows.map(({ verdict, at }) => [verdict, at])).toEqual([['missed', from]]);
  });

  it('shows nobody’s number, address or name', async () => {
    const told = [
      await items(),
      await items({ kind: 'emails', figure: 'emailsReceived' }),
      ...(await Promise.all(['call/pbx/gone', 'thread/<asked@cust.example>'].map(story))),
    ];
    expect(JSON.stringify(told)).not.toMatch(/maria|ann\.lee|ann lee|7946/i);
    expect(JSON.stringify(told)).toMatch(/caller [\da-f]{6}"/);
    expect(JSON.stringify(told)).toMatch(/h-[\da-f]{16}@cust\.example/);
  });

  it.each([
    [{ figure: 'mentions' }, 400, 'figure: is no figure'],
    [{ figure: 'emailsWithinHour' }, 400, 'figure: emailsWithinHour counts emails, not calls.'],
    [{ sort: 'reply' }, 400, 'sort: calls have no reply'],
    [{ scope: 'queue:nowhere' }, 404, 'scope: there is no queue:nowhere here.'],
    [{ scope: 'everything' }, 400, 'scope: must be site, team:… or queue:….'],
    [{ from: NOW, to: from }, 400, 'to: must be after from.'],
    [{ from: 0 }, 400, 'longer than 3660 days'],
    [{ from: 'yesterday' }, 400, 'from: must be whole milliseconds since 1970.'],
    [{ limit: 201 }, 400, 'limit: must be at most 200.'],
    [{ limit: '-1' }, 400, 'limit: must be at least 1.'],
    [{ after: '<script>' }, 400, 'after: is not the `next` of a page.'],
    [{ weekday: 3 }, 400, 'all four are needed'],
    [{ weekday: 3, hour: 9, fromDate: '2026-11-01', toDate: '2026-11-20' }, 400, 'from, to: a cell has'],
    [{ page: 2 }, 400, 'page: is not known here.'],
  ])('refuses %j', async (over, status, message) => {
    const response = await get(`/api/items?${words(over)}`);
    expect(response.status).toBe(status);
    expect(JSON.stringify(await response.json())).toContain(message);
  });

  it('refuses a word that is written twice', async () => {
    const response = await get(`/api/items?${words({})}&scope=site`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('scope: is written more than once');
  });

  it('is for the admin alone', async () => {
    for (const path of [`/api/items?${words({})}`, '/api/items/story?key=x', '/api/trends/causes']) {
      expect((await get(path, {})).status).toBe(401);
      expect((await get(path, { authorization: 'Bearer a-tv-token' })).status).toBe(403);
    }
    expect((await get('/api/items/cause')).status).toBe(405);
  });
});

describe('GET /api/items/story', () => {
  it('tells everything that happened, in order, in local time', async () => {
    const told = await story('call/pbx/gone');
    expect(told.facts.map(({ time, said }) => `${time} ${said}`)).toEqual([
      'Fri 20 Nov 2026 10:00:00.000 The phone system took the call.',
      'Fri 20 Nov 2026 10:00:00.000 The call joined support.',
      'Fri 20 Nov 2026 10:00:01.000 A phone began to ring.',
      'Fri 20 Nov 2026 10:00:30.000 The caller hung up before anybody answered.',
    ]);
    expect(told.verdicts.map(({ scope }) => scope)).toEqual(['queue:support', 'team:help', 'site']);
    expect(told.verdicts[2]?.words).toEqual([
      'First ring: missed. Gave up after 30.0 s, unanswered.',
      'Service level: missed. Gave up after 30.0 s, unanswered.',
    ]);
  });

  it('says so when there is no such call', async () => {
    expect((await get('/api/items/story?key=call/pbx/none')).status).toBe(404);
    expect((await get('/api/items/story')).status).toBe(400);
  });
});

describe('causes', () => {
  it('are said of many at once, shown, counted among the misses, and taken away again, all kept with who said so', async () => {
    const before = await causes();
    expect(before).toMatchObject({ missed: 4, without: 4, causes: [] });
    const keys = ['call/pbx/gone', 'call/pbx/c7', 'call/pbx/c6'];
    expect((await say({ keys, cause: 'Carrier trunk down', by: 'Ann' })).status).toBe(200);
    expect((await say({ keys: ['call/pbx/c7'], cause: 'Four at lunch', by: 'Ben' })).status).toBe(200);
    expect((await say({ keys: ['call/pbx/c0'], cause: 'All was well', by: 'Ben' })).status).toBe(200);
    const { rows } = await items();
    expect(rows.map(({ cause }) => cause).slice(0, 3)).toEqual([
      'Carrier trunk down',
      'Four at lunch',
      'Carrier trunk down',
    ]);
    // What was met has no part in what the misses came from.
    expect(await causes()).toMatchObject({
      missed: 4,
      without: 1,
      causes: [
        { cause: 'Carrier trunk down', count: 2 },
        { cause: 'Four at lunch', count: 1 },
      ],
      known: ['All was well', 'Four at lunch', 'Carrier trunk down'],
    });
    expect(await causes({ from: '2026-11-19', to: '2026-11-19' })).toMatchObject({ missed: 0, causes: [] });
    expect((await say({ keys: ['call/pbx/c7'], cause: null, by: 'Ben' })).status).toBe(200);
    expect((await story('call/pbx/c7')).causes).toEqual([
      { cause: null, by: 'Ben', at: NOW },
      { cause: 'Four at lunch', by: 'Ben', at: NOW },
      { cause: 'Carrier trunk down', by: 'Ann', at: NOW },
    ]);
    expect(await causes()).toMatchObject({ without: 2 });
    expect(http.logged()).toContain('"by":"Ben"');
  });

  it.each([
    [{ keys: [], cause: 'x', by: 'Ann' }, 400, 'keys: is empty.'],
    [
      { keys: Array.from({ length: 201 }, () => 'k'), cause: 'x', by: 'Ann' },
      400,
      'keys: holds more than 200.',
    ],
    [{ keys: ['call/pbx/gone'], cause: ' ', by: 'Ann' }, 400, 'cause: is empty.'],
    [{ keys: ['call/pbx/gone'], cause: 'x'.repeat(121), by: 'Ann' }, 400, 'longer than 120'],
    [{ keys: ['call/pbx/gone'], cause: 'a\u202eb', by: 'Ann' }, 400, 'cannot be seen'],
    [{ keys: ['call/pbx/gone'], cause: 'x' }, 400, 'by: '],
    [{ keys: ['call/pbx/gone', 'call/pbx/none'], cause: 'x', by: 'Ann' }, 404, 'keys: 1 of 2'],
  ])('are refused: %j', async (body, status, message) => {
    const response = await say(body);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(message);
  });

  it('come only from a page of ours', async () => {
    const body = JSON.stringify({ keys: ['call/pbx/gone'], cause: 'x', by: 'Ann' });
    const headers = { cookie, 'content-type': 'application/json', origin: 'https://elsewhere.example' };
    expect((await fetch(`${http.url}/api/items/cause`, { method: 'POST', headers, body })).status).toBe(403);
  });
});
