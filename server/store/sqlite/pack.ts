import { entryOf } from '../../../shared/entry-of.ts';
import type { FigureId, Scope } from '../../../shared/figure.ts';
import type { Instant } from '../../../shared/time.ts';
import type { EpochDay, Measure } from '../trends.ts';
import { monthOfDay } from './packed-days.ts';
import { addPacked, emptyPairs, type Month, monthOf, packPairs, quarterInMonth } from './packed-pairs.ts';
import { addToPacked, type DaySpreads } from './packed-spread.ts';
import type { Transaction, Value, Writer } from './writer.ts';

/** Rows that are packed in one transaction, and the months that they may belong to: a few milliseconds' work. */
const ROWS = 2_000;
const MONTHS = 150;

interface TallyRow {
  scope: Scope;
  quarter: Instant;
  figure: FigureId;
  n: number;
  d: number;
}

/** Rows that belong to one packed month. */
interface Group<Place, Row> {
  place: Place;
  rows: Row[];
}

type TallyGroup = Group<[Scope, Month, FigureId], TallyRow>;
type SpreadGroup = Group<[Scope, Measure, Month], SpreadRow>;

interface SpreadRow {
  scope: Scope;
  measure: Measure;
  day: EpochDay;
  key: number;
  count: number;
}

/** Moves rows into the month that they belong to, inside one transaction; true while there is more. */
export function packing(
  writer: Writer,
): (on: Transaction, before: { quarter: Instant; day: EpochDay }) => Promise<boolean> {
  const packTallies = tallyPacking(writer);
  const packSpreads = spreadPacking(writer);
  return async (on, { quarter, day }) => {
    const hasMoreTallies = await packTallies(on, quarter);
    const hasMoreSpreads = await packSpreads(on, day);
    return hasMoreTallies || hasMoreSpreads;
  };
}

function tallyPacking(writer: Writer): (on: Transaction, before: Instant) => Promise<boolean> {
  const find = writer.statement(
    `SELECT scope, quarter, figure, n, d FROM tallies WHERE quarter < ? ORDER BY scope, quarter, figure LIMIT ${ROWS}`,
  );
  const drop = writer.statement('DELETE FROM tallies WHERE scope = ? AND quarter = ? AND figure = ?');
  const read = writer.statement(
    'SELECT packed FROM tally_months WHERE scope = ? AND month = ? AND figure = ?',
  );
  const clear = writer.statement('DELETE FROM tally_months WHERE scope = ? AND month = ? AND figure = ?');
  const write = writer.statement(
    `INSERT INTO tally_months (scope, month, figure, packed) VALUES (?, ?, ?, ?)
     ON CONFLICT (scope, month, figure) DO UPDATE SET packed = excluded.packed`,
  );
  return async (on, before) => {
    const [found = []] = await on.ask<TallyRow>(find, [before]);
    const { months, rows, hasMore } = monthsOf(found, (row): TallyGroup['place'] => [
      row.scope,
      monthOf(row.quarter),
      row.figure,
    ]);
    if (rows.length === 0) return false;
    const packed = await on.ask<{ packed: Uint8Array }>(
      read,
      months.flatMap(({ place }): Value[] => place),
    );
    for (const [i, { place, rows: own }] of months.entries()) {
      const pairs = emptyPairs();
      for (const one of packed[i] ?? []) addPacked(pairs, one.packed, place[1]);
      for (const { quarter, n, d } of own) {
        const at = quarterInMonth(quarter, place[1]);
        pairs.n[at]! += n;
        pairs.d[at]! += d;
      }
      put(on, { write, clear }, place, packPairs(pairs));
    }
    on.change(
      drop,
      rows.flatMap(({ scope, quarter, figure }) => [scope, quarter, figure]),
    );
    return hasMore;
  };
}

function spreadPacking(writer: Writer): (on: Transaction, before: EpochDay) => Promise<boolean> {
  const find = writer.statement(
    `SELECT scope, measure, day, key, count FROM spreads WHERE day < ? ORDER BY scope, measure, day, key LIMIT ${ROWS}`,
  );
  const drop = writer.statement(
    'DELETE FROM spreads WHERE scope = ? AND measure = ? AND day = ? AND key = ?',
  );
  const read = writer.statement(
    'SELECT packed FROM spread_months WHERE scope = ? AND measure = ? AND month = ?',
  );
  const clear = writer.statement('DELETE FROM spread_months WHERE scope = ? AND measure = ? AND month = ?');
  const write = writer.statement(
    `INSERT INTO spread_months (scope, measure, month, packed) VALUES (?, ?, ?, ?)
     ON CONFLICT (scope, measure, month) DO UPDATE SET packed = excluded.packed`,
  );
  return async (on, before) => {
    const [found = []] = await on.ask<SpreadRow>(find, [before]);
    const { months, rows, hasMore } = monthsOf(found, (row): SpreadGroup['place'] => [
      row.scope,
      row.measure,
      monthOfDay(row.day),
    ]);
    if (rows.length === 0) return false;
    const packed = await on.ask<{ packed: Uint8Array }>(
      read,
      months.flatMap(({ place }): Value[] => place),
    );
    for (const [i, { place, rows: own }] of months.entries()) {
      const days: DaySpreads = new Map();
      for (const { day, key, count } of own)
        entryOf(days, day, () => new Map<number, number>()).set(key, count);
      put(
        on,
        { write, clear },
        place,
        addToPacked(packed[i]?.[0]?.packed ?? null, days, { month: place[2], measure: place[1] }),
      );
    }
    on.change(
      drop,
      rows.flatMap(({ scope, measure, day, key }) => [scope, measure, day, key]),
    );
    return hasMore;
  };
}

/** The first rows that were found, by month: as many as belong to so many months. */
function monthsOf<Place extends readonly Value[], Row>(
  found: readonly Row[],
  placeOf: (row: Row) => Place,
): { months: Group<Place, Row>[]; rows: Row[]; hasMore: boolean } {
  const groups = new Map<string, Group<Place, Row>>();
  const rows: Row[] = [];
  for (const row of found) {
    const place = placeOf(row);
    const name = place.join(' ');
    if (groups.size === MONTHS && !groups.has(name)) break;
    entryOf(groups, name, () => ({ place, rows: [] as Row[] })).rows.push(row);
    rows.push(row);
  }
  const hasMore = found.length === ROWS || rows.length < found.length;
  return { months: [...groups.values()], rows, hasMore };
}

/** A month in which nothing is left is not kept. */
function put(
  on: Transaction,
  { write, clear }: { write: number; clear: number },
  place: readonly Value[],
  packed: Uint8Array | null,
): void {
  if (packed === null) on.run(clear, [...place]);
  else on.run(write, [...place, packed]);
}
