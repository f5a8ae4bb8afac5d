import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type Database from 'better-sqlite3';
import type { Reading, Store } from '../store.ts';
import { alertWrites } from './alert-writes.ts';
import { askOn } from './ask.ts';
import { auditOf } from './audit.ts';
import { callViewsOf } from './call-views.ts';
import { connectReader } from './connect.ts';
import { causeWrites } from './list-causes.ts';
import { listReads } from './list-jobs.ts';
import { type Lock, takeLock } from './lock.ts';
import { lookups } from './lookups.ts';
import { openMailOf } from './mail-reads.ts';
import { noteWrites } from './note-rows.ts';
import { packing } from './pack.ts';
import { createQueue } from './queue.ts';
import { createReads } from './read.ts';
import { createReader } from './reader.ts';
import { reportWrites } from './report-rows.ts';
import { countedBySourceOf } from './source-reads.ts';
import { storeProblem } from './store-problem.ts';
import { trendReads } from './trend-reads.ts';
import { nothingUnsaved, txOver, type Unsaved } from './unsaved.ts';
import { verdictsOf } from './verdict-pages.ts';
import { voiceWrites } from './voice-writes.ts';
import { createTxs } from './write.ts';
import { openWriter, type Transaction, type Writer } from './writer.ts';

/** The name under which `ping` writes. */
const PING = 'pings';

/**
 * The store in one SQLite file, made with its folder when it is not there. Throws a Problem when the file is open in
 * another process, not ours, damaged or from a newer version, and when this SQLite is not safe.
 */
export async function openSqliteStore({ file }: { file: string }): Promise<Store> {
  const path = settle(file);
  let lock: Lock | undefined;
  try {
    lock = takeLock(path);
    const writer = await openWriter(path);
    return storeOn({ path, lock, writer, reader: connectReader(path) });
  } catch (error) {
    lock?.release();
    throw storeProblem(error, path);
  }
}

/** Reading alone, beside a running server: no lock is taken and nothing is written. */
export async function auditSqliteFile<T>(file: string, work: (reading: Reading) => Promise<T>): Promise<T> {
  const path = resolve(file);
  const audit = auditOf(path);
  try {
    return await audit(work);
  } catch (error) {
    throw storeProblem(error, path);
  }
}

/** The one path of the file, whatever links lead to it: the lock lies beside it. */
function settle(file: string): string {
  const path = resolve(file);
  if (existsSync(path)) return realpathSync(path);
  mkdirSync(dirname(path), { recursive: true });
  return join(realpathSync(dirname(path)), basename(path));
}

/** Everything that was judged or counted. */
const forgetSql = ['items', 'tallies', 'tally_months', 'spreads', 'spread_months'].map(
  (table) => `DELETE FROM ${table}`,
);

interface Opened {
  path: string;
  lock: Lock;
  writer: Writer;
  reader: Database.Database;
}

function storeOn({ path, lock, writer, reader }: Opened): Store {
  const transact = transactionsOn(writer, path);
  let foldedTo = Number.NEGATIVE_INFINITY;
  const txOn = createTxs(writer, (to) => {
    foldedTo = Math.max(foldedTo, to);
  });
  const look = lookups(askOn(reader));
  /** Of the transactions whose commit is on its way, and of the one being judged. */
  const unsaved: Unsaved[] = [];
  const queue = createQueue();
  const alone = <T>(work: () => Promise<T>): Promise<T> => queue(false, work);
  const setMeta = writer.statement(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const ping = writer.statement(
    "INSERT INTO meta (name, value) VALUES (?, '1') ON CONFLICT (name) DO UPDATE SET value = value + 1",
  );
  const voice = voiceWrites(writer);
  const notes = noteWrites(writer);
  const causes = causeWrites(writer);
  const reports = reportWrites(writer);
  const pack = packing(writer);
  const forget = forgetSql.map((sql) => writer.statement(sql));
  const thread = createReader(path);
  const alerts = alertWrites(writer);
  return {
    ...createReads(reader),
    audit: auditOf(path),
    callViews: callViewsOf(path),
    countedBySource: countedBySourceOf(path),
    openMail: openMailOf(path),
    verdicts: verdictsOf(path),
    markPost: (...said) => alone(() => transact(async (on) => voice(on).markPost(...said))),
    takeQuote: (quote) => alone(() => transact(async (on) => voice(on).takeQuote(quote))),
    withdrawQuote: (...said) => alone(() => transact(async (on) => voice(on).withdrawQuote(...said))),
    keepPicture: (...had) => alone(() => transact(async (on) => voice(on).keepPicture(...had))),
    saveAlerts: (batch) => alone(() => transact(async (on) => alerts(on).saveAlerts(batch))),
    keepDeliveries: (now) => alone(() => transact(async (on) => alerts(on).keepDeliveries(now))),
    write: (work) => alone(() => transact((on) => work(txOn(on)))),
    writeAhead: (work) =>
      queue(true, async (sent) => {
        const own = nothingUnsaved();
        unsaved.push(own);
        try {
          return await transact((on) => work(txOver(txOn(on), look, [...unsaved])), sent);
        } finally {
          unsaved.splice(unsaved.indexOf(own), 1);
        }
      }),
    addNote: (note) => alone(() => transact((on) => notes(on).addNote(note))),
    removeNote: (id) => alone(() => transact((on) => notes(on).removeNote(id))),
    keepRules: (...rules) => alone(() => transact((on) => notes(on).keepRules(...rules))),
    sayCause: (...said) => alone(() => transact(async (on) => causes(on).sayCause(...said))),
    addSubscriber: (...given) => alone(() => transact((on) => reports(on).addSubscriber(...given))),
    removeSubscriber: (which) => alone(() => transact((on) => reports(on).removeSubscriber(which))),
    setProgress: (...given) => alone(() => transact((on) => reports(on).setProgress(...given))),
    pause: alone,
    ...trendReads(thread, () => foldedTo),
    ...listReads(thread),
    pack: (before) => alone(() => transact((on) => pack(on, before))),
    forgetVerdicts: () =>
      alone(() =>
        transact(async (on) => {
          for (const one of forget) on.once(one);
        }),
      ),
    setMeta: (name, value) => alone(() => transact(async (on) => on.run(setMeta, [name, value]))),
    ping: () => alone(() => transact(async (on) => on.run(ping, [PING]))),
    close: () =>
      alone(async () => {
        reader.close();
        await thread.close();
        await writer.close();
        lock.release();
      }),
  };
}

function transactionsOn(
  writer: Writer,
  path: string,
): <T>(work: (on: Transaction) => Promise<T>, sent?: () => void) => Promise<T> {
  return async (work, sent) => {
    const on = writer.begin();
    try {
      const result = await work(on);
      const committed = on.commit();
      sent?.();
      await committed;
      return result;
    } catch (error) {
      on.rollback();
      throw storeProblem(error, path);
    }
  };
}
