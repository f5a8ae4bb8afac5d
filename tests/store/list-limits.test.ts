import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeCall } from '../../server/judge/call.ts';
import { judgeThread } from '../../server/judge/email.ts';
import type { Judged } from '../../server/judge/verdict.ts';
import type { ListAsked, ListedItem } from '../../server/store/lists.ts';
import { countedAt } from '../../server/store/sqlite/item-row.ts';
import { encodeJudged } from '../../server/store/sqlite/judged-json.ts';
import { LOOKED_MAX, READ_MAX } from '../../server/store/sqlite/list-walk.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import { SORTED_MAX } from '../../shared/limits-items.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import { someRules } from '../support/some-rules.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DAY = 24 * HOUR;
const START = Date.parse('2026-03-02T00:00:00Z');
const rules = someRules();
const folder = temporaryFolder();
let store: Store;

/** More calls than may be sorted, two a minute, each with a menu before it; and three emails among them. */
const CALLS = SORTED_MAX + 100;
const END = START + CALLS * 30 * SECOND;
const mailAt = [START + HOUR, START + 4 * DAY, END - HOUR];

function put(db: Database.Database, key: string, judged: Judged): void {
  const item = { key, source: 's', person: null, at: 0, judged, foldedTo: END };
  const { from, to } = countedAt(item);
  db.prepare(
    'INSERT INTO items (key, source, at, folded_to, judged, counted_from, counted_to) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ).run(key, 's', from, END, encodeJudged(judged), from, to);
}

function aCall(i: number, at: Instant): Judged {
  const call = `c${i}`;
  const queue = i % 10_000 === 0 ? 'billing' : 'support';
  return judgeCall(
    [
      { kind: 'arrived', call, at: at - (i % 7) * MINUTE },
      { kind: 'offered', call, at, queue },
      { kind: 'alert', call, at, agent: 'a' },
      { kind: 'pickup', call, at: at + (i % 10) * SECOND, agent: 'a' },
      { kind: 'end', call, at: at + MINUTE, why: 'hangup' },
    ],
    rules,
  );
}

beforeAll(async () => {
  const file = join(folder.path, 'data.sqlite');
  await (await openSqliteStore({ file })).close();
  const db = new Database(file);
  db.transaction(() => {
    for (let i = 0; i < CALLS; i += 1) put(db, `call/s/c${i}`, aCall(i, START + i * 30 * SECOND));
    for (const [i, at] of mailAt.entries()) {
      const mail = { id: `<m${i}@cust.example>`, at, from: 'a@cust.example', to: ['help@acme.example'] };
      put(db, `thread/<m${i}@cust.example>`, judgeThread([{ kind: 'mail_in', ...mail }], rules));
    }
  })();
  db.close();
  store = await openSqliteStore({ file });
}, 60_000);
afterAll(async () => {
  await store.close();
  folder[Symbol.dispose]();
});

const asked = (over: Partial<ListAsked>): ListAsked => ({
  figure: 'firstRing',
  scope: 'site',
  verdict: 'all',
  spans: [{ from: START, to: END }],
  sort: 'at',
  order: 'desc',
  after: null,
  limit: 50,
  now: END,
  knownUntil: {},
  ...over,
});

describe('a long list', () => {
  it.each(['desc', 'asc'] as const)(
    'is read to its end in pages, each row once and in order, %s',
    async (order) => {
      const seen: ListedItem[] = [];
      let after: ListAsked['after'] = null;
      do {
        const page = await store.listItems(asked({ order, after, limit: 2_000 }));
        seen.push(...page.items);
        after = page.next;
      } while (after !== null);
      expect(seen.length).toBe(CALLS);
      expect(new Set(seen.map(({ key }) => key)).size).toBe(CALLS);
      const times = seen.map(({ at }) => at);
      expect(times).toEqual([...times].sort((a, b) => (order === 'desc' ? b - a : a - b)));
    },
    60_000,
  );

  it.each(['desc', 'asc'] as const)(
    'with little to find hands back what it has after so much, says how far it looked, and goes on from there, %s',
    async (order) => {
      for (const over of [{ figure: 'emailsReceived' }, { scope: 'queue:billing' }] as const) {
        const seen: ListedItem[] = [];
        const looked: number[] = [];
        let after: ListAsked['after'] = null;
        do {
          const page = await store.listItems(asked({ ...over, order, after }));
          seen.push(...page.items);
          after = page.next;
          if (page.lookedTo !== null) looked.push(page.lookedTo);
        } while (after !== null);
        expect(seen.length).toBe('figure' in over ? 3 : Math.ceil(CALLS / 10_000));
        expect(looked.length).toBeGreaterThanOrEqual(
          'figure' in over ? Math.floor(CALLS / LOOKED_MAX) : Math.floor(CALLS / (READ_MAX + 1_000)),
        );
        expect(looked).toEqual([...new Set(looked)].sort((a, b) => (order === 'desc' ? b - a : a - b)));
      }
    },
    60_000,
  );

  it('is sorted by time alone when it holds more than can be sorted, and says what to do', async () => {
    await expect(store.listItems(asked({ sort: 'wait' }))).rejects.toMatchObject({
      code: 'too_large',
      message:
        'More than 30,000 calls lie in this span, too many to sort by anything but time. Choose a shorter span, or sort by time.',
    });
    const day = [{ from: START, to: START + DAY }];
    const { items } = await store.listItems(asked({ sort: 'wait', spans: day, limit: 3 }));
    expect(items.map(({ view }) => view?.waitMs)).toEqual([9_000, 9_000, 9_000]);
  }, 60_000);
});
