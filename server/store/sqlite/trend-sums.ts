import type Database from 'better-sqlite3';
import type { FigureId, Scope } from '../../../shared/figure.ts';
import { stepOf } from '../../../shared/step-of.ts';
import { type Instant, quarterOf } from '../../../shared/time.ts';
import type { AsKnown, Sums, SumsAsked } from '../trends.ts';
import { type ItemRow, itemColumns } from './item-row.ts';
import { decodeJudged } from './judged-json.ts';
import {
  type Month,
  monthOf,
  type PackedPairs,
  quarterInMonth,
  readPairs,
  startOfMonth,
} from './packed-pairs.ts';

export interface SumsJob extends SumsAsked {
  /** As far as any item was folded since the store was opened. */
  foldedTo: Instant;
}

/** The sum of each tally in each step, packed and not, and what is due; to be read at one moment. */
export function trendSums(db: Database.Database): (asked: SumsJob) => Sums {
  const months = db.prepare<[Scope, Month, Month, FigureId], { month: Month; packed: Uint8Array }>(
    'SELECT month, packed FROM tally_months WHERE scope = ? AND month >= ? AND month <= ? AND figure = ?',
  );
  const rows = db.prepare<[Scope, Instant, Instant], TallyValues>(
    'SELECT quarter, figure, n, d FROM tallies WHERE scope = ? AND quarter >= ? AND quarter < ?',
  );
  const dueOf = dueIn(db);
  return (asked) => {
    const { scopes, figures, edges } = asked;
    const [from = 0, to = 0] = [edges[0], edges.at(-1)];
    const steps = Math.max(0, edges.length - 1);
    const sums = {
      n: new Float64Array(scopes.length * figures.length * steps),
      d: new Float64Array(scopes.length * figures.length * steps),
    };
    if (to <= from) return sums;
    const [firstMonth, lastMonth] = [monthOf(from), monthOf(to - 1)];
    const parts = partsByMonth(edges, firstMonth, lastMonth);
    const placeOf = new Map(figures.map((figure, i) => [figure, i * steps]));
    for (const [s, scope] of scopes.entries()) {
      const base = s * figures.length * steps;
      for (const [f, figure] of figures.entries()) {
        for (const { month, packed } of months.all(scope, firstMonth, lastMonth, figure))
          addMonth(sums, base + f * steps, readPairs(packed, month), parts[month - firstMonth] ?? []);
      }
      for (const { quarter, figure, n, d } of rows.all(scope, from, to)) {
        const place = placeOf.get(figure);
        if (place === undefined) continue;
        const at = base + place + stepOf(edges, quarter);
        sums.n[at]! += n;
        sums.d[at]! += d;
      }
    }
    for (const { scope, figure, at, d } of dueOf(asked)) {
      const place = placeOf.get(figure);
      const s = scopes.indexOf(scope);
      const quarter = quarterOf(at);
      if (place === undefined || s < 0 || quarter < from || quarter >= to) continue;
      sums.d[s * figures.length * steps + place + stepOf(edges, quarter)]! += d;
    }
    return sums;
  };
}

interface TallyValues {
  quarter: Instant;
  figure: FigureId;
  n: number;
  d: number;
}

/** The quarter-hours of a month, by their numbers in it, that belong to one step. */
interface Part {
  step: number;
  from: number;
  to: number;
}

function partsByMonth(edges: readonly Instant[], firstMonth: Month, lastMonth: Month): Part[][] {
  const parts: Part[][] = Array.from({ length: lastMonth - firstMonth + 1 }, () => []);
  for (let step = 0; step + 1 < edges.length; step += 1) {
    const [from, to] = [edges[step]!, edges[step + 1]!];
    for (let month = monthOf(from); startOfMonth(month) < to; month += 1) {
      parts[month - firstMonth]?.push({
        step,
        from: Math.max(0, quarterInMonth(from, month)),
        to: quarterInMonth(Math.min(to, startOfMonth(month + 1)), month),
      });
    }
  }
  return parts;
}

function addMonth(
  sums: Sums,
  place: number,
  { first, count, n, d }: PackedPairs,
  parts: readonly Part[],
): void {
  for (const { step, from, to } of parts) {
    const [start, end] = [Math.max(0, from - first), Math.min(count, to - first)];
    if (end <= start) continue;
    if (n.length > 0) sums.n[place + step]! += sumOf(n, start, end);
    if (d.length > 0) sums.d[place + step]! += sumOf(d, start, end);
  }
}

function sumOf(numbers: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += numbers[i]!;
  return sum;
}

interface Due {
  scope: Scope;
  figure: FigureId;
  at: Instant;
  d: 1 | -1;
}

/**
 * What the stored tallies must be changed by to be true at `now`: verdicts that are lost by now and not folded yet, and
 * those that were folded although nothing is known of their source since. The wall counts just so.
 */
function dueIn(db: Database.Database): (asked: AsKnown & Pick<SumsJob, 'foldedTo'>) => Due[] {
  const due = db.prepare<[Instant], ItemRow>(`SELECT ${itemColumns} FROM items WHERE wake_at <= ?`);
  const beyond = db.prepare<[Instant, Instant], ItemRow>(
    `SELECT ${itemColumns} FROM items WHERE wake_at > ? AND folded_to > ?`,
  );
  const newestFold = db
    .prepare<[], Instant | null>('SELECT max(folded_to) FROM items WHERE wake_at IS NOT NULL')
    .pluck();
  /** As far as the items were folded that were stored when this was first asked. */
  let stored: Instant | null = null;
  const open = db.prepare<[string], ItemRow>(
    `SELECT ${itemColumns} FROM items INDEXED BY items_wake WHERE wake_at IS NOT NULL AND source = ?`,
  );
  return ({ now, knownUntil, foldedTo }) => {
    const unknown = Object.keys(knownUntil);
    stored ??= newestFold.get() ?? Number.NEGATIVE_INFINITY;
    // Something is folded beyond now where the clock was set back; to look for it takes a look at all that is open.
    const isBack = Math.max(stored, foldedTo) > now;
    const rows = [
      ...[...due.all(now), ...(isBack ? beyond.all(now, now) : [])].filter(
        ({ source }) => !unknown.includes(source),
      ),
      ...unknown.flatMap((source) => open.all(source)),
    ];
    return rows.flatMap((row) => {
      const readAt = Math.min(now, knownUntil[row.source] ?? now);
      return decodeJudged(row.judged, null).pending.flatMap(({ scope, figure, at, lostAt }): Due[] => {
        const shift = Number(lostAt <= readAt) - Number(lostAt <= row.folded_to);
        return shift === 0 ? [] : [{ scope, figure, at, d: shift > 0 ? 1 : -1 }];
      });
    });
  };
}
