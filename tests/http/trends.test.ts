import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DATE_MAX, DATE_MIN, WITHIN } from '../../server/http/trends-query.ts';
import { NOTE_TEXT_MAX } from '../../shared/limits-desk.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { wireError } from '../../shared/wire-answer.ts';
import { notesAnswer } from '../../shared/wire-trend-notes.ts';
import {
  DAYS_MAX,
  heatmapAnswer,
  POINTS_MAX,
  SCOPES_MAX,
  STEPS_MAX,
  trendMark,
  trendScopesAnswer,
  trendsAnswer,
  whatIfAnswer,
} from '../../shared/wire-trends.ts';
import { aCall, anAnswer, anEmail } from '../metrics/a-site.ts';
import { NOW, openTestHttp, type TestHttp } from './test-http.ts';

const PASSWORD = 'the admin password';
const TV_TOKEN = 'the-token-of-the-tv-0123';

let http: TestHttp;
let cookie: string;
const open = async (): Promise<void> => {
  http = await openTestHttp({ adminPassword: PASSWORD, tvToken: TV_TOKEN });
  const signedIn = await fetch(`${http.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ password: PASSWORD }),
    redirect: 'manual',
  });
  cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
};
const close = (): Promise<void> => http.close();
/** Each test of a group has a server of its own. */
const eachAlone = (): void => {
  beforeEach(open);
  afterEach(close);
};
/** The tests of a group change nothing and share one. */
const allTogether = (): void => {
  beforeAll(open);
  afterAll(close);
};

const get = (path: string, headers: Record<string, string> = { cookie }): Promise<Response> =>
  fetch(`${http.url}${path}`, { headers, redirect: 'manual' });
const tell = (method: string, body: unknown): Promise<Response> =>
  fetch(`${http.url}/api/trends/notes`, {
    method,
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const said = async (path: string): Promise<[number, string]> => {
  const answer = await get(path);
  return [answer.status, wireError.parse(await answer.json()).error.message];
};

/** Today is Friday, 2026-11-20 12:00 UTC. */
const today = 'from=2026-11-20&to=2026-11-20';

describe('docs/trends.md', () => {
  it('names the limits that the server keeps', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/trends.md'), 'utf8').replaceAll(
      '\n',
      ' ',
    );
    const told = (count: number): string => count.toLocaleString('en');
    expect(text).toContain(
      `${told(DAYS_MAX)} at the most and between ${DATE_MIN.slice(0, 4)} and ${DATE_MAX.slice(0, 4)}`,
    );
    expect(text).toContain(`${told(STEPS_MAX)} steps at most, and one answer ${told(POINTS_MAX)}`);
    expect(text).toContain(`At most ${SCOPES_MAX} scopes`);
    expect(text).toContain(`a text of at most ${NOTE_TEXT_MAX} characters`);
    expect([WITHIN.firstRing.max, WITHIN.serviceLevel.max]).toEqual([MINUTE, HOUR]);
    expect(WITHIN.emailsWithinHour.max).toBe(24 * HOUR);
    expect(text).toContain('half-seconds up to 60 s, service level in whole seconds up to an hour');
    expect(text).toContain('emails in whole minutes up to 24 hours');
  });
});

describe('GET /api/trends', () => {
  eachAlone();

  it('answers a figure day by day, with its target, and what stands behind each step', async () => {
    await http.intake.save('phones', [
      ...aCall(NOW - HOUR),
      ...aCall(NOW - HOUR + MINUTE, { ringMs: 9_000 }),
      ...aCall(NOW - 25 * HOUR),
    ]);
    const answer = await get('/api/trends?from=2026-11-18&to=2026-11-20&figures=firstRing');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const trends = trendsAnswer.parse(await answer.json());
    expect(trends).toMatchObject({
      zone: 'UTC',
      demo: false,
      asked: 'day',
      by: 'day',
      against: null,
      ranks: [],
    });
    expect(trends.edges.map((at) => new Date(at).toISOString().slice(0, 10))).toEqual([
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
      '2026-11-21',
    ]);
    expect(trends.series).toEqual([
      {
        scope: 'site',
        figure: 'firstRing',
        target: 70,
        n: [0, 1, 1],
        d: [0, 1, 2],
        total: { n: 2, d: 3 },
        before: null,
        change: null,
      },
    ]);
  });

  it('sets several figures of several scopes beside each other, in the order asked', async () => {
    await http.intake.save('phones', aCall(NOW - HOUR));
    await http.intake.save('mails', [
      anEmail(NOW - 3 * HOUR, 'a'),
      anAnswer(NOW - 3 * HOUR + 10 * MINUTE, 'a'),
    ]);
    const query = `${today}&figures=emailsWithinHour,firstRing,replyTime&scopes=team:help,site`;
    const trends = trendsAnswer.parse(await (await get(`/api/trends?${query}`)).json());
    expect(trends.series.map(({ scope, figure, total }) => [scope, figure, total.n])).toEqual([
      ['team:help', 'emailsWithinHour', 1],
      ['team:help', 'firstRing', 1],
      ['site', 'emailsWithinHour', 1],
      ['site', 'firstRing', 1],
    ]);
    expect(trends.ranks).toMatchObject([
      { scope: 'team:help', figure: 'replyTime', unit: 'minutes', count: [1], p50: [10], p90: [10] },
      { scope: 'site', figure: 'replyTime', total: { count: 1, p50: 10, p90: 10 } },
    ]);
  });

  it('compares a day that is not over with the same weekday to the very same time', async () => {
    const now = NOW + 7 * MINUTE;
    const then = now - 7 * 24 * HOUR;
    http.clock.set(now);
    await http.intake.save('phones', [
      ...Array.from({ length: 20 }, (_, i) => aCall(now - HOUR + i * MINUTE, { ringMs: 9_000 })).flat(),
      ...Array.from({ length: 20 }, (_, i) => aCall(then - HOUR + i * MINUTE)).flat(),
      ...aCall(then - 1),
      ...aCall(then),
      ...aCall(then + 7 * MINUTE),
      ...aCall(then + HOUR),
    ]);
    const query = `${today}&figures=firstRing&by=hour&against=weekday`;
    const { against, series } = trendsAnswer.parse(await (await get(`/api/trends?${query}`)).json());
    expect(against).toMatchObject({ kind: 'weekday', from: '2026-11-13', to: '2026-11-13' });
    expect(against?.edges[12]).toBe(then - 7 * MINUTE);
    expect(series[0]?.total).toEqual({ n: 0, d: 20 });
    expect(series[0]?.before).toMatchObject({ total: { n: 21, d: 21 }, upTo: then });
    expect(series[0]?.before?.d.slice(11, 14)).toEqual([20, 3, 1]);
    expect(series[0]?.change).toEqual({ kind: 'down', points: 100 });
  });

  it('compares a period that is over with the whole of as many days before it', async () => {
    await http.intake.save('phones', [...aCall('2026-11-09T10:00:00Z'), ...aCall('2026-11-11T23:59:00Z')]);
    const query = 'from=2026-11-12&to=2026-11-14&figures=callsOffered&against=before';
    const { against, series } = trendsAnswer.parse(await (await get(`/api/trends?${query}`)).json());
    expect(against).toMatchObject({ from: '2026-11-09', to: '2026-11-11' });
    expect(series[0]).toMatchObject({ target: null, change: null });
    expect(series[0]?.before).toEqual({ n: [1, 0, 1], d: [0, 0, 0], total: { n: 2, d: 0 } });
  });

  it('answers longer steps where there would be too many, and says which', async () => {
    const answer = await get('/api/trends?from=2025-11-21&to=2026-11-20&by=quarter&figures=firstRing');
    expect(trendsAnswer.parse(await answer.json())).toMatchObject({ asked: 'quarter', by: 'day' });
  });
});

describe('GET /api/trends/heatmap', () => {
  eachAlone();

  it('has emails in the hour in which they arrived, and leaves out hours that are not settled', async () => {
    await http.intake.save('mails', [
      anEmail('2026-11-18T09:50:00Z', 'a'),
      anAnswer('2026-11-18T10:05:00Z', 'a'),
      anEmail('2026-11-20T11:30:00Z', 'b'),
      anAnswer('2026-11-20T11:31:00Z', 'b'),
    ]);
    const answer = await get(
      '/api/trends/heatmap?from=2026-11-16&to=2026-11-20&figure=emailsWithinHour&scope=queue:inbox',
    );
    expect(heatmapAnswer.parse(await answer.json())).toMatchObject({
      attributed: 'arrival',
      target: 80,
      cells: [{ weekday: 2, hour: 9, n: 1, d: 1 }],
      leftOutFrom: Date.parse('2026-11-20T11:00:00Z'),
    });
  });

  it('has calls in the hour in which they were offered', async () => {
    await http.intake.save('phones', [...aCall('2026-11-16T08:00:00Z'), ...aCall('2026-11-09T08:59:59Z')]);
    const answer = await get('/api/trends/heatmap?from=2026-11-01&to=2026-11-20&figure=firstRing');
    expect(heatmapAnswer.parse(await answer.json())).toMatchObject({
      attributed: 'counted',
      cells: [{ weekday: 0, hour: 8, n: 2, d: 2 }],
      leftOutFrom: null,
    });
  });
});

describe('GET /api/trends/what-if', () => {
  eachAlone();

  it('judges the same calls by another ring, and leaves out the one still ringing', async () => {
    await http.intake.save('phones', [
      ...aCall(NOW - HOUR, { ringMs: 5_999 }),
      ...aCall(NOW - HOUR, { ringMs: 6_000 }),
      ...aCall(NOW - HOUR, { ringMs: 9_999 }),
      ...aCall(NOW - HOUR, { ringMs: 10_000 }),
      ...aCall(NOW - HOUR, { ringMs: null }),
      ...aCall(NOW - MINUTE, { ringMs: null, endMs: null }),
    ]);
    const answer = await get(`/api/trends/what-if?${today}&figure=firstRing&within=10000`);
    expect(whatIfAnswer.parse(await answer.json())).toMatchObject({
      promisedMs: 6_000,
      withinMs: 10_000,
      is: { n: [1], d: [5], total: { n: 1, d: 5 } },
      wouldBe: { n: [3], d: [5], total: { n: 3, d: 5 } },
    });
  });
});

describe('/api/trends/scopes', () => {
  eachAlone();

  it('names what there is, what is promised there, and the local date', async () => {
    const scopes = trendScopesAnswer.parse(await (await get('/api/trends/scopes')).json());
    expect(scopes.today).toBe('2026-11-20');
    expect(scopes.scopes.map(({ scope }) => scope)).toEqual([
      'site',
      'team:help',
      'queue:support',
      'queue:inbox',
    ]);
    expect(scopes.scopes[3]).toMatchObject({
      kind: 'mailbox',
      team: 'help',
      promisedMs: { emailsWithinHour: HOUR },
    });
  });
});

describe('/api/trends/notes', () => {
  eachAlone();

  it('keeps a note, shows it beside the figures, and takes it away again', async () => {
    const note = { at: NOW - HOUR, text: ' A new menu ', by: 'Ann' };
    const added = trendMark.parse(await (await tell('POST', note)).json());
    expect(added).toMatchObject({ kind: 'note', text: 'A new menu', by: 'Ann', at: NOW - HOUR });
    expect(http.logged()).toContain('note added to the trends');
    const trends = trendsAnswer.parse(await (await get(`/api/trends?${today}&figures=firstRing`)).json());
    expect(trends.marks).toEqual([added]);
    const other = notesAnswer.parse(
      await (await get('/api/trends/notes?from=2026-11-18&to=2026-11-19')).json(),
    );
    expect(other.marks).toEqual([]);
    expect((await tell('DELETE', { id: added.id, by: 'Ann' })).status).toBe(200);
    expect((await tell('DELETE', { id: added.id, by: 'Ann' })).status).toBe(404);
    expect(notesAnswer.parse(await (await get(`/api/trends/notes?${today}`)).json()).marks).toEqual([]);
  });

  it('takes no change of the rules away', async () => {
    await http.store.keepRules('{}', [{ at: NOW, text: 'First ring target of Help changed from 70 to 75' }]);
    const { marks } = notesAnswer.parse(await (await get(`/api/trends/notes?${today}`)).json());
    expect(marks).toMatchObject([{ kind: 'rules', by: null }]);
    expect((await tell('DELETE', { id: marks[0]?.id, by: 'Ann' })).status).toBe(404);
  });
});

describe('what cannot be answered', () => {
  allTogether();

  it('is for the admin alone', async () => {
    for (const path of ['', '/heatmap', '/what-if', '/scopes', '/notes']) {
      expect((await get(`/api/trends${path}`, { authorization: `Bearer ${TV_TOKEN}` })).status).toBe(403);
      expect((await get(`/api/trends${path}`, {})).status).toBe(401);
    }
  });

  it('leads whoever opens a shared address to the sign-in and back to all of it', async () => {
    const answer = await get('/trends?from=2026-11-01&figures=firstRing', {
      authorization: `Bearer ${TV_TOKEN}`,
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(
      '/sign-in?next=%2Ftrends%3Ffrom%3D2026-11-01%26figures%3DfirstRing',
    );
  });

  it.each([
    [
      '/trends?to=2026-11-20&figures=firstRing',
      'from: must be a date that exists, year-month-day, e.g. from=2026-11-16.',
    ],
    ['/trends?from=2026-02-30&to=2026-11-20&figures=firstRing', 'from: must be a date that exists'],
    [
      '/trends?from=2026-11-20&to=2026-11-19&figures=firstRing',
      'to: 2026-11-19 lies before from=2026-11-20.',
    ],
    [
      '/trends?from=2001-01-01&to=2026-11-19&figures=firstRing',
      'from: is 9454 days before to; 3660 are the most.',
    ],
    [
      '/trends?from=1999-12-31&to=2000-01-01&figures=firstRing',
      'from: must be a date from 2000-01-01 to 2099-12-31.',
    ],
    [`/trends?${today}`, 'figures: is missing. Write some with commas between, e.g. figures=firstRing.'],
    [
      `/trends?${today}&figures=firstring`,
      'figures: there is no "firstring". There is firstRing, serviceLevel,',
    ],
    [
      `/trends?${today}&figures=firstRing&scopes=queue:nowhere`,
      'scopes: there is no "queue:nowhere". There is site, team:help,',
    ],
    [
      `/trends?${today}&figures=firstRing&by=minute`,
      'by: there is no "minute". There is quarter, hour, day, week, month.',
    ],
    [
      `/trends?${today}&figure=firstRing`,
      'figure: is not known here. Known are from, to, by, figures, scopes, against.',
    ],
    [`/trends?${today}&figures=firstRing&figures=mentions`, 'figures: is written more than once.'],
    [`/trends/heatmap?${today}`, 'figure: is missing. Write one of firstRing, serviceLevel,'],
    [
      `/trends/what-if?${today}&figure=firstRing&within=6100`,
      'within: for firstRing it must be whole half-seconds from 500 to 60000 ms, e.g. within=5000.',
    ],
    [
      `/trends/what-if?${today}&figure=emailsWithinHour&within=-1`,
      'within: for emailsWithinHour it must be whole minutes',
    ],
    [
      `/trends/what-if?${today}&figure=emailsWithinHour&scope=queue:support&within=60000`,
      'figure: nothing of emailsWithinHour is promised for queue:support.',
    ],
  ])('says what is wrong with %s', async (path, words) => {
    const [status, message] = await said(`/api${path}`);
    expect(status).toBe(400);
    expect(message.startsWith(words), message).toBe(true);
  });

  it.each([
    [{ at: NOW, by: 'Ann' }, 'text: must be text, e.g. A new menu.'],
    [{ at: NOW, text: 'x'.repeat(281), by: 'Ann' }, 'text: is longer than 280 characters.'],
    [{ at: 'noon', text: 'x', by: 'Ann' }, 'at: must be when it was, in whole milliseconds since 1970.'],
    [{ at: NOW, text: 'x', by: 'Ann', colour: 'red' }, 'colour: is not known here.'],
  ])('refuses %j in words', async (note, words) => {
    const answer = await tell('POST', note);
    expect([answer.status, wireError.parse(await answer.json()).error.message]).toEqual([400, words]);
  });
});
