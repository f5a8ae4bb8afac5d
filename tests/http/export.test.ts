import { describe, expect, it } from 'vitest';
import { BYTE_ORDER_MARK, csvLine } from '../../server/http/csv.ts';
import { itemsDownload } from '../../server/http/export-items.ts';
import { trendsDownload } from '../../server/http/export-trends.ts';
import { type ItemRow, type ItemsAnswer, type ItemsQuery, itemsQuery } from '../../shared/wire-items.ts';
import { type TrendsAnswer, trendsAnswer } from '../../shared/wire-trends.ts';
import { describeWithLibreOffice, openInSpreadsheet } from '../support/libreoffice.ts';

const ZONE = 'America/New_York';
const DAY = 24 * 3_600_000;
const MONDAY = Date.parse('2026-10-26T00:00:00-04:00');
const HOSTILE = [
  '=HYPERLINK("http://x.example","y")',
  '+1+1',
  '-2+3',
  '@SUM(1,1)',
  '\t=1+1',
  '\r=1+1',
  '＝1+1',
  ' =1+1',
  'a;=1+1',
  'a\t=1+1',
  'x"\r\n=1+1',
  '","=1+1',
  '";"=1+1',
];

const row = (i: number, over: Partial<ItemRow> = {}): ItemRow =>
  ({
    kind: 'call',
    key: `call/pbx/${i}`,
    nth: 0,
    at: MONDAY + i * 60_000,
    verdict: 'missed',
    outcome: 'answered',
    why: 'Picked up after 9.5 s; 6 s are one ring.',
    queue: 'Support',
    person: null,
    source: 'pbx',
    cause: null,
    ringMs: 9_500,
    waitMs: 21_000,
    talkMs: null,
    ...over,
  }) as ItemRow;

/** A list of so many rows, in pages as they are asked for. */
function listOf(rows: readonly ItemRow[]) {
  const asked: ItemsQuery[] = [];
  return {
    asked,
    zone: ZONE,
    demo: false,
    async items(query: ItemsQuery): Promise<ItemsAnswer> {
      asked.push(query);
      const from = Number(query.after ?? 0);
      const next = from + query.limit;
      return {
        now: MONDAY,
        zone: ZONE,
        demo: false,
        rows: rows.slice(from, next),
        next: next < rows.length ? String(next) : null,
        lookedTo: null,
      };
    },
  };
}

const query = (over: Record<string, string> = {}): ItemsQuery =>
  itemsQuery.parse({
    kind: 'calls',
    scope: 'team:support',
    figure: 'firstRing',
    verdict: 'missed',
    from: String(MONDAY),
    to: String(MONDAY + 7 * DAY),
    ...over,
  });

