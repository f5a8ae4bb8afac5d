import { ITEMS_PER_PAGE_MAX } from '../../shared/limits-items.ts';
import type { Instant } from '../../shared/time.ts';
import type { ItemRow, ItemsAnswer, ItemsQuery } from '../../shared/wire-items.ts';
import { BYTE_ORDER_MARK, type Cell, CSV_TYPE, csvLine } from './csv.ts';
import type { Download } from './download.ts';
import { EXPORT_LINES_PER_PIECE, EXPORT_ROWS_MAX } from './limits.ts';
import { localDate, localIso } from './local-iso.ts';

export interface ItemExportNeeds {
  items(asked: ItemsQuery): Promise<ItemsAnswer>;
  zone: string;
  demo: boolean;
  /** Rows of one file; as many as a spreadsheet holds unless said otherwise. */
  rowsMax?: number;
}

/** Every row of a list, not only the page on screen, in the same order. */
export function itemsDownload(needs: ItemExportNeeds, asked: ItemsQuery, format: 'csv' | 'json'): Download {
  const name = `${nameOf(needs, asked)}.${format}`;
  return format === 'csv'
    ? { name, type: CSV_TYPE, pieces: csvOf(needs, asked) }
    : { name, type: 'application/json; charset=utf-8', pieces: jsonOf(needs, asked) };
}

async function* pages(needs: ItemExportNeeds, asked: ItemsQuery): AsyncGenerator<ItemsAnswer, void, void> {
  let left = needs.rowsMax ?? EXPORT_ROWS_MAX;
  let after: string | undefined;
  while (left > 0) {
    const limit = Math.min(ITEMS_PER_PAGE_MAX, left);
    const page = await needs.items({ ...asked, limit, after });
    yield page;
    if (page.next === null) return;
    left -= page.rows.length;
    after = page.next;
  }
}

const COLUMNS = [
  'at',
  'queue',
  'verdict',
  'outcome',
  'ring_seconds',
  'wait_seconds',
  'talk_seconds',
  'received_at',
  'due_at',
  'answered_at',
  'reply_minutes',
  'why',
  'cause',
  'person',
  'source',
  'key',
] as const;

async function* csvOf(needs: ItemExportNeeds, asked: ItemsQuery): AsyncGenerator<string, void, void> {
  let head = `${BYTE_ORDER_MARK}${csvLine(COLUMNS)}`;
  let more = false;
  for await (const { rows, next } of pages(needs, asked)) {
    more = next !== null;
    // One at least of each page, though it be empty: there it is seen that nobody reads on.
    for (let i = 0; i === 0 || i < rows.length; i += EXPORT_LINES_PER_PIECE) {
      const piece = rows.slice(i, i + EXPORT_LINES_PER_PIECE);
      yield head + piece.map((row) => csvLine(cellsOf(row, needs.zone))).join('');
      head = '';
    }
  }
  if (more) yield csvLine(COLUMNS.map((_, i) => (i === 0 ? CUT_OFF : null)));
}

const CUT_OFF = 'There are more: a file ends here. Choose a shorter period.';

async function* jsonOf(needs: ItemExportNeeds, asked: ItemsQuery): AsyncGenerator<string, void, void> {
  let more = false;
  let between = '';
  for await (const { now, zone, demo, rows, next } of pages(needs, asked)) {
    if (between === '')
      yield `${JSON.stringify({ now, zone, demo, asked: spoken(asked) }).slice(0, -1)},"rows":[`;
    if (between === '') between = '\n';
    if (rows.length > 0) {
      yield between + rows.map((row) => JSON.stringify(row)).join(',\n');
      between = ',\n';
    }
    more = next !== null;
  }
  yield `\n],"more":${more}}\n`;
}

/** The question, as it can be asked again. */
function spoken({ limit: _limit, after: _after, ...asked }: ItemsQuery): Omit<ItemsQuery, 'limit' | 'after'> {
  return asked;
}

function cellsOf(row: ItemRow, zone: string): Cell[] {
  const time = (at: Instant | null): Cell => (at === null ? null : localIso(at, zone));
  const call = row.kind === 'call' ? row : null;
  const mail = row.kind === 'email' ? row : null;
  return [
    time(row.at),
    row.queue,
    row.verdict,
    row.outcome,
    seconds(call?.ringMs),
    seconds(call?.waitMs),
    seconds(call?.talkMs),
    time(mail?.inAt ?? null),
    time(mail?.dueAt ?? null),
    time(mail?.answeredAt ?? null),
    mail?.replyMinutes ?? null,
    row.why,
    row.cause,
    row.person,
    row.source,
    row.key,
  ];
}

function seconds(ms: number | null | undefined): Cell {
  return ms === null || ms === undefined ? null : ms / 1_000;
}

function nameOf({ zone, demo }: ItemExportNeeds, asked: ItemsQuery): string {
  const { kind, figure, verdict, scope, from, to, fromDate, toDate, weekday, hour } = asked;
  const first = fromDate ?? (from === undefined ? '' : localDate(from, zone));
  const last = toDate ?? (to === undefined ? '' : localDate(to - 1, zone));
  const cell = weekday === undefined || hour === undefined ? '' : `-${WEEKDAYS[weekday]}-${hour}h`;
  return `first-ring-${demo ? 'demo-' : ''}${kind}-${figure}-${verdict}-${first}-to-${last}${cell}-${scope}`;
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
