import type { Instant } from '../../../shared/time.ts';
import type { KeptFact, SourceCounts, Tx } from '../store.ts';
import { askIn } from './ask.ts';
import { lookups } from './lookups.ts';
import { saveItems } from './save-items.ts';
import type { Transaction, Value, Writer } from './writer.ts';

/**
 * Makes what may be done inside each transaction. What is written is sent off; a failure is told by what is read next.
 * `folded` hears of each item's fold.
 */
export function createTxs(writer: Writer, folded: (to: Instant) => void): (on: Transaction) => Tx {
  const save = saveItems(writer);
  const addFact = writer.statement(
    'INSERT INTO facts (item, source, kind, subject, part, content) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const replaceFact = writer.statement(
    'UPDATE facts SET content = ? WHERE item = ? AND source = ? AND kind = ? AND subject = ? AND part = ?',
  );
  const tie = writer.statement(
    'INSERT INTO aliases (name, item) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET item = excluded.item',
  );
  const moveFacts = writer.statement('UPDATE facts SET item = ? WHERE item = ?');
  const moveAliases = writer.statement('UPDATE aliases SET item = ? WHERE item = ?');
  const setCursor = writer.statement(
    'INSERT INTO cursors (source, cursor) VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor',
  );
  const addTally = writer.statement(addTallySql);
  const addSpread = writer.statement(addSpreadSql);
  const dropTallies = writer.statement(
    'DELETE FROM tally_months WHERE scope = ? AND month = ? AND figure = ?',
  );
  const dropLengths = writer.statement(
    'DELETE FROM spread_months WHERE scope = ? AND month = ? AND measure = ?',
  );
  const addCounts = writer.statement(addCountsSql);

  return (on) => {
    return {
      ...lookups(askIn(writer, on)),
      async add(facts) {
        const rows: Value[] = [];
        for (const { item, source, subject, part, fact } of facts)
          rows.push(item, source, fact.kind, subject, part, JSON.stringify(fact));
        on.run(addFact, rows);
        on.send();
      },
      async replace(facts) {
        for (const kept of facts) on.change(replaceFact, [JSON.stringify(kept.fact), ...keyOf(kept)]);
      },
      async save(changes) {
        for (const { after } of changes) if (after !== null) folded(after.foldedTo);
        save(on, changes);
      },
      async addTallies(deltas) {
        const rows: Value[] = [];
        for (const { scope, quarter, figure, n, d } of deltas) rows.push(scope, quarter, figure, n, d);
        on.run(addTally, rows);
      },
      async addSpreads(deltas) {
        const rows: Value[] = [];
        for (const { scope, measure, day, key, count } of deltas) rows.push(scope, measure, day, key, count);
        on.run(addSpread, rows);
      },
      async dropMonth(damaged) {
        const { scope, month } = damaged;
        if (damaged.of === 'tallies') on.run(dropTallies, [scope, month, damaged.figure]);
        else on.run(dropLengths, [scope, month, damaged.measure]);
      },
      async tie(names, item) {
        for (const name of names) on.run(tie, [name, item]);
      },
      async merge(from, to) {
        on.run(moveFacts, [to, from]);
        on.run(moveAliases, [to, from]);
      },
      async setCursor(source, cursor) {
        on.run(setCursor, [source, cursor]);
      },
      async addCounts(source, counts: Partial<SourceCounts>) {
        const { stored = 0, repeat = 0, conflict = 0, refused = 0 } = counts;
        on.run(addCounts, [source, stored, repeat, conflict, refused]);
      },
    };
  };
}

const addTallySql = `
  INSERT INTO tallies (scope, quarter, figure, n, d) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (scope, quarter, figure) DO UPDATE SET n = n + excluded.n, d = d + excluded.d`;

const addSpreadSql = `
  INSERT INTO spreads (scope, measure, day, key, count) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (scope, measure, day, key) DO UPDATE SET count = count + excluded.count`;

const addCountsSql = `
  INSERT INTO source_counts (source, stored, repeat, conflict, refused) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (source) DO UPDATE SET
    stored = stored + excluded.stored, repeat = repeat + excluded.repeat,
    conflict = conflict + excluded.conflict, refused = refused + excluded.refused`;

function keyOf({ item, source, subject, part, fact }: KeptFact): Value[] {
  return [item, source, fact.kind, subject, part];
}