async function whole(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

/** A week in which the clock goes back, two series, the second compared, and ranks by the day. */
function trends(over: Partial<TrendsAnswer> = {}): TrendsAnswer {
  const edges = [MONDAY + 5 * DAY, MONDAY + 6 * DAY, MONDAY + 7 * DAY + 3_600_000];
  return trendsAnswer.parse({
    now: MONDAY,
    zone: ZONE,
    demo: true,
    from: '2026-10-31',
    to: '2026-11-01',
    asked: 'day',
    by: 'day',
    edges,
    against: { kind: 'before', from: '2026-10-29', to: '2026-10-30', edges: edges.map((at) => at - 2 * DAY) },
    series: [
      {
        scope: 'team:support',
        figure: 'firstRing',
        target: 75,
        n: [299, 0],
        d: [400, 0],
        total: { n: 299, d: 400 },
        before: { n: [9, 1], d: [10, 3], total: { n: 10, d: 13 } },
        change: { kind: 'about' },
      },
      pair('speedOfAnswer', [84_000, 0], [4, 0]),
      pair('callsOffered', [410, 2], [0, 0]),
    ],
    ranks: [
      {
        scope: 'team:support',
        figure: 'replyTime',
        unit: 'minutes',
        count: [3, 0],
        p50: [22, null],
        p90: [71, null],
        total: { count: 3, p50: 22, p90: 71 },
        before: null,
      },
    ],
    rankEdges: edges,
    marks: [{ id: 1, at: MONDAY + 5 * DAY + 1, kind: 'note', text: '=cmd|calc', by: 'Ann' }],
    notKnownFrom: [{ feed: 'emails', at: MONDAY + 6 * DAY }],
    ...over,
  });
}

function pair(figure: string, n: number[], d: number[]) {
  return { scope: 'site', figure, target: null, n, d, total: { n: 0, d: 0 }, before: null, change: null };
}

/** What the processor did for this thread, so that other programs on the machine are not counted. */
function workedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

const lines = (csv: string): string[] => csv.slice(BYTE_ORDER_MARK.length).split('\r\n').slice(0, -1);

describe('a list as a file', () => {
  it('holds every row, with times in the zone of the site and numbers as numbers', async () => {
    const list = listOf(Array.from({ length: 450 }, (_, i) => row(i)));
    const { name, type, pieces } = itemsDownload(list, query(), 'csv');
    const text = await whole(pieces);
    expect(name).toBe('first-ring-calls-firstRing-missed-2026-10-26-to-2026-11-01-team:support.csv');
    expect(type).toBe('text/csv; charset=utf-8');
    expect(text.startsWith(`${BYTE_ORDER_MARK}"at","queue",`)).toBe(true);
    expect(lines(text)).toHaveLength(451);
    expect(lines(text)[1]).toBe(
      '"2026-10-26T00:00:00-04:00","Support","missed","answered",9.5,21,,,,,,"Picked up after 9.5 s; 6 s are one ring.",,,"pbx","call/pbx/0"',
    );
    expect(list.asked.map(({ limit, after }) => [limit, after])).toEqual([
      [200, undefined],
      [200, '200'],
      [200, '400'],
    ]);
  });

  it('asks for no page before it is read', async () => {
    const list = listOf(Array.from({ length: 10_000 }, (_, i) => row(i)));
    const pieces = itemsDownload(list, query(), 'csv').pieces[Symbol.asyncIterator]();
    // A page of 200 is two pieces, so that its times do not hold the process.
    await pieces.next();
    await pieces.next();
    expect(list.asked).toHaveLength(1);
    await pieces.next();
    expect(list.asked).toHaveLength(2);
    await pieces.return?.();
    expect(list.asked).toHaveLength(2);
  });

  it('is JSON as well, with the question, whether there is much, one or nothing', async () => {
    for (const count of [0, 1, 200, 201, 450]) {
      const rows = Array.from({ length: count }, (_, i) => row(i));
      const text = await whole(itemsDownload(listOf(rows), query(), 'json').pieces);
      const read = JSON.parse(text) as { rows: ItemRow[]; more: boolean; asked: Record<string, unknown> };
      expect(read.rows).toEqual(rows);
      expect(read.more).toBe(false);
      expect(read.asked).toEqual({
        kind: 'calls',
        scope: 'team:support',
        figure: 'firstRing',
        verdict: 'missed',
        from: MONDAY,
        to: MONDAY + 7 * DAY,
        sort: 'at',
        order: 'desc',
      });
    }
  });

  it('says so where it ends before the list does', async () => {
    const rows = Array.from({ length: 301 }, (_, i) => row(i));
    for (const [rowsMax, isCut] of [
      [300, true],
      [301, false],
    ] as const) {
      const list = { ...listOf(rows), rowsMax };
      const csv = lines(await whole(itemsDownload(list, query(), 'csv').pieces));
      expect(csv).toHaveLength(302);
      expect(csv.at(-1)?.startsWith('"There are more: a file ends here.')).toBe(isCut);
      const read = JSON.parse(await whole(itemsDownload(list, query(), 'json').pieces)) as {
        rows: [];
        more: boolean;
      };
      expect([read.rows.length, read.more]).toEqual([rowsMax, isCut]);
    }
  });

  it('names the cell of the heatmap that it is of', () => {
    const { name } = itemsDownload(
      { ...listOf([]), demo: true },
      itemsQuery.parse({
        kind: 'emails',
        scope: 'site',
        figure: 'emailsByArrival',
        weekday: '1',
        hour: '10',
        fromDate: '2026-10-20',
        toDate: '2026-11-16',
      }),
      'json',
    );
    expect(name).toBe(
      'first-ring-demo-emails-emailsByArrival-all-2026-10-20-to-2026-11-16-tue-10h-site.json',
    );
  });

  it('says where an email stands', async () => {
    const email = {
      kind: 'email',
      key: 'thread/1',
      nth: 0,
      at: MONDAY,
      verdict: 'missed',
      outcome: 'answered',
      why: 'Answered after 71 open minutes.',
      queue: 'Help',
      person: 'a1b2',
      source: 'mail',
      cause: 'Late shift',
      inAt: MONDAY,
      dueAt: MONDAY + 3_600_000,
      answeredAt: null,
      replyMinutes: 71,
    } satisfies ItemRow;
    const text = await whole(itemsDownload(listOf([email]), query({ kind: 'emails' }), 'csv').pieces);
    expect(lines(text)[1]).toBe(
      '"2026-10-26T00:00:00-04:00","Help","missed","answered",,,,"2026-10-26T00:00:00-04:00","2026-10-26T01:00:00-04:00",,71,"Answered after 71 open minutes.","Late shift","a1b2","mail","thread/1"',
    );
  });
});

describe('trends as a file', () => {
  const names = (scope: string): string => (scope === 'team:support' ? 'Support, "East"' : 'Acme');

  it('has a line for each step, a percent never without its count, and what is beside it on screen', async () => {
    const { name, pieces } = trendsDownload(trends(), names, 'csv');
    const text = await whole(pieces);
    expect(name).toBe('first-ring-demo-trends-by-day-2026-10-31-to-2026-11-01-2-scopes.csv');
    const [head = '', ...rest] = lines(text);
    expect(head.split(',')).toHaveLength(24);
    // 74.75 % of a promise of 75 is not rounded onto it.
    expect(rest[0]).toBe(
      '"team:support","Support, ""East""","firstRing","2026-10-31T00:00:00-04:00","2026-11-01T00:00:00-04:00",299,400,"74.8%",70.3,78.8,75,,,,,,"2026-10-29T00:00:00-04:00",9,10,"90.0%",,,,"\'=cmd|calc (Ann)"',
    );
    expect(rest[1]).toBe(
      '"team:support","Support, ""East""","firstRing","2026-11-01T00:00:00-04:00","2026-11-02T00:00:00-05:00",0,0,,,,75,,,,,,"2026-10-30T00:00:00-04:00",1,3,"33.3%",,,,"emails not known from 2026-11-01T00:00:00-04:00"',
    );
    expect(rest[2]).toContain(
      '"speedOfAnswer","2026-10-31T00:00:00-04:00","2026-11-01T00:00:00-04:00",84000,4,,,,,21,',
    );
    expect(rest[4]).toContain(
      '"callsOffered","2026-10-31T00:00:00-04:00","2026-11-01T00:00:00-04:00",410,,,',
    );
    expect(rest[6]).toContain(
      '"replyTime","2026-10-31T00:00:00-04:00","2026-11-01T00:00:00-04:00",,,,,,,,3,22,71,"minutes",',
    );
    expect(rest).toHaveLength(8);
  });

  it('is the same JSON as the API answers', async () => {
    for (const answer of [trends(), trends({ series: [], ranks: [] })])
      expect(JSON.parse(await whole(trendsDownload(answer, names, 'json').pieces))).toEqual(answer);
  });

  it('comes in small pieces, none of which holds the process', async () => {
    const count = 2_000;
    const edges = Array.from({ length: count + 1 }, (_, i) => MONDAY + i * 900_000);
    const zeros = edges.slice(1).map(() => 7);
    const series = Array.from({ length: 24 }, () => pair('firstRing', zeros, zeros));
    const answer = {
      ...trends({ edges, against: null }),
      series: series as TrendsAnswer['series'],
      ranks: [],
    };
    const { pieces } = trendsDownload(answer, names, 'csv');
    let longest = 0;
    let total = 0;
    let from = workedMs();
    for await (const piece of pieces) {
      longest = Math.max(longest, workedMs() - from);
      total += piece.split('\r\n').length - 1;
      from = workedMs();
    }
    expect(total).toBe(24 * count + 1);
    expect(longest).toBeLessThan(20);
  });
});

describeWithLibreOffice('a file in a real spreadsheet', () => {
  it('would calculate, were its cells written as they are', () => {
    const cells = openInSpreadsheet(`${HOSTILE.slice(0, 2).join('\r\n')}\r\n`).flat();
    expect(cells.filter(({ formula }) => formula !== null).length).toBeGreaterThan(0);
  });

  it.each([',', ';', '\t'] as const)('calculates nothing, split at %j', async (separator) => {
    const rows = HOSTILE.map((text, i) =>
      row(i, { queue: text, why: text, cause: text, person: text, source: text, outcome: text, key: text }),
    );
    const items = await whole(itemsDownload(listOf(rows), query(), 'csv').pieces);
    const answer = trends({
      marks: HOSTILE.map((text, id) => ({ id, at: MONDAY + 5 * DAY, kind: 'note' as const, text, by: text })),
    });
    const series = await whole(trendsDownload(answer, () => HOSTILE[0] ?? '', 'csv').pieces);
    const bare = HOSTILE.map((text) => csvLine([text, text, 1, text])).join('');
    const opened = openInSpreadsheet(items + series + bare, separator).flat();
    expect(opened.length).toBeGreaterThan(rows.length + lines(series).length);
    expect(opened.filter(({ formula }) => formula !== null)).toEqual([]);
  });

  it('has the umlauts, the numbers and the columns that were written', async () => {
    const answer = trends();
    const text = await whole(trendsDownload(answer, () => 'Größe 😀', 'csv').pieces);
    const [head = [], first = []] = openInSpreadsheet(text);
    expect(head.map(({ text: title }) => title).slice(0, 8)).toEqual([
      'scope',
      'name',
      'figure',
      'from',
      'to',
      'n',
      'd',
      'percent',
    ]);
    expect(first[1]?.text).toBe('Größe 😀');
    expect(first.slice(5, 7)).toMatchObject([
      { type: 'float', text: '299' },
      { type: 'float', text: '400' },
    ]);
  });
});
