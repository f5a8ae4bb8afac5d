import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Clock } from '../server/clock.ts';
import type { Fact } from '../server/fact.ts';
import { createIntake, type Intake } from '../server/intake/intake.ts';
import type { Rules } from '../server/judge/rules.ts';
import { createLog } from '../server/log.ts';
import { openSqliteStore } from '../server/store/sqlite/open-sqlite-store.ts';
import type { Item, Store } from '../server/store/store.ts';
import type { Instant } from '../shared/time.ts';
import { type Cell, type MovedRow, movedRow, shapeIn } from './moved-rows.ts';

const KEYS_MAX = 100_000;

/** What intake leaves in the store of one call or thread, at `BASE_AT`; others of its shape are the same, moved in time. */
export interface StoredShape {
  /** In the order of their key. */
  facts: MovedRow[];
  items: MovedRow[];
  /** Who gave up, as a person who was owed a call. */
  people: MovedRow[];
  aliases: MovedRow[];
  /** All of these items, as they are read. */
  judged: Item[];
}

export interface StoredShapes {
  shapes: StoredShape[];
  columns: { facts: string[]; items: string[]; aliases: string[] };
}

export interface ShapesNeeds {
  /** A folder that is there, for a database of this alone. */
  folder: string;
  rules: Rules;
  source: string;
  /** The facts of each shape. */
  facts: readonly (readonly Fact[])[];
  /** When they are taken in. */
  at: Instant;
  /** What everything is folded to in the end. */
  now: Instant;
}

/** The intake of a store at one instant, whose facts name nobody who would have to be hidden. */
export function intakeAt(store: Store, rules: Rules, now: Instant): Intake {
  const clock: Clock = { now: () => now, sleep: async () => undefined };
  return createIntake({ store, clock, rules, log: createLog('error'), privacy: (fact) => fact });
}

/** Every shape, taken in by intake itself, for a site that is always open, where all hours are alike. */
export async function storedShapes({
  folder,
  rules,
  source,
  facts,
  at,
  now,
}: ShapesNeeds): Promise<StoredShapes> {
  const file = join(folder, `shapes-${source}-${at}.sqlite`);
  const store = await openSqliteStore({ file });
  const intake = intakeAt(store, rules, at);
  await intake.save(source, facts.flat());
  await intake.fold(at);
  const db: Database.Database = new Database(file, { readonly: true });
  const rowsOf = (sql: string): Map<number, MovedRow[]> => {
    const rows = db.prepare<[], Cell[]>(sql).raw().all();
    const ofShapes = Map.groupBy(rows, (row) => shapeIn(String(row[0])));
    return new Map(
      [...ofShapes].map(([shape, own]) => [
        shape,
        own.map((row) => movedRow(row.map((cell) => (cell === at ? now : cell)))),
      ]),
    );
  };
  const rows = {
    facts: rowsOf('SELECT * FROM facts ORDER BY item, source, kind, subject, part'),
    items: rowsOf("SELECT * FROM items WHERE key NOT LIKE 'person/%' ORDER BY key"),
    people: rowsOf("SELECT * FROM items WHERE key LIKE 'person/%'"),
    aliases: rowsOf('SELECT * FROM aliases ORDER BY name'),
  };
  const keys = await store.itemKeys({ after: null, limit: KEYS_MAX });
  if (keys.length === KEYS_MAX) throw new Error('There are more shapes than are read.');
  const items = await store.write((tx) => tx.items(keys));
  const judged = Map.groupBy(items.values(), ({ key }) => shapeIn(key));
  const shapes = facts.map(
    (_, i): StoredShape => ({
      facts: rows.facts.get(i) ?? [],
      items: rows.items.get(i) ?? [],
      people: rows.people.get(i) ?? [],
      aliases: rows.aliases.get(i) ?? [],
      judged: judged.get(i) ?? [],
    }),
  );
  const columns = {
    facts: columnsOf(db, 'facts'),
    items: columnsOf(db, 'items'),
    aliases: columnsOf(db, 'aliases'),
  };
  db.close();
  await store.close();
  return { shapes, columns };
}

function columnsOf(db: Database.Database, table: string): string[] {
  return db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
}
