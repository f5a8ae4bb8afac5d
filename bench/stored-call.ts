import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Clock } from '../server/clock.ts';
import type { CallFact, Fact } from '../server/fact.ts';
import { createIntake, type Intake } from '../server/intake/intake.ts';
import type { Rules } from '../server/judge/rules.ts';
import type { Settled } from '../server/judge/verdict.ts';
import { createLog } from '../server/log.ts';
import { openSqliteStore } from '../server/store/sqlite/open-sqlite-store.ts';
import type { Store } from '../server/store/store.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../shared/time.ts';
import { BASE_AT, type Cell, callMark, type MovedRow, movedRow, personMark } from './moved-rows.ts';
import { QUEUES, SOURCE } from './site.ts';

/** Calls of each queue come in so many shapes; one of them gives up and is called back. */
const SHAPES_A_QUEUE = 10;
/** When the made-up calls are taken in; everything about them is over by then. */
const BASE_NOW = BASE_AT + 48 * HOUR;

/** What intake leaves in the store of one call, at `BASE_AT`; others of its shape are the same, moved in time. */
export interface StoredCall {
  /** In the order of their key. */
  facts: MovedRow[];
  items: MovedRow[];
  /** Who gave up, as a person who was owed a call. */
  people: MovedRow[];
  /** Verdicts in the tallies, by how long after the offer they count. */
  counted: { afterMs: number; settled: readonly Settled[] }[];
}

export interface StoredCalls {
  shapes: StoredCall[];
  columns: { facts: string[]; items: string[] };
}

/** The intake of a store at one instant, whose facts name nobody who would have to be hidden. */
export function intakeAt(store: Store, rules: Rules, now: Instant): Intake {
  const clock: Clock = { now: () => now, sleep: async () => undefined };
  return createIntake({ store, clock, rules, log: createLog('error'), privacy: (fact) => fact });
}

/**
 * Every shape, taken in by intake itself, for a site that is always open, where all hours are alike. `now` is what
 * everything is folded to in the end.
 */
export async function storedCalls(folder: string, rules: Rules, now: Instant): Promise<StoredCalls> {
  const file = join(folder, 'shapes.sqlite');
  const store = await openSqliteStore({ file });
  const intake = intakeAt(store, rules, BASE_NOW);
  const all = allShapes();
  await intake.save(SOURCE, all.flat());
  await intake.fold(BASE_NOW);
  const counted: StoredCall['counted'][] = [];
  for (const i of all.keys()) counted.push(await countedOf(store, i));
  await store.close();
  const db: Database.Database = new Database(file, { readonly: true });
  const rows = (sql: string, mark: string): MovedRow[] =>
    db
      .prepare<[string], Cell[]>(sql)
      .raw()
      .all(mark)
      .map((row) => movedRow(row.map((cell) => (cell === BASE_NOW ? now : cell))));
  const shapes = counted.map(
    (verdicts, i): StoredCall => ({
      facts: rows(
        'SELECT * FROM facts WHERE instr(item, ?) > 0 ORDER BY item, source, kind, subject, part',
        callMark(i),
      ),
      items: rows('SELECT * FROM items WHERE instr(key, ?) > 0 ORDER BY key', callMark(i)),
      people: rows('SELECT * FROM items WHERE instr(key, ?) > 0', personMark(i)),
      counted: verdicts,
    }),
  );
  const columns = { facts: columnsOf(db, 'facts'), items: columnsOf(db, 'items') };
  db.close();
  return { shapes, columns };
}

function columnsOf(db: Database.Database, table: string): string[] {
  return db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
}

async function countedOf(store: Store, shape: number): Promise<StoredCall['counted']> {
  const call = `call/${SOURCE}/${callMark(shape)}`;
  const keys = [call, `${call}r`, `person/${personMark(shape)}`];
  const items = await store.write((tx) => tx.items(keys));
  const settled = [...items.values()].flatMap(({ judged }) => {
    if (judged.pending.length + judged.live.length > 0) throw new Error('A made-up call is not over.');
    return judged.settled;
  });
  const byInstant = Map.groupBy(settled, ({ at }) => at - BASE_AT);
  return [...byInstant].map(([afterMs, some]) => ({ afterMs, settled: some }));
}

function allShapes(): Fact[][] {
  return Array.from({ length: QUEUES.length * SHAPES_A_QUEUE }, (_, i) => {
    const queue = QUEUES[i % QUEUES.length] ?? '';
    const shape = Math.floor(i / QUEUES.length);
    const [call, person] = [callMark(i), personMark(i)];
    if (shape !== 3) return answered(call, person, queue, shape);
    return [...gaveUp(call, person, queue, BASE_AT), ...callBack(`${call}r`, person)];
  });
}

function answered(call: string, number: string, queue: string, shape: number): CallFact[] {
  const [at, leg] = [BASE_AT, `${call}-1`];
  const agent = `agent-${shape}`;
  const alertAt = at + 300 + 250 * shape;
  const pickupAt = alertAt + 1_000 + 1_100 * shape;
  return [
    { kind: 'offered', call, at, queue, number },
    { kind: 'alert', call, at: alertAt, agent, leg },
    { kind: 'pickup', call, at: pickupAt, agent, leg },
    { kind: 'end', call, at: pickupAt + (60 + 12 * shape) * SECOND, why: 'hangup' },
  ];
}

/** Nobody answered for 26 seconds. */
export function gaveUp(call: string, number: string, queue: string, at: Instant): CallFact[] {
  return [
    { kind: 'offered', call, at, queue, number },
    { kind: 'alert', call, at: at + SECOND, agent: 'agent-3', leg: `${call}-1` },
    { kind: 'end', call, at: at + 26 * SECOND, why: 'abandon' },
  ];
}

/** Five minutes after the call. */
function callBack(call: string, number: string): CallFact[] {
  const at = BASE_AT + 5 * MINUTE;
  return [
    { kind: 'offered', call, at, direction: 'out', number },
    { kind: 'pickup', call, at: at + 8 * SECOND },
    { kind: 'end', call, at: at + 128 * SECOND, why: 'hangup' },
  ];
}
