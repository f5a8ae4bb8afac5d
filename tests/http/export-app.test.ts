import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECOND } from '../../shared/time.ts';
import { type ItemRow, itemsAnswer } from '../../shared/wire-items.ts';
import { trendsAnswer } from '../../shared/wire-trends.ts';
import { DESK_NEEDS, passOf, send } from '../support/a-desk.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import { longestBlock } from '../support/longest-block.ts';
import { createTestClock } from '../support/test-clock.ts';

const FROM = Date.parse('2026-11-16T09:00:00Z');
const CALLS = 450;
const MISSED = CALLS / 3;

/** A call of every half-minute; every third is picked up too late. */
const call = (i: number): object[] => {
  const at = FROM + i * 30 * SECOND;
  const ringMs = i % 3 === 0 ? 20_000 : 2_000;
  const told = (kind: string, ms: number, more: object = {}) => ({
    kind,
    call: `c${i}`,
    at: at + ms,
    ...more,
  });
  return [
    told('offered', 0, { queue: 'support', number: `+1555${String(i).padStart(4, '0')}` }),
    told('alert', 0, { leg: 'l', agent: 'a' }),
    told('pickup', ringMs, { leg: 'l', agent: 'a' }),
    told('bridged', ringMs, { leg: 'l', agent: 'a' }),
    told('end', 25_000, { why: 'hangup' }),
  ];
};

describe('exports of a whole First Ring', () => {
  let app: AnApp;
  let cookie: string;
  beforeAll(async () => {
    app = await anApp({ ...DESK_NEEDS, clock: createTestClock(FROM + CALLS * 30 * SECOND + 60_000) });
    const { name, value } = await passOf(app);
    cookie = `${name}=${value}`;
    for (let i = 0; i < CALLS; i += 150)
      await send(app, Array.from({ length: 150 }, (_, j) => call(i + j)).flat());
  });
  afterAll(() => app?.[Symbol.asyncDispose]());

  const get = (path: string): Promise<Response> => fetch(`${app.url}${path}`, { headers: { cookie } });
  const period = `kind=calls&scope=queue:support&figure=firstRing&from=${FROM}&to=${FROM + 86_400_000}`;
  const rowsOf = (csv: string): string[] => csv.split('\r\n').slice(1, -1);

  it('has just the rows that the list has, in its order, however many pages they are', async () => {
    for (const more of ['', '&verdict=missed', '&sort=ring&order=asc', '&verdict=missed&order=asc']) {
      const paged: ItemRow[] = [];
      for (let after = ''; ; ) {
        const page = itemsAnswer.parse(
          await (await get(`/api/items?${period}${more}${after}&limit=70`)).json(),
        );
        paged.push(...page.rows);
        if (page.next === null) break;
        after = `&after=${encodeURIComponent(page.next)}`;
      }
      expect(paged).toHaveLength(more.includes('missed') ? MISSED : CALLS);
      const file = await (await get(`/api/items.json?${period}${more}`)).json();
      expect(file).toMatchObject({ rows: paged, more: false, demo: false, zone: 'Europe/London' });
      const csv = rowsOf(await (await get(`/api/items.csv?${period}${more}`)).text());
      expect(csv.map((line) => /"(call\/[^"]*)"$/.exec(line)?.[1])).toEqual(paged.map(({ key }) => key));
    }
  });

  it('has the same counts as the trends, and names itself by period and scope', async () => {
    const query =
      'from=2026-11-16&to=2026-11-16&by=hour&figures=firstRing,callsOffered,waitTime&scopes=site,queue:support';
    const answer = trendsAnswer.parse(await (await get(`/api/trends?${query}`)).json());
    const file = await get(`/api/trends.json?${query}`);
    expect(file.headers.get('content-disposition')).toBe(
      'attachment; filename="first-ring-trends-by-hour-2026-11-16-to-2026-11-16-2-scopes.json"',
    );
    expect(trendsAnswer.parse(await file.json())).toEqual(answer);
    const csv = rowsOf(await (await get(`/api/trends.csv?${query}`)).text());
    expect(csv).toHaveLength(2 * (24 + 24 + 1));
    const missed = csv
      .filter((line) => line.startsWith('"queue:support"') && line.includes('"firstRing"'))
      .map((line) => line.split(','))
      .reduce((sum, [, , , , , n, d]) => sum + Number(d) - Number(n), 0);
    expect(missed).toBe(MISSED);
  });

  it('is refused in words where the question is wrong, and to who may not ask', async () => {
    for (const path of [
      '/api/trends.csv?from=2026-11-16&to=2026-11-15&figures=firstRing',
      '/api/trends.json?from=2026-11-16&to=2026-11-16&figures=nothing',
      '/api/items.csv?kind=calls',
      `/api/items.json?${period}&colour=red`,
    ]) {
      const answer = await get(path);
      expect(answer.status, path).toBe(400);
      expect(answer.headers.get('content-type')).toContain('json');
      expect(((await answer.json()) as { error: { message: string } }).error.message).toMatch(/^\w+: /);
      expect((await fetch(`${app.url}${path}`)).status).toBe(401);
    }
    const posted = await fetch(`${app.url}/api/items.csv?${period}`, { method: 'POST', headers: { cookie } });
    expect(posted.status).toBe(405);
  });

  it('does not hold the process', async () => {
    const hours =
      'from=2026-09-01&to=2026-11-19&by=hour&figures=firstRing,serviceLevel&scopes=site,team:help,queue:support';
    await get(`/api/trends.csv?${hours}`).then((answer) => answer.text());
    const blocked = await longestBlock(async () => {
      await (await get(`/api/trends.csv?${hours}`)).text();
      await (await get(`/api/items.csv?${period}`)).text();
    });
    expect(blocked).toBeLessThan(20);
  });
});
