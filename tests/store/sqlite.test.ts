import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { auditSqliteFile, openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import { storeProblem } from '../../server/store/sqlite/store-problem.ts';
import { isSafeSqlite, refuseUnsafeSqlite } from '../../server/store/sqlite/version.ts';
import type { Store } from '../../server/store/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { eachOutboxCheck } from './each-outbox-check.ts';
import { eachStoreCheck, type Opened } from './each-store-check.ts';
import { eachVoiceCheck } from './each-voice-check.ts';

const openOne = async (): Promise<Opened> => {
  const folder = temporaryFolder();
  const file = join(folder.path, 'data.sqlite');
  let store: Store = await openSqliteStore({ file });
  return {
    store,
    async again() {
      await store.close();
      store = await openSqliteStore({ file });
      return store;
    },
    async close() {
      await store.close();
      folder[Symbol.dispose]();
    },
  };
};

eachStoreCheck('SQLite', openOne);
eachVoiceCheck('SQLite', openOne);
eachOutboxCheck('SQLite', openOne);

const migrationsFolder = new URL('../../server/store/migrations/', import.meta.url);

describe('the SQLite file', () => {
  it('is made with its folder, kept safe on disk, and marked as ours', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'deep', 'er', 'data.sqlite');
    const store = await openSqliteStore({ file });
    await store.setMeta('written', 'yes');
    const db = new Database(file);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('application_id', { simple: true })).toBe(0x46526e67);
    expect(db.pragma('user_version', { simple: true })).toBe(Number(migrations().at(-1)?.slice(0, 4)));
    db.close();
    await store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  it('runs each migration once', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'data.sqlite');
    const first = await openSqliteStore({ file });
    await first.setMeta('kept', 'yes');
    await first.close();
    const second = await openSqliteStore({ file });
    expect(await second.meta('kept')).toBe('yes');
    await second.close();
  });

  it('of an older version keeps its facts and its names, and lets everything be judged again', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'data.sqlite');
    const old = new Database(file);
    old.exec(readFileSync(new URL('0001-facts-items-tallies.sql', migrationsFolder), 'utf8'));
    old.pragma(`application_id = ${0x46526e67}`);
    old.pragma('user_version = 1');
    old.exec(`
      INSERT INTO facts VALUES ('call/pbx/c', 'pbx', 'arrived', 'c', '', '{"kind":"arrived","call":"c","at":1}');
      INSERT INTO items VALUES ('call/pbx/c', 'pbx', NULL, 1, 1, '{"s":[["site",1,"firstRing",1,1]]}', 0, NULL, 1, 1, NULL);
      INSERT INTO tallies VALUES ('site', 0, 'firstRing', 1, 1);
      INSERT INTO aliases VALUES ('mail/a', 'thread/a');
      INSERT INTO meta VALUES ('rules', 'old rules'), ('hash_key', 'abc')`);
    old.close();
    const store = await openSqliteStore({ file });
    const found = await store.write(async (tx) => ({
      facts: (await tx.facts(['call/pbx/c'])).get('call/pbx/c')?.length,
      items: (await tx.items(['call/pbx/c'])).size,
      names: await tx.aliases(['mail/a']),
    }));
    expect(found).toEqual({ facts: 1, items: 0, names: new Map([['mail/a', 'thread/a']]) });
    expect(await store.tallies({ from: 0, to: 1 })).toEqual([]);
    expect([await store.meta('rules'), await store.meta('hash_key')]).toEqual(['judge everything', 'abc']);
    await store.close();
  });

  it('refuses a schema newer than it knows, and leaves it as it is', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'data.sqlite');
    await (await openSqliteStore({ file })).close();
    inside(file, (db) => db.pragma('user_version = 999'));
    await expect(openSqliteStore({ file })).rejects.toThrow(/schema 999, written by a newer First Ring/);
    await expect(auditSqliteFile(file, async () => 0)).rejects.toThrow(/newer First Ring/);
    inside(file, (db) => expect(db.pragma('user_version', { simple: true })).toBe(999));
  });

  it('refuses a file that is not a database', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'data.sqlite');
    writeFileSync(file, 'these are not the bytes of a database, however long one reads on and on and on');
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`${file} is not a First Ring database`),
    });
  });

  it("refuses another program's database without touching it", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'data.sqlite');
    inside(file, (db) => db.exec('CREATE TABLE theirs (a)'));
    await expect(openSqliteStore({ file })).rejects.toThrow(/database of another program/);
    inside(file, (db) => {
      expect(db.pragma('journal_mode', { simple: true })).toBe('delete');
      expect(db.prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual(['theirs']);
    });
  });

  it('says so when there is nothing to audit', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'none.sqlite');
    await expect(auditSqliteFile(file, async () => 0)).rejects.toMatchObject({ code: 'unavailable' });
    expect(existsSync(file)).toBe(false);
  });

  it('is refused to a second opener in the same process, and free again after the close', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'data.sqlite');
    const first = await openSqliteStore({ file });
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('in use by another First Ring process'),
    });
    await first.setMeta('still', 'works');
    await first.close();
    await (await openSqliteStore({ file })).close();
  });

  it('is refused to a second process, and free again as soon as the first is killed', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'data.sqlite');
    const holder = spawn(process.execPath, [join(import.meta.dirname, '../support/hold-store.ts'), file]);
    await once(holder.stdout, 'data');
    await expect(openSqliteStore({ file })).rejects.toThrow(/in use by another First Ring process/);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const store = await openSqliteStore({ file });
    expect(await store.meta('held')).toBe('yes');
    await store.close();
  });

  it('may be audited beside the process that writes it', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'data.sqlite');
    const store = await openSqliteStore({ file });
    await store.write((tx) => tx.tie(['mail/a'], 'thread/a'));
    const found = await auditSqliteFile(file, (reading) => reading.aliases(['mail/a']));
    expect(found).toEqual(new Map([['mail/a', 'thread/a']]));
    await store.close();
  });

  it('tells what another program holds in words, and loses nothing', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'data.sqlite');
    const store = await openSqliteStore({ file });
    await store.setMeta('before', 'kept');
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    await expect(store.ping()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('is held by another program'),
    });
    other.exec('ROLLBACK');
    other.close();
    await store.ping();
    expect(await store.meta('before')).toBe('kept');
    await store.close();
  });

  it('refuses what is to be written after its close', async () => {
    using folder = temporaryFolder();
    const store = await openSqliteStore({ file: join(folder.path, 'data.sqlite') });
    const waiting = store.setMeta('before', 'kept');
    await Promise.all([waiting, store.close()]);
    await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable' });
    await expect(store.writeAhead(async () => 'too late')).rejects.toThrow('closed');
  });

  it('tells a full disk in words, and leaves a mistake of ours as it is', () => {
    const db = new Database(':memory:');
    db.exec('CREATE TABLE t (a TEXT UNIQUE)');
    db.pragma('max_page_count = 4');
    const fill = db.prepare('INSERT INTO t VALUES (?)');
    expect(problemOf(() => fill.run('x'.repeat(100_000)))).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('the disk is full'),
    });
    fill.run('once');
    expect(problemOf(() => fill.run('once'))).toBeInstanceOf(Database.SqliteError);
    db.close();
  });
});

describe('the version of SQLite', () => {
  it.each(['3.7.0', '3.44.5', '3.45.0', '3.50.6', '3.51.0', '3.51.2'])(
    '%s can lose pages and is refused',
    (version) => {
      expect(isSafeSqlite(version)).toBe(false);
      expect(() => refuseUnsafeSqlite(version)).toThrow(/WAL-reset/);
    },
  );

  it.each(['3.44.6', '3.50.7', '3.51.3', '3.52.1', '3.54.1', '4.0.0'])('%s is safe', (version) => {
    expect(isSafeSqlite(version)).toBe(true);
    refuseUnsafeSqlite(version);
  });
});

function problemOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return storeProblem(error, 'data.sqlite');
  }
}

function migrations(): string[] {
  return readdirSync(join(import.meta.dirname, '../../server/store/migrations'));
}

function inside<T>(file: string, look: (db: Database.Database) => T): T {
  const db = new Database(file);
  try {
    return look(db);
  } finally {
    db.close();
  }
}
