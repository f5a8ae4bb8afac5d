import type Database from 'better-sqlite3';
import type { ReportReads, ReportWrites, Subscriber } from '../reports.ts';
import type { Transaction, Writer } from './writer.ts';

const columns =
  'id, address, scope, by, at, token, week, state, tries, next_at AS nextAt, sent_at AS sentAt, trouble';

export function reportReads(db: Database.Database): ReportReads {
  const all = db.prepare<[], Subscriber>(`SELECT ${columns} FROM report_subscribers ORDER BY id`);
  return { subscribers: async () => all.all() };
}

/** Each to be run in a transaction of its own. */
export function reportWrites(writer: Writer): (on: Transaction) => ReportWrites {
  const add = writer.statement(`
    INSERT INTO report_subscribers (address, scope, by, at, token, week)
    SELECT ?, ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM report_subscribers) < ?
    ON CONFLICT (address, scope) DO NOTHING RETURNING ${columns}`);
  const removeById = writer.statement('DELETE FROM report_subscribers WHERE id = ? RETURNING id');
  const removeByToken = writer.statement('DELETE FROM report_subscribers WHERE token = ? RETURNING id');
  const progress = writer.statement(`
    UPDATE report_subscribers SET week = ?, state = ?, tries = ?, next_at = ?, sent_at = ?, trouble = ? WHERE id = ?`);
  return (on) => ({
    async addSubscriber({ address, scope, by, at, token, week }, most) {
      const [rows] = await on.ask<Subscriber>(add, [address, scope, by, at, token, week, most]);
      return rows?.[0] ?? null;
    },
    async removeSubscriber(which) {
      const [rows] = await ('id' in which
        ? on.ask<{ id: number }>(removeById, [which.id])
        : on.ask<{ id: number }>(removeByToken, [which.token]));
      return (rows ?? []).length > 0;
    },
    async setProgress(id, { week, state, tries, nextAt, sentAt, trouble }) {
      on.run(progress, [week, state, tries, nextAt, sentAt, trouble, id]);
    },
  });
}
