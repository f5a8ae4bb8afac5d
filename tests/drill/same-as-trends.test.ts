import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import type { ItemsAnswer } from '../../shared/wire-items.ts';
import type { HeatmapAnswer, TrendsAnswer } from '../../shared/wire-trends.ts';
import { DESK_NEEDS, passOf, send } from '../support/a-desk.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import { createTestClock } from '../support/test-clock.ts';

/** A Wednesday, noon, two weeks after the clocks went back. */
const now = Date.parse('2026-11-04T12:00:00Z');
const period = { from: '2026-10-20', to: '2026-11-04' };
const DAY_MS = 24 * HOUR;
let app: AnApp;
let cookie = '';

/** A call and an email every so often, of every kind, up to a minute ago. */
function facts(): object[] {
  const told: object[] = [];
  for (let i = 0, at = now - 15 * DAY_MS; at < now - MINUTE; i += 1, at += 47 * MINUTE) {
    const call = `c${i}`;
    told.push(
      { kind: 'arrived', call, at: at - (i % 3) * 10 * SECOND },
      { kind: 'offered', call, at, queue: 'support' },
      { kind: 'alert', call, at: at + SECOND, agent: 'a' },
    );
    if (i % 4 === 3)
      told.push({ kind: 'end', call, at: at + (i % 8 === 3 ? 30 : 3) * SECOND, why: 'abandon' });
    else {
      told.push({ kind: 'pickup', call, at: at + (i % 9) * 2 * SECOND + SECOND, agent: 'a' });
      told.push({ kind: 'end', call, at: at + 40 * SECOND, why: 'hangup' });
    }
    told.push(
      ...aMail(`m${i}`, at + 5 * MINUTE, i % 5 === 4 ? null : at + (i % 5) * 25 * MINUTE + 6 * MINUTE),
    );
  }
  // Answered already, in an hour whose other answers are not due yet.
  told.push(...aMail('soon', now - 30 * MINUTE, now - 20 * MINUTE));
  return told.filter((fact) => (fact as { at: number }).at < now);
}

function aMail(name: string, at: number, answeredAt: number | null): object[] {
  const id = `<${name}@cust.example>`;
  const to = ['help@acme.example'];
  const mail = { kind: 'mail_in', id, at, from: 'a@cust.example', to };
  if (answeredAt === null) return [mail];
  const [from, back] = [to[0], ['a@cust.example']];
  const answer = { kind: 'mail_out', id: `<re-${name}@acme.example>`, at: answeredAt, from, to: back };
  return [mail, { ...answer, refs: [id] }];
}

async function get<T>(path: string, words: Record<string, string>): Promise<T> {
  const answer = await fetch(`${app.url}${path}?${new URLSearchParams(words).toString()}`, {
    headers: { cookie },
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
}

/** Every page of a list, counted. */
async function listed(words: Record<string, string>): Promise<{ n: number; d: number }> {
  const tally = { n: 0, d: 0 };
  let after: string | null = null;
  do {
    const asked: Record<string, string> = { ...words, ...(after === null ? {} : { after }) };
    const page: ItemsAnswer = await get('/api/items', {
      verdict: 'counted',
      scope: 'site',
      limit: '20',
      ...asked,
    });
    tally.n += page.rows.filter(({ verdict }) => verdict === 'met').length;
    tally.d += page.rows.length;
    after = page.next;
  } while (after !== null);
  return tally;
}

beforeAll(async () => {
  app = await anApp({ ...DESK_NEEDS, clock: createTestClock(now) });
  await send(app, facts());
  const { name, value } = await passOf(app);
  cookie = `${name}=${value}`;
}, 60_000);
afterAll(() => app[Symbol.asyncDispose]());

const figures = [
  ['calls', 'firstRing'],
  ['emails', 'emailsWithinHour'],
] as const;

describe('the list behind a figure', () => {
  it.each(figures)(
    'of %s has as many met and missed as each day of the trend: %s',
    async (kind, figure) => {
      const trend: TrendsAnswer = await get('/api/trends', {
        ...period,
        by: 'day',
        figures: figure,
        scopes: 'site',
        against: 'none',
      });
      const [series] = trend.series;
      expect(series?.total.d).toBeGreaterThan(300);
      for (const [i, n] of (series?.n ?? []).entries()) {
        const words = { kind, figure, from: String(trend.edges[i]), to: String(trend.edges[i + 1]) };
        expect(await listed(words), `day ${i}`).toEqual({ n, d: series?.d[i] });
      }
    },
    60_000,
  );

  it.each(figures)(
    'of %s has as many met and missed as each cell of the heatmap: %s',
    async (kind, figure) => {
      const heat: HeatmapAnswer = await get('/api/trends/heatmap', { ...period, figure, scope: 'site' });
      expect(heat.cells.length).toBeGreaterThan(100);
      if (figure === 'emailsWithinHour') expect(heat.leftOutFrom).not.toBeNull();
      for (const { weekday, hour, n, d } of heat.cells) {
        const cell = {
          weekday: String(weekday),
          hour: String(hour),
          fromDate: period.from,
          toDate: period.to,
        };
        expect(await listed({ kind, figure, ...cell }), `${weekday} ${hour}`).toEqual({ n, d });
      }
    },
    60_000,
  );
});
