import type Database from 'better-sqlite3';
import type { Instant } from '../../../shared/time.ts';
import type { TrendMark } from '../../../shared/wire-trends.ts';
import type { NoteReads, NoteWrites } from '../notes.ts';
import type { Transaction, Writer } from './writer.ts';

/** The name of what the rules said at the last start. */
const RULES_SAID = 'rules said';

export function noteReads(db: Database.Database): NoteReads {
  const marks = db.prepare<[Instant, Instant, number], TrendMark>(`
    SELECT id, at, kind, text, by FROM trend_marks WHERE at >= ? AND at < ? ORDER BY at DESC, id DESC LIMIT ?`);
  const said = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck();
  return {
    rulesSaid: async () => said.get(RULES_SAID) ?? null,
    trendMarks: async ({ from, to }, limit) => marks.all(from, to, limit).reverse(),
  };
}

/** Each to be run in a transaction of its own. */
export function noteWrites(writer: Writer): (on: Transaction) => NoteWrites {
  const add = writer.statement(`
    INSERT INTO trend_marks (kind, at, text, by, made_at) VALUES ('note', ?, ?, ?, ?)
    RETURNING id, at, kind, text, by`);
  const remove = writer.statement("DELETE FROM trend_marks WHERE id = ? AND kind = 'note' RETURNING id");
  const mark = writer.statement(
    "INSERT INTO trend_marks (kind, at, text, made_at) VALUES ('rules', ?, ?, ?)",
  );
  const said = writer.statement(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  return (on) => ({
    async addNote({ at, text, by, madeAt }) {
      const [rows] = await on.ask<TrendMark>(add, [at, text, by, madeAt]);
      const [added] = rows ?? [];
      if (added === undefined) throw new Error('The note was not kept.');
      return added;
    },
    async removeNote(id) {
      const [rows] = await on.ask<{ id: number }>(remove, [id]);
      return (rows ?? []).length > 0;
    },
    async keepRules(rules, changes) {
      on.run(said, [RULES_SAID, rules]);
      for (const { at, text } of changes) on.run(mark, [at, text, at]);
    },
  });
}
