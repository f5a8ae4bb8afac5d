import type Database from 'better-sqlite3';
import type { Transaction, Value, Writer } from './writer.ts';

/** Makes a question of a text of SQL: given the values of several executions in a row, the rows of each. */
export type Ask = <Row>(sql: string) => (values: readonly Value[]) => Promise<Row[][]>;

/** Asks inside a transaction, on the writing connection. */
export function askIn(writer: Writer, on: Transaction): Ask {
  return <Row>(sql: string) => {
    const statement = writer.statement(sql);
    return (values) => on.ask<Row>(statement, values);
  };
}

/** Asks a connection of this thread. */
export function askOn(db: Database.Database): Ask {
  return <Row>(sql: string) => {
    const statement = db.prepare<Value[], Row>(sql);
    const width = sql.split('?').length - 1;
    return async (values) => {
      const rows: Row[][] = [];
      for (let i = 0; i < values.length; i += width) rows.push(statement.all(...values.slice(i, i + width)));
      return rows;
    };
  };
}
